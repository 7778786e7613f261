# An environment's MongoDB Atlas. Before anything is made, the plan has compared itself with what Atlas has: see
# modules/database. What is never done in silence stands in protection.tf.

module "project" {
  source = "../../modules/atlas_project"

  name            = var.project_name
  organization_id = var.atlas.organization_id
  auditing        = var.auditing
  alert_emails    = var.alert_emails
  tags            = local.atlas_tags
}

module "key" {
  source   = "../../modules/atlas_key"
  for_each = var.customer_key == null ? {} : { customer = var.customer_key }

  project_id               = module.project.id
  atlas_region             = local.atlas_region
  alias                    = each.value.alias
  role_name                = each.value.role_name
  permissions_boundary_arn = "arn:${data.aws_partition.current.partition}:iam::${var.account_id}:policy/${var.permissions_boundary_name}"
}

data "aws_partition" "current" {}

module "private_link" {
  source = "../../modules/private_link"

  name         = "${var.network.vpc_name}-atlas"
  project_id   = module.project.id
  atlas_region = local.atlas_region
  vpc_id       = one(data.aws_vpcs.this.ids)
  subnet_ids   = data.aws_subnets.database.ids
  client_cidrs = var.network.client_cidrs
}

module "database" {
  source = "../../modules/database"

  project = {
    id              = module.project.id
    name            = var.project_name
    organization_id = var.atlas.organization_id
  }
  atlas_region        = local.atlas_region
  cluster             = var.cluster
  databases           = var.databases
  customers_reader    = var.customers_reader
  retired_databases   = var.retired_databases
  endpoint_id         = module.private_link.endpoint_id
  customer_key        = var.customer_key == null ? false : module.key["customer"].encrypts
  secrets             = { key_arn = data.aws_kms_alias.secrets.target_key_arn, recovery_days = var.secret_recovery_days }
  deletion_protection = var.deletion_protection
  tags                = local.atlas_tags
}

# The secret is the other stack's; its value is written here, where no pull request is planned.
module "hmac_key" {
  source   = "../../modules/hmac_key"
  for_each = toset(var.hmac_secret_name == null ? [] : ["gateway"])

  secret_name = var.hmac_secret_name

  depends_on = [data.aws_vpcs.this] # whose message says more
}

locals {
  atlas_region = replace(upper(var.region), "-", "_")

  # Atlas takes fewer characters than AWS, and would refuse the project for one tag.
  atlas_tags = { for key, value in var.tags : key => value if alltrue([for part in [key, value] : can(regex("^[A-Za-z0-9 ;@_.+-]{1,255}$", part))]) }
}
