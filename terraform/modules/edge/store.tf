# How often somebody tried, and the codes that were sent: all of it gone in minutes, none of it with a CPF in it.
resource "aws_dynamodb_table" "this" {
  name         = var.table_name
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "key" # as lambda/tokens/adapters/dynamodb.py has it

  attribute {
    name = "key"
    type = "S"
  }

  ttl {
    attribute_name = "expires"
    enabled        = true
  }

  server_side_encryption {
    enabled     = true
    kms_key_arn = aws_kms_key.this.arn
  }

  point_in_time_recovery {
    enabled = true
  }

  deletion_protection_enabled = var.deletion_protection

  tags = { Name = var.table_name }
}

# The secret that turns a CPF into the key of an item: without it the items could be tried out, for there are not
# that many CPFs. The stack `database` writes the value (modules/hmac_key): whoever plans it reads it, and this stack is
# planned with code that nobody has read.
resource "aws_secretsmanager_secret" "hmac" {
  # checkov:skip=CKV2_AWS_57: a new value forgets who tried how often and voids the codes on their way, so it is a decision; the README says how
  name        = var.hmac_secret_name
  description = "Key of the HMACs of CPFs; made by Terraform, known to nobody"
  kms_key_id  = aws_kms_key.this.arn

  # Nobody wants it back, for what it is about is forgotten in minutes; and its name would be taken for days when the
  # gateway is turned off and on.
  recovery_window_in_days = 0

  tags = { Name = var.hmac_secret_name }
}

# Where this module wrote the value once, it lets go of it without a look, and the function goes on with it until
# `database` writes another. To be deleted when every environment has been applied with it.
removed {
  from = aws_secretsmanager_secret_version.hmac

  lifecycle {
    destroy = false
  }
}

locals {
  table_arn = "arn:${local.partition}:dynamodb:${local.region}:${local.account_id}:table/${var.table_name}"
}
