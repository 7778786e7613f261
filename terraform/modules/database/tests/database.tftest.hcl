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

run "the_first_plan_compares_with_nothing" {
  command = plan

  assert {
    condition     = mongodbatlas_advanced_cluster.this.replication_specs[0].region_configs[0].electable_specs.instance_size == "M10" && mongodbatlas_advanced_cluster.this.replication_specs[0].region_configs[0].electable_specs.node_count == 3
    error_message = "The cluster is not as told."
  }
  assert {
    condition     = mongodbatlas_advanced_cluster.this.use_effective_fields == false && mongodbatlas_advanced_cluster.this.replication_specs[0].region_configs[0].auto_scaling.disk_gb_enabled && !mongodbatlas_advanced_cluster.this.replication_specs[0].region_configs[0].auto_scaling.compute_enabled
    error_message = "With effective fields and scaled storage Atlas would ignore every change of the tier."
  }
  assert {
    condition     = mongodbatlas_advanced_cluster.this.termination_protection_enabled && mongodbatlas_advanced_cluster.this.backup_enabled && mongodbatlas_advanced_cluster.this.encryption_at_rest_provider == "NONE"
    error_message = "The cluster is not protected as told."
  }
  assert {
    condition     = mongodbatlas_cloud_backup_schedule.this.policy_item_daily[0].retention_value == 3 && mongodbatlas_cloud_backup_schedule.this.policy_item_hourly[0].retention_value == 3 && mongodbatlas_cloud_backup_schedule.this.restore_window_days == 3
    error_message = "Atlas refuses to keep what is taken more often for longer."
  }
}

run "users_have_their_own" {
  command = plan

  assert {
    condition     = { for name, user in mongodbatlas_database_user.workload : name => "${user.username} ${join(",", [for r in user.roles : "${r.role_name}@${r.database_name}"])}" } == { orders = "arn:aws:iam::111111111111:role/techchallenge-dev-orders readWrite@orders", kitchen = "arn:aws:iam::111111111111:role/techchallenge-dev-kitchen readWrite@kitchen" }
    error_message = "A workload sees another's database, or not its own."
  }
  assert {
    condition     = [for r in mongodbatlas_database_user.customers_reader["gateway"].roles : [r.role_name, r.database_name, r.collection_name]] == [["read", "customers", "customers"]]
    error_message = "The function that issues tokens reads one collection."
  }
  assert {
    condition     = alltrue([for user in concat(values(mongodbatlas_database_user.workload), values(mongodbatlas_database_user.customers_reader)) : user.aws_iam_type == "ROLE" && user.auth_database_name == "$external" && user.password == null && [for s in user.scopes : s.name] == ["techchallenge-dev"]])
    error_message = "Somebody logs in with a password, or to another cluster."
  }
}

run "secrets_have_the_names_of_the_spec" {
  command = plan

  assert {
    condition     = { for name, secret in aws_secretsmanager_secret.this : name => "${secret.name} ${secret.kms_key_id} ${secret.recovery_window_in_days}" } == { for name in ["orders", "kitchen", "gateway"] : name => "techchallenge/dev/${name}/mongodb-uri arn:aws:kms:us-east-1:111111111111:key/k 7" }
    error_message = "External Secrets looks for these names, and decrypts with this key."
  }
}

run "scaled_by_atlas" {
  command = plan

  variables {
    cluster = {
      name        = "techchallenge-dev"
      tier        = "M30"
      version     = "8.0"
      autoscaling = { min_tier = "M10", max_tier = "M40" }
      shrink_from = null
      backup      = { retention_days = 30, point_in_time = true }
    }
  }

  assert {
    condition     = mongodbatlas_advanced_cluster.this.use_effective_fields && mongodbatlas_advanced_cluster.this.replication_specs[0].region_configs[0].auto_scaling.compute_max_instance_size == "M40" && mongodbatlas_advanced_cluster.this.replication_specs[0].region_configs[0].auto_scaling.compute_scale_down_enabled
    error_message = "Terraform would take back what Atlas scaled."
  }
  assert {
    condition     = mongodbatlas_advanced_cluster.this.pit_enabled && mongodbatlas_cloud_backup_schedule.this.restore_window_days == 7
    error_message = "A week can be restored to the minute."
  }
}
