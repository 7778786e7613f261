# A look from outside through all of it: DNS, certificate, gateway, VPC link, load balancer, ingress-nginx. It also
# keeps the link in use: AWS takes one away that was idle for 60 days.

locals {
  # A host that no Ingress can have (RFC 2606): ingress-nginx answers such a request itself, 200 to this path.
  probe_host = "probe.invalid"
  probe_path = "/healthz"
}

resource "aws_route53_health_check" "this" {
  type              = "HTTPS"
  fqdn              = var.api_host
  port              = 443
  resource_path     = local.probe_path
  enable_sni        = true
  request_interval  = 30
  failure_threshold = 3

  # The fewest that Route 53 takes. Each has several checkers, each of which asks twice a minute, and the gateway counts
  # that as requests.
  regions = ["eu-west-1", "sa-east-1", "us-east-1"]

  tags = { Name = var.name }
}

resource "aws_apigatewayv2_route" "probe" {
  # checkov:skip=CKV_AWS_309: a health check has no token, and no workload sees the request
  api_id             = aws_apigatewayv2_api.this[var.api_host].id
  route_key          = "GET ${local.probe_path}"
  target             = "integrations/${aws_apigatewayv2_integration.probe.id}"
  authorization_type = "NONE"
}

resource "aws_apigatewayv2_integration" "probe" {
  api_id      = aws_apigatewayv2_api.this[var.api_host].id
  description = "ingress-nginx itself"

  integration_type       = "HTTP_PROXY"
  integration_method     = "GET"
  integration_uri        = var.listener_arn
  connection_type        = "VPC_LINK"
  connection_id          = aws_apigatewayv2_vpc_link.this.id
  payload_format_version = "1.0"
  timeout_milliseconds   = 5000 # Route 53 waits 4 seconds to connect and 2 for the answer

  request_parameters = merge(local.client_address, local.remove_customer, { "overwrite:header.host" = local.probe_host })

  tls_config {
    server_name_to_verify = var.api_host
  }
}
