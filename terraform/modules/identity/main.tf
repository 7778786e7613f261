# The AWS permissions of one release: a role that the pods of one service account of one cluster get by EKS
# Pod Identity, and nobody else.

resource "aws_iam_role" "this" {
  name                 = var.role_name
  description          = "Pods of ${var.namespace}/${var.service_account} in the EKS cluster ${var.cluster_name}"
  permissions_boundary = var.permissions_boundary_arn

  # Every association of the account hands its role to the same service principal, so the role itself says
  # which cluster, namespace and service account it is for: Pod Identity sends them as session tags.
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "PodIdentity"
      Effect    = "Allow"
      Principal = { Service = "pods.eks.amazonaws.com" }
      Action    = ["sts:AssumeRole", "sts:TagSession"]
      Condition = {
        StringEquals = {
          "aws:RequestTag/eks-cluster-arn"            = var.cluster_arn
          "aws:RequestTag/kubernetes-namespace"       = var.namespace
          "aws:RequestTag/kubernetes-service-account" = var.service_account
        }
      }
    }]
  })
}

resource "aws_iam_role_policy" "component" {
  count = var.policy == null ? 0 : 1

  name = "component"
  role = aws_iam_role.this.name

  policy = local.component

  lifecycle {
    precondition {
      condition     = local.size <= local.largest
      error_message = local.too_large
    }
  }
}

resource "aws_iam_role_policy" "statements" {
  count = length(var.statements) == 0 ? 0 : 1

  name = "statements"
  role = aws_iam_role.this.name

  policy = local.statements

  lifecycle {
    precondition {
      condition     = local.size <= local.largest
      error_message = local.too_large
    }
  }
}

# Last: a pod that starts the moment this exists finds a role that can do its work.
resource "aws_eks_pod_identity_association" "this" {
  cluster_name    = var.cluster_name
  namespace       = var.namespace
  service_account = var.service_account
  role_arn        = aws_iam_role.this.arn

  depends_on = [aws_iam_role_policy.component, aws_iam_role_policy.statements]
}

locals {
  policies = [for file in fileset("${path.module}/policies", "*.json.tftpl") : trimsuffix(file, ".json.tftpl")]

  # arn:partition:eks:region:account:cluster/name
  partition  = split(":", var.cluster_arn)[1]
  region     = split(":", var.cluster_arn)[3]
  account_id = split(":", var.cluster_arn)[4]

  # Decoded and encoded again: what is no JSON fails in the plan, not in AWS.
  component = var.policy == null ? "" : jsonencode(jsondecode(templatefile("${path.module}/policies/${var.policy}.json.tftpl", merge({
    partition    = local.partition
    region       = local.region
    account_id   = local.account_id
    cluster_name = var.cluster_name
  }, var.policy_variables))))

  statements = length(var.statements) == 0 ? "" : jsonencode({
    Version = "2012-10-17"
    Statement = [for statement in var.statements : {
      Effect   = "Allow"
      Action   = statement.actions
      Resource = statement.resources
    }]
  })

  # IAM and STS quotas, "Role inline policies": of all together. AWS would say so half-way through an apply.
  largest   = 10240
  size      = length(local.component) + length(local.statements)
  too_large = "The permissions of ${var.role_name} have ${local.size} characters, and IAM takes ${local.largest} of one role. Let one resource with a wildcard stand for many in its `aws`; external-secrets has about 70 for each workload with secrets."
}
