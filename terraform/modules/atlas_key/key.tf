resource "aws_kms_key" "this" {
  description             = "MongoDB Atlas of ${trimprefix(var.alias, "alias/")}"
  enable_key_rotation     = true
  deletion_window_in_days = 30 # the longest: without the key the data and every snapshot of it are gone

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        # Listed one by one: with kms:* or kms:CreateGrant who administers the key could also use it.
        Sid       = "AccountAdministers"
        Effect    = "Allow"
        Principal = { AWS = "arn:${data.aws_partition.current.partition}:iam::${data.aws_caller_identity.current.account_id}:root" }
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
        # The role by name, and nobody else whatever IAM says: a principal that is not there yet would be refused.
        Sid       = "AtlasUses"
        Effect    = "Allow"
        Principal = { AWS = aws_iam_role.this.arn }
        Action    = ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt"]
        Resource  = "*"
      },
    ]
  })
}

resource "aws_kms_alias" "this" {
  name          = var.alias
  target_key_id = aws_kms_key.this.key_id
}

data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}
