"""What is true of the platform as a whole."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping


class Repository(NamedTuple):
    """This Git repository, as Argo CD and HCP Terraform reach it."""

    url: str
    branch: str
    named_subject: str

    @property
    def revision(self) -> str:
        """The full reference: a bare branch name is looked up among tags too, at every refresh."""
        return f"refs/heads/{self.branch}"

    @property
    def identifier(self) -> str:
        """`organization/repository`, as HCP Terraform's VCS connection names it."""
        return "/".join(self.url.removesuffix(".git").split("/")[-2:])

    @property
    def subject(self) -> str:
        """What GitHub calls it in the subject of its tokens; newer repositories have ids in it."""
        return self.named_subject or self.identifier


class Terraform(NamedTuple):
    """Who runs Terraform: HCP Terraform, or GitHub with an S3 backend.

    HCP: `organization`, `project`, access of `teams` by name, e-mail addresses to `notify`. S3: `bucket`,
    `region`, `account`. What the other one needs is empty.
    """

    backend: str
    organization: str
    project: str
    version: str
    bucket: str
    region: str
    account: str
    teams: Mapping[str, str]
    notify: tuple[str, ...]
    health_assessments: bool


class Platform(NamedTuple):
    """The platform's identity, shared by all environments.

    `promotion` are environments in the order in which a version moves through them; `owners` approve what
    reaches all of them, by their GitHub handles.
    """

    name: str
    repository: Repository
    terraform: Terraform
    promotion: tuple[str, ...] = ()
    owners: tuple[str, ...] = ()

    def prefix(self, environment: str) -> str:
        """What every AWS name of an environment starts with."""
        return f"{self.name}-{environment}"
