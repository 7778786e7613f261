output "key_arn" {
  description = "The key."
  value       = aws_kms_key.this.arn
}

output "encrypts" {
  description = "true once the project can encrypt with the key; a cluster that wants it must wait for that."
  value       = mongodbatlas_encryption_at_rest.this.aws_kms_config[0].enabled
}
