# The way in from the internet: HTTP APIs of API Gateway, a VPC link to the load balancer, and two Lambda functions:
# one issues tokens, the other lets through who has one.
#
#   apis.tf, routes.tf    an API for each host, and where its paths lead
#   vpc_link.tf           the only way from the APIs into the network
#   packages.tf           what the functions run, checked before anything changes
#   functions.tf          the functions; who they are and what they may do: roles.tf
#   signing_keys.tf       what signs tokens, and the public keys for everybody else
#   store.tf, key.tf      attempts and codes, the secret behind them, and the key that encrypts both
#   probe.tf, alarms.tf   what tells people that it does not work

data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

data "aws_region" "current" {}

locals {
  account_id = data.aws_caller_identity.current.account_id
  partition  = data.aws_partition.current.partition
  region     = data.aws_region.current.name

  account_arn = "arn:${local.partition}:iam::${local.account_id}:root"

  # Composed where a policy or a rule must name what does not exist yet.
  token_function_arn = "arn:${local.partition}:lambda:${local.region}:${local.account_id}:function:${var.functions.token.name}"
  token_role_arn     = "arn:${local.partition}:iam::${local.account_id}:role/${var.functions.token.role_name}"
}
