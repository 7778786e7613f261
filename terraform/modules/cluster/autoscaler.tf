locals {
  kubernetes_effects = { NO_SCHEDULE = "NoSchedule", PREFER_NO_SCHEDULE = "PreferNoSchedule", NO_EXECUTE = "NoExecute" }

  autoscaler_tags = merge([
    for name, group in var.node_groups : merge(
      { for key, value in group.labels : "${name}/label/${key}" => { group = name, key = "label/${key}", value = value } },
      {
        for taint in group.taints : "${name}/taint/${taint.key}" => {
          group = name
          key   = "taint/${taint.key}"
          value = "${taint.value}:${local.kubernetes_effects[taint.effect]}"
        }
      },
    )
  ]...)
}

# What a node of a group would be like, for when there is none to look at: without these the autoscaler would not
# start a group that stands at 0. EKS itself sets the tags by which the autoscaler finds the groups
# (k8s.io/cluster-autoscaler/enabled and k8s.io/cluster-autoscaler/<cluster>).
resource "aws_autoscaling_group_tag" "node_template" {
  for_each = local.autoscaler_tags

  autoscaling_group_name = aws_eks_node_group.this[each.value.group].resources[0].autoscaling_groups[0].name

  tag {
    key                 = "k8s.io/cluster-autoscaler/node-template/${each.value.key}"
    value               = each.value.value
    propagate_at_launch = false
  }
}
