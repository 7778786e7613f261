# What can be decided without HCP Terraform; tests/apply/test_workspaces.py applies the rendered file.

mock_provider "tfe" {
  mock_data "tfe_project" {
    defaults = {
      id              = "prj-0000000000000001"
      workspace_names = ["shop-workspaces", "shop-dev-access", "shop-dev-platform", "sandbox"]
    }
  }
  mock_data "tfe_github_app_installation" {
    defaults = { id = "ghain-0000000000000001" }
  }
  mock_data "tfe_organization_membership" {
    defaults = { user_id = "user-0000000000000001" }
  }
  mock_data "tfe_workspace" {
    defaults = { resource_count = 0 }
  }
}

variables {
  platform          = "shop"
  organization      = "shop"
  project           = "shop"
  terraform_version = "1.11.4"
  repository        = "shop/infra"
  branch            = "main"
  own_workspace = {
    name              = "shop-workspaces"
    working_directory = "terraform/stacks/workspaces"
    var_file          = "../../../rendered/shared/terraform/workspaces.tfvars.json"
    trigger_patterns  = ["/rendered/shared/terraform/workspaces.tfvars.json"]
  }
  workspaces = {
    shop-dev-access = {
      environment       = "dev"
      stack             = "access"
      account_id        = "111111111111"
      region            = "us-east-1"
      auto_apply        = false
      speculative       = false
      vcs               = false
      working_directory = "terraform/stacks/access"
      var_file          = "../../../rendered/dev/terraform/access.tfvars.json"
      trigger_patterns  = ["/terraform/stacks/access/*"]
      plan_role_arn     = null
      apply_role_arn    = null
      runs_after        = []
    }
    shop-dev-platform = {
      environment       = "dev"
      stack             = "platform"
      account_id        = "111111111111"
      region            = "us-east-1"
      auto_apply        = true
      speculative       = true
      vcs               = true
      working_directory = "terraform/stacks/platform"
      var_file          = "../../../rendered/dev/terraform/platform.tfvars.json"
      trigger_patterns  = ["/terraform/stacks/platform/*"]
      plan_role_arn     = "arn:aws:iam::111111111111:role/shop-dev-platform-plan"
      apply_role_arn    = "arn:aws:iam::111111111111:role/shop-dev-platform-apply"
      runs_after        = []
    }
  }
  notification_emails = ["platform@shop.example"]
  teams               = { developers = "read" }
}

run "nothing_runs_unasked_and_nothing_is_lost" {
  command = plan

  assert {
    condition     = alltrue([for w in values(merge(tfe_workspace.this, { own = tfe_workspace.own })) : !w.queue_all_runs && !w.force_delete && w.terraform_version == "1.11.4"])
    error_message = "No workspace starts by itself when it is made, goes while it manages something, or moves to another Terraform."
  }
  assert {
    condition     = !tfe_workspace.own.speculative_enabled && !tfe_workspace.own.auto_apply && !tfe_workspace.own.allow_destroy_plan
    error_message = "No pull request's code may run beside the credential, a person looks at every plan, and nobody destroys all workspaces at once."
  }
}

run "what_stands_twice_is_alike" {
  command = plan

  assert {
    condition = alltrue([
      for name, s in merge(tfe_workspace_settings.this, { own = tfe_workspace_settings.own }) :
      s.auto_apply == merge(tfe_workspace.this, { own = tfe_workspace.own })[name].auto_apply
      && s.assessments_enabled == merge(tfe_workspace.this, { own = tfe_workspace.own })[name].assessments_enabled
    ])
    error_message = "The settings turn off what they are not told, so they must say the same as the workspace."
  }
}

run "a_state_without_runs" {
  command = plan

  assert {
    condition     = length(tfe_workspace.this["shop-dev-access"].vcs_repo) == 0 && tfe_workspace_settings.this["shop-dev-access"].execution_mode == "local"
    error_message = "What an administrator applies has neither a repository nor runs."
  }
  assert {
    condition     = alltrue([for name in keys(tfe_variable.this) : startswith(name, "shop-dev-platform/")]) && !contains(keys(tfe_notification_configuration.this), "shop-dev-access")
    error_message = "Without runs there are no variables of runs, and nothing to be told of."
  }
}

