# The bucket of an environment's Lambda packages. A stack of its own, for the packages must lie in it before the stack
# `platform` can be planned: it is applied once, before everything else.

module "packages" {
  source = "../../modules/packages"

  bucket                   = var.packages.bucket
  uploader_role_name       = var.packages.uploader_role_name
  repository               = var.packages.repository
  branch                   = var.packages.branch
  permissions_boundary_arn = "arn:${data.aws_partition.current.partition}:iam::${var.account_id}:policy/${var.permissions_boundary_name}"
}

data "aws_partition" "current" {}

# S3 deletes no bucket that has packages in it, but without this a destroy would have taken its policy and the role first.
resource "terraform_data" "deletion_guard" {
  input = { environment = var.environment, protected = var.deletion_protection }

  triggers_replace = module.packages.bucket_arn

  provisioner "local-exec" {
    when    = destroy
    command = <<-EOT
      if [ '${self.input.protected}' = 'true' ]; then
        echo 'The environment ${self.input.environment} is protected, and this would delete or replace its bucket of packages. Nothing of that was deleted. To do it on purpose, set deletionProtection: false in the environment, apply that by itself, then try again.' >&2
        exit 1
      fi
    EOT
  }

  depends_on = [module.packages]
}
