"""EKS. moto 5.2.5 has only clusters and node groups, and answers them so that the provider replaces them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from botocore.validate import ParamValidator

from tests.terraform.emulator.calls import REST, operation
from tests.terraform.emulator.eks import (
    access_entries,
    addons,
    clusters,
    node_groups,
    pod_identities,
    tags,
    updates,
)
from tests.terraform.emulator.eks.account import Account, Answered
from tests.terraform.emulator.errors import InvalidParameterException, InvalidRequestException

if TYPE_CHECKING:
    from tests.terraform.emulator.aws import Aws
    from tests.terraform.emulator.calls import Call

ACTIONS = {
    **access_entries.ACTIONS,
    **addons.ACTIONS,
    **clusters.ACTIONS,
    **node_groups.ACTIONS,
    **pod_identities.ACTIONS,
    **tags.ACTIONS,
    **updates.ACTIONS,
}
IDENTITY = "clientRequestToken"  # what an SDK sends again when it repeats a call that got no answer


class Eks:
    """The clusters of an account, by region."""

    def __init__(self, account_id: str, aws: Aws) -> None:
        """Start with none. `aws` reaches the other services, in which a cluster makes things of its own."""
        self.account_id = account_id
        self.aws = aws
        self.accounts: dict[str, Account] = {}

    def answer(self, call: Call) -> dict[str, Any]:
        """Return the answer's body.

        Raises:
            AwsError: the call is not in EKS's model, not emulated, or EKS would refuse it.
        """
        if call.action not in ACTIONS:
            raise InvalidRequestException(f"the emulator has no {call.action} of EKS")
        report = ParamValidator().validate(call.parameters, operation(REST["eks"], call.action).input_shape)
        if report.has_errors():
            raise InvalidParameterException(report.generate_report())
        account = self.accounts.setdefault(
            call.region, Account(id=self.account_id, region=call.region, aws=self.aws)
        )
        with account.lock:
            return _once(account, call)


def _once(account: Account, call: Call) -> dict[str, Any]:
    """Do what a call asks for and return the answer: of a call that is repeated, the one that it had before.

    Raises:
        AwsError: EKS would refuse the call.
    """
    token = call.parameters.get(IDENTITY)
    if not token:
        return ACTIONS[call.action](account, call.parameters)
    done = account.answers.get((call.action, token))
    if done is None:
        answer = ACTIONS[call.action](account, call.parameters)
        account.answers[call.action, token] = Answered(call.parameters, answer)
        return answer
    if done.parameters != call.parameters:
        raise InvalidParameterException(f"{IDENTITY} {token} came with other parameters before")
    return done.answer
