resource "aws_eks_node_group" "this" {
  for_each = var.node_groups

  cluster_name           = aws_eks_cluster.this.name
  node_group_name_prefix = "${each.key}-" # instance types, image and capacity are immutable: see lifecycle
  node_role_arn          = aws_iam_role.node.arn
  subnet_ids             = var.node_subnet_ids
  version                = aws_eks_cluster.this.version # after the control plane, never before
  release_version        = var.ami_release

  ami_type       = each.value.ami_type
  capacity_type  = each.value.capacity
  instance_types = each.value.instance_types
  labels         = each.value.labels

  launch_template {
    id      = aws_launch_template.node[each.key].id
    version = aws_launch_template.node[each.key].latest_version
  }

  scaling_config {
    min_size     = each.value.min
    max_size     = each.value.max
    desired_size = each.value.min
  }

  update_config {
    max_unavailable_percentage = 33
  }

  node_repair_config {
    enabled = true
  }

  dynamic "taint" {
    for_each = each.value.taints

    content {
      key    = taint.value.key
      value  = taint.value.value == "" ? null : taint.value.value
      effect = taint.value.effect
    }
  }

  timeouts {
    update = "3h" # every node in turn, and disruption budgets are waited for
  }

  depends_on = [
    aws_eks_addon.before_nodes,
    aws_iam_role_policy_attachment.node,
  ]

  lifecycle {
    # A replacement is up before the old group is drained and deleted.
    create_before_destroy = true

    ignore_changes = [
      scaling_config[0].desired_size, # the autoscaler's
      subnet_ids,                     # immutable: a new zone would replace every group. Groups made later use all zones.
    ]
  }
}
