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

override_resource {
  target          = mongodbatlas_cloud_provider_access_setup.this
  override_during = plan
  values = {
    role_id    = "0123456789abcdef01234567"
    aws_config = [{ atlas_aws_account_arn = "arn:aws:iam::536727724300:root", atlas_assumed_role_external_id = "external" }]
  }
}

override_resource {
  target          = aws_kms_key.this
  override_during = plan
  values          = { arn = "arn:aws:kms:us-east-1:111111111111:key/k", key_id = "k" }
}

override_resource {
  target          = aws_iam_role.this
  override_during = plan
  values          = { arn = "arn:aws:iam::111111111111:role/techchallenge-dev-atlas" }
}

variables {
  permissions_boundary_arn = "arn:aws:iam::111111111111:policy/boundary"
  project_id               = "6f0a1b2c3d4e5f6071829304"
  atlas_region             = "US_EAST_1"
  alias                    = "alias/techchallenge-dev-database"
  role_name                = "techchallenge-dev-atlas"
}

run "only_atlas_and_only_for_us_becomes_the_role" {
  command = plan

  assert {
    condition = jsondecode(aws_iam_role.this.assume_role_policy).Statement == [{
      Sid       = "Atlas"
      Effect    = "Allow"
      Principal = { AWS = "arn:aws:iam::536727724300:root" }
      Action    = ["sts:AssumeRole"]
      Condition = { StringEquals = { "sts:ExternalId" = "external" } }
    }]
    error_message = "Another customer of Atlas could use the role through it."
  }
  assert {
    condition = jsondecode(aws_iam_role_policy.this.policy).Statement == [{
      Sid      = "EncryptVolumeKeys"
      Effect   = "Allow"
      Action   = ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt"]
      Resource = ["arn:aws:kms:us-east-1:111111111111:key/k"]
    }]
    error_message = "The role is for this key."
  }
}

run "the_key_is_for_that_role" {
  command = plan

  assert {
    condition     = [for s in jsondecode(aws_kms_key.this.policy).Statement : [s.Sid, s.Principal.AWS]] == [["AccountAdministers", "arn:aws:iam::111111111111:root"], ["AtlasUses", "arn:aws:iam::111111111111:role/techchallenge-dev-atlas"]]
    error_message = "Somebody else has access to the key."
  }
  assert {
    condition     = length([for a in jsondecode(aws_kms_key.this.policy).Statement[0].Action : a if strcontains(a, "*") || can(regex("Decrypt|Encrypt|GenerateDataKey|CreateGrant", a))]) == 0
    error_message = "Whoever administers the key must not be able to use it."
  }
  assert {
    condition     = aws_kms_key.this.enable_key_rotation && aws_kms_key.this.deletion_window_in_days == 30
    error_message = "Without the key the data is gone: it takes the longest to delete."
  }
  assert {
    condition     = mongodbatlas_encryption_at_rest.this.aws_kms_config[0].customer_master_key_id == "k" && mongodbatlas_encryption_at_rest.this.aws_kms_config[0].role_id == "0123456789abcdef01234567"
    error_message = "The project must use this key by this role."
  }
}

run "amazons_alias" {
  command = plan

  variables {
    alias = "alias/aws/ebs"
  }

  expect_failures = [var.alias]
}

run "no_name_of_a_role" {
  command = plan

  variables {
    role_name = "techchallenge/dev"
  }

  expect_failures = [var.role_name]
}
