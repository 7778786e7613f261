provider "aws" {
  region                      = "eu-west-1"
  access_key                  = "x"
  secret_key                  = "x"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
}

variables {
  bucket = "shop-states"
  keys = {
    "dev/platform.tfstate" = {
      plan  = "arn:aws:iam::111111111111:role/shop-dev-platform-plan"
      apply = "arn:aws:iam::111111111111:role/shop-dev-platform-apply"
    }
    "live/platform.tfstate" = {
      plan  = "arn:aws:iam::222222222222:role/shop-live-platform-plan"
      apply = "arn:aws:iam::222222222222:role/shop-live-platform-apply"
    }
  }
  other_accounts = {}
}

run "nothing_is_public_or_lost" {
  command = plan

  assert {
    condition     = aws_s3_bucket.this.bucket == "shop-states" && !aws_s3_bucket.this.force_destroy
    error_message = "The bucket's name is the spec's, and it does not go while there are states in it."
  }
  assert {
    condition     = aws_s3_bucket_versioning.this.versioning_configuration[0].status == "Enabled"
    error_message = "The state of before is what helps when one went wrong."
  }
  assert {
    condition     = alltrue([for b in [aws_s3_bucket_public_access_block.this] : b.block_public_acls && b.block_public_policy && b.ignore_public_acls && b.restrict_public_buckets]) && aws_s3_bucket_ownership_controls.this.rule[0].object_ownership == "BucketOwnerEnforced"
    error_message = "Nobody outside may read or write, and access is for policies alone to give."
  }
  assert {
    condition     = alltrue([for rule in aws_s3_bucket_server_side_encryption_configuration.this.rule : rule.apply_server_side_encryption_by_default[0].sse_algorithm == "AES256"])
    error_message = "What lies there is encrypted, with S3's own key, which nobody can lose."
  }
  assert {
    condition = alltrue([
      for rule in aws_s3_bucket_lifecycle_configuration.this.rule :
      rule.status == "Enabled" && rule.noncurrent_version_expiration[0].noncurrent_days == 90 && coalesce(rule.expiration[0].days, 0) == 0 && rule.expiration[0].date == null
    ])
    error_message = "A version stays for 90 days after another took its place, and a current state for ever."
  }
}

run "each_role_has_its_own_state_and_nobody_elses" {
  command = plan

  assert {
    condition = [for s in jsondecode(aws_s3_bucket_policy.this.policy).Statement : s if s.Effect == "Allow"] == [
      {
        Sid       = "RunsFindStates"
        Effect    = "Allow"
        Principal = { AWS = ["arn:aws:iam::111111111111:root", "arn:aws:iam::222222222222:root"] }
        Action    = "s3:ListBucket"
        Resource  = "arn:aws:s3:::shop-states"
        Condition = { ArnEquals = { "aws:PrincipalArn" = [
          "arn:aws:iam::111111111111:role/shop-dev-platform-apply",
          "arn:aws:iam::111111111111:role/shop-dev-platform-plan",
          "arn:aws:iam::222222222222:role/shop-live-platform-apply",
          "arn:aws:iam::222222222222:role/shop-live-platform-plan",
        ] } }
      },
      {
        Effect    = "Allow"
        Principal = { AWS = "arn:aws:iam::111111111111:root" }
        Action    = ["s3:GetObject"]
        Resource  = "arn:aws:s3:::shop-states/dev/platform.tfstate"
        Condition = { ArnEquals = { "aws:PrincipalArn" = "arn:aws:iam::111111111111:role/shop-dev-platform-plan" } }
      },
      {
        Effect    = "Allow"
        Principal = { AWS = "arn:aws:iam::111111111111:root" }
        Action    = ["s3:GetObject", "s3:PutObject"]
        Resource  = "arn:aws:s3:::shop-states/dev/platform.tfstate"
        Condition = { ArnEquals = { "aws:PrincipalArn" = "arn:aws:iam::111111111111:role/shop-dev-platform-apply" } }
      },
      {
        Effect    = "Allow"
        Principal = { AWS = "arn:aws:iam::111111111111:root" }
        Action    = ["s3:DeleteObject", "s3:GetObject", "s3:PutObject"]
        Resource  = "arn:aws:s3:::shop-states/dev/platform.tfstate.tflock"
        Condition = { ArnEquals = { "aws:PrincipalArn" = "arn:aws:iam::111111111111:role/shop-dev-platform-apply" } }
      },
      {
        Effect    = "Allow"
        Principal = { AWS = "arn:aws:iam::222222222222:root" }
        Action    = ["s3:GetObject"]
        Resource  = "arn:aws:s3:::shop-states/live/platform.tfstate"
        Condition = { ArnEquals = { "aws:PrincipalArn" = "arn:aws:iam::222222222222:role/shop-live-platform-plan" } }
      },
      {
        Effect    = "Allow"
        Principal = { AWS = "arn:aws:iam::222222222222:root" }
        Action    = ["s3:GetObject", "s3:PutObject"]
        Resource  = "arn:aws:s3:::shop-states/live/platform.tfstate"
        Condition = { ArnEquals = { "aws:PrincipalArn" = "arn:aws:iam::222222222222:role/shop-live-platform-apply" } }
      },
      {
        Effect    = "Allow"
        Principal = { AWS = "arn:aws:iam::222222222222:root" }
        Action    = ["s3:DeleteObject", "s3:GetObject", "s3:PutObject"]
        Resource  = "arn:aws:s3:::shop-states/live/platform.tfstate.tflock"
        Condition = { ArnEquals = { "aws:PrincipalArn" = "arn:aws:iam::222222222222:role/shop-live-platform-apply" } }
      },
    ]
    error_message = "A role reads its own state, writes and locks it only if it applies, and reaches no other environment's."
  }
  assert {
    condition = [for s in jsondecode(aws_s3_bucket_policy.this.policy).Statement : s if s.Effect == "Deny"] == [
      {
        Sid       = "OnlyEncryptedConnections"
        Effect    = "Deny"
        Principal = "*"
        Action    = "s3:*"
        Resource  = ["arn:aws:s3:::shop-states", "arn:aws:s3:::shop-states/*"]
        Condition = { Bool = { "aws:SecureTransport" = "false" } }
      },
      {
        Sid       = "NoVersionGoes"
        Effect    = "Deny"
        Principal = "*"
        Action    = "s3:DeleteObjectVersion"
        Resource  = "arn:aws:s3:::shop-states/*"
      },
    ]
    error_message = "Nobody connects without TLS, and nobody deletes a version."
  }
}

