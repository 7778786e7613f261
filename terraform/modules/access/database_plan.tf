# Plans the stack `database`: looks at the network and the key that the stack `platform` made, and at its own secrets.
#
# Alone of those who plan it reads secrets: the Atlas service account, without which nothing of Atlas can be looked at, and
# the connection strings, for the reason in platform_plan.tf (they hold no password). So no pull request's code may run
# with it: its HCP Terraform workspace has no speculative plans, and no workflow of GitHub plans it for a pull request.

locals {
  database_plan = [
    {
      Sid    = "LooksAtTheRegion"
      Effect = "Allow"
      Action = [
        "ec2:Describe*",
        "kms:DescribeKey",
        "kms:GetKeyPolicy",
        "kms:GetKeyRotationStatus",
        "kms:ListAliases",
        "kms:ListResourceTags",
        "secretsmanager:ListSecrets", # names: whether the Atlas service account is there
      ]
      Resource  = ["*"]
      Condition = local.here
    },
    {
      Sid      = "LooksAtRoles"
      Effect   = "Allow"
      Action   = local.looks_at_roles
      Resource = ["${local.iam}:role/${var.prefix}-*"]
    },
    {
      Sid      = "LooksAtSecrets"
      Effect   = "Allow"
      Action   = ["secretsmanager:DescribeSecret", "secretsmanager:GetResourcePolicy", "secretsmanager:ListSecretVersionIds"]
      Resource = local.database_secrets
    },
    {
      Sid      = "ReadsSecrets"
      Effect   = "Allow"
      Action   = ["secretsmanager:GetSecretValue"]
      Resource = local.database_secrets
    },
    {
      Sid      = "DecryptsSecrets"
      Effect   = "Allow"
      Action   = ["kms:Decrypt"]
      Resource = ["${local.own.kms}:key/*"]
      Condition = {
        StringEquals = { "kms:ViaService" = local.via.secretsmanager }
        StringLike   = { "kms:EncryptionContext:SecretARN" = local.database_secrets }
      }
    },
  ]

  database_secrets = [
    "${local.own.secretsmanager}:secret:${var.atlas_credentials_secret_name}-??????",
    "${local.secret}*/mongodb-uri-??????",
  ]
}
