"""One environment: an account, a region, a cluster and what runs in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.model.gateway_names import GatewayNames
from generator.model.kubernetes import POD_SECURITY
from generator.model.workload import DATABASE_VARIABLE

if TYPE_CHECKING:
    from generator.model.workload import Workload


class Environment(GatewayNames):
    """Everything about one environment: its settings, its names, and what follows from both."""

    __slots__ = ()

    @property
    def owners(self) -> tuple[str, ...]:
        """Who approves what reaches it, by their GitHub handles: its own owners, else the platform's."""
        return self.named_owners or self.platform.owners

    @property
    def load_balancer_tier(self) -> str:
        """The kind of subnet that the load balancer lies in: behind the gateway it is internal."""
        return "intra" if self.gateway.enabled else "public"

    @property
    def load_balancer_subnets(self) -> list[str]:
        """The networks that the load balancer has its addresses in; pods see requests come from there."""
        return [str(getattr(s, self.load_balancer_tier)) for s in self.network.subnets.values()]

    @property
    def load_balancer_clients(self) -> list[str]:
        """The networks that may send requests to it; behind the gateway only its VPC link may."""
        return [] if self.gateway.enabled else ["0.0.0.0/0"]

    @property
    def customers_database(self) -> str:
        """The database that the gateway looks customers up in, "" when the workload named for it has none."""
        wanted = self.gateway.tokens.workload if self.gateway.tokens else ""
        return next((w.settings.database for w in self.workloads if w.name == wanted), "")

    @property
    def ingress_namespace(self) -> str:
        """Where the ingress controller's pods are."""
        return next(c.namespace for c in self.components if c.name == self.ingress.controller)

    def pod_security(self, namespace: str) -> str:
        """The Pod Security level of a components' namespace: what all of them bear, "" for none.

        EKS runs privileged pods of its own in kube-system.
        """
        if namespace == "kube-system":
            return ""
        levels = [c.pod_security for c in self.components if c.namespace == namespace]
        return min(levels, key=POD_SECURITY.index, default="")

    def secrets_by_variable(self, workload: Workload) -> dict[str, str]:
        """Secrets Manager names by the environment variable that each arrives in, sorted."""
        settings = workload.settings
        found = {variable: self.secret_name(reference) for variable, reference in settings.secrets.items()}
        if settings.database:
            found[DATABASE_VARIABLE] = self.database_secret_name(workload)
        return dict(sorted(found.items()))

    def priority_class(self, workload: Workload) -> str:
        """The PriorityClass of a workload's pods: what answers requests goes before what can wait."""
        return self.job_priority_class if workload.settings.is_job else self.service_priority_class

    @property
    def service_priority_class(self) -> str:
        """The PriorityClass of services."""
        return f"{self.platform.name}-service"

    @property
    def job_priority_class(self) -> str:
        """The PriorityClass of scheduled jobs."""
        return f"{self.platform.name}-job"