run "administrators_of_another_account_reach_its_states" {
  command = plan

  variables {
    other_accounts = { live = { account_id = "222222222222", prefix = "shop-live" } }
  }

  assert {
    condition = [for s in jsondecode(aws_s3_bucket_policy.this.policy).Statement : s if can(s.Condition.ArnNotLike)] == [
      {
        Sid       = "PeopleFindStates"
        Effect    = "Allow"
        Principal = { AWS = ["arn:aws:iam::222222222222:root"] }
        Action    = "s3:ListBucket"
        Resource  = "arn:aws:s3:::shop-states"
        Condition = { ArnNotLike = { "aws:PrincipalArn" = ["arn:aws:iam::222222222222:role/shop-live-*"] } }
      },
      {
        Effect    = "Allow"
        Principal = { AWS = "arn:aws:iam::222222222222:root" }
        Action    = ["s3:GetObject", "s3:PutObject"]
        Resource  = "arn:aws:s3:::shop-states/live/*.tfstate"
        Condition = { ArnNotLike = { "aws:PrincipalArn" = "arn:aws:iam::222222222222:role/shop-live-*" } }
      },
      {
        Effect    = "Allow"
        Principal = { AWS = "arn:aws:iam::222222222222:root" }
        Action    = ["s3:DeleteObject", "s3:GetObject", "s3:PutObject"]
        Resource  = "arn:aws:s3:::shop-states/live/*.tflock"
        Condition = { ArnNotLike = { "aws:PrincipalArn" = "arn:aws:iam::222222222222:role/shop-live-*" } }
      },
    ]
    error_message = "A person applies access in each account, and no role of a run or a pod is a person."
  }
}

run "refuses_what_is_not_rendered" {
  command = plan

  variables {
    other_accounts = { "*" = { account_id = "222222222222", prefix = "shop" } }
    bucket         = "shop.states"
    kept_days      = 30
    keys           = { "dev/*" = { plan = "*", apply = "*" } }
  }

  expect_failures = [var.bucket, var.kept_days, var.keys, var.other_accounts]
}

run "refuses_a_policy_that_s3_does_not_take" {
  command = plan

  variables {
    keys = {
      for i in range(40) : "environment-${i}/platform.tfstate" => {
        plan  = "arn:aws:iam::111111111111:role/shop-environment-${i}-platform-plan"
        apply = "arn:aws:iam::111111111111:role/shop-environment-${i}-platform-apply"
      }
    }
  }

  expect_failures = [aws_s3_bucket_policy.this]
}
