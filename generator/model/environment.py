"""One environment: an account, a region, a cluster and what runs in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from generator.model.workload import API_HOST, DATABASE_VARIABLE

if TYPE_CHECKING:
    from collections.abc import Mapping
    from ipaddress import IPv4Network

    from generator.model.component import Component
    from generator.model.network import Network
    from generator.model.platform import Platform
    from generator.model.workload import Route, Workload

STACKS = ("platform", "database")
# The add-ons that call AWS, and the service accounts that they run as, in kube-system (EKS user guide).
ADDON_SERVICE_ACCOUNTS = {"aws-ebs-csi-driver": "ebs-csi-controller-sa", "vpc-cni": "aws-node"}
# Interface endpoints of the VPC: what nodes and pods need to start and to work without the internet.
INTERFACE_ENDPOINTS = ("ec2", "ecr.api", "ecr.dkr", "eks-auth", "kms", "logs", "secretsmanager", "sts")
ARGOCD_NAMESPACE = "argocd"
POD_SECURITY = ("", "privileged", "baseline", "restricted")  # levels, the strictest last
EDGE = "edge"  # the release of our own chart that makes what the workloads find ready
EDGE_WAVE = 30  # after the components whose kinds and Services it uses
WORKLOAD_WAVE = 100
# Regions outside the partition `aws` (AWS General Reference, "Amazon Resource Names").
_PARTITIONS = {"cn-": "aws-cn", "us-gov-": "aws-us-gov"}


class Taint(NamedTuple):
    """A Kubernetes taint on the nodes of a group."""

    key: str
    value: str
    effect: str


class NodeGroup(NamedTuple):
    """Nodes of one kind: between `minimum` and `maximum` of them, `disk_size` GiB each."""

    name: str
    instance_types: tuple[str, ...]
    minimum: int
    maximum: int
    capacity: str
    disk_size: int
    labels: Mapping[str, str]
    taints: tuple[Taint, ...]

    @property
    def architectures(self) -> set[str]:
        """The processor architectures of its machines: one, in a group that a rule has let pass."""
        return {"arm64" if _is_arm(t) else "x86_64" for t in self.instance_types}

    @property
    def ami_type(self) -> str:
        """The kind of machine image (EKS CreateNodegroup, amiType)."""
        return "AL2023_ARM_64_STANDARD" if self.architectures == {"arm64"} else "AL2023_x86_64_STANDARD"


def _is_arm(instance_type: str) -> bool:
    """AWS's ARM families carry a g after the generation (EC2 user guide, instance type naming), but a1."""
    family = instance_type.partition(".")[0]
    options = family.lstrip("abcdefghijklmnopqrstuvwxyz").lstrip("0123456789")
    return family == "a1" or "g" in options.partition("-")[0]


class Cluster(NamedTuple):
    """The EKS cluster's settings."""

    kubernetes_version: str
    service_cidr: IPv4Network
    addons: Mapping[str, str]
    ami_release: str
    public_access_cidrs: tuple[str, ...]
    admin_roles: tuple[str, ...]
    node_groups: tuple[NodeGroup, ...]


class Ingress(NamedTuple):
    """Which component receives requests, and the generation of its target group."""

    controller: str
    generation: int


class Gateway(NamedTuple):
    """The API Gateway: `rate` requests a second, `burst` at once; zero means AWS's own limits."""

    enabled: bool
    rate: int
    burst: int


class Database(NamedTuple):
    """The Atlas cluster's settings."""

    tier: str
    version: str
    retention_days: int
    point_in_time: bool


class Sync(NamedTuple):
    """How Argo CD follows Git."""

    automated: bool
    prune: bool
    self_heal: bool


class Registry(NamedTuple):
    """ECR repositories of one account, and the other accounts that pull from them; both sorted."""

    repositories: tuple[str, ...]
    pull_accounts: tuple[str, ...]


class Alerts(NamedTuple):
    """Who hears of alarms; the budget in US dollars a month, zero for none."""

    emails: tuple[str, ...]
    monthly_budget: int


class SyncWindow(NamedTuple):
    """When Argo CD may ("allow") or may not ("deny") sync by itself; `duration` as 3h or 1h30m."""

    kind: str
    schedule: str
    duration: str
    time_zone: str


