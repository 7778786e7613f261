# A workspace of HCP Terraform for every environment and stack.

# Made by `make hcp-bootstrap`: the workspace that this runs in is in it. Roles in AWS trust it by its name.
data "tfe_project" "this" {
  organization = var.organization
  name         = var.project
}

# Seen with the credential's own GitHub account, so that has to be a user's: HCP Terraform lets no team token ask
# GitHub for anything (https://developer.hashicorp.com/terraform/cloud-docs/vcs/github-app#troubleshooting).
data "tfe_github_app_installation" "this" {
  name = split("/", var.repository)[0]
}

resource "tfe_workspace" "this" {
  for_each = var.workspaces

  organization = var.organization
  project_id   = data.tfe_project.this.id
  name         = each.key
  description  = "Stack ${each.value.stack} of ${each.value.environment}, in ${each.value.account_id}, ${each.value.region}"

  terraform_version = var.terraform_version
  working_directory = each.value.working_directory

  # Without a repository nothing runs here: HCP Terraform only keeps the state, and an administrator applies.
  dynamic "vcs_repo" {
    for_each = each.value.vcs ? [var.repository] : []

    content {
      identifier                 = vcs_repo.value
      branch                     = var.branch
      github_app_installation_id = data.tfe_github_app_installation.this.id
    }
  }
  file_triggers_enabled = each.value.vcs
  trigger_patterns      = each.value.vcs ? each.value.trigger_patterns : null

  # A plan of a pull request runs its code with the plan role.
  speculative_enabled = each.value.speculative
  # A stack that comes after another is started by hand once, when what it needs is there.
  queue_all_runs         = false
  auto_apply             = each.value.auto_apply
  auto_apply_run_trigger = each.value.auto_apply
  assessments_enabled    = var.health_assessments && each.value.vcs

  # HCP Terraform refuses to delete a workspace that manages resources; leftovers.tf says so before anything is done.
  force_delete = false
}

# `auto_apply` and `assessments_enabled` stand here as well: this resource sends them with every change of its own, and
# what it is not told it turns off (tfe provider, resource_tfe_workspace_settings.go, updateSettings).
resource "tfe_workspace_settings" "this" {
  for_each = var.workspaces

  workspace_id        = tfe_workspace.this[each.key].id
  execution_mode      = each.value.vcs ? "remote" : "local"
  global_remote_state = false # nothing reads another stack's state
  auto_apply          = each.value.auto_apply
  assessments_enabled = var.health_assessments && each.value.vcs
}

# Runs that an apply of another workspace starts. They do not order two runs that one push starts.
resource "tfe_run_trigger" "this" {
  for_each = merge([
    for name, workspace in var.workspaces : {
      for source in workspace.runs_after : "${name} after ${source}" => { name = name, source = source }
    }
  ]...)

  workspace_id  = tfe_workspace.this[each.value.name].id
  sourceable_id = tfe_workspace.this[each.value.source].id
}
