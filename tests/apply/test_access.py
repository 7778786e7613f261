"""What the roles of the runs may do: enough for what their stacks do, and nothing of what would be more."""

from __future__ import annotations

import functools
import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from tests.apply.conftest import ENVIRONMENT, RENDERED
from tests.apply.iam_policies import Request, allows
from tests.apply.iam_requests import ACTIONS, Account, reads, requests
from tests.terraform import runner
from tests.terraform.deployment import Deployment
from tests.terraform.emulator.process import running

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.apply.conftest import Platform
    from tests.terraform.emulator.calls import Call
    from tests.terraform.runner import Terraform

    Statements = list[dict[str, Any]]

pytestmark = pytest.mark.apply

VALUES = json.loads((RENDERED / "terraform" / "access.tfvars.json").read_text(encoding="utf-8"))
ACCOUNT_ID, REGION = VALUES["account_id"], VALUES["region"]
PREFIX, BUCKET = VALUES["access"]["prefix"], VALUES["access"]["packages_bucket"]
IAM, PACKAGES = f"arn:aws:iam::{ACCOUNT_ID}", f"arn:aws:s3:::{BUCKET}"
BOUNDARY = f"{IAM}:policy/{VALUES['permissions_boundary_name']}"
BOUNDED = {"iam:PermissionsBoundary": BOUNDARY}
SECRET = f"arn:aws:secretsmanager:{REGION}:{ACCOUNT_ID}:secret:{VALUES['access']['secret_prefix']}"
ATLAS_NAME = VALUES["access"]["atlas_credentials_secret_name"]
ATLAS = f"arn:aws:secretsmanager:{REGION}:{ACCOUNT_ID}:secret:{ATLAS_NAME}-AbCdEf"
ALL = [f"{stack}-{phase}" for stack in VALUES["access"]["roles"] for phase in ("plan", "apply")]
PLANS, APPLIES = ALL[::2], ALL[1::2]
SHARED = json.loads((RENDERED.parent / "shared" / "terraform" / "workspaces.tfvars.json").read_text())
WORKSPACES = SHARED["workspaces"]
PULL_REQUESTS = [
    stack for stack in VALUES["access"]["roles"] if WORKSPACES[f"{PREFIX}-{stack}"]["speculative"]
]
HERE = {"aws:RequestedRegion": REGION}
SHARED_TAG = {"aws:ResourceTag/Environment": "another"}


class Roles(NamedTuple):
    """The roles as IAM has them, by stack and phase."""

    trust: dict[str, dict[str, Any]]
    statements: dict[str, Statements]
    seconds: dict[str, int]
    boundary: Statements
    again: list[Any]


@pytest.fixture(scope="module")
def roles(terraform: Terraform, tmp_path_factory: pytest.TempPathFactory) -> Roles:
    """The stack `access` with its rendered variables, applied to an empty account."""
    root = runner.copy(tmp_path_factory.mktemp("access")) / "stacks" / "access"
    terraform.init(root)
    with running(ACCOUNT_ID) as emulator:
        deployment = Deployment(terraform=terraform, emulator=emulator, root=root)
        deployment.plan(VALUES)
        deployment.apply()
        iam = emulator.client("iam", REGION)
        found = {key: iam.get_role(RoleName=f"{PREFIX}-{key}")["Role"] for key in ALL}
        return Roles(
            trust={key: role["AssumeRolePolicyDocument"] for key, role in found.items()},
            statements={key: list(_statements(iam, role["RoleName"])) for key, role in found.items()},
            seconds={key: role["MaxSessionDuration"] for key, role in found.items()},
            boundary=_document(iam, BOUNDARY),
            again=deployment.plan(VALUES),
        )


def _statements(iam: Any, role: str) -> Iterator[dict[str, Any]]:
    assert iam.list_role_policies(RoleName=role)["PolicyNames"] == []
    for attached in iam.list_attached_role_policies(RoleName=role)["AttachedPolicies"]:
        assert attached["PolicyArn"] == f"{IAM}:policy/{attached['PolicyName']}", "no policy of AWS's own"
        yield from _document(iam, attached["PolicyArn"])


def _document(iam: Any, arn: str) -> Statements:
    """Return the statements of a managed policy."""
    policy = iam.get_policy(PolicyArn=arn)["Policy"]
    version = iam.get_policy_version(PolicyArn=arn, VersionId=policy["DefaultVersionId"])
    statements: Statements = version["PolicyVersion"]["Document"]["Statement"]
    return statements


# --- Whom they admit ---


