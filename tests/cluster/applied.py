"""An AWS account as Terraform leaves it, as far as a cluster needs it: made in the emulator in a second."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from generator.model import Environment
    from tests.terraform.emulator.process import Emulator

TRUST = json.dumps({"Version": "2012-10-17", "Statement": []})


class Applied:
    """The account of an environment. Every method may be called by itself, for half an account."""

    def __init__(self, emulator: Emulator, environment: Environment) -> None:
        self.emulator, self.environment = emulator, environment
        self.servers: list[str] = []  # of the zone

    def client(self, service: str) -> Any:
        return self.emulator.client(service, self.environment.region)

    def everything(self) -> None:
        self.cluster()
        self.platform()
        self.database()
        self.servers = self.zone()

    def cluster(self) -> None:
        subnets = self.client("ec2").describe_subnets()["Subnets"]
        e = self.environment
        self.client("eks").create_cluster(
            name=e.cluster_name,
            version=e.cluster.kubernetes_version,
            roleArn=e.role_arn(e.cluster_role_name),
            resourcesVpcConfig={"subnetIds": [s["SubnetId"] for s in subnets[:2]]},
        )

    def new_cluster(self) -> None:
        """Make the cluster anew, so with the authority that the emulator is to give it now."""
        self.client("eks").delete_cluster(name=self.environment.cluster_name)
        self.cluster()
        self.associations()

    def platform(self) -> None:
        e = self.environment
        (vpc, *_) = self.client("ec2").describe_vpcs()["Vpcs"]
        self.client("elbv2").create_target_group(
            Name=e.target_group_name, Protocol="TCP", Port=443, VpcId=vpc["VpcId"], TargetType="ip"
        )
        for role in self.roles():
            self.client("iam").create_role(RoleName=role, AssumeRolePolicyDocument=TRUST)
        self.associations()
        for reference in {r for w in e.workloads for r in w.settings.secrets.values()}:
            self.client("secretsmanager").create_secret(Name=e.secret_name(reference), SecretString="s3cret")
        for use in ("applications", "metrics"):
            self.client("logs").create_log_group(logGroupName=e.log_groups[use])
        self.client("sns").create_topic(Name=e.alert_topic_name)

    def associations(self) -> None:
        for namespace, account, role in self.identities():
            self.client("eks").create_pod_identity_association(
                clusterName=self.environment.cluster_name,
                namespace=namespace,
                serviceAccount=account,
                roleArn=self.environment.role_arn(role),
            )

    def roles(self) -> set[str]:
        e = self.environment
        named = {role for _, _, role in self.identities()} | {*e.addon_role_names.values()}
        return named | {w.secrets_role_name for w in e.workloads if w.settings.has_secrets}

    def identities(self) -> list[tuple[str, str, str]]:
        e = self.environment
        components = [(c.namespace, c.service_account, c.role_name) for c in e.components if c.uses_aws]
        workloads = [
            (w.namespace, w.service_account, w.role_name) for w in e.workloads if w.settings.uses_aws
        ]
        return components + workloads

    def database(self) -> None:
        for workload in self.environment.workloads:
            if workload.settings.database:
                name = self.environment.database_secret_name(workload)
                self.client("secretsmanager").create_secret(Name=name, SecretString="mongodb+srv://...")

    def zone(self) -> list[str]:
        """Return the zone's name servers."""
        zone = self.client("route53").create_hosted_zone(
            Name=self.environment.domain, CallerReference=self.environment.domain
        )
        servers: list[str] = zone["DelegationSet"]["NameServers"]
        return servers

    def forget_repository(self) -> None:
        name = self.environment.argocd_repository_secret_name
        self.client("secretsmanager").delete_secret(SecretId=name, ForceDeleteWithoutRecovery=True)

    def repository(self, text: str) -> None:
        name = self.environment.argocd_repository_secret_name
        self.client("secretsmanager").create_secret(Name=name, SecretString=text)
