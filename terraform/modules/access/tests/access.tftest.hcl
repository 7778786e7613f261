# What the policies allow together is judged in tests/apply/test_access.py, with every call of a real apply.

provider "aws" {
  region                      = "us-east-1"
  access_key                  = "x"
  secret_key                  = "x"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
}

override_resource {
  target          = aws_iam_openid_connect_provider.this
  override_during = plan
  values          = { arn = "arn:aws:iam::111111111111:oidc-provider/made" }
}

override_data {
  target = data.aws_iam_openid_connect_provider.found
  values = {
    arn            = "arn:aws:iam::111111111111:oidc-provider/found"
    client_id_list = ["aws.workload.identity"]
  }
}

variables {
  prefix      = "shop-dev"
  environment = "dev"
  account_id  = "111111111111"
  region      = "us-east-1"
  domain      = "dev.shop.example"
  issuer      = "app.terraform.io"
  audience    = "aws.workload.identity"
  providers_made = {
    "app.terraform.io"                    = "aws.workload.identity"
    "token.actions.githubusercontent.com" = "sts.amazonaws.com"
  }
  roles = {
    platform = {
      plan  = { name = "shop-dev-platform-plan", subjects = ["organization:shop:project:shop:workspace:shop-dev-platform:run_phase:plan"] }
      apply = { name = "shop-dev-platform-apply", subjects = ["organization:shop:project:shop:workspace:shop-dev-platform:run_phase:apply"] }
    }
    database = {
      plan  = { name = "shop-dev-database-plan", subjects = ["organization:shop:project:shop:workspace:shop-dev-database:run_phase:plan"] }
      apply = { name = "shop-dev-database-apply", subjects = ["organization:shop:project:shop:workspace:shop-dev-database:run_phase:apply"] }
    }
  }
  packages_bucket               = "shop-dev-packages-111111111111"
  secret_prefix                 = "shop/dev/"
  log_group_prefix              = "/shop/dev/"
  permissions_boundary_name     = "shop-dev-boundary"
  granted                       = { actions = ["lambda:InvokeFunction", "sqs:SendMessage"], assumed_roles = ["arn:aws:iam::222222222222:role/reports"] }
  atlas_credentials_secret_name = "shop/dev/atlas/service-account"
}

run "a_role_admits_one_workspace_and_phase" {
  command = plan

  assert {
    condition     = toset([for role in aws_iam_role.this : role.name]) == toset(["shop-dev-platform-plan", "shop-dev-platform-apply", "shop-dev-database-plan", "shop-dev-database-apply"])
    error_message = "A role for each stack and phase that the variables name, and no other."
  }
  assert {
    condition = alltrue([
      for key, role in aws_iam_role.this : jsondecode(role.assume_role_policy).Statement == [{
        Sid       = "RunsOfOneStackAndPhase"
        Effect    = "Allow"
        Principal = { Federated = "arn:aws:iam::111111111111:oidc-provider/made" }
        Action    = "sts:AssumeRoleWithWebIdentity"
        Condition = {
          StringEquals = {
            "app.terraform.io:aud" = "aws.workload.identity"
            "app.terraform.io:sub" = ["organization:shop:project:shop:workspace:shop-dev-${split("-", key)[0]}:run_phase:${split("-", key)[1]}"]
          }
        }
      }]
    ])
    error_message = "Exactly one workspace and one phase of it, for one audience: StringEquals, no wildcard."
  }
  assert {
    condition     = alltrue([for role in aws_iam_role.this : role.max_session_duration == 3600])
    error_message = "A session ends after an hour."
  }
  assert {
    condition     = { for issuer, provider in aws_iam_openid_connect_provider.this : provider.url => provider.client_id_list } == { "https://app.terraform.io" = toset(["aws.workload.identity"]), "https://token.actions.githubusercontent.com" = toset(["sts.amazonaws.com"]) }
    error_message = "The account's providers of both issuers, each for its audience."
  }
}

