output "key_arn" {
  description = "ARN of the key; a secret that another stack makes must be encrypted with it, or nobody can read it."
  value       = aws_kms_key.this.arn
}

output "secret_arns" {
  description = "ARNs of the secrets by name."
  value       = { for name, secret in aws_secretsmanager_secret.this : name => secret.arn }
}

output "reader_role_arns" {
  description = "ARNs of the reader roles by release."
  value       = { for release, role in aws_iam_role.reader : release => role.arn }
}
