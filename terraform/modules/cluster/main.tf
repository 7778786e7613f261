# The order of creation, and of an upgrade, where nothing is replaced:
#
#   control plane                       aws_eks_cluster.this
#   add-ons that make a node work       aws_eks_addon.identity_agent, then .before_nodes
#   nodes                               aws_eks_node_group.this
#   add-ons that run on nodes           aws_eks_addon.after_nodes
#
# References and depends_on keep it; Kubernetes' version skew policy allows each step.

data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}
data "aws_region" "current" {}

locals {
  account   = data.aws_caller_identity.current.account_id
  partition = data.aws_partition.current.partition
  arn       = "arn:${local.partition}:eks:${data.aws_region.current.name}:${local.account}:cluster/${var.name}"
}

resource "aws_eks_cluster" "this" {
  name     = var.name
  role_arn = aws_iam_role.cluster.arn
  version  = var.kubernetes_version

  enabled_cluster_log_types     = ["api", "audit", "authenticator", "controllerManager", "scheduler"]
  bootstrap_self_managed_addons = false # aws_eks_addon installs them, at pinned versions

  access_config {
    authentication_mode                         = "API"
    bootstrap_cluster_creator_admin_permissions = false # access.tf says who is administrator
  }

  vpc_config {
    subnet_ids              = var.endpoint_subnet_ids
    security_group_ids      = [aws_security_group.api.id]
    endpoint_private_access = true
    endpoint_public_access  = length(var.public_access_cidrs) > 0
    public_access_cidrs     = length(var.public_access_cidrs) > 0 ? var.public_access_cidrs : null
  }

  kubernetes_network_config {
    ip_family         = "ipv4"
    service_ipv4_cidr = var.service_cidr
  }

  encryption_config {
    resources = ["secrets"]

    provider {
      key_arn = aws_kms_key.secrets.arn
    }
  }

  upgrade_policy {
    support_type = "STANDARD" # EXTENDED costs six times as much; at the end of STANDARD, EKS upgrades by itself
  }

  # While the cluster is deleted EKS still needs the role to take its network interfaces away.
  depends_on = [aws_iam_role_policy_attachment.cluster]

  lifecycle {
    precondition {
      condition     = var.control_plane_log_group == "/aws/eks/${var.name}/cluster"
      error_message = "EKS writes the control plane's logs to /aws/eks/${var.name}/cluster and nowhere else, but the log group that was made is ${var.control_plane_log_group}."
    }
    postcondition {
      condition     = self.arn == local.arn
      error_message = "The cluster's ARN is ${self.arn}, but policies were written for ${local.arn}: the provider works in another account or region than the data sources say."
    }
  }
}
