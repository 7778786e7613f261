# For people and tests. Nothing reads them to build on: every name that another system must know is in the variables.

output "project_id" {
  description = "The Atlas project: https://cloud.mongodb.com/v2/<this>."
  value       = module.project.id
}

output "host" {
  description = "What clients in the VPC connect to: mongodb+srv://<this>."
  value       = module.database.host
}