run "every_policy_fits_and_bears_its_roles_name" {
  command = plan

  assert {
    condition     = alltrue([for policy in aws_iam_policy.this : length(policy.policy) <= 6144]) && alltrue([for parts in output.policies : length(parts) <= 10])
    error_message = "IAM takes 6,144 characters of a policy, and 10 policies of a role."
  }
  assert {
    condition     = alltrue([for key, policy in aws_iam_policy.this : startswith(policy.name, aws_iam_role_policy_attachment.this[key].role)])
    error_message = "A policy's name says whose it is."
  }
  assert {
    condition     = alltrue([for role, parts in output.policies : contains(keys(parts), "refusals")])
    error_message = "Every role has what none of them may do."
  }
}

run "roles_that_runs_make_are_bounded" {
  command = plan

  variables {
    state = {
      bucket = "shop-states"
      keys   = { platform = "dev/platform.tfstate", database = "dev/database.tfstate" }
    }
  }

  assert {
    condition     = aws_iam_policy.boundary.name == "shop-dev-boundary" && aws_iam_policy.boundary.policy == output.boundary && length(output.boundary) <= 6144
    error_message = "The boundary has the name that the roots know, and fits."
  }
  assert {
    condition     = [for s in jsondecode(output.boundary).Statement : [for a in s.Action : a if can(regex("^(lambda|sqs):", a))] if s.Sid == "ItsWork"] == [["sqs:*", "lambda:InvokeFunction"]]
    error_message = "Of a service that is not everyday's only what the spec has."
  }
  assert {
    condition     = [for s in jsondecode(output.boundary).Statement : s.Resource if s.Sid == "BecomesThese"] == [["arn:aws:iam::111111111111:role/shop-dev-*", "arn:aws:iam::222222222222:role/reports"]]
    error_message = "A role becomes one of its own environment, or what the spec names."
  }
  assert {
    condition     = [for s in jsondecode(output.boundary).Statement : s.Resource if s.Sid == "NoStates"] == [["arn:aws:s3:::shop-states", "arn:aws:s3:::shop-states/*"]]
    error_message = "No role that runs make reaches a state."
  }
  assert {
    condition = alltrue(flatten([
      for role, parts in output.policies : [
        for part in parts : [
          for s in jsondecode(part).Statement : s.Condition.StringEquals["iam:PermissionsBoundary"] == "arn:aws:iam::111111111111:policy/shop-dev-boundary"
          if s.Effect == "Allow" && length(setintersection(try(s.Action, []), ["iam:AttachRolePolicy", "iam:CreateRole", "iam:PutRolePermissionsBoundary", "iam:PutRolePolicy"])) > 0
        ]
      ]
    ]))
    error_message = "Whoever gives a role rights gives it the boundary."
  }
}

run "refuses_a_boundary_that_is_none" {
  command = plan

  variables {
    permissions_boundary_name = "shop/boundary"
    granted                   = { actions = ["iam:CreateUser"], assumed_roles = ["*"] }
  }

  expect_failures = [var.permissions_boundary_name, var.granted]
}

run "the_longest_name_fits" {
  command = plan

  variables {
    # The load balancer has 32 characters, and ours are the longest of these.
    prefix = "technical-challenge-production-1"
    state = {
      bucket = "a23456789-123456789-123456789-123456789-123456789-123456789-123"
      keys   = { platform = "production/platform.tfstate", database = "production/database.tfstate" }
    }
  }

  assert {
    condition     = alltrue([for policy in aws_iam_policy.this : length(policy.policy) <= 6144])
    error_message = "The longest prefix that a load balancer takes must fit."
  }
}

