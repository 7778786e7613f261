# For people and tests. Nothing reads them to build on: every name that another system must know is in the variables.

output "workspace_ids" {
  description = "The ids of the workspaces, by name."
  value       = module.workspaces.workspace_ids
}
