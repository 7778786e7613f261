"""What IAM is asked when an API call is made: its own action, and what AWS does in the caller's name besides.

An emulator asks nobody, so all of this is by the pages: the Service Authorization Reference for the names,
and each service's user guide for what it asks of the caller besides, which AWS says nowhere in one place.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, NamedTuple

from tests.apply.iam_policies import Request

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tests.terraform.emulator.calls import Call

# --- Names: where IAM calls it otherwise than the API ---

PREFIXES = {"monitoring": "cloudwatch"}
ACTIONS = {
    "budgets:CreateBudget": "budgets:ModifyBudget",
    "budgets:CreateNotification": "budgets:ModifyBudget",
    "budgets:DeleteBudget": "budgets:ModifyBudget",
    "budgets:DescribeBudget": "budgets:ViewBudget",
    "budgets:DescribeNotificationsForBudget": "budgets:ViewBudget",
    "budgets:DescribeSubscribersForNotification": "budgets:ViewBudget",
    # The same requests but for a header or a query that may be missing: the record cannot tell them apart.
    "s3:AbortMultipartUpload": "s3:DeleteObject",
    "s3:CopyObject": "s3:PutObject",
    "s3:DeleteBucketEncryption": "s3:PutEncryptionConfiguration",
    "s3:DeleteBucketLifecycle": "s3:PutLifecycleConfiguration",
    "s3:DeleteBucketOwnershipControls": "s3:PutBucketOwnershipControls",
    "s3:DeletePublicAccessBlock": "s3:PutBucketPublicAccessBlock",
    "s3:GetBucketAccelerateConfiguration": "s3:GetAccelerateConfiguration",
    "s3:GetBucketEncryption": "s3:GetEncryptionConfiguration",
    "s3:GetBucketLifecycle": "s3:GetLifecycleConfiguration",
    "s3:GetBucketReplication": "s3:GetReplicationConfiguration",
    "s3:GetObjectLockConfiguration": "s3:GetBucketObjectLockConfiguration",
    "s3:GetPublicAccessBlock": "s3:GetBucketPublicAccessBlock",
    "s3:HeadBucket": "s3:ListBucket",
    "s3:HeadObject": "s3:GetObject",
    "s3:ListObjectsV2": "s3:ListBucket",
    "s3:PutBucketEncryption": "s3:PutEncryptionConfiguration",
    "s3:PutBucketLifecycle": "s3:PutLifecycleConfiguration",
    "s3:PutPublicAccessBlock": "s3:PutBucketPublicAccessBlock",
}
# API Gateway knows methods only.
METHODS = {"Create": "POST", "Delete": "DELETE", "Get": "GET", "Update": "PATCH"}

GLOBAL = ("budgets", "iam", "route53")  # no region of theirs decides


class Account(NamedTuple):
    """Whose calls these are."""

    account_id: str
    region: str
    environment: str
    domain: str
    boundaries: Mapping[str, str] = {}  # of roles that are there, or are made, by name


def requests(call: Call, account: Account) -> Iterator[Request]:
    """Yield what IAM is asked for a call.

    What is there already bears the environment's tag; what is made bears the tags of the call.
    """
    if call.service == "sts":
        return  # who one is, everybody may ask
    context: dict[str, str | list[str]] = {"aws:ResourceTag/Environment": account.environment}
    if call.service not in GLOBAL:
        context["aws:RequestedRegion"] = call.region
    tag = _tags(call).get("Environment")
    if tag is not None:
        context["aws:RequestTag/Environment"] = tag
    if call.service == "route53":
        context["route53:ChangeResourceRecordSetsNormalizedRecordNames"] = [f"api.{account.domain}"]
    boundary = call.parameters.get("PermissionsBoundary")
    if call.service == "iam" and (boundary or call.action != "CreateRole"):
        boundary = boundary or account.boundaries.get(str(call.parameters.get("RoleName")))
        context |= {"iam:PermissionsBoundary": boundary} if boundary else {}
    if "PolicyArn" in call.parameters:
        context["iam:PolicyARN"] = call.parameters["PolicyArn"]
    for resource in _resources(call, account):
        yield Request(action=action(call), resource=resource, context=context)
    yield from _besides(call, account, context)


def action(call: Call) -> str:
    """Return what IAM calls a call."""
    if call.service == "apigateway":
        verb = re.match("[A-Z][a-z]+", call.action)
        assert verb
        return f"apigateway:{METHODS[verb[0]]}"
    name = f"{PREFIXES.get(call.service, call.service)}:{call.action}"
    return ACTIONS.get(name, name)


def reads(request: Request) -> bool:
    """Say whether a request changes nothing."""
    verb = request.action.partition(":")[2]
    return verb.startswith(("Describe", "Get", "List", "View", "GET"))


# --- Resources: what a call is about ---


def _resources(call: Call, account: Account) -> list[str]:
    find = _FINDERS.get(call.service)
    found = find(call.parameters, account) if find else []
    return found or ["*"]


def _arn(service: str, account: Account, rest: str) -> str:
    region = "" if service in GLOBAL else account.region
    return f"arn:aws:{service}:{region}:{account.account_id}:{rest}"


def _named(service: str, start: str, *keys: str) -> Any:
    """Make a finder for parameters that have a name, or already an ARN."""

    def find(parameters: dict[str, Any], account: Account) -> list[str]:
        values = [str(value) for key, value in parameters.items() if key in keys]
        return [v if v.startswith("arn:") else _arn(service, account, start + v) for v in values]

    return find


def _alias_and_key(parameters: dict[str, Any], account: Account) -> list[str]:
    named = _named("kms", "key/", "KeyId", "TargetKeyId")(parameters, account)
    return [*named, *_named("kms", "", "AliasName")(parameters, account)]


def _secret(parameters: dict[str, Any], account: Account) -> list[str]:
    """Return ARNs with the six characters that Secrets Manager ends them with, whatever the call says."""
    named = _named("secretsmanager", "secret:", "Name", "SecretId")(parameters, account)
    return [
        arn if re.search(r"-\w{6}$", arn) and "SecretId" in parameters else f"{arn}-AbCdEf" for arn in named
    ]


def _object(parameters: dict[str, Any], _account: Account) -> list[str]:
    bucket, key = parameters.get("Bucket"), parameters.get("Key")
    return [f"arn:aws:s3:::{bucket}/{key}" if key else f"arn:aws:s3:::{bucket}"] if bucket else []


def _cluster(parameters: dict[str, Any], account: Account) -> list[str]:
    if "encryptionConfig" in parameters:
        return []  # CreateCluster takes no resource
    cluster = parameters.get("clusterName", parameters.get("name"))
    below = {"addonName": "addon", "nodegroupName": "nodegroup", "associationId": "podidentityassociation"}
    found = [kind for key, kind in below.items() if key in parameters]
    return [_arn("eks", account, f"{found[0]}/{cluster}/x/y" if found else f"cluster/{cluster}")]


def _load_balancer(parameters: dict[str, Any], account: Account) -> list[str]:
    named = _named("elasticloadbalancing", "", "LoadBalancerArn", "TargetGroupArn", "ListenerArn")(
        parameters, account
    )
    if named or "Name" not in parameters:
        return list(named)
    kind = "loadbalancer/net" if "Scheme" in parameters else "targetgroup"
    return [_arn("elasticloadbalancing", account, f"{kind}/{parameters['Name']}/0123456789abcdef")]


def _budget(parameters: dict[str, Any], account: Account) -> list[str]:
    name = parameters.get("BudgetName") or parameters.get("Budget", {}).get("BudgetName")
    return [_arn("budgets", account, f"budget/{name}")] if name else []


def _place(parameters: dict[str, Any], account: Account) -> list[str]:
    """Return one of the places that API Gateway's methods work on."""
    name = parameters.get("ApiId") or parameters.get("DomainName") or ""
    kind = "vpclinks" if "subnetIds" in parameters or "VpcLinkId" in parameters else "apis"
    if "DomainName" in parameters or "domainName" in parameters:
        kind = "domainnames"
    return [f"arn:aws:apigateway:{account.region}::/{kind}{'/' + name if name else ''}"]


