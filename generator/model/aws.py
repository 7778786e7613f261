"""The names of an environment in AWS, MongoDB Atlas and HCP Terraform: made up here and nowhere else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.model.cluster import ADDON_SERVICE_ACCOUNTS
from generator.model.settings import EnvironmentSettings
from generator.model.workload import API_HOST

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.model.workload import Route, Workload

# Regions outside the partition `aws` (AWS General Reference, "Amazon Resource Names").
_PARTITIONS = {"cn-": "aws-cn", "us-gov-": "aws-us-gov"}


class AwsNames(EnvironmentSettings):
    """Every name that Terraform gives and Kubernetes, or the other stack, must know."""

    __slots__ = ()

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
        uses = {"database": self.database.customer_key, "gateway": self.gateway.enabled}
        wanted = ("alerts", "cluster", "database", "gateway", "logs", "secrets")
        return {use: f"alias/{self.prefix}-{use}" for use in wanted if uses.get(use, True)}

    @property
    def log_groups(self) -> dict[str, str]:
        """The CloudWatch log groups by what goes there; EKS sets the name of the control plane's.

        API Gateway writes into any group, but each outside of /aws/vendedlogs/ takes room in a policy of the
        account that has 5,120 characters (CloudWatch Logs user guide, "Logs sent to CloudWatch Logs").
        """
        groups = {
            "applications": f"/{self.platform.name}/{self.name}/logs",
            "control_plane": f"/aws/eks/{self.cluster_name}/cluster",
            "flow_logs": f"/{self.platform.name}/{self.name}/flow-logs",
            "metrics": f"/{self.platform.name}/{self.name}/metrics",
        }
        if self.gateway.enabled:
            groups |= {
                "authorizer": f"/{self.platform.name}/{self.name}/authorizer",
                "gateway": f"/aws/vendedlogs/{self.prefix}/gateway",
                "token": f"/{self.platform.name}/{self.name}/token",
            }
        return groups

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

    @property
    def routes(self) -> Iterator[tuple[Workload, int, Route]]:
        """All routes, each with its workload and its place in that workload's list."""
        return (
            (workload, index, route)
            for workload in self.workloads
            for index, route in enumerate(workload.settings.routes)
        )

    @property
    def hosts(self) -> list[str]:
        """The full host names that are served, sorted; the API's always."""
        return sorted({self.api_host, *(self.host(route) for _, _, route in self.routes)})

    def host(self, route: Route) -> str:
        """The full host name of a route."""
        return f"{route.host}.{self.domain}"

    def secret_name(self, reference: str) -> str:
        """The Secrets Manager name behind a reference of the spec, as `payments/api-key`."""
        return f"{self.platform.name}/{self.name}/{reference}"

    @property
    def secret_recovery_days(self) -> int:
        """Days in which a deleted secret can be brought back (Secrets Manager DeleteSecret, 7 to 30)."""
        return 30 if self.deletion_protection else 7

    def database_secret_name(self, workload: Workload) -> str:
        """Where Terraform stores the connection string of a workload's database."""
        return self.secret_name(f"{workload.name}/mongodb-uri")

    def role_arn(self, role_name: str) -> str:
        """The ARN of one of this environment's roles."""
        partition = next((p for start, p in _PARTITIONS.items() if self.region.startswith(start)), "aws")
        return f"arn:{partition}:iam::{self.account}:role/{role_name}"

    @property
    def atlas_credentials_secret_name(self) -> str:
        """The Atlas service account that the stack `database` works with; a person writes it."""
        return self.secret_name("atlas/service-account")

    @property
    def argocd_repository_secret_name(self) -> str:
        """How Argo CD reads this repository, where not everybody may; a person makes and writes it."""
        return self.secret_name("argocd/repository")

    @property
    def atlas_key_role_name(self) -> str:
        """The IAM role that Atlas assumes to use the environment's key."""
        return f"{self.prefix}-atlas"
