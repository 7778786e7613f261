# What no role of a run may do, whatever anybody allows it later, here or with another policy.

locals {
  # For those who plan: a pull request's code runs with these, before anybody has read it; but with one that reads secrets.
  no_data = { for stack, secrets in { packages = [], platform = [], database = local.database_secrets } : stack => [
    {
      Sid    = "NoDataNoWayOn"
      Effect = "Deny"
      Action = [
        "dynamodb:*Item",
        "dynamodb:GetRecords",
        "dynamodb:PartiQL*",
        "dynamodb:Query",
        "dynamodb:Scan",
        "ec2:DescribeInstanceAttribute", # user data
        "ec2:GetConsole*",
        "ec2:GetPasswordData",
        "ecr:BatchGetImage",
        "ecr:GetAuthorizationToken",
        "ecr:GetDownloadUrlForLayer",
        "eks:AccessKubernetesApi",
        "lambda:Invoke*",
        "logs:FilterLogEvents",
        "logs:GetLog*",
        "logs:GetQueryResults",
        "logs:Start*",
        "logs:Unmask",
        "secretsmanager:BatchGetSecretValue",
        "sqs:ReceiveMessage",
        "ssm:Get*",
        "ssm:StartSession",
        "sts:AssumeRole*",
        "sts:GetFederationToken",
      ]
      Resource = ["*"]
    },
    {
      Sid         = "NoObjects"
      Effect      = "Deny"
      Action      = ["s3:GetObject*"]
      NotResource = concat(["${local.packages_bucket}/*"], [for role, object in local.state_objects : object if role == "${stack}-plan"])
    },
    {
      Sid       = "DecryptsForNobodyElse"
      Effect    = "Deny"
      Action    = ["kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:Sign"]
      Resource  = ["*"]
      Condition = { StringNotEquals = { "kms:ViaService" = length(secrets) == 0 ? [local.via.lambda] : [local.via.lambda, local.via.secretsmanager] } }
    },
    {
      Sid    = "NoSecrets"
      Effect = "Deny"
      Action = ["secretsmanager:GetSecretValue"]

      (length(secrets) == 0 ? "Resource" : "NotResource") = length(secrets) == 0 ? ["*"] : secrets
    },
  ] }

  # For those who apply. What the roles that they make may do is bounded by boundary.tf.
  never = [
    {
      Sid      = "NotThoseWhoRunTerraform"
      Effect   = "Deny"
      Action   = ["iam:Add*", "iam:Attach*", "iam:Create*", "iam:Delete*", "iam:Detach*", "iam:PassRole", "iam:Put*", "iam:Remove*", "iam:Set*", "iam:Tag*", "iam:Untag*", "iam:Update*"]
      Resource = concat(values(local.role_arns), ["${local.iam}:oidc-provider/*", "${local.iam}:policy/*"])
    },
    {
      Sid       = "NoRightsWithoutTheBoundary"
      Effect    = "Deny"
      Action    = ["iam:AttachRolePolicy", "iam:CreateRole", "iam:PutRolePermissionsBoundary", "iam:PutRolePolicy"]
      Resource  = ["*"]
      Condition = { StringNotEquals = local.bounded.StringEquals }
    },
    {
      Sid    = "NoOtherWayIn"
      Effect = "Deny"
      Action = [
        "account:*",
        "cloudtrail:DeleteTrail",
        "cloudtrail:PutEventSelectors",
        "cloudtrail:StopLogging",
        "cloudtrail:UpdateTrail",
        "iam:*AccessKey*",
        "iam:*Account*",
        "iam:*Group*",
        "iam:*LoginProfile",
        "iam:*MFADevice*",
        "iam:DeleteRolePermissionsBoundary",
        "iam:*SAML*",
        "iam:*User*",
        "iam:CreatePolicy*",
        "identitystore:*",
        "organizations:*",
        "rolesanywhere:*",
        "sso:*",
        "sts:AssumeRole*",
        "sts:GetFederationToken",
      ]
      Resource = ["*"]
    },
    {
      # Two environments may share an account. Zones of Route 53 are left out, for they may be anybody's, and the account's
      # identity providers may be looked at, which bear the tag of the one that made them.
      Sid       = "NothingOfAnotherEnvironment"
      Effect    = "Deny"
      NotAction = ["iam:GetOpenIDConnectProvider", "route53:*"]
      Resource  = ["*"]
      Condition = {
        StringNotEquals = { "aws:ResourceTag/Environment" = var.environment }
        Null            = { "aws:ResourceTag/Environment" = "false" } # without this, all that bears no tag
      }
    },
  ]
}
