# The real provider, plan only: no network, no credentials.
provider "aws" {
  region                      = "us-east-1"
  access_key                  = "test"
  secret_key                  = "test"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
}

override_data {
  target = data.aws_caller_identity.current
  values = { account_id = "111111111111" }
}

# ARNs come with the apply; this one lets the plan show what refers to the key.
override_resource {
  target          = aws_kms_key.logs
  override_during = plan
  values = {
    arn    = "arn:aws:kms:us-east-1:111111111111:key/mock"
    key_id = "mock"
  }
}

variables {
  key_alias      = "alias/shop-dev-logs"
  retention_days = 90
  groups = {
    control_plane = "/aws/eks/shop-dev/cluster"
    flow_logs     = "/shop/dev/flow-logs"
  }
}

run "groups" {
  command = plan

  assert {
    condition     = { for use, g in aws_cloudwatch_log_group.this : use => g.name } == { control_plane = "/aws/eks/shop-dev/cluster", flow_logs = "/shop/dev/flow-logs" }
    error_message = "each group must have the given name"
  }
  assert {
    condition     = alltrue([for g in aws_cloudwatch_log_group.this : g.retention_in_days == 90])
    error_message = "every group must forget after the given days"
  }
  assert {
    condition     = alltrue([for g in aws_cloudwatch_log_group.this : g.kms_key_id == output.key_arn])
    error_message = "every group must be encrypted with the module's key"
  }
  assert {
    condition     = output.group_names.flow_logs == "/shop/dev/flow-logs" && toset(keys(output.group_arns)) == toset(["control_plane", "flow_logs"])
    error_message = "names and ARNs must be handed out by what a group is for"
  }
}

run "key" {
  command = plan

  assert {
    condition     = aws_kms_key.logs.enable_key_rotation && aws_kms_key.logs.deletion_window_in_days == 30
    error_message = "the key must rotate, and take its time to be deleted"
  }
  assert {
    condition     = aws_kms_alias.logs.name == "alias/shop-dev-logs"
    error_message = "the alias must be the given one"
  }
  assert {
    condition     = jsondecode(aws_kms_key.logs.policy).Statement[0].Principal.AWS == "arn:aws:iam::111111111111:root" && jsondecode(aws_kms_key.logs.policy).Statement[0].Action == "kms:*"
    error_message = "the account must stay able to manage the key, or nobody is"
  }
  assert {
    condition = (
      jsondecode(aws_kms_key.logs.policy).Statement[1].Principal == { Service = "logs.us-east-1.amazonaws.com" } &&
      !contains(jsondecode(aws_kms_key.logs.policy).Statement[1].Action, "kms:*")
    )
    error_message = "CloudWatch Logs of this region must be able to use the key, and no more than that"
  }
  assert {
    condition = jsondecode(aws_kms_key.logs.policy).Statement[1].Condition.ArnEquals["kms:EncryptionContext:aws:logs:arn"] == [
      "arn:aws:logs:us-east-1:111111111111:log-group:/aws/eks/shop-dev/cluster",
      "arn:aws:logs:us-east-1:111111111111:log-group:/shop/dev/flow-logs",
    ]
    error_message = "the key must serve these groups only"
  }
  assert {
    condition     = length(jsondecode(aws_kms_key.logs.policy).Statement) == 2
    error_message = "nobody else may use the key"
  }
}

run "refuses_alias_without_prefix" {
  command         = plan
  expect_failures = [var.key_alias]

  variables {
    key_alias = "shop-dev-logs"
  }
}

run "refuses_alias_of_aws" {
  command         = plan
  expect_failures = [var.key_alias]

  variables {
    key_alias = "alias/aws/logs"
  }
}

run "refuses_days_that_cloudwatch_does_not_know" {
  command         = plan
  expect_failures = [var.retention_days]

  variables {
    retention_days = 100
  }
}

run "refuses_group_name" {
  command         = plan
  expect_failures = [var.groups]

  variables {
    groups = { flow_logs = "shop dev" }
  }
}

run "refuses_one_name_for_two_groups" {
  command         = plan
  expect_failures = [var.groups]

  variables {
    groups = { flow_logs = "/shop/dev", metrics = "/shop/dev" }
  }
}
