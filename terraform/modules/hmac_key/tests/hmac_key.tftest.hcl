# The real provider, plan only: no network, no credentials.
provider "aws" {
  region                      = "us-east-1"
  access_key                  = "x"
  secret_key                  = "x"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
}

override_data {
  target = data.aws_secretsmanager_secrets.this
  values = {
    names = ["shop/dev/gateway/hmac.key", "shop/dev/gateway/hmac.key-2"]
    arns = [
      "arn:aws:secretsmanager:us-east-1:111111111111:secret:shop/dev/gateway/hmac.key-AbCdEf",
      "arn:aws:secretsmanager:us-east-1:111111111111:secret:shop/dev/gateway/hmac.key-2-AbCdEf",
      "arn:aws:secretsmanager:us-east-1:111111111111:secret:shop/dev/gateway/hmac-key-AbCdEf",
    ]
  }
}

variables {
  secret_name = "shop/dev/gateway/hmac.key"
}

run "writes_the_one_secret_of_the_name" {
  command = plan

  assert {
    condition     = aws_secretsmanager_secret_version.this.secret_id == "arn:aws:secretsmanager:us-east-1:111111111111:secret:shop/dev/gateway/hmac.key-AbCdEf"
    error_message = "Another secret's name starts with this one's, or looks like it."
  }
  assert {
    condition     = aws_secretsmanager_secret_version.this.secret_string == null && aws_secretsmanager_secret_version.this.secret_string_wo == null && aws_secretsmanager_secret_version.this.secret_string_wo_version == 1
    error_message = "The key must be in no plan and no state."
  }
}

run "refuses_before_the_secret_is_there" {
  command = plan

  variables {
    secret_name = "shop/dev/gateway/hmac"
  }

  expect_failures = [data.aws_secretsmanager_secrets.this]
}

run "refuses_a_name_that_no_secret_has" {
  command = plan

  variables {
    secret_name = "shop/*"
  }

  expect_failures = [var.secret_name]
}
