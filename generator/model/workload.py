"""A service or scheduled job of the team."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from generator.model.gateway import Throttle

API_HOST = "api"
DATABASE_VARIABLE = "MONGODB_URI"


class Route(NamedTuple):
    """A path prefix of the API: first label of the host, path, required authentication, limit of its own."""

    host: str
    path: str
    auth: str
    throttle: Throttle | None


class Egress(NamedTuple):
    """Addresses outside the cluster, as 203.0.113.0/24, and TCP ports there."""

    cidr: str
    ports: tuple[int, ...]


class Settings(NamedTuple):
    """What the spec says of a workload, the same object in every environment that does not differ.

    Maps that pass through to the chart (`probes`, `schedule`, ...) keep the spec's keys.
    """

    description: str
    image: str
    command: tuple[str, ...]
    args: tuple[str, ...]
    port: int | None
    routes: tuple[Route, ...]
    replicas: int
    autoscaling: Mapping[str, int] | None
    requests: Mapping[str, str]
    limits: Mapping[str, str]
    probes: Mapping[str, Mapping[str, Any]]
    grace: int
    database: str
    env: Mapping[str, str]
    secrets: Mapping[str, str]
    aws: tuple[Mapping[str, list[str]], ...]
    schedule: Mapping[str, Any] | None
    calls: tuple[str, ...]
    egress: tuple[Egress, ...]
    quota: Mapping[str, str | int]

    @property
    def is_job(self) -> bool:
        """Whether it runs on a schedule instead of all the time."""
        return self.schedule is not None

    @property
    def uses_aws(self) -> bool:
        """Whether its pods need an IAM role: own permissions, or MONGODB-AWS to its database."""
        return bool(self.aws or self.database)

    @property
    def has_secrets(self) -> bool:
        """Whether some environment variable of it comes from Secrets Manager."""
        return bool(self.secrets or self.database)


class Workload(NamedTuple):
    """A workload in one environment.

    `prefix` is the environment's, `version` a tag with or without a digest.
    """

    name: str
    prefix: str
    version: str
    settings: Settings

    @property
    def tag(self) -> str:
        """The image tag."""
        return self.version.partition("@")[0]

    @property
    def digest(self) -> str:
        """`sha256:...`, or nothing when only the tag is pinned."""
        return self.version.partition("@")[2]

    @property
    def namespace(self) -> str:
        """Each workload lives in a namespace of its own: quotas, policies and secrets end there."""
        return self.name

    @property
    def service_account(self) -> str:
        """The service account its pods run as."""
        return self.name

    @property
    def secret_store(self) -> str:
        """The SecretStore that its secrets come from, if it has any."""
        return self.name

    @property
    def role_name(self) -> str:
        """The IAM role of its pods."""
        return f"{self.prefix}-{self.name}"

    @property
    def secrets_role_name(self) -> str:
        """The IAM role that may read its secrets and nothing else; External Secrets assumes it."""
        return f"{self.prefix}-{self.name}-secrets"