def test_a_second_plan_is_empty(roles: Roles) -> None:
    assert roles.again == []


@pytest.mark.parametrize("key", ALL)
def test_a_role_admits_one_workspace_and_one_phase(roles: Roles, key: str) -> None:
    stack, phase = key.split("-")
    workspace = f"organization:techchallenge:project:techchallenge:workspace:{PREFIX}-{stack}"
    (statement,) = roles.trust[key]["Statement"]
    assert statement["Effect"] == "Allow"
    assert statement["Action"] == "sts:AssumeRoleWithWebIdentity"
    assert statement["Principal"] == {"Federated": f"{IAM}:oidc-provider/app.terraform.io"}
    assert statement["Condition"] == {
        "StringEquals": {
            "app.terraform.io:aud": "aws.workload.identity",
            "app.terraform.io:sub": [f"{workspace}:run_phase:{phase}"],
        }
    }
    assert roles.seconds[key] == 3600


# --- That they may do what their stacks do ---


@functools.cache
def account() -> Account:
    domain = json.loads((RENDERED / "terraform" / "platform.tfvars.json").read_text())["ingress"]["domain"]
    return Account(ACCOUNT_ID, REGION, ENVIRONMENT, domain)


def asked(calls: list[Call]) -> list[Request]:
    """Return what IAM would have been asked for some calls, each thing once."""
    made = [call.parameters for call in calls if call.action == "CreateRole"]
    boundaries = {p["RoleName"]: p["PermissionsBoundary"] for p in made if "PermissionsBoundary" in p}
    caller = account()._replace(boundaries=boundaries)
    found = {
        str(request) + json.dumps(request.context): request
        for call in calls
        for request in requests(call, caller)
    }
    return list(found.values())


def refused(statements: Statements, wanted: list[Request]) -> list[str]:
    return sorted({str(request) for request in wanted if not allows(statements, request)})


def test_an_apply_of_the_platform_may_do_all_that_it_does(roles: Roles, platform: Platform) -> None:
    wanted = asked(platform.creation)
    assert len({request.action for request in wanted}) > 140
    assert refused(roles.statements["platform-apply"], wanted) == []


def test_a_plan_of_the_platform_may_look_at_all_that_is_there(roles: Roles, platform: Platform) -> None:
    before = len(platform.deployment.emulator.calls())
    assert platform.deployment.plan(platform.deployment.values) == []
    wanted = asked(platform.deployment.emulator.calls()[before:])
    assert len({request.action for request in wanted}) > 60
    assert refused(roles.statements["platform-plan"], wanted) == []


@pytest.mark.parametrize("key", PLANS)
def test_who_plans_changes_nothing(roles: Roles, platform: Platform, key: str) -> None:
    changes = [request for request in asked(platform.creation) if not reads(request)]
    assert len(changes) > 100
    assert [str(r) for r in changes if allows(roles.statements[key], r)] == []


