resource "aws_kms_key" "this" {
  description             = "Secrets of ${trimprefix(var.key_alias, "alias/")}"
  enable_key_rotation     = true
  deletion_window_in_days = var.recovery_days # a secret that comes back needs its key

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        # Listed one by one: with kms:* or kms:CreateGrant who administers the key could also use it.
        Sid       = "AccountAdministers"
        Effect    = "Allow"
        Principal = { AWS = local.account_arn }
        Action = [
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
        Resource = "*"
      },
      {
        # Whom IAM policies of the account allow it, and then only on behalf of a secret they may use.
        Sid       = "AccountUsesThroughSecretsManager"
        Effect    = "Allow"
        Principal = { AWS = local.account_arn }
        Action    = ["kms:Decrypt", "kms:GenerateDataKey"]
        Resource  = "*"
        Condition = { StringEquals = { "kms:ViaService" = local.via_secrets_manager } }
      },
    ]
  })
}

resource "aws_kms_alias" "this" {
  name          = var.key_alias
  target_key_id = aws_kms_key.this.key_id
}