class Environment(NamedTuple):
    """Everything about one environment; every name that two systems must know is a property here."""

    platform: Platform
    name: str
    description: str
    account: str
    region: str
    domain: str
    peer_group: str
    tags: Mapping[str, str]
    deletion_protection: bool
    auto_apply: bool
    network: Network
    cluster: Cluster
    ingress: Ingress
    gateway: Gateway
    database: Database
    sync: Sync
    sync_windows: tuple[SyncWindow, ...]
    alerts: Alerts
    log_retention_days: int
    registry: Registry | None
    charts: Mapping[str, str]
    components: tuple[Component, ...]
    workloads: tuple[Workload, ...]

    @property
    def prefix(self) -> str:
        """What every AWS name of this environment starts with."""
        return self.platform.prefix(self.name)

    @property
    def cluster_name(self) -> str:
        """The EKS cluster."""
        return self.prefix

    @property
    def vpc_name(self) -> str:
        """The VPC's `Name` tag."""
        return self.prefix

    @property
    def cluster_role_name(self) -> str:
        """The IAM role of the control plane."""
        return f"{self.prefix}-cluster"

    @property
    def node_role_name(self) -> str:
        """The IAM role of the nodes."""
        return f"{self.prefix}-nodes"

    @property
    def flow_log_role_name(self) -> str:
        """The IAM role that writes the VPC's flow log."""
        return f"{self.prefix}-flow-log"

    @property
    def addon_role_names(self) -> dict[str, str]:
        """The IAM roles of the EKS add-ons that need one, by add-on."""
        return {addon: f"{self.prefix}-{addon}" for addon in ADDON_SERVICE_ACCOUNTS}

    @property
    def key_aliases(self) -> dict[str, str]:
        """The KMS keys by what they encrypt."""
        return {use: f"alias/{self.prefix}-{use}" for use in ("alerts", "cluster", "logs", "secrets")}

    @property
    def log_groups(self) -> dict[str, str]:
        """The CloudWatch log groups by what goes there; EKS sets the name of the control plane's."""
        return {
            "applications": f"/{self.platform.name}/{self.name}/logs",
            "control_plane": f"/aws/eks/{self.cluster_name}/cluster",
            "flow_logs": f"/{self.platform.name}/{self.name}/flow-logs",
            "metrics": f"/{self.platform.name}/{self.name}/metrics",
        }

    @property
    def alert_topic_name(self) -> str:
        """The SNS topic of the alarms."""
        return f"{self.prefix}-alerts"

    @property
    def budget_name(self) -> str:
        """The AWS budget."""
        return self.prefix

    @property
    def registry_host(self) -> str:
        """The ECR registry of this account and region."""
        suffix = "amazonaws.com.cn" if self.region.startswith("cn-") else "amazonaws.com"
        return f"{self.account}.dkr.ecr.{self.region}.{suffix}"

    @property
    def load_balancer_name(self) -> str:
        """The Network Load Balancer."""
        return self.prefix

    @property
    def target_group_name(self) -> str:
        """The load balancer's target group, which a TargetGroupBinding names."""
        return f"{self.prefix}-g{self.ingress.generation}"

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
        """The networks that may send requests to it: behind the gateway those of its VPC link."""
        if self.gateway.enabled:
            return [str(s.intra) for s in self.network.subnets.values()]
        return ["0.0.0.0/0"]

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

    @property
    def atlas_project_name(self) -> str:
        """The MongoDB Atlas project."""
        return self.prefix

    @property
    def atlas_cluster_name(self) -> str:
        """The MongoDB Atlas cluster."""
        return self.prefix

    @property
    def api_host(self) -> str:
        """Where the API is served."""
        return f"{API_HOST}.{self.domain}"

    def host(self, route: Route) -> str:
        """The full host name of a route."""
        return f"{route.host}.{self.domain}"

    def secret_name(self, reference: str) -> str:
        """The Secrets Manager name behind a reference of the spec, as `payments/api-key`."""
        return f"{self.platform.name}/{self.name}/{reference}"

    def database_secret_name(self, workload: Workload) -> str:
        """Where Terraform stores the connection string of a workload's database."""
        return self.secret_name(f"{workload.name}/mongodb-uri")

    def secrets_by_variable(self, workload: Workload) -> dict[str, str]:
        """Secrets Manager names by the environment variable that each arrives in, sorted."""
        settings = workload.settings
        found = {variable: self.secret_name(reference) for variable, reference in settings.secrets.items()}
        if settings.database:
            found[DATABASE_VARIABLE] = self.database_secret_name(workload)
        return dict(sorted(found.items()))

    def role_arn(self, role_name: str) -> str:
        """The ARN of one of this environment's roles."""
        partition = next((p for start, p in _PARTITIONS.items() if self.region.startswith(start)), "aws")
        return f"arn:{partition}:iam::{self.account}:role/{role_name}"

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

    def workspace_name(self, stack: str) -> str:
        """The HCP Terraform workspace of a stack."""
        return f"{self.prefix}-{stack}"