# Measured when the platform was changed and destroyed on the emulator; here to be cheap, and by service on
# what the creation was about.
LATER = [
    "acm:DeleteCertificate",
    "acm:RemoveTagsFromCertificate",
    "apigateway:DELETE",
    "apigateway:PATCH",
    "budgets:ModifyBudget",
    "cloudwatch:DeleteAlarms",
    "dynamodb:DeleteTable",
    "dynamodb:UpdateTable",
    "ec2:DeleteFlowLogs",
    "ec2:DeleteInternetGateway",
    "ec2:DeleteLaunchTemplate",
    "ec2:CreateLaunchTemplateVersion",
    "ec2:ModifyLaunchTemplate",
    "ec2:DeleteNatGateway",
    "ec2:DeleteRoute",
    "ec2:DeleteRouteTable",
    "ec2:DeleteSecurityGroup",
    "ec2:DeleteSubnet",
    "ec2:DeleteTags",
    "ec2:DeleteVpc",
    "ec2:DeleteVpcEndpoints",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DetachInternetGateway",
    "ec2:DisassociateRouteTable",
    "ec2:ModifyVpcEndpoint",
    "ec2:ReleaseAddress",
    "ec2:ReplaceRoute",
    "ec2:RevokeSecurityGroupIngress",
    "ec2:RevokeSecurityGroupEgress",
    "eks:DeleteAccessEntry",
    "eks:DeleteAddon",
    "eks:DeleteCluster",
    "eks:DeleteNodegroup",
    "eks:DeletePodIdentityAssociation",
    "eks:DescribeUpdate",
    "eks:DisassociateAccessPolicy",
    "eks:TagResource",
    "eks:UpdateAddon",
    "eks:UpdateClusterConfig",
    "eks:UpdateClusterVersion",
    "eks:UpdateNodegroupConfig",
    "eks:UpdateNodegroupVersion",
    "elasticloadbalancing:DeleteListener",
    "elasticloadbalancing:DeleteLoadBalancer",
    "elasticloadbalancing:DeleteTargetGroup",
    "elasticloadbalancing:ModifyListener",
    "elasticloadbalancing:SetSecurityGroups",
    "elasticloadbalancing:SetSubnets",
    "iam:DeleteRole",
    "iam:DeleteRolePolicy",
    "iam:ListInstanceProfilesForRole",
    "iam:TagRole",
    "iam:UpdateAssumeRolePolicy",
    "kms:DeleteAlias",
    "kms:PutKeyPolicy",
    "kms:ScheduleKeyDeletion",
    "kms:TagResource",
    "lambda:DeleteFunction",
    "lambda:PutFunctionConcurrency",
    "lambda:RemovePermission",
    "lambda:TagResource",
    "lambda:UpdateFunctionCode",
    "lambda:UpdateFunctionConfiguration",
    "logs:DeleteLogGroup",
    "logs:DeleteMetricFilter",
    "logs:TagResource",
    "route53:DeleteHealthCheck",
    "route53:UpdateHealthCheck",
    "secretsmanager:DeleteSecret",
    "secretsmanager:TagResource",
    "secretsmanager:UpdateSecret",
    "ses:DeleteEmailIdentity",
    "ses:TagResource",
    "sns:DeleteTopic",
    "sns:Unsubscribe",
]


def test_an_apply_of_the_platform_may_change_it_and_take_it_back(roles: Roles, platform: Platform) -> None:
    about: dict[str, set[str]] = {}
    for request in asked(platform.creation):
        about.setdefault(request.action.partition(":")[0], set()).add(request.resource)
    context = HERE | {"aws:ResourceTag/Environment": ENVIRONMENT}
    refusals = [
        action
        for action in LATER
        if not any(
            allows(
                roles.statements["platform-apply"], Request(action=action, resource=resource, context=context)
            )
            for resource in about[action.partition(":")[0]]
        )
    ]
    assert refusals == []
    detach = Request(
        action="iam:DetachRolePolicy",
        resource=f"{IAM}:role/{PREFIX}-nodes",
        context={"iam:PolicyARN": "arn:aws:iam::aws:policy/AmazonEKSWorkerNodePolicy"},
    )
    assert allows(roles.statements["platform-apply"], detach)


# Measured when the stack was applied, planned and destroyed on the emulator; here for it takes a minute.
PACKAGES_PLAN = [
    "iam:GetOpenIDConnectProvider",
    "iam:GetRole",
    "iam:GetRolePolicy",
    "iam:ListAttachedRolePolicies",
    "iam:ListOpenIDConnectProviders",
    "iam:ListRolePolicies",
    "s3:GetBucketAccelerateConfiguration",
    "s3:GetBucketAcl",
    "s3:GetBucketCors",
    "s3:GetBucketEncryption",
    "s3:GetBucketLifecycle",
    "s3:GetBucketLogging",
    "s3:GetBucketOwnershipControls",
    "s3:GetBucketPolicy",
    "s3:GetBucketReplication",
    "s3:GetBucketRequestPayment",
    "s3:GetBucketTagging",
    "s3:GetBucketVersioning",
    "s3:GetBucketWebsite",
    "s3:GetObjectLockConfiguration",
    "s3:GetPublicAccessBlock",
    "s3:HeadBucket",
]
PACKAGES_APPLY = [
    "iam:CreateRole",
    "iam:DeleteRole",
    "iam:DeleteRolePolicy",
    "iam:ListInstanceProfilesForRole",
    "iam:PutRolePolicy",
    "s3:CreateBucket",
    "s3:DeleteBucket",
    "s3:DeleteBucketEncryption",
    "s3:DeleteBucketLifecycle",
    "s3:DeleteBucketOwnershipControls",
    "s3:DeleteBucketPolicy",
    "s3:DeletePublicAccessBlock",
    "s3:PutBucketEncryption",
    "s3:PutBucketLifecycle",
    "s3:PutBucketOwnershipControls",
    "s3:PutBucketPolicy",
    "s3:PutBucketTagging",
    "s3:PutBucketVersioning",
    "s3:PutPublicAccessBlock",
]


