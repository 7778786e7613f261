# Who logs in: roles of IAM, by MONGODB-AWS, so that there is no password anywhere. A workload reads and writes its own
# database, which includes making its own indexes, and sees no other.

resource "mongodbatlas_database_user" "workload" {
  for_each = var.databases

  project_id         = var.project.id
  auth_database_name = "$external"
  aws_iam_type       = "ROLE"
  username           = "${local.role_arn}${each.value.role_name}"
  description        = "Workload ${each.key}"

  roles {
    role_name     = local.read_write
    database_name = each.value.database
  }

  scopes {
    type = "CLUSTER"
    name = var.cluster.name
  }

  labels {
    key   = local.label
    value = each.key
  }

  depends_on = [terraform_data.databases]
}

# The function that issues tokens: finds customers in one collection, and nothing else.
resource "mongodbatlas_database_user" "customers_reader" {
  for_each = local.readers

  project_id         = var.project.id
  auth_database_name = "$external"
  aws_iam_type       = "ROLE"
  username           = "${local.role_arn}${each.value.role_name}"
  description        = "The API Gateway looks customers up"

  roles {
    role_name       = "read"
    database_name   = each.value.database
    collection_name = each.value.collection
  }

  scopes {
    type = "CLUSTER"
    name = var.cluster.name
  }

  labels {
    key   = local.label
    value = "gateway"
  }
}

# Atlas deletes no data with a user, but nobody would reach it any more, and a rename would start with an empty database.
resource "terraform_data" "databases" {
  input = sort(distinct([for workload in var.databases : workload.database]))

  lifecycle {
    precondition {
      condition     = length(local.left_alone) == 0
      error_message = "No workload would use ${join(", ", local.left_alone)} any more, and the data is still there. A database cannot be renamed: take the change back, or copy the data (docs/database.md). If nobody needs it, list it under `retired` of `database` in environments/; the data stays until you drop it by hand."
    }
  }
}

data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

locals {
  read_write = "readWrite"
  label      = "workload"
  role_arn   = "arn:${data.aws_partition.current.partition}:iam::${data.aws_caller_identity.current.account_id}:role/"
  readers    = var.customers_reader == null ? {} : { gateway = var.customers_reader }
  left_alone = setsubtract(setsubtract(local.now.databases, [for workload in var.databases : workload.database]), var.retired_databases)
}
