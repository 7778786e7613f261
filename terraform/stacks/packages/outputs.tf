# For people and tests. Nothing reads them to build on: every name that another system must know is in the variables.

output "bucket" {
  description = "Where packages are uploaded to: make upload-lambdas ENV=<environment>."
  value       = module.packages.bucket
}

output "uploader_role_arn" {
  description = "The role that the workflow `packages` of GitHub assumes."
  value       = module.packages.uploader_role_arn
}