@pytest.mark.parametrize("key", ["packages-plan", "packages-apply"])
def test_an_environment_finds_the_providers_that_another_made_in_its_account(roles: Roles, key: str) -> None:
    """With S3 the job that applies plans again, with the role that applies."""
    provider = f"{IAM}:oidc-provider/token.actions.githubusercontent.com"
    looks = Request(action="iam:GetOpenIDConnectProvider", resource=provider, context=SHARED_TAG)
    assert allows(roles.statements[key], looks)
    for name in ("iam:TagOpenIDConnectProvider", "iam:DeleteOpenIDConnectProvider"):
        assert not allows(roles.statements[key], replace(looks, action=name))


def test_packages_are_planned_and_applied(roles: Roles) -> None:
    def about(names: list[str]) -> list[Request]:
        places = {"iam": f"{IAM}:role/{PREFIX}-packages", "s3": PACKAGES}
        return [
            Request(action=ACTIONS.get(name, name), resource=places[name.partition(":")[0]], context=BOUNDED)
            for name in names
        ]

    assert refused(roles.statements["packages-plan"], about(PACKAGES_PLAN)) == []
    assert refused(roles.statements["packages-apply"], about(PACKAGES_PLAN + PACKAGES_APPLY)) == []
    changes = about(PACKAGES_APPLY)
    reads_only = [r for r in changes if allows(roles.statements["packages-plan"], r)]
    assert [r.action for r in reads_only] == ["iam:ListInstanceProfilesForRole"]


# Likewise, on the emulator with a stand-in for Atlas; the key is of an environment that has one.
DATABASE_PLAN = [
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribePrefixLists",
    "ec2:DescribeSecurityGroupRules",
    "ec2:DescribeSecurityGroups",
    "ec2:DescribeSubnets",
    "ec2:DescribeVpcEndpoints",
    "ec2:DescribeVpcs",
    "iam:GetRole",
    "iam:GetRolePolicy",
    "kms:DescribeKey",
    "kms:GetKeyPolicy",
    "kms:GetKeyRotationStatus",
    "kms:ListAliases",
    "kms:ListResourceTags",
    "secretsmanager:DescribeSecret",
    "secretsmanager:GetRandomPassword",
    "secretsmanager:GetResourcePolicy",
    "secretsmanager:GetSecretValue",
    "secretsmanager:ListSecrets",
]
DATABASE_APPLY = [
    "ec2:AuthorizeSecurityGroupIngress",
    "ec2:CreateSecurityGroup",
    "ec2:CreateTags",
    "ec2:CreateVpcEndpoint",
    "ec2:DeleteSecurityGroup",
    "ec2:DeleteVpcEndpoints",
    "ec2:RevokeSecurityGroupEgress",
    "ec2:RevokeSecurityGroupIngress",
    "iam:CreateRole",
    "iam:DeleteRole",
    "iam:PutRolePolicy",
    "kms:CreateAlias",
    "kms:CreateKey",
    "kms:EnableKeyRotation",
    "kms:PutKeyPolicy",
    "kms:ScheduleKeyDeletion",
    "route53:AssociateVPCWithHostedZone",
    "secretsmanager:CreateSecret",
    "secretsmanager:DeleteSecret",
    "secretsmanager:PutSecretValue",
]


def test_the_database_is_planned_and_applied(roles: Roles) -> None:
    places = {
        "iam": f"{IAM}:role/{PREFIX}-atlas",
        "kms": f"arn:aws:kms:{REGION}:{ACCOUNT_ID}:alias/{PREFIX}-database",
        "secretsmanager": SECRETS[2],
    }
    keys = ("kms:Put", "kms:Schedule", "kms:Enable")
    tags = {"aws:ResourceTag/Environment": ENVIRONMENT, "aws:RequestTag/Environment": ENVIRONMENT}

    def about(names: list[str]) -> list[Request]:
        return [
            Request(
                action=name,
                resource=KEY if name.startswith(keys) else places.get(name.partition(":")[0], "*"),
                context=HERE | tags | BOUNDED,
            )
            for name in names
        ]

    assert refused(roles.statements["database-plan"], about(DATABASE_PLAN)) == []
    assert refused(roles.statements["database-apply"], about(DATABASE_PLAN + DATABASE_APPLY)) == []
    assert [str(r) for r in about(DATABASE_APPLY) if allows(roles.statements["database-plan"], r)] == []
    # Of the other stack's secret it writes the value, and it neither makes nor deletes it.
    value = [request(f"secretsmanager:{action}", HASHES) for action in ("GetSecretValue", "PutSecretValue")]
    itself = [request(f"secretsmanager:{action}", HASHES) for action in ("DeleteSecret", "UpdateSecret")]
    allowed = [r for r in (*value, *itself) if allows(roles.statements["database-apply"], r)]
    assert allowed == value


