output "cluster_id" {
  description = "The cluster."
  value       = mongodbatlas_advanced_cluster.this.cluster_id
}

output "host" {
  description = "What clients connect to, over the endpoint."
  value       = local.host
}

output "secret_arns" {
  description = "ARNs of the secrets by who connects."
  value       = { for name, secret in aws_secretsmanager_secret.this : name => secret.arn }
}