_FINDERS = {
    "apigateway": _place,
    "budgets": _budget,
    "dynamodb": _named("dynamodb", "table/", "TableName", "ResourceArn"),
    "eks": _cluster,
    "elasticloadbalancing": _load_balancer,
    "iam": _named("iam", "role/", "RoleName"),
    "kms": _alias_and_key,
    "lambda": _named("lambda", "function:", "FunctionName"),
    "logs": _named("logs", "log-group:", "logGroupName", "resourceArn"),
    "monitoring": _named("cloudwatch", "alarm:", "AlarmName"),
    "route53": lambda p, _: (
        [f"arn:aws:route53:::hostedzone/{p['HostedZoneId']}"] if "HostedZoneId" in p else []
    ),
    "s3": _object,
    "secretsmanager": _secret,
    "ses": _named("ses", "identity/", "EmailIdentity"),
    "sns": _named("sns", "", "Name", "TopicArn"),
}


def _tags(call: Call) -> dict[str, str]:
    """Return the tags that a call gives, in any of the forms that APIs have for them."""
    flat = {
        value: call.parameters[key.replace(".Key", ".Value").replace(".key", ".value")]
        for key, value in call.parameters.items()
        if re.fullmatch(r"(Tags?|TagSpecification).*\.[Kk]ey", key)
    }
    given = (
        call.parameters.get("tags")
        or call.parameters.get("Tags")
        or call.parameters.get("ResourceTags")
        or {}
    )
    if isinstance(given, list):
        given = {tag.get("Key", tag.get("TagKey")): tag.get("Value", tag.get("TagValue")) for tag in given}
    return {**flat, **given}


