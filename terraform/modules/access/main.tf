# Who may run Terraform in an environment's account: for each stack a role that plans and one that applies, for tokens of
# one issuer. A file `<stack>_<phase>.tf` is what that role may do, and reads as a list.

data "aws_partition" "current" {}

locals {
  partition = data.aws_partition.current.partition

  # ARNs of this environment's account and region, up to the name.
  own    = { for service in ["acm", "autoscaling", "cloudwatch", "dynamodb", "ec2", "ecr", "eks", "elasticloadbalancing", "kms", "lambda", "logs", "secretsmanager", "ses", "sns"] : service => "arn:${local.partition}:${service}:${var.region}:${var.account_id}" }
  iam    = "arn:${local.partition}:iam::${var.account_id}"
  secret = "${local.own.secretsmanager}:secret:${var.secret_prefix}"

  # Services that are asked on a caller's behalf, as KMS sees them.
  via = { for service in ["dynamodb", "lambda", "secretsmanager"] : service => "${service}.${var.region}.${local.partition == "aws-cn" ? "amazonaws.com.cn" : "amazonaws.com"}" }

  # Where a statement has to name every resource: at least not those of another region, or of another environment.
  here = { StringEquals = { "aws:RequestedRegion" = var.region } }
  ours = { StringEquals = { "aws:ResourceTag/Environment" = var.environment } }
  new  = { StringEquals = { "aws:RequestTag/Environment" = var.environment } }
}
