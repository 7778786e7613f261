output "name" {
  description = "Name of the cluster. Whoever takes it from here waits for the cluster."
  value       = aws_eks_cluster.this.name
}

output "arn" {
  description = "ARN of the cluster. Known before the cluster is made, so that plans show the policies that name it."
  value       = local.arn
}

output "security_group_id" {
  description = "The security group that EKS makes, for the control plane's interfaces, the nodes and the pods."
  value       = aws_eks_cluster.this.vpc_config[0].cluster_security_group_id
}

output "node_role_arn" {
  description = "ARN of the nodes' role."
  value       = aws_iam_role.node.arn
}
