# One key for what the functions keep: environment variables, the table, the secret of the HMACs.
resource "aws_kms_key" "this" {
  description             = "What the functions of ${trimprefix(var.key_alias, "alias/")} keep"
  enable_key_rotation     = true
  deletion_window_in_days = var.recovery_days # a table that comes back needs its key

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        # Listed one by one: with kms:* or kms:CreateGrant who administers the key could also use it.
        Sid       = "AccountAdministers"
        Effect    = "Allow"
        Principal = { AWS = local.account_arn }
        Action    = local.administration
        Resource  = "*"
      },
      {
        # Whom IAM policies of the account allow it, and then only on behalf of a secret, table or function.
        Sid       = "AccountUsesThroughServices"
        Effect    = "Allow"
        Principal = { AWS = local.account_arn }
        Action    = ["kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*"]
        Resource  = "*"
        Condition = { StringEquals = { "kms:ViaService" = values(local.via) } }
      },
      {
        # DynamoDB keeps a table readable, and Lambda starts functions, when nobody who may decrypt is there.
        Sid       = "ServicesGoOn"
        Effect    = "Allow"
        Principal = { AWS = local.account_arn }
        Action    = "kms:CreateGrant"
        Resource  = "*"
        Condition = { StringEquals = { "kms:ViaService" = [local.via.dynamodb, local.via.lambda] } }
      },
    ]
  })

  tags = { Name = trimprefix(var.key_alias, "alias/") }
}

resource "aws_kms_alias" "this" {
  name          = var.key_alias
  target_key_id = aws_kms_key.this.key_id
}

locals {
  administration = [
    "kms:CancelKeyDeletion",
    "kms:CreateAlias",
    "kms:DeleteAlias",
    "kms:DescribeKey",
    "kms:DisableKey",
    "kms:DisableKeyRotation",
    "kms:EnableKey",
    "kms:EnableKeyRotation",
    "kms:GetKeyPolicy",
    "kms:GetKeyRotationStatus",
    "kms:ListGrants",
    "kms:ListKeyPolicies",
    "kms:ListKeyRotations",
    "kms:ListResourceTags",
    "kms:PutKeyPolicy",
    "kms:RevokeGrant",
    "kms:RotateKeyOnDemand",
    "kms:ScheduleKeyDeletion",
    "kms:TagResource",
    "kms:UntagResource",
    "kms:UpdateAlias",
    "kms:UpdateKeyDescription",
  ]
}
