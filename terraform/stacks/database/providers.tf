provider "aws" {
  region = var.region
  # A run with another account's credentials stops here, before it changes anything.
  allowed_account_ids = [var.account_id]

  default_tags {
    tags = var.tags
  }
}

# A run shows these lines with its error when the secret is not JSON like this: write it again, docs/database.md.
provider "mongodbatlas" {
  client_id     = local.service_account.client_id     # {"client_id": "...",
  client_secret = local.service_account.client_secret #  "client_secret": "..."}
}

locals {
  service_account = jsondecode(ephemeral.aws_secretsmanager_secret_version.service_account.secret_string)
}

# The service account of Atlas. Read for the run and forgotten: neither the plan nor the state has it. It has no
# conditions of its own, for with those Terraform 1.11.4 crashes in `terraform show -json`, which HCP Terraform runs.
ephemeral "aws_secretsmanager_secret_version" "service_account" {
  secret_id = one([for name in data.aws_secretsmanager_secrets.service_account.names : name if name == var.atlas.credentials_secret_name])
}

# Lists, and so does not fail when there is none: the message does.
data "aws_secretsmanager_secrets" "service_account" {
  filter {
    name   = "name"
    values = [var.atlas.credentials_secret_name]
  }

  lifecycle {
    postcondition {
      condition     = contains(self.names, var.atlas.credentials_secret_name)
      error_message = "There is no secret ${var.atlas.credentials_secret_name} in ${var.account_id}, ${var.region}: Atlas would not know who asks. Make a service account in Atlas and write it there, once: docs/database.md, \"The first time\"."
    }
  }
}
