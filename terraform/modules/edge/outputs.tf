output "api_ids" {
  description = "Ids of the APIs, by host; the authorizer knows routes by them."
  value       = { for host, api in aws_apigatewayv2_api.this : host => api.id }
}

output "targets" {
  description = "Where the hosts' records must lead, by host, as an alias has it."
  value = {
    for host, domain in aws_apigatewayv2_domain_name.this : host => {
      name    = domain.domain_name_configuration[0].target_domain_name
      zone_id = domain.domain_name_configuration[0].hosted_zone_id
    }
  }

  # No host leads here before there is an answer.
  depends_on = [aws_apigatewayv2_api_mapping.this]
}

output "link_security_group_id" {
  description = "Security group of the VPC link, which the load balancer's must admit on 443, and nobody else."
  value       = aws_security_group.link.id
}

output "token_security_group_id" {
  description = "Security group of the token function, which MongoDB's private endpoint must admit."
  value       = aws_security_group.token.id
}

output "token_role_arn" {
  description = "Role of the token function, which is its user in MongoDB."
  value       = aws_iam_role.token.arn
}

output "function_arns" {
  description = "ARNs of the functions."
  value       = { authorizer = aws_lambda_function.authorizer.arn, token = aws_lambda_function.token.arn }
}

output "issuer" {
  description = "Issuer of the tokens; the key set is at <this>/.well-known/jwks.json."
  value       = local.issuer
}

output "jwks" {
  description = "The public keys as a JSON Web Key Set, the one that signs first."
  value       = module.jwks.json
}

output "key_arn" {
  description = "ARN of the key that encrypts what the functions keep."
  value       = aws_kms_key.this.arn
}

output "health_check_id" {
  description = "Route 53 health check that looks from outside."
  value       = aws_route53_health_check.this.id
}
