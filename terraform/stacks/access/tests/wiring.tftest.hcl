# What only the root decides: the module has tests of its own, and tests/apply/test_access.py judges what the roles may do.

provider "aws" {
  region                      = "us-east-1"
  access_key                  = "x"
  secret_key                  = "x"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
}

variables {
  platform            = "shop"
  environment         = "dev"
  account_id          = "111111111111"
  region              = "us-east-1"
  tags                = { Environment = "dev" }
  deletion_protection = true

  permissions_boundary_name = "shop-dev-boundary"
  access = {
    prefix    = "shop-dev"
    domain    = "dev.shop.example"
    issuer    = "app.terraform.io"
    audience  = "aws.workload.identity"
    providers = { "app.terraform.io" = "aws.workload.identity" }
    roles = {
      platform = {
        plan  = { name = "shop-dev-platform-plan", subjects = ["organization:shop:project:shop:workspace:shop-dev-platform:run_phase:plan"] }
        apply = { name = "shop-dev-platform-apply", subjects = ["organization:shop:project:shop:workspace:shop-dev-platform:run_phase:apply"] }
      }
    }
    packages_bucket               = null
    secret_prefix                 = "shop/dev/"
    atlas_credentials_secret_name = "shop/dev/atlas/service-account"
    granted                       = { actions = [], assumed_roles = [] }
    state                         = null
  }
}

run "a_guard_for_each_stack_goes_by_the_spec" {
  command = plan

  assert {
    condition     = { for stack, guard in terraform_data.deletion_guard : stack => guard.input } == { platform = { environment = "dev", stack = "platform", protected = true } }
    error_message = "A guard says what deletionProtection says, and whose roles it guards."
  }
}

run "refuses_the_tag_of_another_environment" {
  command = plan

  variables {
    tags = { Environment = "production" }
  }

  expect_failures = [var.tags]
}
