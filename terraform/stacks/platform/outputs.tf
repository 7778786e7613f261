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

output "api_ids" {
  description = "The HTTP APIs by host, for their metrics and `aws apigatewayv2`; empty without the API Gateway."
  value       = merge({}, [for edge in module.edge : edge.api_ids]...)
}

output "issuer" {
  description = "Issuer of the tokens; the keys are at <this>/.well-known/jwks.json. null without the API Gateway."
  value       = one([for edge in module.edge : edge.issuer])
}

output "health_check_id" {
  description = "The Route 53 health check that looks from outside; null without the API Gateway."
  value       = one([for edge in module.edge : edge.health_check_id])
}
