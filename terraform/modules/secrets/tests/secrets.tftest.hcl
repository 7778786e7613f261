provider "aws" {
  region                      = "eu-west-1"
  access_key                  = "x"
  secret_key                  = "x"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
}

override_data {
  target = data.aws_caller_identity.current
  values = { account_id = "111111111111" }
}

override_resource {
  target          = aws_kms_key.this
  override_during = plan
  values          = { arn = "arn:aws:kms:eu-west-1:111111111111:key/k", key_id = "k" }
}

variables {
  permissions_boundary_arn = "arn:aws:iam::111111111111:policy/boundary"
  key_alias                = "alias/techchallenge-dev-secrets"
  recovery_days            = 7
  names                    = ["techchallenge/dev/payments/api-key"]
  readers = {
    payments = { role_name = "techchallenge-dev-payments-secrets", secrets = ["techchallenge/dev/payments/mongodb-uri", "techchallenge/dev/payments/api-key"] }
    orders   = { role_name = "techchallenge-dev-orders-secrets", secrets = ["techchallenge/dev/orders/mongodb-uri"] }
  }
  assumer_role_arn = "arn:aws:iam::111111111111:role/techchallenge-dev-external-secrets"
}

run "secrets_and_their_key" {
  command = plan

  assert {
    condition     = keys(aws_secretsmanager_secret.this) == ["techchallenge/dev/payments/api-key"] && aws_secretsmanager_secret.this["techchallenge/dev/payments/api-key"].name == "techchallenge/dev/payments/api-key"
    error_message = "Only the secrets of this stack are made here, under the names of the spec."
  }
  assert {
    condition     = alltrue([for s in aws_secretsmanager_secret.this : s.kms_key_id == "arn:aws:kms:eu-west-1:111111111111:key/k" && s.recovery_window_in_days == 7 && s.force_overwrite_replica_secret == false])
    error_message = "A secret is encrypted with our key and can be brought back."
  }
  assert {
    condition     = aws_kms_key.this.enable_key_rotation && aws_kms_key.this.deletion_window_in_days == 7
    error_message = "The key rotates, and lives as long as a secret that may come back."
  }
  assert {
    condition     = aws_kms_alias.this.name == "alias/techchallenge-dev-secrets"
    error_message = "The alias is not ours to change."
  }
}

run "key_is_used_through_secrets_manager_only" {
  command = plan

  assert {
    condition     = [for s in jsondecode(aws_kms_key.this.policy).Statement : s.Sid] == ["AccountAdministers", "AccountUsesThroughSecretsManager"]
    error_message = "Somebody else has access to the key."
  }
  assert {
    condition     = alltrue([for s in jsondecode(aws_kms_key.this.policy).Statement : s.Effect == "Allow" && s.Principal == { AWS = "arn:aws:iam::111111111111:root" }])
    error_message = "Access to the key is given by IAM policies of this account, to nobody else."
  }
  assert {
    condition     = length([for a in jsondecode(aws_kms_key.this.policy).Statement[0].Action : a if strcontains(a, "*") || can(regex("Decrypt|Encrypt|GenerateDataKey|CreateGrant|GenerateMac|Sign$", a))]) == 0
    error_message = "Whoever administers the key must not be able to use it."
  }
  assert {
    condition     = contains(jsondecode(aws_kms_key.this.policy).Statement[0].Action, "kms:PutKeyPolicy")
    error_message = "The account would be locked out of its key."
  }
  assert {
    condition     = jsondecode(aws_kms_key.this.policy).Statement[1].Action == ["kms:Decrypt", "kms:GenerateDataKey"] && jsondecode(aws_kms_key.this.policy).Statement[1].Condition == { StringEquals = { "kms:ViaService" = "secretsmanager.eu-west-1.amazonaws.com" } }
    error_message = "The key opens secrets through Secrets Manager and nothing else."
  }
}

run "readers_read_their_own" {
  command = plan

  assert {
    condition     = { for release, role in aws_iam_role.reader : release => role.name } == { orders = "techchallenge-dev-orders-secrets", payments = "techchallenge-dev-payments-secrets" }
    error_message = "The roles' names are not ours to change."
  }
  assert {
    condition = alltrue([for role in aws_iam_role.reader : jsondecode(role.assume_role_policy).Statement == [{
      Sid       = "ExternalSecrets"
      Effect    = "Allow"
      Principal = { AWS = "arn:aws:iam::111111111111:role/techchallenge-dev-external-secrets" }
      Action    = ["sts:AssumeRole", "sts:TagSession"]
    }]])
    error_message = "Somebody besides External Secrets may become a reader, or it may not with its session tags."
  }
  assert {
    condition = jsondecode(aws_iam_role_policy.reader["payments"].policy).Statement == [
      {
        Sid    = "OwnSecrets"
        Effect = "Allow"
        Action = ["secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"]
        Resource = [
          "arn:aws:secretsmanager:eu-west-1:111111111111:secret:techchallenge/dev/payments/api-key-??????",
          "arn:aws:secretsmanager:eu-west-1:111111111111:secret:techchallenge/dev/payments/mongodb-uri-??????",
        ]
      },
      {
        Sid       = "DecryptThroughSecretsManager"
        Effect    = "Allow"
        Action    = ["kms:Decrypt"]
        Resource  = ["arn:aws:kms:eu-west-1:111111111111:key/k"]
        Condition = { StringEquals = { "kms:ViaService" = "secretsmanager.eu-west-1.amazonaws.com" } }
      },
    ]
    error_message = "A reader may read more, or less, than its own secrets."
  }
  assert {
    condition     = jsondecode(aws_iam_role_policy.reader["orders"].policy).Statement[0].Resource == ["arn:aws:secretsmanager:eu-west-1:111111111111:secret:techchallenge/dev/orders/mongodb-uri-??????"]
    error_message = "A reader may read more, or less, than its own secrets."
  }
}

run "without_external_secrets_there_are_no_readers" {
  command = plan

  variables {
    readers          = {}
    assumer_role_arn = null
  }

  assert {
    condition     = length(aws_iam_role.reader) == 0 && length(aws_secretsmanager_secret.this) == 1
    error_message = "The secrets stand without readers."
  }
}

run "refuses_readers_that_nobody_assumes" {
  command = plan

  variables {
    assumer_role_arn = null
  }

  expect_failures = [var.assumer_role_arn]
}

run "refuses_an_assumer_that_is_no_role" {
  command = plan

  variables {
    assumer_role_arn = "techchallenge-dev-external-secrets"
  }

  expect_failures = [var.assumer_role_arn]
}

run "refuses_what_aws_refuses" {
  command = plan

  variables {
    key_alias     = "alias/aws/secretsmanager"
    recovery_days = 0
    names         = ["payments/api key"]
    readers       = { payments = { role_name = "techchallenge-production-payments-of-a-very-long-name-indeed-secrets", secrets = ["a"] } }
  }

  expect_failures = [var.key_alias, var.recovery_days, var.names, var.readers]
}

run "refuses_a_reader_of_nothing" {
  command = plan

  variables {
    readers = { payments = { role_name = "payments-secrets", secrets = [] } }
  }

  expect_failures = [var.readers]
}

run "refuses_a_reader_of_a_pattern" {
  command = plan

  variables {
    readers = { payments = { role_name = "payments-secrets", secrets = ["techchallenge/dev/*"] } }
  }

  expect_failures = [var.readers]
}
