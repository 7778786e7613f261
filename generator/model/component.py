"""A third-party chart that the platform needs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date


class Waiver(NamedTuple):
    """Somebody accepts that a component is retired, until a day."""

    until: date
    reason: str


class Component(NamedTuple):
    """A component in one environment. `values` are the user's, on top of the computed ones.

    `kubernetes` is the supported range of minor versions, "" for open. `aws_policy` says that Terraform
    keeps a policy under the component's name; `aws` are statements of the spec. `pod_security` is a level of
    the Pod Security Standards, "" for none.
    """

    name: str
    prefix: str
    version: str
    repository: str
    chart: str
    namespace: str
    wave: int
    values: Mapping[str, Any]
    server_side_apply: bool
    kubernetes: tuple[str, str]
    service_account: str
    aws: tuple[Mapping[str, list[str]], ...]
    aws_policy: bool
    pod_security: str
    waiver: Waiver | None

    @property
    def uses_aws(self) -> bool:
        """Whether its pods need an IAM role."""
        return self.aws_policy or bool(self.aws)

    @property
    def role_name(self) -> str:
        """The IAM role of its pods, where it has AWS permissions."""
        return f"{self.prefix}-{self.name}"
