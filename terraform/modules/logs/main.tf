data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}
data "aws_region" "current" {}

locals {
  account   = data.aws_caller_identity.current.account_id
  region    = data.aws_region.current.name
  partition = data.aws_partition.current.partition
}

# All groups exist before what writes to them: AWS would make them itself, unencrypted and for ever.
resource "aws_cloudwatch_log_group" "this" {
  for_each = var.groups

  name              = each.value
  retention_in_days = var.retention_days
  kms_key_id        = aws_kms_key.logs.arn
}

resource "aws_kms_alias" "logs" {
  name          = var.key_alias
  target_key_id = aws_kms_key.logs.key_id
}

resource "aws_kms_key" "logs" {
  description             = "Log groups: ${join(", ", values(var.groups))}"
  enable_key_rotation     = true
  deletion_window_in_days = 30 # the longest: without the key the logs cannot be read

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        # KMS developer guide, "Default key policy": IAM policies of the account decide, and the key stays manageable.
        Sid       = "AccountDecidesByIam"
        Effect    = "Allow"
        Principal = { AWS = "arn:${local.partition}:iam::${local.account}:root" }
        Action    = "kms:*"
        Resource  = "*"
      },
      {
        # CloudWatch Logs user guide, "Encrypt log data": the group's ARN is the encryption context.
        Sid       = "LogsOfTheseGroups"
        Effect    = "Allow"
        Principal = { Service = "logs.${local.region}.amazonaws.com" }
        Action    = ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"]
        Resource  = "*"
        Condition = {
          ArnEquals = {
            "kms:EncryptionContext:aws:logs:arn" = [
              for name in values(var.groups) : "arn:${local.partition}:logs:${local.region}:${local.account}:log-group:${name}"
            ]
          }
        }
      },
    ]
  })

  tags = { Name = trimprefix(var.key_alias, "alias/") }
}
