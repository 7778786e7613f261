# What every file of this folder starts from: terraform loads it of itself.

name = "techchallenge-dev"
apis = {
  "api.dev.techchallenge.example" = {
    name = "techchallenge-dev-api"
    routes = [
      { path = "/orders", auth = "identified" },
      { path = "/payments/refunds", auth = "verified", throttle = { rate = 5, burst = 10 } },
      { path = "/menu", auth = "none" },
    ]
  }
  "screens.dev.techchallenge.example" = {
    name   = "techchallenge-dev-screens"
    routes = [{ path = "/", auth = "none" }, { path = "/orders", auth = "verified" }]
  }
}
api_host                        = "api.dev.techchallenge.example"
throttle                        = { rate = 200, burst = 400 }
certificate_arn                 = "arn:aws:acm:us-east-1:111111111111:certificate/c"
vpc_id                          = "vpc-1"
vpc_cidr                        = "10.10.0.0/16"
link_subnet_ids                 = ["subnet-a", "subnet-b"]
listener_arn                    = "arn:aws:elasticloadbalancing:us-east-1:111111111111:listener/net/techchallenge-dev/1/2"
load_balancer_security_group_id = "sg-balancer"
alarm_topic_arn                 = "arn:aws:sns:us-east-1:111111111111:techchallenge-dev-alerts"
packages = {
  bucket     = "packages"
  authorizer = { key = "authorizer/1.zip", sha256 = "AUTHORIZERAUTHORIZERAUTHORIZERAUTHORIZERAUT=" }
  token      = { key = "token/2.zip", sha256 = "TOKENTOKENTOKENTOKENTOKENTOKENTOKENTOKENTOK=" }
}
functions = {
  authorizer = { name = "techchallenge-dev-authorizer", role_name = "techchallenge-dev-authorizer" }
  token      = { name = "techchallenge-dev-token", role_name = "techchallenge-dev-token", reserved_concurrency = 20 }
}
function_subnet_ids = ["subnet-d", "subnet-c"]
log_groups = {
  access     = { name = "/techchallenge/dev/gateway", arn = "arn:aws:logs:us-east-1:111111111111:log-group:/techchallenge/dev/gateway" }
  authorizer = { name = "/techchallenge/dev/authorizer", arn = "arn:aws:logs:us-east-1:111111111111:log-group:/techchallenge/dev/authorizer" }
  token      = { name = "/techchallenge/dev/token", arn = "arn:aws:logs:us-east-1:111111111111:log-group:/techchallenge/dev/token" }
}
key_alias        = "alias/techchallenge-dev-edge"
signing_keys     = [{ id = "2026-11", alias = "alias/techchallenge-dev-tokens-2026-11" }]
audience         = "techchallenge"
table_name       = "techchallenge-dev-tokens"
hmac_secret_name = "techchallenge/dev/edge/hmac"
customers = {
  secret_name    = "techchallenge/dev/edge/mongodb-uri"
  secret_key_arn = "arn:aws:kms:us-east-1:111111111111:key/secrets"
  database       = "customers"
  collection     = "customers"
}
sender                   = { identity = "techchallenge.example", from = "Tech Challenge <codes@techchallenge.example>" }
recovery_days            = 7
deletion_protection      = true
permissions_boundary_arn = "arn:aws:iam::111111111111:policy/boundary"
