provider "aws" {
  region                      = "us-east-1"
  access_key                  = "x"
  secret_key                  = "x"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
}

# Known while planning, so that the policies can be asserted as a whole.
override_resource {
  target          = aws_s3_bucket.this
  override_during = plan
  values = {
    id  = "shop-dev-packages-111111111111"
    arn = "arn:aws:s3:::shop-dev-packages-111111111111"
  }
}

override_data {
  target = data.aws_iam_openid_connect_provider.github
  values = {
    arn            = "arn:aws:iam::111111111111:oidc-provider/token.actions.githubusercontent.com"
    client_id_list = ["sts.amazonaws.com"]
  }
}

variables {
  permissions_boundary_arn = "arn:aws:iam::111111111111:policy/boundary"
  bucket                   = "shop-dev-packages-111111111111"
  uploader_role_name       = "shop-dev-packages"
  repository               = "shop/infra"
  branch                   = "main"
}

run "nothing_is_public_lost_or_thrown_away" {
  command = plan

  assert {
    condition     = aws_s3_bucket.this.bucket == "shop-dev-packages-111111111111" && !aws_s3_bucket.this.force_destroy
    error_message = "The bucket's name is the spec's, and it does not go while there are packages in it."
  }
  assert {
    condition     = aws_s3_bucket_versioning.this.versioning_configuration[0].status == "Enabled"
    error_message = "A function is given the version whose hash was looked at."
  }
  assert {
    condition     = alltrue([for b in [aws_s3_bucket_public_access_block.this] : b.block_public_acls && b.block_public_policy && b.ignore_public_acls && b.restrict_public_buckets])
    error_message = "Nobody outside may read or write, whatever a policy or a list says later."
  }
  assert {
    condition     = aws_s3_bucket_ownership_controls.this.rule[0].object_ownership == "BucketOwnerEnforced"
    error_message = "Access is for policies alone to give."
  }
  assert {
    condition     = alltrue([for rule in aws_s3_bucket_server_side_encryption_configuration.this.rule : rule.apply_server_side_encryption_by_default[0].sse_algorithm == "AES256"])
    error_message = "What lies there is encrypted, with S3's own key, which nobody can lose."
  }
  assert {
    condition = length(aws_s3_bucket_lifecycle_configuration.this.rule) == 1 && alltrue([
      for rule in aws_s3_bucket_lifecycle_configuration.this.rule :
      rule.status == "Enabled" && length(rule.expiration) == 0 && length(rule.noncurrent_version_expiration) == 0 && rule.abort_incomplete_multipart_upload[0].days_after_initiation == 1
    ])
    error_message = "Leftovers of uploads go; a package stays for ever, for somebody may go back to it."
  }
}

run "nothing_is_written_twice_or_in_the_clear" {
  command = plan

  assert {
    condition = jsondecode(aws_s3_bucket_policy.this.policy).Statement == [
      {
        Sid       = "OnlyEncryptedConnections"
        Effect    = "Deny"
        Principal = "*"
        Action    = "s3:*"
        Resource  = ["arn:aws:s3:::shop-dev-packages-111111111111", "arn:aws:s3:::shop-dev-packages-111111111111/*"]
        Condition = { Bool = { "aws:SecureTransport" = "false" } }
      },
      {
        Sid       = "OnlyNewObjects"
        Effect    = "Deny"
        Principal = "*"
        Action    = "s3:PutObject"
        Resource  = "arn:aws:s3:::shop-dev-packages-111111111111/*"
        Condition = { Null = { "s3:if-none-match" = "true" } }
      },
    ]
    error_message = "Nobody, whoever they are, may connect without TLS, or write without asking that nothing be there."
  }
}

run "only_runs_of_the_repository_upload_and_only_packages" {
  command = plan

  assert {
    condition = aws_iam_role.uploader.name == "shop-dev-packages" && jsondecode(aws_iam_role.uploader.assume_role_policy).Statement == [{
      Sid       = "RunsOfTheRepository"
      Effect    = "Allow"
      Principal = { Federated = "arn:aws:iam::111111111111:oidc-provider/token.actions.githubusercontent.com" }
      Action    = "sts:AssumeRoleWithWebIdentity"
      Condition = {
        StringEquals = {
          "token.actions.githubusercontent.com:aud" = "sts.amazonaws.com"
          "token.actions.githubusercontent.com:sub" = ["repo:shop/infra:pull_request", "repo:shop/infra:ref:refs/heads/main"]
        }
      }
    }]
    error_message = "Exactly the pull requests and the branch of the one repository may upload: no wildcard, no other audience."
  }
  assert {
    condition = jsondecode(aws_iam_role_policy.uploader.policy).Statement == [{
      Sid    = "AddPackages"
      Effect = "Allow"
      Action = ["s3:PutObject", "s3:GetObject"]
      Resource = [
        "arn:aws:s3:::shop-dev-packages-111111111111/authorizer/*.zip",
        "arn:aws:s3:::shop-dev-packages-111111111111/token/*.zip",
      ]
    }]
    error_message = "Whoever uploads may add packages and look at them: not delete, not list, not change the bucket."
  }
}

run "subjects_with_ids_are_trusted_as_they_are" {
  command = plan

  variables {
    repository = "shop@123456/infra@456789"
  }

  assert {
    condition     = jsondecode(aws_iam_role.uploader.assume_role_policy).Statement[0].Condition.StringEquals["token.actions.githubusercontent.com:sub"] == ["repo:shop@123456/infra@456789:pull_request", "repo:shop@123456/infra@456789:ref:refs/heads/main"]
    error_message = "GitHub puts ids into the subjects of repositories that were made after 15 July 2026."
  }
}

run "a_provider_for_other_audiences_is_refused" {
  command = plan

  override_data {
    target = data.aws_iam_openid_connect_provider.github
    values = {
      arn            = "arn:aws:iam::111111111111:oidc-provider/token.actions.githubusercontent.com"
      client_id_list = ["https://github.com/shop"]
    }
  }

  expect_failures = [data.aws_iam_openid_connect_provider.github]
}

run "the_longest_name_is_taken" {
  command = plan

  variables {
    bucket = "a23456789-123456789-123456789-123456789-123456789-123456789-123"
  }

  assert {
    condition     = length(var.bucket) == 63
    error_message = "The name of this test is not what it does."
  }
}

run "refuses_what_aws_and_github_refuse" {
  command = plan

  variables {
    bucket             = "a23456789-123456789-123456789-123456789-123456789-123456789-1234"
    uploader_role_name = "shop dev"
    repository         = "https://github.com/shop/infra.git"
    branch             = "release/*"
  }

  expect_failures = [var.bucket, var.uploader_role_name, var.repository, var.branch]
}

run "refuses_half_an_id_a_dot_and_a_whole_ref" {
  command = plan

  variables {
    bucket     = "shop.dev"
    repository = "shop@123456/infra"
    branch     = "refs/heads/main"
  }

  expect_failures = [var.bucket, var.repository, var.branch]
}
