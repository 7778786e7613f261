# For people and tests. Nothing reads them to build on: every name that another system must know is in the variables.

output "role_arns" {
  description = "The roles of the runs, by stack and phase: what HCP Terraform's workspaces and GitHub's workflow assume."
  value       = module.access.role_arns
}

output "provider_arns" {
  description = "The OpenID Connect providers that this environment made in its account, by issuer."
  value       = module.access.provider_arns
}

output "policies" {
  description = "What each role may do, in parts, JSON: terraform output -json policies | jq '.[\"platform-plan\"] | map_values(fromjson)'."
  value       = module.access.policies
}
