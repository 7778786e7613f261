"""What a bootstrap is about, and what its checks have found out so far."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from generator.cluster import kubeconfig
from generator.cluster.aws_session import Aws

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from generator.bootstrap.credential import Credential
    from generator.bootstrap.helm import Helm
    from generator.cluster.aws_identity import EksCluster
    from generator.cluster.client import Cluster
    from generator.model import Component, Environment


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What somebody asks for. `context` and `resolver` are "" for what is found; `timeout` in seconds."""

    context: str = ""
    credential: Path | None = None
    chart: Path | None = None
    resolver: str = ""
    timeout: float = 1800.0


@dataclass(kw_only=True)
class Site:
    """An environment, the checkout at `root`, and everything found: None as long as it is not known."""

    environment: Environment
    root: Path
    wish: Wish
    notice: Callable[[str], None]
    aws: Aws | None = None
    eks: EksCluster | None = None
    cluster: Cluster | None = None
    helm: Helm | None = None
    credential: Credential | None = None

    @property
    def argo_cd(self) -> Component | None:
        """The component that is installed first."""
        return next((c for c in self.environment.components if c.name == "argo-cd"), None)

    @property
    def _wanted(self) -> kubeconfig.Wanted:
        """The names that a context for the environment may have."""
        e = self.environment
        return kubeconfig.Wanted(e.name, e.cluster_name, e.account, e.region)

    def asked_aws(self) -> Aws:
        """Return who asks AWS, one for all checks."""
        self.aws = self.aws or Aws(self.environment.region)
        return self.aws

    def context(self) -> tuple[kubeconfig.Kubeconfig, kubeconfig.Context]:
        """Return the kubeconfig, and the context that is named, or the one whose names are right.

        Raises:
            NoContext: there is none, or several.
        """
        config = kubeconfig.read(self._wanted)
        if self.wish.context:
            return config, config.named(self.wish.context)
        return config, config.choose(self._wanted)
