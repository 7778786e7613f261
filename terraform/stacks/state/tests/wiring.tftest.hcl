# What only the root decides: the module has tests of its own, and tests/apply/test_state.py locks a state.

provider "aws" {
  region                      = "eu-west-1"
  access_key                  = "x"
  secret_key                  = "x"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
}

# Known while planning.
override_module {
  target  = module.state
  outputs = { bucket = "shop-states" }
}

variables {
  platform   = "shop"
  account_id = "333333333333"
  region     = "eu-west-1"
  tags       = { Platform = "shop" }
  bucket     = "shop-states"
  keys = {
    "dev/platform.tfstate" = {
      plan  = "arn:aws:iam::111111111111:role/shop-dev-platform-plan"
      apply = "arn:aws:iam::111111111111:role/shop-dev-platform-apply"
    }
  }
  other_accounts = { dev = { account_id = "111111111111", prefix = "shop-dev" } }
}

run "the_bucket_is_the_specs" {
  command = plan

  assert {
    condition     = output.bucket == "shop-states"
    error_message = "The backend of every stack names this bucket."
  }
}

run "refuses_what_is_no_account_and_no_region" {
  command = plan

  variables {
    account_id = "33333333333" # a leading zero got lost
    region     = "eu-west-1a"
  }

  expect_failures = [var.account_id, var.region]
}
