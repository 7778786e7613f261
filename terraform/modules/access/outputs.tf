output "role_arns" {
  description = "ARNs of the roles, by stack and phase, as platform-apply."
  value       = { for key, role in aws_iam_role.this : key => role.arn }

  depends_on = [aws_iam_role_policy_attachment.this]
}

output "provider_arns" {
  description = "ARNs of the OpenID Connect providers that were made here, by issuer."
  value       = { for issuer, provider in aws_iam_openid_connect_provider.this : issuer => provider.arn }
}

output "boundary" {
  description = "What the roles that runs make may do at most, JSON."
  value       = local.boundary_document
}

output "policies" {
  description = "What each role may do, by stack and phase and then by part, JSON."
  value       = local.documents
}
