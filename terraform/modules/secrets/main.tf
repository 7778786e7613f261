# The environment's secrets, the key that encrypts them, and who may read which (readers.tf).

resource "aws_secretsmanager_secret" "this" {
  # checkov:skip=CKV2_AWS_57: these values are issued elsewhere, as a payment provider's key; rotation would need a function for each issuer, and an API of theirs to call
  for_each = var.names

  name                    = each.value
  description             = "Its value is written by a person or a rotation; Terraform never sees it"
  kms_key_id              = aws_kms_key.this.arn
  recovery_window_in_days = var.recovery_days

  tags = { Name = each.value }
}

data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

data "aws_region" "current" {}

locals {
  account_id  = data.aws_caller_identity.current.account_id
  partition   = data.aws_partition.current.partition
  region      = data.aws_region.current.name
  account_arn = "arn:${local.partition}:iam::${local.account_id}:root"

  via_secrets_manager = "secretsmanager.${local.region}.amazonaws.com"
}