# --- That they may not do more ---


CONTEXT = {
    "boundary": "iam:PermissionsBoundary",
    "new": "aws:RequestTag/Environment",
    "passed": "iam:PassedToService",
    "policy": "iam:PolicyARN",
    "region": "aws:RequestedRegion",
    "service": "iam:AWSServiceName",
    "tag": "aws:ResourceTag/Environment",
    "via": "kms:ViaService",
}


def request(action: str, resource: str = "*", **context: str) -> Request:
    """Return a request in the region; the context in the words above."""
    return Request(
        action=action,
        resource=resource,
        context=HERE | {CONTEXT[key]: value for key, value in context.items()},
    )


KEY = f"arn:aws:kms:{REGION}:{ACCOUNT_ID}:key/1"
OWN_ROLE = f"{IAM}:role/{PREFIX}-orders"
ADMINISTRATOR = "arn:aws:iam::aws:policy/AdministratorAccess"
EVERYDAY = "arn:aws:iam::aws:policy/AmazonEKSWorkerNodePolicy"  # of the five that may be attached
NEVER = [
    # A role without the boundary, or another boundary.
    *(
        request(action, OWN_ROLE, policy=EVERYDAY, **boundary)
        for action in ("iam:CreateRole", "iam:PutRolePolicy", "iam:AttachRolePolicy")
        for boundary in ({}, {"boundary": ADMINISTRATOR}, {"boundary": f"{BOUNDARY}-2"})
    ),
    request("iam:PutRolePermissionsBoundary", OWN_ROLE, boundary=ADMINISTRATOR),
    request("iam:DeleteRolePermissionsBoundary", OWN_ROLE, boundary=BOUNDARY),
    request("iam:PutRolePermissionsBoundary", f"{IAM}:role/platform-admins", boundary=BOUNDARY),
    request("iam:CreatePolicyVersion", BOUNDARY),
    request("iam:SetDefaultPolicyVersion", BOUNDARY),
    request("iam:DeletePolicy", BOUNDARY),
    request("iam:DeletePolicyVersion", BOUNDARY),
    # Another way in.
    request("iam:CreateUser", f"{IAM}:user/{PREFIX}-me"),
    request("iam:CreateAccessKey", f"{IAM}:user/{PREFIX}-me"),
    request("iam:UpdateLoginProfile", f"{IAM}:user/admin"),
    request("iam:CreateGroup", f"{IAM}:group/{PREFIX}"),
    request("iam:UpdateAccountPasswordPolicy"),
    request("iam:CreateSAMLProvider", f"{IAM}:saml-provider/{PREFIX}"),
    request("iam:CreateOpenIDConnectProvider", f"{IAM}:oidc-provider/app.terraform.io"),
    request("iam:AddClientIDToOpenIDConnectProvider", f"{IAM}:oidc-provider/app.terraform.io"),
    request("iam:DeleteOpenIDConnectProvider", f"{IAM}:oidc-provider/token.actions.githubusercontent.com"),
    request("organizations:LeaveOrganization"),
    request("account:CloseAccount"),
    request("sts:AssumeRole", OWN_ROLE),
    request("sts:AssumeRole", f"{IAM}:role/platform-admins"),
    # More than they have.
    *(
        request(
            action,
            f"{IAM}:role/{PREFIX}-{key}",
            policy=EVERYDAY,
            passed="lambda.amazonaws.com",
            boundary=BOUNDARY,
        )
        for key in ALL
        for action in (
            "iam:PutRolePermissionsBoundary",
            "iam:PutRolePolicy",
            "iam:UpdateAssumeRolePolicy",
            "iam:AttachRolePolicy",
            "iam:PassRole",
            "iam:DeleteRole",
            "iam:DetachRolePolicy",
        )
    ),
    request("iam:CreatePolicyVersion", f"{IAM}:policy/{PREFIX}-platform-plan-reads"),
    request("iam:SetDefaultPolicyVersion", f"{IAM}:policy/{PREFIX}-platform-plan-reads"),
    request("iam:DeletePolicy", f"{IAM}:policy/{PREFIX}-platform-apply-refusals"),
    *(
        request("iam:AttachRolePolicy", OWN_ROLE, policy=f"arn:aws:iam::aws:policy/{name}", boundary=BOUNDARY)
        for name in ("AdministratorAccess", "IAMFullAccess", "PowerUserAccess")
    ),
    request("iam:PutRolePolicy", f"{IAM}:role/platform-admins"),
    request("iam:PutRolePolicy", f"{IAM}:role/platform-admins", boundary=BOUNDARY),
    request("iam:PassRole", f"{IAM}:role/platform-admins", passed="lambda.amazonaws.com"),
    request("iam:PassRole", OWN_ROLE, passed="ecs-tasks.amazonaws.com"),
    request("iam:CreateServiceLinkedRole", f"{IAM}:role/aws-service-role/x/y", service="sso.amazonaws.com"),
    # Data.
    request("secretsmanager:GetSecretValue", f"{SECRET}payments/provider-api-key-AbCdEf"),
    request("secretsmanager:BatchGetSecretValue"),
    request("ssm:GetParameter", f"arn:aws:ssm:{REGION}:{ACCOUNT_ID}:parameter/x"),
    request("s3:GetObject", "arn:aws:s3:::techchallenge-reports/x"),
    request("s3:PutObject", f"{PACKAGES}/token/x.zip"),
    request("s3:DeleteObject", f"{PACKAGES}/token/x.zip"),
    request("dynamodb:Scan", f"arn:aws:dynamodb:{REGION}:{ACCOUNT_ID}:table/{PREFIX}-tokens"),
    request("dynamodb:GetItem", f"arn:aws:dynamodb:{REGION}:{ACCOUNT_ID}:table/{PREFIX}-tokens"),
    request("logs:GetLogEvents", f"arn:aws:logs:{REGION}:{ACCOUNT_ID}:log-group:/techchallenge/dev/token:*"),
    request("logs:StartQuery", f"arn:aws:logs:{REGION}:{ACCOUNT_ID}:log-group:/techchallenge/dev/token:*"),
    request("sqs:ReceiveMessage", f"arn:aws:sqs:{REGION}:{ACCOUNT_ID}:kitchen-orders"),
    request("lambda:InvokeFunction", f"arn:aws:lambda:{REGION}:{ACCOUNT_ID}:function:{PREFIX}-token"),
    request("eks:AccessKubernetesApi", f"arn:aws:eks:{REGION}:{ACCOUNT_ID}:cluster/{PREFIX}"),
    request("kms:Decrypt", KEY),
    request("kms:Decrypt", KEY, via=f"s3.{REGION}.amazonaws.com"),
    request("kms:Sign", KEY),
    # Somebody else's.
    request("ec2:DeleteVpc", tag="production"),
    request("ec2:RevokeSecurityGroupIngress", tag="production"),
    request("kms:ScheduleKeyDeletion", KEY, tag="production"),
    request("kms:ScheduleKeyDeletion", KEY),
    request("kms:CreateKey", new="production"),
    request("apigateway:DELETE", f"arn:aws:apigateway:{REGION}::/apis/x", tag="production"),
    request("iam:CreateRole", f"{IAM}:role/techchallenge-production-orders", boundary=BOUNDARY),
    request("eks:DeleteCluster", f"arn:aws:eks:{REGION}:{ACCOUNT_ID}:cluster/techchallenge-production"),
    request(
        "lambda:UpdateFunctionCode",
        f"arn:aws:lambda:{REGION}:{ACCOUNT_ID}:function:techchallenge-production-token",
    ),
    request("secretsmanager:PutSecretValue", SECRET.replace("/dev/", "/production/") + "x-AbCdEf"),
    request("ec2:RunInstances", region="sa-east-1"),
    request("ec2:CreateVpc", region="sa-east-1"),
    request("rds:CreateDBInstance"),
    request("ec2:CreateImage"),
    request("cloudtrail:StopLogging"),
]


