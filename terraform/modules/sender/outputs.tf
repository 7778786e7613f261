output "identity_arn" {
  description = "ARN of the SES identity, to send from."
  value       = aws_sesv2_email_identity.this.arn
}
