# What keeps a mistake from taking a database down.

# A plan that would make another project or cluster of this one is refused, protected or not: the data would stay behind.
# This remembers what the first apply had.
resource "terraform_data" "fixed" {
  input = {
    account      = var.account_id
    region       = var.region
    organization = var.atlas.organization_id
    project      = var.project_name
    cluster      = var.cluster.name
  }

  lifecycle {
    ignore_changes = [input]

    postcondition {
      condition     = self.input.account == var.account_id
      error_message = "`account` cannot be changed from ${self.input.account} to ${var.account_id}: ${local.how_to_move}"
    }
    postcondition {
      condition     = self.input.region == var.region
      error_message = "`region` cannot be changed from ${self.input.region} to ${var.region}: ${local.how_to_move}"
    }
    postcondition {
      condition     = self.input.organization == var.atlas.organization_id
      error_message = "The Atlas organization cannot be changed from ${self.input.organization} to ${var.atlas.organization_id}: ${local.how_to_move}"
    }
    postcondition {
      condition     = self.input.project == var.project_name
      error_message = "The Atlas project cannot be renamed from ${self.input.project} to ${var.project_name}: ${local.how_to_move}"
    }
    postcondition {
      condition     = self.input.cluster == var.cluster.name
      error_message = "The cluster cannot be renamed from ${self.input.cluster} to ${var.cluster.name}: ${local.how_to_move}"
    }
  }
}

locals {
  how_to_move = "it would be another, empty cluster. Make a new environment beside this one and restore a snapshot into it (docs/database.md); or, if nothing is in this one yet, destroy it first."
}

# prevent_destroy takes no variable, so guards that go first say no: one for the environment, which is replaced, and so
# deleted first, when its project, cluster or endpoint is, and one for the customer's key. What they depend on is deleted
# after them.
resource "terraform_data" "deletion_guard" {
  for_each = toset(concat(["environment ${var.environment}"], formatlist("%s key", keys(module.key))))

  input = var.deletion_protection

  triggers_replace = endswith(each.key, "key") ? [module.key["customer"].key_arn] : [
    module.project.id,
    module.database.cluster_id,
    module.private_link.endpoint_id,
  ]

  provisioner "local-exec" {
    when    = destroy
    command = <<-EOT
      if [ '${self.input}' = 'true' ]; then
        echo "The database of this environment is protected, and this would delete or replace its project, cluster, endpoint or key. Nothing of that was deleted. To do it on purpose, set deletionProtection: false in the environment, apply that by itself, then try again." >&2
        exit 1
      fi
    EOT
  }

  depends_on = [
    module.database,
    module.key,
    module.private_link,
    module.project,
    terraform_data.fixed,
  ]
}
