# For people and tests. Nothing reads them to build on: every name that another system must know is in the variables.

output "bucket" {
  description = "Where the states are."
  value       = module.state.bucket
}
