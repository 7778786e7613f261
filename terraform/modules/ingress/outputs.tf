output "load_balancer_arn" {
  description = "ARN of the load balancer."
  value       = aws_lb.this.arn
}

output "listener_arn" {
  description = "ARN of the TLS listener, which a VPC link integration names."
  value       = aws_lb_listener.https.arn
}

output "target_group_arn" {
  description = "ARN of the target group."
  value       = aws_lb_target_group.this.arn
}

output "certificate_arn" {
  description = "ARN of the certificate, once it is issued."
  value       = aws_acm_certificate_validation.this.certificate_arn
}

output "zone_id" {
  description = "Route 53 zone of the domain."
  value       = data.aws_route53_zone.this.zone_id
}

output "security_group_id" {
  description = "Security group of the load balancer."
  value       = aws_security_group.this.id
}

output "dns_name" {
  description = "DNS name that AWS gave the load balancer."
  value       = aws_lb.this.dns_name
}
