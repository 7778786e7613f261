"""A root applied to the emulator, change by change, each from a var file."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from tests.terraform.runner import FailedError

if TYPE_CHECKING:
    import pathlib
    from collections.abc import Mapping

    from tests.terraform.emulator.process import Emulator
    from tests.terraform.runner import Terraform

    Values = Mapping[str, Any]

CHANGED, EMPTY = 2, 0  # exit codes of `plan -detailed-exitcode`
VALUES, PLAN = "given.tfvars.json", "given.tfplan"


class Change(NamedTuple):
    """What a plan does to a resource: `create`, `update`, `replace` or `delete`."""

    action: str
    address: str


@dataclass(kw_only=True)
class Deployment:
    """A root in a copy, initialised, with its state beside it. `values` are those of the last plan."""

    terraform: Terraform
    emulator: Emulator
    root: pathlib.Path
    values: Values = field(default_factory=dict)

    def plan(self, values: Values, *options: str) -> list[Change]:
        """Plan the values and return what would change; no change at all, of an output either, is empty.

        Raises:
            FailedError: terraform refused.
        """
        self.values = values
        (self.root / VALUES).write_text(json.dumps(values), encoding="utf-8")
        done = self.terraform.attempt(
            self.root,
            *("plan", "-json", "-detailed-exitcode", f"-var-file={VALUES}", f"-out={PLAN}", *options),
            variables=self.emulator.variables(),
        )
        messages = [json.loads(line) for line in done.stdout.splitlines()]
        if done.returncode not in (CHANGED, EMPTY):
            raise FailedError(f"terraform plan: {_errors(messages)}{done.stderr}")
        changes = [
            Change(message["change"]["action"], message["change"]["resource"]["addr"])
            for message in messages
            if message["type"] == "planned_change" and message["change"]["action"] != "read"
        ]
        if done.returncode == CHANGED and not changes:
            return [Change("update", "the outputs")]
        return changes

    def apply(self) -> None:
        """Apply the last plan.

        Raises:
            FailedError: terraform or the emulator refused.
        """
        self.terraform.run(self.root, "apply", "-no-color", PLAN, variables=self.emulator.variables())

    def destroy(self) -> None:
        """Destroy all that the state has, as the last plan saw it, with that plan's values.

        Raises:
            FailedError: terraform or the emulator refused.
        """
        self.terraform.run(
            self.root,
            *("destroy", "-auto-approve", "-refresh=false", "-no-color", f"-var-file={VALUES}"),
            variables=self.emulator.variables(),
        )


def _errors(messages: list[dict[str, Any]]) -> str:
    diagnostics = [m["diagnostic"] for m in messages if m["type"] == "diagnostic"]
    return "\n".join(f"{d['summary']}: {d['detail']}" for d in diagnostics if d["severity"] == "error")
