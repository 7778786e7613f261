# prevent_destroy takes no variable, so a guard that goes first says no. Everything that it depends on is deleted
# after it, and it is replaced, which deletes it first, when the cluster is.
resource "terraform_data" "deletion_guard" {
  input = {
    protected = var.deletion_protection
    cluster   = var.name
  }

  triggers_replace = aws_eks_cluster.this.id

  provisioner "local-exec" {
    when    = destroy
    command = <<-EOT
      if [ '${self.input.protected}' = 'true' ]; then
        echo 'Cluster ${self.input.cluster} is protected. To delete or replace it on purpose, set deletionProtection: false in its environment, apply that, then try again.' >&2
        exit 1
      fi
    EOT
  }

  depends_on = [
    aws_autoscaling_group_tag.node_template,
    aws_eks_access_policy_association.admin,
    aws_eks_addon.after_nodes,
    aws_eks_node_group.this,
  ]
}
