"""What is in an account, by kind: of the kinds that the model names, and of others that cost or stay."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from generator.model import names

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from generator.model.names import Kind
    from tests.terraform.emulator.process import Emulator

    Inventory = dict[str, list[str]]


def take(emulator: Emulator, region: str) -> Inventory:
    """Return the sorted names by the title of their kind; a name comes as often as it is there."""

    def listed(service: str, call: str, key: str, **parameters: Any) -> Iterator[Any]:
        client = emulator.client(service, region)
        if client.can_paginate(call):
            pages = client.get_paginator(call).paginate(**parameters)
        else:
            pages = [getattr(client, call)(**parameters)]
        for page in pages:
            yield from page[key]

    kinds: dict[Kind | str, Callable[[], Iterable[str]]] = {
        names.VPC: lambda: (_tag(v, "Name") for v in listed("ec2", "describe_vpcs", "Vpcs")),
        names.CLUSTER: lambda: listed("eks", "list_clusters", "clusters"),
        names.LOAD_BALANCER: lambda: (
            lb["LoadBalancerName"] for lb in listed("elbv2", "describe_load_balancers", "LoadBalancers")
        ),
        names.TARGET_GROUP: lambda: (
            group["TargetGroupName"] for group in listed("elbv2", "describe_target_groups", "TargetGroups")
        ),
        names.ROLE: lambda: (role["RoleName"] for role in listed("iam", "list_roles", "Roles")),
        names.SECRET: lambda: (s["Name"] for s in listed("secretsmanager", "list_secrets", "SecretList")),
        names.KEY_ALIAS: lambda: (alias["AliasName"] for alias in listed("kms", "list_aliases", "Aliases")),
        names.LOG_GROUP: lambda: (
            g["logGroupName"] for g in listed("logs", "describe_log_groups", "logGroups")
        ),
        names.TOPIC: lambda: (
            t["TopicArn"].rpartition(":")[2] for t in listed("sns", "list_topics", "Topics")
        ),
        names.BUDGET: lambda: (
            budget["BudgetName"]
            for budget in listed("budgets", "describe_budgets", "Budgets", AccountId=emulator.account_id)
        ),
        names.REPOSITORY: lambda: (
            r["repositoryName"] for r in listed("ecr", "describe_repositories", "repositories")
        ),
        names.API: lambda: (api["Name"] for api in listed("apigatewayv2", "get_apis", "Items")),
        names.FUNCTION: lambda: (f["FunctionName"] for f in listed("lambda", "list_functions", "Functions")),
        names.TABLE: lambda: listed("dynamodb", "list_tables", "TableNames"),
        names.BUCKET: lambda: (bucket["Name"] for bucket in listed("s3", "list_buckets", "Buckets")),
        names.SENDER: lambda: (
            i["IdentityName"] for i in listed("sesv2", "list_email_identities", "EmailIdentities")
        ),
        names.HOST: lambda: (
            *(zone["Name"].rstrip(".") for zone in listed("route53", "list_hosted_zones", "HostedZones")),
            *(
                host
                for certificate in listed("acm", "list_certificates", "CertificateSummaryList")
                for host in _hosts(emulator.client("acm", region), certificate["CertificateArn"])
            ),
        ),
        "security group": lambda: (
            group["GroupName"] for group in listed("ec2", "describe_security_groups", "SecurityGroups")
        ),
        "network interface": lambda: (
            i["NetworkInterfaceId"] for i in listed("ec2", "describe_network_interfaces", "NetworkInterfaces")
        ),
        "address": lambda: (a["PublicIp"] for a in listed("ec2", "describe_addresses", "Addresses")),
        "launch template": lambda: (
            template["LaunchTemplateName"]
            for template in listed("ec2", "describe_launch_templates", "LaunchTemplates")
        ),
        "scaling group": lambda: (
            group["AutoScalingGroupName"]
            for group in listed("autoscaling", "describe_auto_scaling_groups", "AutoScalingGroups")
        ),
        "alarm": lambda: (a["AlarmName"] for a in listed("cloudwatch", "describe_alarms", "MetricAlarms")),
        "metric filter": lambda: (
            f["filterName"] for f in listed("logs", "describe_metric_filters", "metricFilters")
        ),
        "domain": lambda: (d["DomainName"] for d in listed("apigatewayv2", "get_domain_names", "Items")),
        "VPC link": lambda: (link["Name"] for link in listed("apigatewayv2", "get_vpc_links", "Items")),
        "health check": lambda: (c["Id"] for c in listed("route53", "list_health_checks", "HealthChecks")),
        "key": lambda: (
            key["Description"]
            for listing in listed("kms", "list_keys", "Keys")
            for key in [emulator.client("kms", region).describe_key(KeyId=listing["KeyId"])["KeyMetadata"]]
            # moto makes one of its own, of this name, for the aliases of AWS.
            if key["Description"] != "Default key" and key["KeyState"] != "PendingDeletion"
        ),
        "record": lambda: (
            f"{record['Type']} {record['Name']}"
            for zone in listed("route53", "list_hosted_zones", "HostedZones")
            for record in listed(
                "route53", "list_resource_record_sets", "ResourceRecordSets", HostedZoneId=zone["Id"]
            )
        ),
    }
    return {kind if isinstance(kind, str) else kind.title: sorted(found()) for kind, found in kinds.items()}


def _hosts(acm: Any, certificate_arn: str) -> set[str]:
    certificate = acm.describe_certificate(CertificateArn=certificate_arn)["Certificate"]
    return {certificate["DomainName"], *certificate["SubjectAlternativeNames"]}


def _tag(resource: dict[str, Any], key: str) -> str:
    return next((tag["Value"] for tag in resource.get("Tags", []) if tag["Key"] == key), "")
