output "workspace_ids" {
  description = "The ids of the workspaces, by name."
  value       = { for name, workspace in tfe_workspace.this : name => workspace.id }
}

output "own_workspace_id" {
  description = "The id of the workspace that this runs in."
  value       = tfe_workspace.own.id
}

output "project_id" {
  description = "The id of the project that they are in."
  value       = data.tfe_project.this.id
}
