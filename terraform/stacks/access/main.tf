# Who runs Terraform in this account. A person applies this stack, and nothing else of the repository does: a run that
# could change its own permissions would have them all. docs/access.md says how.

module "access" {
  source = "../../modules/access"

  prefix                        = var.access.prefix
  environment                   = var.environment
  account_id                    = var.account_id
  region                        = var.region
  domain                        = var.access.domain
  issuer                        = var.access.issuer
  audience                      = var.access.audience
  providers_made                = var.access.providers
  roles                         = var.access.roles
  packages_bucket               = var.access.packages_bucket
  secret_prefix                 = var.access.secret_prefix
  log_group_prefix              = "/${var.platform}/${var.environment}/"
  permissions_boundary_name     = var.permissions_boundary_name
  granted                       = var.access.granted
  atlas_credentials_secret_name = var.access.atlas_credentials_secret_name
  state                         = var.access.state
}

# Without this, a destroy would lock out every run before anybody has seen what it was.
resource "terraform_data" "deletion_guard" {
  for_each = var.access.roles

  input = { environment = var.environment, stack = each.key, protected = var.deletion_protection }

  triggers_replace = [each.value.plan.name, each.value.apply.name]

  provisioner "local-exec" {
    when    = destroy
    command = <<-EOT
      if [ '${self.input.protected}' = 'true' ]; then
        echo 'The environment ${self.input.environment} is protected, and this would delete or replace the roles that run its stack ${self.input.stack}. Nothing of that was deleted. To do it on purpose, set deletionProtection: false in the environment, apply that by itself, then try again.' >&2
        exit 1
      fi
    EOT
  }

  depends_on = [module.access]
}
