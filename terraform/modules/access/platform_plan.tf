# Plans the stack `platform`: reads how things are set up, of all that the stack makes, and nothing that is in them. A
# secret that Terraform gives a value belongs into the stack `database`: the provider reads the value again in every plan.
#
# A list of our own, not AWS's ReadOnlyAccess or ViewOnlyAccess: the first reads objects, items, messages and parameters,
# the second not even what a plan needs, and both grow without anybody here being asked.

locals {
  platform_plan = [
    {
      # Services whose calls name no resource, or whose resources have no name before they are made.
      Sid    = "LooksAtTheRegion"
      Effect = "Allow"
      Action = [
        "acm:DescribeCertificate",
        "acm:ListTagsForCertificate",
        "apigateway:GET",
        "autoscaling:Describe*",
        "cloudwatch:DescribeAlarms",
        "cloudwatch:ListTagsForResource",
        "ec2:Describe*",
        "ecr:DescribeRepositories",
        "ecr:GetLifecyclePolicy",
        "ecr:GetRepositoryPolicy",
        "ecr:ListTagsForResource",
        "eks:Describe*",
        "eks:List*",
        "elasticloadbalancing:Describe*",
        "kms:DescribeKey",
        "kms:GetKeyPolicy",
        "kms:GetKeyRotationStatus",
        "kms:GetPublicKey",
        "kms:ListAliases",
        "kms:ListResourceTags",
        "logs:Describe*",
        "logs:List*",
        "ses:GetEmailIdentity",
        "ses:ListTagsForResource",
        "sns:Get*Attributes",
        "sns:ListTagsForResource",
      ]
      Resource  = ["*"]
      Condition = local.here
    },
    {
      # These have no region. Names and settings of zones and records are public anyway.
      Sid    = "LooksAround"
      Effect = "Allow"
      Action = [
        "budgets:ListTagsForResource",
        "budgets:ViewBudget",
        "route53:Get*",
        "route53:List*",
      ]
      Resource = ["*"]
    },
    {
      Sid      = "LooksAtRoles"
      Effect   = "Allow"
      Action   = local.looks_at_roles
      Resource = ["${local.iam}:role/${var.prefix}-*"]
    },
    {
      Sid      = "LooksAtTheTable"
      Effect   = "Allow"
      Action   = ["dynamodb:Describe*", "dynamodb:ListTagsOfResource"]
      Resource = ["${local.own.dynamodb}:table/${var.prefix}-*"]
    },
    {
      # The answer has a link to the code, which is no secret: it lies in the bucket of packages.
      Sid      = "LooksAtFunctions"
      Effect   = "Allow"
      Action   = ["lambda:Get*", "lambda:List*"]
      Resource = ["${local.own.lambda}:function:${var.prefix}-*"]
    },
    {
      # Lambda leaves out a function's environment for who may not decrypt it, and a plan would write it anew each time.
      # Names and addresses are in it, and no secret.
      Sid      = "ReadsTheirEnvironment"
      Effect   = "Allow"
      Action   = ["kms:Decrypt"]
      Resource = ["${local.own.kms}:key/*"]
      Condition = {
        StringEquals = { "kms:ViaService" = local.via.lambda }
        StringLike   = { "kms:EncryptionContext:aws:lambda:FunctionArn" = "${local.own.lambda}:function:${var.prefix}-*" }
      }
    },
    {
      Sid      = "FindsPackages"
      Effect   = "Allow"
      Action   = ["s3:ListBucket"]
      Resource = [local.packages_bucket]
    },
    {
      Sid      = "LooksAtPackages"
      Effect   = "Allow"
      Action   = ["s3:GetObject", "s3:GetObjectTagging", "s3:GetObjectVersion", "s3:GetObjectVersionTagging"]
      Resource = ["${local.packages_bucket}/*"]
    },
    {
      Sid      = "LooksAtSecrets"
      Effect   = "Allow"
      Action   = ["secretsmanager:DescribeSecret", "secretsmanager:GetResourcePolicy", "secretsmanager:ListSecretVersionIds"]
      Resource = ["${local.secret}*"]
    },
  ]
}
