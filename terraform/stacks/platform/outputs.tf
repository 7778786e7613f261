# For people and tests. Nothing reads them to build on: every name that another system must know is in the variables.

output "cluster_name" {
  description = "The EKS cluster: aws eks update-kubeconfig --name <this>."
  value       = module.cluster.name
}

output "load_balancer_dns_name" {
  description = "The load balancer's own name, for looking past DNS."
  value       = module.ingress.dns_name
}

output "vpc_id" {
  description = "The VPC."
  value       = module.network.vpc_id
}

output "repository_urls" {
  description = "Where to push images, by repository; empty in an environment without a registry."
  value       = one([for registry in module.registry : registry.repository_urls])
}