@pytest.mark.parametrize("key", ALL)
def test_no_run_may_ever(roles: Roles, key: str) -> None:
    assert [str(r) + str(r.context) for r in NEVER if allows(roles.statements[key], r)] == []


HASHES = f"{SECRET}gateway/hmac-key-AbCdEf"
SECRETS = [ATLAS, HASHES, f"{SECRET}orders/mongodb-uri-AbCdEf", f"{SECRET}payments/provider-api-key-AbCdEf"]


@pytest.mark.parametrize(
    ("stack", "read"), [("packages", []), ("platform", []), ("database", [ATLAS, HASHES, SECRETS[2]])]
)
def test_these_secrets_are_read_and_no_others(roles: Roles, stack: str, read: list[str]) -> None:
    """What a plan of Terraform itself must read."""
    for phase in ("plan", "apply"):
        statements = roles.statements[f"{stack}-{phase}"]
        found = [s for s in SECRETS if allows(statements, request("secretsmanager:GetSecretValue", s))]
        assert found == read


def test_some_stacks_plan_pull_requests() -> None:
    assert PULL_REQUESTS == ["packages", "platform"]


@pytest.mark.parametrize("stack", PULL_REQUESTS)
def test_a_pull_requests_code_reads_no_secret_whatever_is_allowed(roles: Roles, stack: str) -> None:
    """Not one, so that nobody must judge which would do no harm: it runs before anybody has read it."""
    everything = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    asks = [
        *(request("secretsmanager:GetSecretValue", secret) for secret in SECRETS),
        request("secretsmanager:GetSecretValue", f"{SECRET}none"),
        request("secretsmanager:GetSecretValue"),
        request("secretsmanager:BatchGetSecretValue"),
        request("kms:Decrypt", KEY, via=f"secretsmanager.{REGION}.amazonaws.com"),
    ]
    for statements in (roles.statements[f"{stack}-plan"], [*roles.statements[f"{stack}-plan"], everything]):
        assert [str(r) for r in asks if allows(statements, r)] == []