# --- Besides: what a service asks of its caller ---

PASSED_TO = {
    "CreateAddon": "pods.eks.amazonaws.com",
    "CreateCluster": "eks.amazonaws.com",
    "CreateFlowLogs": "vpc-flow-logs.amazonaws.com",
    "CreateFunction": "lambda.amazonaws.com",
    "CreateNodegroup": "ec2.amazonaws.com",
    "CreatePodIdentityAssociation": "pods.eks.amazonaws.com",
}
ROLE_ARN = re.compile(r"arn:aws:iam::\d+:role/[^\"']+")
KEY_ARN = re.compile(r"arn:aws:kms:[^\"']+:key/[^\"']+")
BESIDES = {
    "CreateNodegroup": (
        "ec2:RunInstances",
        "ec2:CreateTags",
        "ec2:DescribeLaunchTemplateVersions",
        "ec2:DescribeSubnets",
    ),
    "CreateStage": (
        "logs:CreateLogDelivery",
        "logs:GetLogDelivery",
        "logs:ListLogDeliveries",
        "logs:DescribeResourcePolicies",
        "logs:PutResourcePolicy",
    ),
    "CreateVpcEndpoint": ("route53:AssociateVPCWithHostedZone",),
    "CreateVpcLink": ("ec2:DescribeSubnets", "ec2:DescribeSecurityGroups"),
}
USES_KEY = {
    "dynamodb:CreateTable": ("kms:CreateGrant", "kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey"),
    "eks:CreateCluster": ("kms:CreateGrant", "kms:DescribeKey"),
    "lambda:CreateFunction": ("kms:CreateGrant", "kms:Decrypt", "kms:Encrypt"),
    "secretsmanager:CreateSecret": ("kms:Decrypt", "kms:GenerateDataKey"),
}


def _besides(call: Call, account: Account, context: dict[str, str | list[str]]) -> Iterator[Request]:
    for name in BESIDES.get(call.action, ()):
        yield Request(action=name, context=context)
    if call.service == "ec2" and _tags(call):
        yield Request(action="ec2:CreateTags", context=context)
    if call.service == "lambda" and call.action == "CreateFunction":
        code = call.parameters["Code"]
        yield Request(
            action="s3:GetObjectVersion", resource=f"arn:aws:s3:::{code['S3Bucket']}/{code['S3Key']}"
        )
    if call.action in PASSED_TO:
        passed = {**context, "iam:PassedToService": PASSED_TO[call.action]}
        for role in sorted({*ROLE_ARN.findall(json.dumps(call.parameters))}):
            yield Request(action="iam:PassRole", resource=role, context=passed)
    through = {**context, "kms:ViaService": f"{call.service}.{account.region}.amazonaws.com"}
    for key in sorted({*KEY_ARN.findall(json.dumps(call.parameters))}):
        for name in USES_KEY.get(f"{call.service}:{call.action}", ()):
            granted = {**through, "kms:GrantIsForAWSResource": "true"}
            yield Request(
                action=name, resource=key, context=granted if name == "kms:CreateGrant" else through
            )
