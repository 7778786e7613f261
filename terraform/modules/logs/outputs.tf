output "key_arn" {
  description = "ARN of the key that encrypts the log groups."
  value       = aws_kms_key.logs.arn
}

output "group_arns" {
  description = "ARNs of the log groups, without \":*\", by what they are for."
  value       = { for use, group in aws_cloudwatch_log_group.this : use => group.arn }
}

output "group_names" {
  description = "Names of the log groups, by what they are for. Whoever takes a name from here waits for the group."
  value       = { for use, group in aws_cloudwatch_log_group.this : use => group.name }
}
