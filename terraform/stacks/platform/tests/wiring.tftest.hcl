# What only the root decides: which module gets what of which. The modules have tests of their own, and what an
# environment comes to is tested with its rendered variables.

provider "aws" {
  region                      = "us-east-1"
  access_key                  = "x"
  secret_key                  = "x"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
}

override_data {
  target = module.alerts.data.aws_caller_identity.current
  values = { account_id = "111111111111" }
}

override_data {
  target = module.cluster.data.aws_caller_identity.current
  values = { account_id = "111111111111" }
}

override_data {
  target = module.logs.data.aws_caller_identity.current
  values = { account_id = "111111111111" }
}

override_data {
  target = module.network.data.aws_caller_identity.current
  values = { account_id = "111111111111" }
}

override_data {
  target = module.secrets.data.aws_caller_identity.current
  values = { account_id = "111111111111" }
}

override_data {
  target = module.edge["gateway"].data.aws_caller_identity.current
  values = { account_id = "111111111111" }
}

override_data {
  target = module.edge["gateway"].data.aws_s3_objects.package["authorizer"]
  values = { keys = ["authorizer/1.zip"] }
}

override_data {
  target = module.edge["gateway"].data.aws_s3_objects.package["token"]
  values = { keys = ["token/2.zip"] }
}

override_data {
  target = module.edge["gateway"].data.aws_s3_object.package["authorizer"]
  values = { checksum_sha256 = "AUTHORIZERAUTHORIZERAUTHORIZERAUTHORIZERAUT=", version_id = "v1" }
}

override_data {
  target = module.edge["gateway"].data.aws_s3_object.package["token"]
  values = { checksum_sha256 = "TOKENTOKENTOKENTOKENTOKENTOKENTOKENTOKENTOK=", version_id = "v1" }
}

override_data {
  target = module.ingress.data.aws_route53_zone.this
  values = { zone_id = "Z1" }
}

override_module {
  target          = module.network
  override_during = plan
  outputs = {
    vpc_id             = "vpc-1"
    private_subnet_ids = { a = "subnet-private-a", b = "subnet-private-b" }
    public_subnet_ids  = { a = "subnet-public-a", b = "subnet-public-b" }
    intra_subnet_ids   = { us-east-1a = "subnet-intra-a", us-east-1b = "subnet-intra-b" }
    nat_gateway_ids    = { a = "nat-a" }
  }
}

override_module {
  target          = module.cluster
  override_during = plan
  outputs = {
    name              = "shop-dev"
    arn               = "arn:aws:eks:us-east-1:111111111111:cluster/shop-dev"
    security_group_id = "sg-cluster"
  }
}

variables {
  permissions_boundary_name = "shop-dev-boundary"
  platform                  = "shop"
  environment               = "dev"
  account_id                = "111111111111"
  region                    = "us-east-1"
  tags                      = { Environment = "dev" }
  deletion_protection       = false
  network = {
    name                = "shop-dev"
    cidr                = "10.10.0.0/16"
    nat_zones           = ["us-east-1a"]
    interface_endpoints = []
    flow_log_role_name  = "shop-dev-flow-log"
    zones = {
      us-east-1a = { private = "10.10.0.0/18", public = "10.10.192.0/22", intra = "10.10.208.0/22", database = "10.10.224.0/22" }
      us-east-1b = { private = "10.10.64.0/18", public = "10.10.196.0/22", intra = "10.10.212.0/22", database = "10.10.228.0/22" }
    }
  }
  logs = {
    key_alias      = "alias/shop-dev-logs"
    retention_days = 30
    groups = {
      applications  = "/shop/dev/logs"
      control_plane = "/aws/eks/shop-dev/cluster"
      flow_logs     = "/shop/dev/flow-logs"
      metrics       = "/shop/dev/metrics"
      gateway       = "/aws/vendedlogs/shop-dev/gateway"
      authorizer    = "/shop/dev/authorizer"
      token         = "/shop/dev/token"
    }
  }
  cluster = {
    name                 = "shop-dev"
    role_name            = "shop-dev-cluster"
    node_role_name       = "shop-dev-nodes"
    key_alias            = "alias/shop-dev-cluster"
    kubernetes_version   = "1.34"
    ami_release          = null
    service_cidr         = "172.20.0.0/16"
    endpoint_zones       = ["us-east-1a", "us-east-1b"]
    public_access_cidrs  = []
    private_access_cidrs = []
    admin_roles          = []
    addons               = {}
    addon_roles          = {}
    node_groups          = {}
  }
  ingress = {
    domain             = "dev.shop.example"
    hosts              = ["api.dev.shop.example"]
    load_balancer_name = "shop-dev"
    target_group_name  = "shop-dev-g1"
    internal           = true
    subnets            = "intra"
    client_cidrs       = []
    proxy_protocol     = false
  }
  gateway = {
    name = "shop-dev"
    apis = {
      "api.dev.shop.example" = {
        name   = "shop-dev-api"
        routes = [{ path = "/orders", auth = "identified", workload = "web", throttle = null }]
      }
    }
    api_host       = "api.dev.shop.example"
    throttle       = { rate = 200, burst = 400 }
    token_throttle = null
    cors           = null
    packages = {
      bucket     = "shop-dev-packages"
      authorizer = { key = "authorizer/1.zip", sha256 = "AUTHORIZERAUTHORIZERAUTHORIZERAUTHORIZERAUT=" }
      token      = { key = "token/2.zip", sha256 = "TOKENTOKENTOKENTOKENTOKENTOKENTOKENTOKENTOK=" }
    }
    functions = {
      authorizer = { name = "shop-dev-authorizer", role_name = "shop-dev-authorizer" }
      token      = { name = "shop-dev-token", role_name = "shop-dev-token" }
    }
    key_alias        = "alias/shop-dev-gateway"
    signing_keys     = [{ id = "2026-11", alias = "alias/shop-dev-signing-2026-11" }]
    audience         = "shop-dev"
    table_name       = "shop-dev-tokens"
    hmac_secret_name = "shop/dev/gateway/hmac-key"
    customers        = { secret_name = "shop/dev/gateway/mongodb-uri", database = "customers", collection = "customers" }
    sender           = { identity = "dev.shop.example", from = "Shop <no-reply@dev.shop.example>" }
  }
  identities = {
    external-secrets = {
      role_name       = "shop-dev-external-secrets"
      namespace       = "external-secrets"
      service_account = "external-secrets"
      policy          = "external-secrets"
      statements      = []
    }
    web = {
      role_name       = "shop-dev-web"
      namespace       = "web"
      service_account = "web"
      policy          = null
      statements      = [{ actions = ["sqs:SendMessage"], resources = ["arn:aws:sqs:*:*:orders"] }]
    }
  }
  secrets        = { key_alias = "alias/shop-dev-secrets", recovery_days = 7, names = ["shop/dev/web/api-key"] }
  secret_readers = { web = { role_name = "shop-dev-web-secrets", secrets = ["shop/dev/web/api-key"] } }
  registry       = null
  alerts         = { topic_name = "shop-dev-alerts", key_alias = "alias/shop-dev-alerts", emails = [], budget = null }
}

