locals {
  addons_before_nodes = ["kube-proxy", "vpc-cni"]
  addons_after_nodes  = setsubtract(keys(var.addons), concat(local.addons_before_nodes, ["eks-pod-identity-agent"]))

  addon_configuration = {
    # Otherwise NetworkPolicies are accepted and ignored. The add-on's schema wants a string.
    vpc-cni = jsonencode({ enableNetworkPolicy = "true" })
  }
}

# vpc-cni takes its AWS credentials from this agent, and a node is not ready before vpc-cni runs. That is no circle:
# both are DaemonSets on the host's network that tolerate nodes that are not ready. The agent needs only the node's
# role and a way to the EKS Auth API (NAT gateway or endpoint); vpc-cni starts over until the agent answers. What
# must be there before the first node is the association, because credentials are injected when a pod is created.
resource "aws_eks_addon" "identity_agent" {
  cluster_name  = aws_eks_cluster.this.name
  addon_name    = "eks-pod-identity-agent"
  addon_version = var.addons["eks-pod-identity-agent"]

  resolve_conflicts_on_create = "OVERWRITE"
  resolve_conflicts_on_update = "OVERWRITE"
}

# A DaemonSet without nodes counts as active, so these do not wait for what waits for them.
resource "aws_eks_addon" "before_nodes" {
  for_each = toset(local.addons_before_nodes)

  cluster_name         = aws_eks_cluster.this.name
  addon_name           = each.key
  addon_version        = var.addons[each.key]
  configuration_values = lookup(local.addon_configuration, each.key, null)

  resolve_conflicts_on_create = "OVERWRITE"
  resolve_conflicts_on_update = "OVERWRITE"

  dynamic "pod_identity_association" {
    for_each = contains(keys(var.addon_roles), each.key) ? [var.addon_roles[each.key]] : []

    content {
      role_arn        = aws_iam_role.addon[each.key].arn
      service_account = pod_identity_association.value.service_account
    }
  }

  depends_on = [aws_eks_addon.identity_agent, aws_iam_role_policy_attachment.addon]
}

# Deployments: they are active once their pods run, and for that there must be nodes.
resource "aws_eks_addon" "after_nodes" {
  for_each = local.addons_after_nodes

  cluster_name         = aws_eks_cluster.this.name
  addon_name           = each.key
  addon_version        = var.addons[each.key]
  configuration_values = lookup(local.addon_configuration, each.key, null)

  resolve_conflicts_on_create = "OVERWRITE"
  resolve_conflicts_on_update = "OVERWRITE"

  dynamic "pod_identity_association" {
    for_each = contains(keys(var.addon_roles), each.key) ? [var.addon_roles[each.key]] : []

    content {
      role_arn        = aws_iam_role.addon[each.key].arn
      service_account = pod_identity_association.value.service_account
    }
  }

  depends_on = [aws_eks_node_group.this, aws_iam_role_policy_attachment.addon]
}
