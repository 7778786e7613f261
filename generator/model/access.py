"""Who runs Terraform in an environment's account, and where the state is."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from generator.model.aws import AwsNames
from generator.model.stacks import STACKS

if TYPE_CHECKING:
    from collections.abc import Iterator

PHASES = ("plan", "apply")
# What issues tokens to runs, and for whom (HCP Terraform docs, "Dynamic credentials with the AWS provider";
# GitHub docs, "OpenID Connect in Amazon Web Services").
HCP, GITHUB = "app.terraform.io", "token.actions.githubusercontent.com"
AUDIENCES = {HCP: "aws.workload.identity", GITHUB: "sts.amazonaws.com"}

# With these one becomes another role; the boundary has them for the roles that the spec names.
_ASSUMING = ("sts:assumerole", "sts:setsourceidentity", "sts:tagsession")


def assumes(action: str) -> bool:
    """Whether an action of the spec, in which `*` is any letters, lets a pod become another role."""
    pattern = ".*".join(map(re.escape, action.lower().split("*")))
    return any(re.fullmatch(pattern, known) for known in _ASSUMING)


class RunRole(NamedTuple):
    """The IAM role of a stack's runs in a phase, and the subjects of tokens that may assume it."""

    name: str
    subjects: tuple[str, ...]


class AccessNames(AwsNames):
    """Stacks, workspaces, roles of runs, keys of states."""

    __slots__ = ()

    @property
    def stacks(self) -> tuple[str, ...]:
        """The Terraform roots that are applied here, in this order; packages are the gateway's."""
        return STACKS if self.gateway.enabled else tuple(s for s in STACKS if s != "packages")

    @property
    def run_stacks(self) -> tuple[str, ...]:
        """Those that runs apply; a person applies the roles of the runs."""
        return tuple(stack for stack in self.stacks if stack != "access")

    def workspace_name(self, stack: str) -> str:
        """The HCP Terraform workspace of a stack."""
        return f"{self.prefix}-{stack}"

    def state_key(self, stack: str) -> str:
        """Where the S3 backend keeps the state of a stack."""
        return f"{self.name}/{stack}.tfstate"

    @property
    def run_issuer(self) -> str:
        """Whose tokens the runs have."""
        return HCP if self.platform.terraform.backend == "hcp" else GITHUB

    @property
    def identity_providers(self) -> dict[str, str]:
        """Audiences of the OpenID Connect providers that this environment makes in its account, by issuer.

        GitHub's runs upload packages, whoever runs Terraform.
        """
        wanted = {self.run_issuer, GITHUB} if self.makes_identity_providers else set()
        return {issuer: AUDIENCES[issuer] for issuer in sorted(wanted)}

    @property
    def permissions_boundary_name(self) -> str:
        """The IAM policy that bounds every role that runs make."""
        return f"{self.prefix}-boundary"

    def plans_pull_requests(self, stack: str) -> bool:
        """Whether a stack is planned with a pull request's code: where the plan's role reads no secret.

        That of `database` reads the Atlas service account.
        """
        return stack in self.run_stacks and stack != "database"

    def run_role(self, stack: str, phase: str) -> RunRole:
        """The role of a stack's runs in a phase, "plan" or "apply"."""
        terraform, repository = self.platform.terraform, self.platform.repository
        if terraform.backend == "hcp":
            place = f"organization:{terraform.organization}:project:{terraform.project}"
            subjects = [f"{place}:workspace:{self.workspace_name(stack)}:run_phase:{phase}"]
        elif phase == "plan":
            merged = f"ref:{repository.revision}"
            places = ("pull_request", merged) if self.plans_pull_requests(stack) else (merged,)
            subjects = [f"repo:{repository.subject}:{place}" for place in places]
        else:
            subjects = [f"repo:{repository.subject}:environment:{self.name}"]
        return RunRole(f"{self.prefix}-{stack}-{phase}", tuple(subjects))

    @property
    def run_roles(self) -> Iterator[RunRole]:
        """All of them."""
        return (self.run_role(stack, phase) for stack in self.run_stacks for phase in PHASES)
