"""What Terraform has made of the names that the model computes: asked by listings, not one by one."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from generator.cluster.aws_session import Aws


class Zone(NamedTuple):
    """A public hosted zone of Route 53, and the name servers that it is served by."""

    id: str
    servers: tuple[str, ...]


def has_target_group(aws: Aws, name: str) -> bool:
    """Whether there is a target group of that name."""
    answer = aws.ask(
        "elbv2",
        "describe_target_groups",
        f"look for the target group {name}",
        absent=("TargetGroupNotFound", "TargetGroupNotFoundException"),
        Names=[name],
    )
    return bool(answer and answer["TargetGroups"])


def pod_identities(aws: Aws, cluster: str) -> set[tuple[str, str]]:
    """Return namespaces and service accounts that have an association with a role."""
    listed = aws.collect(
        "eks",
        "list_pod_identity_associations",
        "associations",
        f"list the Pod Identity associations of {cluster}",
        absent=("ResourceNotFoundException",),
        clusterName=cluster,
    )
    return {(a["namespace"], a["serviceAccount"]) for a in listed}


def roles(aws: Aws) -> set[str]:
    """Return the names of all IAM roles of the account: one call for a thousand of them."""
    listed = aws.collect("iam", "list_roles", "Roles", "list IAM roles", PaginationConfig={"PageSize": 1000})
    return {role["RoleName"] for role in listed}


def secrets(aws: Aws, prefix: str) -> dict[str, bool]:
    """Return the secrets whose names start with a prefix, and whether each has a current value.

    One that waits for its deletion is not listed (Secrets Manager ListSecrets).
    """
    listed = aws.collect(
        "secretsmanager",
        "list_secrets",
        "SecretList",
        "list secrets",
        Filters=[{"Key": "name", "Values": [prefix]}],
    )
    return {
        s["Name"]: any("AWSCURRENT" in stages for stages in s.get("SecretVersionsToStages", {}).values())
        for s in listed
        if s["Name"].startswith(prefix)  # the filter also looks at each part of a name
    }


def secret_value(aws: Aws, name: str) -> str | None:
    """Return the current value of a secret, None when there is no such secret or no value in it."""
    answer = aws.ask(
        "secretsmanager",
        "get_secret_value",
        f"read the secret {name}",
        absent=("ResourceNotFoundException", "InvalidRequestException"),
        SecretId=name,
    )
    return None if answer is None else answer.get("SecretString")


def log_groups(aws: Aws, prefix: str) -> set[str]:
    """Return the CloudWatch log groups whose names start with a prefix."""
    listed = aws.collect(
        "logs", "describe_log_groups", "logGroups", "list log groups", logGroupNamePrefix=prefix
    )
    return {group["logGroupName"] for group in listed}


def topics(aws: Aws) -> set[str]:
    """Return the names of the SNS topics of this region."""
    listed = aws.collect("sns", "list_topics", "Topics", "list SNS topics")
    return {topic["TopicArn"].rpartition(":")[2] for topic in listed}


def zone(aws: Aws, domain: str) -> Zone | None:
    """Return the public hosted zone of a domain, None when there is none.

    Of several the first: only one can be delegated to, and then the comparison with the world says so.
    """
    what = f"look for the hosted zone of {domain}"
    answer = aws.ask("route53", "list_hosted_zones_by_name", what, DNSName=domain, MaxItems="10") or {}
    for found in answer.get("HostedZones", []):
        if found["Name"].rstrip(".") == domain and not found["Config"].get("PrivateZone"):
            details = aws.ask("route53", "get_hosted_zone", what, Id=found["Id"]) or {}
            servers = details["DelegationSet"]["NameServers"]
            return Zone(found["Id"].rpartition("/")[2], tuple(sorted(s.rstrip(".").lower() for s in servers)))
    return None
