# The connection string of each, under the name that the spec determines. There is no secret in it, for who connects
# proves an IAM role; it is in Secrets Manager because External Secrets brings it from there.

resource "aws_secretsmanager_secret" "this" {
  # checkov:skip=CKV2_AWS_57: there is nothing to rotate: the value is an address, and who connects proves an IAM role
  for_each = local.strings

  name                    = each.value.secret_name
  description             = "How ${each.key} connects to MongoDB Atlas; written by Terraform"
  kms_key_id              = var.secrets.key_arn
  recovery_window_in_days = var.secrets.recovery_days

  tags = { Name = each.value.secret_name }
}

resource "aws_secretsmanager_secret_version" "this" {
  for_each = local.strings

  secret_id        = aws_secretsmanager_secret.this[each.key].id
  secret_string_wo = each.value.string
  # Terraform keeps no value to compare with, so the version is made of it.
  secret_string_wo_version = parseint(substr(sha256(each.value.string), 0, 7), 16)

  lifecycle {
    precondition {
      condition     = local.host != ""
      error_message = "Atlas has no connection string yet for the endpoint ${var.endpoint_id}. It takes some minutes after the endpoint was accepted: start the apply again. If it stays so, compare the endpoint in Atlas under Network Access, Private Endpoint: both sides must be Available."
    }
  }

  depends_on = [mongodbatlas_database_user.workload, mongodbatlas_database_user.customers_reader]
}

locals {
  # As read before the plan if the cluster is there: the cluster's own attribute is unknown in the plan of any change of
  # it, and every secret would seem to change with it.
  host_now = join("", [
    for found in try(local.cluster_now.connection_strings.private_endpoint, []) :
    trimprefix(found.srv_connection_string, local.scheme) if contains(found.endpoints[*].endpoint_id, var.endpoint_id)
  ])
  host_made = join("", [
    for found in mongodbatlas_advanced_cluster.this.connection_strings.private_endpoint :
    trimprefix(found.srv_connection_string, local.scheme) if contains(found.endpoints[*].endpoint_id, var.endpoint_id)
  ])
  host   = local.host_now != "" ? local.host_now : local.host_made
  scheme = "mongodb+srv://"

  strings = {
    for name, client in merge(var.databases, { for name, reader in local.readers : name => reader }) : name => {
      secret_name = client.secret_name
      string      = "${local.scheme}${local.host}/${client.database}?authSource=%24external&authMechanism=MONGODB-AWS&retryWrites=true&w=majority&appName=${name}"
    }
  }
}
