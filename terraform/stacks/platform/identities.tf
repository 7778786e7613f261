# What releases may do in AWS: one role each, for one service account, handed out by EKS Pod Identity.

data "aws_partition" "current" {}

locals {
  # Of the name: the stack `access` makes the policy, and a role without it is refused to whoever applies this.
  permissions_boundary_arn = "arn:${data.aws_partition.current.partition}:iam::${var.account_id}:policy/${var.permissions_boundary_name}"

  # External Secrets may assume the readers, and the readers trust it: one of the two must not wait for the other.
  reader_role_arns = [
    for reader in var.secret_readers :
    "arn:${data.aws_partition.current.partition}:iam::${var.account_id}:role/${reader.role_name}"
  ]
}

module "identity" {
  source   = "../../modules/identity"
  for_each = var.identities

  role_name                = each.value.role_name
  permissions_boundary_arn = local.permissions_boundary_arn
  cluster_name             = module.cluster.name
  cluster_arn              = module.cluster.arn
  namespace                = each.value.namespace
  service_account          = each.value.service_account
  statements               = each.value.statements
  policy                   = each.value.policy
  policy_variables = {
    target_group_arn = module.ingress.target_group_arn
    reader_role_arns = local.reader_role_arns
    log_group_arns   = [for use in ["applications", "metrics"] : module.logs.group_arns[use]]
  }
}

module "secrets" {
  source = "../../modules/secrets"

  key_alias                = var.secrets.key_alias
  recovery_days            = var.secrets.recovery_days
  names                    = var.secrets.names
  readers                  = var.secret_readers
  permissions_boundary_arn = local.permissions_boundary_arn
  assumer_role_arn         = try(module.identity["external-secrets"].role_arn, null)
}
