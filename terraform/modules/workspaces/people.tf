# Who hears of runs, and who may do what. Both are in the organization already: this neither invites nor makes teams, so
# its credential needs no right to.

data "tfe_organization_membership" "told" {
  for_each = var.notification_emails

  organization = var.organization
  email        = each.key

  lifecycle {
    postcondition {
      condition     = try(length(self.user_id) > 0, false)
      error_message = "${each.key} has been invited to ${var.organization} and has not come, so HCP Terraform cannot write to them. Ask them to accept, or correct platform.terraform.notify in environments/platform.yaml."
    }
  }
}

resource "tfe_notification_configuration" "this" {
  # HCP Terraform writes only of what it runs itself.
  for_each = length(var.notification_emails) == 0 ? {} : merge(
    { for name, workspace in var.workspaces : name => tfe_workspace.this[name].id if workspace.vcs },
    { (var.own_workspace.name) = tfe_workspace.own.id },
  )

  workspace_id     = each.value
  name             = "Runs that wait for a person, or failed"
  enabled          = true
  destination_type = "email"
  email_user_ids   = [for member in data.tfe_organization_membership.told : member.user_id]
  triggers = concat(
    ["run:needs_attention", "run:errored"],
    var.health_assessments ? ["assessment:check_failure", "assessment:drifted", "assessment:failed"] : [],
  )
}

data "tfe_team" "this" {
  for_each = var.teams

  organization = var.organization
  name         = each.key
}

resource "tfe_team_project_access" "this" {
  for_each = var.teams

  project_id = data.tfe_project.this.id
  team_id    = data.tfe_team.this[each.key].id
  access     = each.value
}
