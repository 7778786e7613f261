# All workspaces of HCP Terraform, from the same spec as everything that runs in them.

module "workspaces" {
  source = "../../modules/workspaces"

  platform            = var.platform
  organization        = var.organization
  project             = var.project
  terraform_version   = var.terraform_version
  repository          = var.repository
  branch              = var.branch
  own_workspace       = var.own_workspace
  workspaces          = var.workspaces
  notification_emails = var.notification_emails
  teams               = var.teams
  health_assessments  = var.health_assessments
}

# This stack's own workspace was there first. When it is in the state, this does nothing.
import {
  to = module.workspaces.tfe_workspace.own
  id = "${var.organization}/${var.own_workspace.name}"
}