run "a_state_is_for_its_own_stack" {
  command = plan

  variables {
    state = {
      bucket = "shop-states"
      keys   = { platform = "dev/platform.tfstate", database = "dev/database.tfstate" }
    }
  }

  assert {
    condition = jsondecode(aws_iam_policy.this["platform-plan-state"].policy).Statement == [
      { Sid = "FindsStates", Effect = "Allow", Action = ["s3:ListBucket"], Resource = ["arn:aws:s3:::shop-states"] },
      { Sid = "ItsState", Effect = "Allow", Action = ["s3:GetObject"], Resource = ["arn:aws:s3:::shop-states/dev/platform.tfstate"] },
    ]
    error_message = "Who plans reads its state, and neither writes nor locks it."
  }
  assert {
    condition = jsondecode(aws_iam_policy.this["database-apply-state"].policy).Statement == [
      { Sid = "FindsStates", Effect = "Allow", Action = ["s3:ListBucket"], Resource = ["arn:aws:s3:::shop-states"] },
      { Sid = "ItsState", Effect = "Allow", Action = ["s3:GetObject", "s3:PutObject"], Resource = ["arn:aws:s3:::shop-states/dev/database.tfstate"] },
      { Sid = "ItsLock", Effect = "Allow", Action = ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"], Resource = ["arn:aws:s3:::shop-states/dev/database.tfstate.tflock"] },
    ]
    error_message = "Who applies writes its own state and lock, and nobody else's."
  }
  assert {
    condition     = [for s in jsondecode(aws_iam_policy.this["platform-plan-refusals"].policy).Statement : s.NotResource if s.Sid == "NoObjects"] == [["arn:aws:s3:::shop-dev-packages-111111111111/*", "arn:aws:s3:::shop-states/dev/platform.tfstate"]]
    error_message = "Objects are read of the packages and of its own state only."
  }
}

run "providers_of_another_environment_are_found" {
  command = plan

  variables {
    providers_made = {}
  }

  assert {
    condition     = length(aws_iam_openid_connect_provider.this) == 0 && alltrue([for role in aws_iam_role.this : jsondecode(role.assume_role_policy).Statement[0].Principal.Federated == "arn:aws:iam::111111111111:oidc-provider/found"])
    error_message = "An account has one provider of an issuer."
  }
}

run "a_provider_for_other_audiences_is_refused" {
  command = plan

  variables {
    providers_made = {}
    issuer         = "token.actions.githubusercontent.com"
    audience       = "sts.amazonaws.com"
  }

  expect_failures = [data.aws_iam_openid_connect_provider.found]
}

run "without_a_domain_records_are_not_limited" {
  command = plan

  variables {
    domain = null
  }

  assert {
    condition     = [for s in jsondecode(aws_iam_policy.this["platform-apply-ways-in"].policy).Statement : s.Condition["ForAllValues:StringLike"]["route53:ChangeResourceRecordSetsNormalizedRecordNames"] if s.Sid == "WritesRecords"] == [["*"]]
    error_message = "No domain, no limit."
  }
}

run "refuses_wildcards_and_what_is_not_rendered_together" {
  command = plan

  variables {
    prefix         = "shop-*"
    providers_made = { "app.terraform.io" = "sts.amazonaws.com" }
    secret_prefix  = "shop/dev"
    roles = {
      platform = {
        plan  = { name = "shop-dev-platform-plan", subjects = ["organization:shop:project:shop:workspace:*"] }
        apply = { name = "shop-dev-platform-apply", subjects = ["repo:shop/infra:environment:dev"] }
      }
      database = {
        plan  = { name = "shop-dev-database-plan", subjects = ["repo:shop/infra:ref:refs/heads/main"] }
        apply = { name = "shop-dev-database-apply", subjects = ["repo:shop/infra:environment:dev"] }
      }
    }
  }

  expect_failures = [var.prefix, var.providers_made, var.secret_prefix, var.roles]
}

run "refuses_a_stack_without_a_state" {
  command = plan

  variables {
    state = { bucket = "shop-states", keys = { platform = "dev/platform.tfstate" } }
  }

  expect_failures = [var.state]
}

run "refuses_one_subject_for_both_phases_and_an_unknown_stack" {
  command = plan

  variables {
    roles = {
      workspaces = {
        plan  = { name = "shop-dev-workspaces-plan", subjects = ["repo:shop/infra:environment:dev"] }
        apply = { name = "shop-dev-workspaces-apply", subjects = ["repo:shop/infra:environment:dev"] }
      }
    }
  }

  expect_failures = [var.roles]
}
