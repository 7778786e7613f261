# The token is in the environment variable TFE_TOKEN of this stack's own workspace: docs/hcp.md.
provider "tfe" {
  organization = var.organization
}
