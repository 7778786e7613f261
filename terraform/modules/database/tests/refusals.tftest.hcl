provider "aws" {
  region                      = "us-east-1"
  access_key                  = "x"
  secret_key                  = "x"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
}

provider "mongodbatlas" {
  client_id     = "x"
  client_secret = "x"
}

override_data {
  target = data.aws_caller_identity.current
  values = { account_id = "111111111111" }
}

run "no_private_link_below_m10" {
  command = plan

  variables {
    cluster = { name = "techchallenge-dev", tier = "M5", version = "8.0", autoscaling = null, shrink_from = null, backup = { retention_days = 7, point_in_time = false } }
  }

  expect_failures = [var.cluster]
}

run "no_class_of_its_own" {
  command = plan

  variables {
    cluster = { name = "techchallenge-dev", tier = "R40", version = "8.0", autoscaling = null, shrink_from = null, backup = { retention_days = 7, point_in_time = false } }
  }

  expect_failures = [var.cluster]
}

run "not_a_version" {
  command = plan

  variables {
    cluster = { name = "techchallenge-dev", tier = "M10", version = "8", autoscaling = null, shrink_from = null, backup = { retention_days = 7, point_in_time = false } }
  }

  expect_failures = [var.cluster]
}

run "a_range_without_the_tier" {
  command = plan

  variables {
    cluster = { name = "techchallenge-dev", tier = "M10", version = "8.0", autoscaling = { min_tier = "M20", max_tier = "M40" }, shrink_from = null, backup = { retention_days = 7, point_in_time = false } }
  }

  expect_failures = [var.cluster]
}

run "a_range_upside_down" {
  command = plan

  variables {
    cluster = { name = "techchallenge-dev", tier = "M10", version = "8.0", autoscaling = { min_tier = "M40", max_tier = "M10" }, shrink_from = null, backup = { retention_days = 7, point_in_time = false } }
  }

  expect_failures = [var.cluster]
}

run "kept_for_no_day" {
  command = plan

  variables {
    cluster = { name = "techchallenge-dev", tier = "M10", version = "8.0", autoscaling = null, shrink_from = null, backup = { retention_days = 0, point_in_time = false } }
  }

  expect_failures = [var.cluster]
}

run "a_name_with_a_dot" {
  command = plan

  variables {
    cluster = { name = "tech.challenge", tier = "M10", version = "8.0", autoscaling = null, shrink_from = null, backup = { retention_days = 7, point_in_time = false } }
  }

  expect_failures = [var.cluster]
}

run "mongodbs_own_database" {
  command = plan

  variables {
    databases = { orders = { database = "admin", role_name = "r", secret_name = "s" } }
  }

  expect_failures = [var.databases]
}

run "not_a_databases_name" {
  command = plan

  variables {
    databases = { orders = { database = "or.ders", role_name = "r", secret_name = "s" } }
  }

  expect_failures = [var.databases]
}

run "the_gateways_name" {
  command = plan

  variables {
    databases = { gateway = { database = "orders", role_name = "r", secret_name = "s" } }
  }

  expect_failures = [var.databases]
}

run "one_role_for_two" {
  command = plan

  variables {
    databases = { a = { database = "a", role_name = "r", secret_name = "a" }, b = { database = "b", role_name = "r", secret_name = "b" } }
  }

  expect_failures = [var.databases]
}

run "retired_and_in_use" {
  command = plan

  variables {
    retired_databases = ["orders"]
  }

  expect_failures = [var.retired_databases]
}
