output "version_id" {
  description = "The version of the secret that has the key."
  value       = aws_secretsmanager_secret_version.this.version_id
}