run "one_identity_for_each_release" {
  command = plan

  assert {
    condition     = toset(keys(module.identity)) == toset(["external-secrets", "web"])
    error_message = "One identity per release that needs AWS."
  }
  assert {
    condition     = output.repository_urls == null
    error_message = "No registry unless this environment holds it."
  }
}

run "the_registry_where_it_is_held" {
  command = plan

  variables {
    registry = { repositories = ["shop/web"], pull_accounts = ["222222222222"] }
  }

  assert {
    condition     = toset(keys(output.repository_urls)) == toset(["shop/web"])
    error_message = "A repository for each image of the registry."
  }
}

run "the_gateway_where_there_is_one" {
  command = plan

  assert {
    condition     = keys(output.api_ids) == ["api.dev.shop.example"] && output.issuer == "https://api.dev.shop.example"
    error_message = "An API for each host, and tokens of the API's."
  }
  assert {
    condition     = length(module.sender) == 1
    error_message = "Codes are sent from a domain that SES knows."
  }
}

run "clients_come_directly_without_one" {
  command = plan

  variables {
    gateway = null
    logs    = merge(var.logs, { groups = { for use, name in var.logs.groups : use => name if !contains(["gateway", "authorizer", "token"], use) } })
    ingress = merge(var.ingress, { internal = false, subnets = "public", client_cidrs = ["0.0.0.0/0"], proxy_protocol = true })
  }

  assert {
    condition     = length(module.edge) == 0 && length(module.sender) == 0 && output.api_ids == {} && output.issuer == null && output.health_check_id == null
    error_message = "Nothing of the gateway is left."
  }
  assert {
    condition     = toset(keys(module.logs.group_names)) == toset(["applications", "control_plane", "flow_logs", "metrics"])
    error_message = "A log group without a name is none."
  }
}

run "a_gateway_without_log_groups" {
  command = plan

  variables {
    logs = merge(var.logs, { groups = { for use, name in var.logs.groups : use => name if use != "token" } })
  }

  expect_failures = [var.gateway]
}

run "a_sender_of_another_domain" {
  command = plan

  variables {
    gateway = merge(var.gateway, { sender = { identity = "shop.example", from = "no-reply@shop.example" } })
  }

  expect_failures = [var.gateway]
}

run "an_account_that_lost_its_zeros" {
  command = plan

  variables {
    account_id = "11111111111"
  }

  expect_failures = [var.account_id]
}

run "the_guard_knows" {
  command = plan

  variables {
    deletion_protection = true
  }

  assert {
    condition     = toset(keys(terraform_data.deletion_guard)) == toset(["environment dev", "zone us-east-1a", "zone us-east-1b"])
    error_message = "The environment and each of its zones must have a guard."
  }
  assert {
    condition     = alltrue([for guard in terraform_data.deletion_guard : guard.input])
    error_message = "The guards must know that the environment is protected."
  }
}

run "names_that_aws_would_refuse_later" {
  command = plan

  variables {
    platform    = "Shop"
    environment = "dev/2"
    tags        = { "aws:team" = "shop" }
  }

  expect_failures = [var.platform, var.environment, var.tags]
}

run "zones_of_another_region" {
  command = plan

  variables {
    region = "eu-west-1"
  }

  expect_failures = [var.region]
}
