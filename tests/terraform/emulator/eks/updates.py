"""Changes that were asked for; all of them are done at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.terraform.emulator.eks.account import found

if TYPE_CHECKING:
    from tests.terraform.emulator.eks.account import Account, Action, Document


def describe(account: Account, parameters: Document) -> Document:
    """DescribeUpdate."""
    update_id = parameters["updateId"]
    update = found(account.cluster(parameters).updates, update_id, f"No update found for ID: {update_id}")
    return {"update": update}


ACTIONS: dict[str, Action] = {"DescribeUpdate": describe}