run "runs_read_the_rendered_file_with_roles_of_their_own" {
  command = plan

  assert {
    condition = { for name, v in tfe_variable.this : name => v.value } == {
      "shop-dev-platform/TF_CLI_ARGS_plan"       = "-var-file=../../../rendered/dev/terraform/platform.tfvars.json"
      "shop-dev-platform/TFC_AWS_PROVIDER_AUTH"  = "true"
      "shop-dev-platform/TFC_AWS_PLAN_ROLE_ARN"  = "arn:aws:iam::111111111111:role/shop-dev-platform-plan"
      "shop-dev-platform/TFC_AWS_APPLY_ROLE_ARN" = "arn:aws:iam::111111111111:role/shop-dev-platform-apply"
    }
    error_message = "A run reads exactly the rendered file, and plans and applies with the two roles of the spec."
  }
  assert {
    condition     = alltrue([for v in tfe_variable.this : v.category == "env" && !v.sensitive])
    error_message = "They are environment variables, and none is a secret."
  }
}

run "what_is_not_ours_is_left_alone" {
  command = plan

  assert {
    condition     = length(data.tfe_workspace.leftover) == 0
    error_message = "A workspace in the project that is not called after the platform is somebody else's."
  }
}

run "a_leftover_with_resources_stops_the_plan" {
  command = plan

  override_data {
    target = data.tfe_project.this
    values = { id = "prj-0000000000000001", workspace_names = ["shop-qa-platform"] }
  }
  override_data {
    target = data.tfe_workspace.leftover
    values = { resource_count = 211 }
  }

  expect_failures = [data.tfe_workspace.leftover]
}

run "an_empty_leftover_may_go" {
  command = plan

  override_data {
    target = data.tfe_project.this
    values = { id = "prj-0000000000000001", workspace_names = ["shop-qa-platform"] }
  }

  assert {
    condition     = keys(data.tfe_workspace.leftover) == ["shop-qa-platform"]
    error_message = "It was looked at."
  }
}

run "somebody_who_was_only_invited_hears_nothing" {
  command = plan

  override_data {
    target = data.tfe_organization_membership.told
    values = { user_id = "" }
  }

  expect_failures = [data.tfe_organization_membership.told]
}

run "refuses_what_hcp_terraform_refuses" {
  command = plan

  variables {
    platform            = "Shop"
    organization        = "our shop"
    project             = "s"
    terraform_version   = "~> 1.11"
    repository          = "https://github.com/shop/infra.git"
    branch              = "refs/heads/main"
    notification_emails = ["platform"]
    teams               = { developers = "plan" }
  }

  expect_failures = [
    var.platform,
    var.organization,
    var.project,
    var.terraform_version,
    var.repository,
    var.branch,
    var.notification_emails,
    var.teams,
  ]
}

run "refuses_roles_of_another_account" {
  command = plan

  variables {
    workspaces = {
      shop-dev-platform = {
        environment       = "dev"
        stack             = "platform"
        account_id        = "111111111111"
        region            = "us-east-1"
        auto_apply        = true
        speculative       = true
        vcs               = true
        working_directory = "terraform/stacks/platform"
        var_file          = "../../../rendered/dev/terraform/platform.tfvars.json"
        trigger_patterns  = ["/terraform/stacks/platform/*"]
        plan_role_arn     = "arn:aws:iam::333333333333:role/shop-dev-platform-plan"
        apply_role_arn    = "arn:aws:iam::111111111111:role/shop-dev-platform-apply"
        runs_after        = []
      }
    }
  }

  expect_failures = [var.workspaces]
}

run "refuses_runs_after_what_never_runs" {
  command = plan

  variables {
    workspaces = {
      shop-dev-platform = {
        environment       = "dev"
        stack             = "platform"
        account_id        = "111111111111"
        region            = "us-east-1"
        auto_apply        = true
        speculative       = true
        vcs               = true
        working_directory = "terraform/stacks/platform"
        var_file          = "../../../rendered/dev/terraform/platform.tfvars.json"
        trigger_patterns  = ["/terraform/stacks/platform/*"]
        plan_role_arn     = "arn:aws:iam::111111111111:role/shop-dev-platform-plan"
        apply_role_arn    = "arn:aws:iam::111111111111:role/shop-dev-platform-apply"
        runs_after        = ["shop-dev-packages"]
      }
    }
  }

  expect_failures = [var.workspaces]
}

run "refuses_a_state_that_is_applied_by_itself" {
  command = plan

  variables {
    workspaces = {
      shop-dev-access = {
        environment       = "dev"
        stack             = "access"
        account_id        = "111111111111"
        region            = "us-east-1"
        auto_apply        = true
        speculative       = false
        vcs               = false
        working_directory = "terraform/stacks/access"
        var_file          = "../../../rendered/dev/terraform/access.tfvars.json"
        trigger_patterns  = ["terraform/stacks/access/*"] # and patterns that do not start at the root
        plan_role_arn     = null
        apply_role_arn    = null
        runs_after        = []
      }
    }
  }

  expect_failures = [var.workspaces]
}
