# Plans the stack `database`: looks at the network and the key that the stack `platform` made, and at its own secrets.
#
# Alone of those who plan it reads secrets. The Atlas service account, without which nothing of Atlas can be looked at; and
# what the stack writes itself, the connection strings (they hold no password) and the key of the HMACs of CPFs, because
# the provider's 5.100 reads the value of an aws_secretsmanager_secret_version in every plan, although it is in no state;
# since 6.26 it does not (hashicorp/terraform-provider-aws#42383). So no pull request's code may run with it: its HCP
# Terraform workspace has no speculative plans, and no workflow of GitHub plans it for a pull request.

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
        "secretsmanager:GetRandomPassword", # for a key that no plan keeps
        "secretsmanager:ListSecrets",       # names: whether the Atlas service account is there
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

  # As Secrets Manager ends an ARN: a hyphen and six characters.
  hmac_secret = "${local.secret}gateway/hmac-key-??????"
  database_secrets = [
    "${local.own.secretsmanager}:secret:${var.atlas_credentials_secret_name}-??????",
    "${local.secret}*/mongodb-uri-??????",
    local.hmac_secret,
  ]
}
