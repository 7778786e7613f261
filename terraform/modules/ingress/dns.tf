# The zone comes with the domain: it is made once, by hand, where the domain is delegated to it.
data "aws_route53_zone" "this" {
  name         = var.domain
  private_zone = false
}

locals {
  # The subject's common name is 64 characters at most; the other names may be longer.
  common_name = try([for host in sort(var.hosts) : host if length(host) <= 64][0], null)
}

resource "aws_acm_certificate" "this" {
  domain_name               = local.common_name
  subject_alternative_names = sort(setsubtract(var.hosts, [local.common_name]))
  validation_method         = "DNS"

  tags = { Name = var.load_balancer_name }

  # Another host is another certificate, and the listener never has none.
  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_route53_record" "validation" {
  for_each = { for option in aws_acm_certificate.this.domain_validation_options : option.domain_name => option }

  zone_id = data.aws_route53_zone.this.zone_id
  name    = each.value.resource_record_name
  type    = each.value.resource_record_type
  records = [each.value.resource_record_value]
  ttl     = 300

  # All certificates of one account for one host, such as the API Gateway's, are validated by this same record.
  allow_overwrite = true
}

resource "aws_acm_certificate_validation" "this" {
  certificate_arn         = aws_acm_certificate.this.arn
  validation_record_fqdns = [for record in aws_route53_record.validation : record.fqdn]

  # Not create_before_destroy, which would spread to the records: those of another certificate have the same
  # names and values, so the old ones, going last, would take the new ones along.
}

# The same records with the API Gateway and without. Were they two resources, turning it on or off would make the one
# while the other is still there, which Route 53 refuses, or delete the one that was just written.
resource "aws_route53_record" "host" {
  for_each = var.hosts

  zone_id = data.aws_route53_zone.this.zone_id
  name    = each.value
  type    = "A"

  alias {
    name                   = var.gateway == null ? aws_lb.this.dns_name : var.gateway.targets[each.key].name
    zone_id                = var.gateway == null ? aws_lb.this.zone_id : var.gateway.targets[each.key].zone_id
    evaluate_target_health = var.gateway == null # of the gateway there is one answer, healthy or not
  }
}
