# An environment's AWS platform. What a release may do in AWS stands in identities.tf, the API Gateway in edge.tf.

module "logs" {
  source = "../../modules/logs"

  key_alias      = var.logs.key_alias
  retention_days = var.logs.retention_days
  groups         = { for use, name in var.logs.groups : use => name if name != null }
}

module "network" {
  source = "../../modules/network"

  name                     = var.network.name
  cidr                     = var.network.cidr
  nat_zones                = var.network.nat_zones
  zones                    = var.network.zones
  interface_endpoints      = var.network.interface_endpoints
  permissions_boundary_arn = local.permissions_boundary_arn
  flow_log = {
    log_group_arn = module.logs.group_arns["flow_logs"]
    role_name     = var.network.flow_log_role_name
  }
}

module "cluster" {
  source = "../../modules/cluster"

  name                     = var.cluster.name
  role_name                = var.cluster.role_name
  node_role_name           = var.cluster.node_role_name
  permissions_boundary_arn = local.permissions_boundary_arn
  key_alias                = var.cluster.key_alias
  # Of the module's output: EKS makes the group itself, without a key and for ever, when it comes first.
  control_plane_log_group = module.logs.group_names["control_plane"]
  kubernetes_version      = var.cluster.kubernetes_version
  ami_release             = var.cluster.ami_release
  service_cidr            = var.cluster.service_cidr
  vpc_id                  = module.network.vpc_id
  endpoint_subnet_ids     = [for zone in var.cluster.endpoint_zones : module.network.intra_subnet_ids[zone]]
  node_subnet_ids         = values(module.network.private_subnet_ids)
  public_access_cidrs     = var.cluster.public_access_cidrs
  private_access_cidrs    = var.cluster.private_access_cidrs
  admin_roles             = var.cluster.admin_roles
  addons                  = var.cluster.addons
  addon_roles             = var.cluster.addon_roles
  node_groups             = var.cluster.node_groups
}

module "ingress" {
  source = "../../modules/ingress"

  vpc_id                   = module.network.vpc_id
  load_balancer_name       = var.ingress.load_balancer_name
  internal                 = var.ingress.internal
  subnet_ids               = values(local.load_balancer_subnets[var.ingress.subnets])
  client_cidrs             = var.ingress.client_cidrs
  gateway                  = local.in_front
  target_group_name        = var.ingress.target_group_name
  target_security_group_id = module.cluster.security_group_id
  proxy_protocol           = var.ingress.proxy_protocol
  domain                   = var.ingress.domain
  hosts                    = var.ingress.hosts
  deletion_protection      = var.deletion_protection
}

locals {
  load_balancer_subnets = {
    intra  = module.network.intra_subnet_ids
    public = module.network.public_subnet_ids
  }
}

module "registry" {
  source   = "../../modules/registry"
  for_each = var.registry == null ? {} : { this = var.registry }

  repositories  = each.value.repositories
  pull_accounts = each.value.pull_accounts
}

module "alerts" {
  source = "../../modules/alerts"

  topic_name        = var.alerts.topic_name
  key_alias         = var.alerts.key_alias
  emails            = var.alerts.emails
  budget            = var.alerts.budget
  load_balancer_arn = module.ingress.load_balancer_arn
  target_group_arn  = module.ingress.target_group_arn
  nat_gateway_ids   = module.network.nat_gateway_ids
}