def test_objects_are_read_of_packages_only(roles: Roles) -> None:
    package = request("s3:GetObject", f"{PACKAGES}/token/x.zip")
    assert [key for key in ALL if allows(roles.statements[key], package)] == [
        "platform-plan",
        "platform-apply",
    ]


def test_refusals_hold_whatever_is_allowed_later(roles: Roles) -> None:
    """Somebody in a hurry attaches AdministratorAccess to a role that plans, or to one that applies."""
    everything = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    for key in PLANS:
        statements = [*roles.statements[key], everything]
        data = [
            request("secretsmanager:GetSecretValue", SECRETS[3]),
            request("s3:GetObject", "arn:aws:s3:::techchallenge-reports/x"),
            request("dynamodb:Scan"),
            request("logs:FilterLogEvents"),
            request("kms:Decrypt", KEY),
            request("sts:AssumeRole", OWN_ROLE),
        ]
        assert [str(r) for r in data if allows(statements, r)] == []
    for key in APPLIES:
        statements = [*roles.statements[key], everything]
        powers = [
            r
            for r in NEVER
            if r.action.startswith(("iam:", "organizations:", "account:", "sts:", "cloudtrail:"))
        ]
        left = {f"{r} {r.context.get('iam:PermissionsBoundary')}" for r in powers if allows(statements, r)}
        assert left == {
            *(f"iam:PassRole on {role} None" for role in (OWN_ROLE, f"{IAM}:role/platform-admins")),
            f"iam:AttachRolePolicy on {OWN_ROLE} {BOUNDARY}",
            f"iam:PutRolePolicy on {IAM}:role/platform-admins {BOUNDARY}",
            f"iam:PutRolePermissionsBoundary on {IAM}:role/platform-admins {BOUNDARY}",
            f"iam:CreateRole on {IAM}:role/techchallenge-production-orders {BOUNDARY}",
            f"iam:CreateServiceLinkedRole on {IAM}:role/aws-service-role/x/y None",
        }


# --- What the roles that they make may do at most ---


def test_every_role_of_the_platform_is_bounded(platform: Platform) -> None:
    made = [call.parameters for call in platform.creation if call.action == "CreateRole"]
    assert len(made) > 15
    assert [p["RoleName"] for p in made if p.get("PermissionsBoundary") != BOUNDARY] == []


def given(platform: Platform) -> Iterator[Request]:
    """Yield what the policies of the platform's roles allow, ours and those of AWS, as they say it."""
    iam, statements = platform.deployment.emulator.client("iam", REGION), []
    for call in platform.creation:
        if call.action == "PutRolePolicy":
            statements += json.loads(call.parameters["PolicyDocument"])["Statement"]
        elif call.action == "AttachRolePolicy":
            statements += _document(iam, call.parameters["PolicyArn"])
    for statement in statements:
        if statement["Effect"] == "Allow":
            for action in listed(statement["Action"]):
                for resource in listed(statement["Resource"]):
                    yield request(action, resource, service="elasticloadbalancing.amazonaws.com")


