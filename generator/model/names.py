"""The names that AWS, Atlas and Kubernetes must agree on, each with the limit that its service sets."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from generator.problem import Path


class Kind(NamedTuple):
    """A kind of name: how long it may be, and within what it must be unique.

    `scope` is "account" (IAM is the same in all regions), "region" of an account, "environment" or
    "everywhere". `exclusive`: nothing else in the same environment may ask for the name; several
    workloads may share a host, and a secret.
    """

    title: str
    limit: int
    scope: str
    exclusive: bool = True


CLUSTER = Kind("EKS cluster", 100, "region")  # EKS CreateCluster: name, 1 to 100
VPC = Kind("VPC", 255, "region")  # EC2 tag value
LOAD_BALANCER = Kind("load balancer", 32, "region")  # ELBv2 CreateLoadBalancer: Name
TARGET_GROUP = Kind("target group", 32, "region")  # ELBv2 CreateTargetGroup: Name
ROLE = Kind("IAM role", 64, "account")  # IAM CreateRole: RoleName
POLICY = Kind("IAM policy", 128, "account")  # IAM CreatePolicy: PolicyName
SECRET = Kind("secret", 512, "region", exclusive=False)  # Secrets Manager CreateSecret: Name
KEY_ALIAS = Kind("key alias", 256, "region")  # KMS CreateAlias: AliasName
LOG_GROUP = Kind("log group", 512, "region")  # CloudWatch Logs CreateLogGroup: logGroupName
TOPIC = Kind("SNS topic", 256, "region")  # SNS CreateTopic: Name
BUDGET = Kind("budget", 100, "account")  # Budgets CreateBudget: BudgetName
REPOSITORY = Kind("ECR repository", 256, "region", exclusive=False)  # ECR CreateRepository: repositoryName
API = Kind("HTTP API", 128, "region")  # API Gateway CreateApi: Name
FUNCTION = Kind("Lambda function", 64, "region")  # Lambda CreateFunction: FunctionName
TABLE = Kind("DynamoDB table", 255, "region")  # DynamoDB CreateTable: TableName
BUCKET = Kind("S3 bucket", 63, "everywhere")  # S3 user guide, "Bucket naming rules"
SENDER = Kind("SES identity", 253, "region")  # SES CreateEmailIdentity, of a domain
ATLAS_PROJECT = Kind("Atlas project", 64, "everywhere")  # Atlas API: groups, name
ATLAS_CLUSTER = Kind("Atlas cluster", 64, "environment")  # Atlas API: clusters, name
HOST = Kind("host name", 253, "everywhere", exclusive=False)  # RFC 1035


class Name(NamedTuple):
    """One composed name and the spec path that decides it, in the environment's merged tree."""

    value: str
    kind: Kind
    path: Path
