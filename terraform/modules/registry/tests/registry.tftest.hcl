provider "aws" {
  region                      = "us-east-1"
  access_key                  = "x"
  secret_key                  = "x"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
}

variables {
  repositories  = ["techchallenge/orders", "techchallenge/payments"]
  pull_accounts = ["222222222222", "011111111111"]
}

run "images_are_immutable_and_scanned" {
  command = plan

  assert {
    condition     = { for key, repository in aws_ecr_repository.this : key => repository.name } == { "techchallenge/orders" = "techchallenge/orders", "techchallenge/payments" = "techchallenge/payments" }
    error_message = "The repositories' names are not ours to change."
  }
  assert {
    condition     = alltrue([for r in aws_ecr_repository.this : r.image_tag_mutability == "IMMUTABLE" && !r.force_delete && r.image_scanning_configuration[0].scan_on_push && r.encryption_configuration[0].encryption_type == "AES256"])
    error_message = "A tag never moves, every image is scanned and encrypted, and none goes with its repository."
  }
  assert {
    condition = alltrue([for p in aws_ecr_lifecycle_policy.this : [for r in jsondecode(p.policy).rules : [r.selection.tagStatus, r.selection.countType, tostring(r.selection.countNumber), r.action.type]] == [
      ["untagged", "sinceImagePushed", "7", "expire"],
      ["tagged", "imageCountMoreThan", "200", "expire"],
    ]])
    error_message = "Untagged images go after a week, the last 200 pre-releases stay."
  }
  assert {
    condition     = alltrue([for p in aws_ecr_lifecycle_policy.this : jsondecode(p.policy).rules[1].selection.tagPatternList == ["*-*"]])
    error_message = "A release, which has no hyphen, must stay: an environment may be rolled back to it."
  }
  assert {
    condition     = length(aws_ecr_lifecycle_policy.this) == 2
    error_message = "A repository without a lifecycle grows for ever."
  }
}

run "other_accounts_pull_and_no_more" {
  command = plan

  assert {
    condition = length(aws_ecr_repository_policy.this) == 2 && alltrue([for p in aws_ecr_repository_policy.this : jsondecode(p.policy).Statement == [{
      Sid       = "OtherAccountsPull"
      Effect    = "Allow"
      Principal = { AWS = ["arn:aws:iam::011111111111:root", "arn:aws:iam::222222222222:root"] }
      Action    = ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]
    }]])
    error_message = "Exactly the accounts of the spec may pull, and nobody may push."
  }
}

run "nobody_else_without_other_accounts" {
  command = plan

  variables {
    pull_accounts = []
  }

  assert {
    condition     = length(aws_ecr_repository_policy.this) == 0 && length(aws_ecr_repository.this) == 2
    error_message = "Without other accounts there is nothing to allow, and ECR refuses an empty principal."
  }
}

run "refuses_what_aws_refuses" {
  command = plan

  variables {
    repositories  = ["techchallenge/Orders", "o"]
    pull_accounts = ["11111111111"] # a leading zero got lost
  }

  expect_failures = [var.repositories, var.pull_accounts]
}
