# The workspace that this runs in. `make hcp-bootstrap` made it, the root imports it. Its two environment variables,
# TF_CLI_ARGS_plan and TFE_TOKEN, stay with that command: nobody can take the credential out of them, not even this.

resource "tfe_workspace" "own" {
  organization = var.organization
  project_id   = data.tfe_project.this.id
  name         = var.own_workspace.name
  description  = "All workspaces of ${var.platform}, this one, too"

  terraform_version = var.terraform_version
  working_directory = var.own_workspace.working_directory

  vcs_repo {
    identifier                 = var.repository
    branch                     = var.branch
    github_app_installation_id = data.tfe_github_app_installation.this.id
  }
  file_triggers_enabled = true
  trigger_patterns      = var.own_workspace.trigger_patterns

  speculative_enabled    = false # a pull request's code could read the credential
  queue_all_runs         = false
  auto_apply             = false # a person looks at every plan
  auto_apply_run_trigger = false
  assessments_enabled    = false
  allow_destroy_plan     = false # nobody destroys all workspaces at once
  force_delete           = false
}

resource "tfe_workspace_settings" "own" {
  workspace_id        = tfe_workspace.own.id
  execution_mode      = "remote"
  global_remote_state = false
  auto_apply          = false
  assessments_enabled = false
}
