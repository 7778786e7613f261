# Workspaces that the spec has no more: an environment was removed, or renamed. One that still manages resources would
# lose its variables and then refuse to go, so the plan stops before that, and says what to do.

locals {
  known     = concat(keys(var.workspaces), [var.own_workspace.name])
  leftovers = toset([for name in data.tfe_project.this.workspace_names : name if startswith(name, "${var.platform}-") && !contains(local.known, name)])
}

data "tfe_workspace" "leftover" {
  for_each = local.leftovers

  organization = var.organization
  name         = each.key

  lifecycle {
    postcondition {
      condition     = self.resource_count == 0
      error_message = "The workspace ${each.key} is not in environments/ any more and still manages ${self.resource_count} resources. Nothing was changed. Bring its environment back and destroy its stacks first (docs/terraform.md, Removing an environment): a rename is another environment. If that workspace is none of ours, move it out of the project ${var.project} or give it a name that does not start with ${var.platform}-."
    }
  }
}
