# What only the root decides: the module has tests of its own, and tests/apply/test_packages.py looks for the names.

provider "aws" {
  region                      = "us-east-1"
  access_key                  = "x"
  secret_key                  = "x"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
}

override_data {
  target = module.packages.data.aws_iam_openid_connect_provider.github
  values = {
    arn            = "arn:aws:iam::111111111111:oidc-provider/token.actions.githubusercontent.com"
    client_id_list = ["sts.amazonaws.com"]
  }
}

variables {
  permissions_boundary_name = "shop-dev-boundary"
  platform                  = "shop"
  environment               = "dev"
  account_id                = "111111111111"
  region                    = "us-east-1"
  tags                      = { Environment = "dev" }
  deletion_protection       = false
  packages = {
    bucket             = "shop-dev-packages-111111111111"
    uploader_role_name = "shop-dev-packages"
    repository         = "shop/infra"
    branch             = "main"
  }
}

run "the_guard_goes_by_the_spec" {
  command = plan

  assert {
    condition     = terraform_data.deletion_guard.input.protected == false && terraform_data.deletion_guard.input.environment == "dev"
    error_message = "The guard must say what deletionProtection says, and whose bucket it guards."
  }
}

run "refuses_what_is_no_account_and_no_region" {
  command = plan

  variables {
    account_id = "11111111111" # a leading zero got lost
    region     = "us-east-1a"
  }

  expect_failures = [var.account_id, var.region]
}
