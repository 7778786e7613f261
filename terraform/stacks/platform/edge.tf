# The API Gateway in front of the load balancer, and the domain that its codes are sent from; nothing where clients come
# to the load balancer directly. The load balancer is told of it, and it of the load balancer: which resource waits for
# which is in the modules, and none waits for itself.

module "edge" {
  source   = "../../modules/edge"
  for_each = local.gateways

  name           = each.value.name
  apis           = each.value.apis
  api_host       = each.value.api_host
  throttle       = each.value.throttle
  token_throttle = each.value.token_throttle
  cors           = each.value.cors

  certificate_arn                 = module.ingress.certificate_arn
  listener_arn                    = module.ingress.listener_arn
  load_balancer_security_group_id = module.ingress.security_group_id
  vpc_id                          = module.network.vpc_id
  vpc_cidr                        = var.network.cidr
  link_subnet_ids                 = values(local.load_balancer_subnets[var.ingress.subnets])
  function_subnet_ids             = values(module.network.private_subnet_ids)

  packages                 = each.value.packages
  functions                = each.value.functions
  permissions_boundary_arn = local.permissions_boundary_arn
  key_alias                = each.value.key_alias
  signing_keys             = each.value.signing_keys
  audience                 = each.value.audience
  table_name               = each.value.table_name
  hmac_secret_name         = each.value.hmac_secret_name
  sender                   = each.value.sender
  # The database stack writes the secret, with the key that is made here.
  customers = merge(each.value.customers, { secret_key_arn = module.secrets.key_arn })

  # Of the outputs: Lambda would make its groups itself, without a key and for ever.
  log_groups = {
    for writer, use in { access = "gateway", authorizer = "authorizer", token = "token" } :
    writer => { name = module.logs.group_names[use], arn = module.logs.group_arns[use] }
  }

  alarm_topic_arn     = module.alerts.topic_arn
  recovery_days       = var.secrets.recovery_days
  deletion_protection = var.deletion_protection
}

module "sender" {
  source   = "../../modules/sender"
  for_each = local.gateways

  identity = each.value.sender.identity
  zone_id  = module.ingress.zone_id
}

locals {
  gateways = var.gateway == null ? {} : { gateway = var.gateway }

  in_front = one([for edge in module.edge : { link_security_group_id = edge.link_security_group_id, targets = edge.targets }])
}