def listed(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


def test_the_boundary_lets_through_what_roles_are_for(roles: Roles, platform: Platform) -> None:
    wanted = list({str(r): r for r in given(platform)}.values())
    assert len({r.action for r in wanted}) > 100
    assert refused(roles.boundary, wanted) == []


AT_MOST = [
    *(r for r in NEVER if r.action.startswith(("iam:", "account:", "cloudtrail:", "ssm:", "rds:"))),
    *(
        request(action, OWN_ROLE, boundary=BOUNDARY, policy=EVERYDAY, passed="lambda.amazonaws.com")
        for action in ("iam:CreateRole", "iam:PutRolePolicy", "iam:AttachRolePolicy", "iam:PassRole")
    ),
    request("iam:UpdateAssumeRolePolicy", OWN_ROLE),
    request("iam:CreateInstanceProfile", f"{IAM}:instance-profile/{PREFIX}-x"),
    request("organizations:LeaveOrganization"),
    request("sts:AssumeRole", f"{IAM}:role/platform-admins"),
    request("sts:AssumeRole", "arn:aws:iam::222222222222:role/platform-admins"),
    request("sts:AssumeRole", f"{IAM}:role/techchallenge-production-orders"),
    request("sts:GetFederationToken"),
    # Code that runs as somebody else.
    request("cloudformation:UpdateStack"),
    request("codebuild:StartBuild"),
    request("lambda:CreateFunction", f"arn:aws:lambda:{REGION}:{ACCOUNT_ID}:function:x"),
    request("lambda:UpdateFunctionCode", f"arn:aws:lambda:{REGION}:{ACCOUNT_ID}:function:x"),
    request("ssm:SendCommand", f"arn:aws:ec2:{REGION}:{ACCOUNT_ID}:instance/i-1"),
    # The cluster, and Atlas.
    request("eks:CreateAccessEntry", f"arn:aws:eks:{REGION}:{ACCOUNT_ID}:cluster/{PREFIX}"),
    request("eks:CreatePodIdentityAssociation", f"arn:aws:eks:{REGION}:{ACCOUNT_ID}:cluster/{PREFIX}"),
    request("secretsmanager:GetSecretValue", ATLAS),
]


def test_a_role_that_may_everything_may_only_its_work(roles: Roles) -> None:
    """As a change could make one that nobody has read well: what a role may is what both allow."""
    assert [str(r) for r in AT_MOST if allows(roles.boundary, r)] == []
    work = [
        request("sqs:SendMessage"),
        request("s3:PutObject", "arn:aws:s3:::techchallenge-reports/x"),
        # What `make check` lets into a spec of iam and sts, and `granted` leaves out.
        request("iam:SimulatePrincipalPolicy", OWN_ROLE),
        request("sts:DecodeAuthorizationMessage"),
        request("sts:GetServiceBearerToken"),
    ]
    assert refused(roles.boundary, work) == []


# --- The judge itself ---

LANGUAGE = [
    (
        {"Effect": "Allow", "Action": "s3:Get*", "Resource": "arn:aws:s3:::a/*"},
        request("s3:getobject", "arn:aws:s3:::a/b"),
        True,
    ),
    (
        {"Effect": "Allow", "Action": "s3:Get*", "Resource": "arn:aws:s3:::a/*"},
        request("s3:GetObject", "arn:aws:s3:::b/b"),
        False,
    ),
    ({"Effect": "Allow", "NotAction": ["iam:*"], "Resource": "*"}, request("iam:GetRole"), False),
    ({"Effect": "Allow", "Action": "*", "NotResource": "a*"}, request("s3:GetObject", "ab"), False),
    (
        {
            "Effect": "Allow",
            "Action": "*",
            "Resource": "*",
            "Condition": {"StringNotEquals": {"kms:ViaService": "x"}},
        },
        request("kms:Decrypt"),
        True,
    ),
    (
        {
            "Effect": "Allow",
            "Action": "*",
            "Resource": "*",
            "Condition": {"StringEquals": {"kms:ViaService": "x"}},
        },
        request("kms:Decrypt"),
        False,
    ),
    (
        {
            "Effect": "Allow",
            "Action": "*",
            "Resource": "*",
            "Condition": {"Null": {"kms:ViaService": "true"}},
        },
        request("kms:Decrypt"),
        True,
    ),
    ({"Effect": "Deny", "Action": "*", "Resource": "*"}, request("kms:Decrypt"), False),
]


@pytest.mark.parametrize(("statement", "asks", "allowed"), LANGUAGE)
def test_statements_mean_what_iam_says(statement: dict[str, Any], asks: Request, *, allowed: bool) -> None:
    assert allows([statement], asks) is allowed
