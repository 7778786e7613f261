# What every file of this folder starts from: terraform loads it of itself.

project = {
  id              = "6f0a1b2c3d4e5f6071829304"
  name            = "techchallenge-dev"
  organization_id = "5f0a1b2c3d4e5f6071829304"
}
atlas_region = "US_EAST_1"
cluster = {
  name        = "techchallenge-dev"
  tier        = "M10"
  version     = "8.0"
  autoscaling = null
  shrink_from = null
  backup      = { retention_days = 3, point_in_time = false }
}
databases = {
  orders  = { database = "orders", role_name = "techchallenge-dev-orders", secret_name = "techchallenge/dev/orders/mongodb-uri" }
  kitchen = { database = "kitchen", role_name = "techchallenge-dev-kitchen", secret_name = "techchallenge/dev/kitchen/mongodb-uri" }
}
customers_reader    = { database = "customers", collection = "customers", role_name = "techchallenge-dev-token", secret_name = "techchallenge/dev/gateway/mongodb-uri" }
retired_databases   = []
endpoint_id         = "vpce-0123456789abcdef0"
secrets             = { key_arn = "arn:aws:kms:us-east-1:111111111111:key/k", recovery_days = 7 }
customer_key        = false
deletion_protection = true
tags                = { Platform = "techchallenge" }
