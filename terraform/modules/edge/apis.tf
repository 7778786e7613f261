# One API for each host: HTTP APIs do not route by host, so on a shared one every host would have every path.

resource "aws_apigatewayv2_api" "this" {
  for_each = var.apis

  name          = each.value.name
  description   = "https://${each.key}"
  protocol_type = "HTTP"

  # The other way in, which knows nothing of the domain and is open unless it is closed.
  disable_execute_api_endpoint = true

  # Credentials stay off: a token is sent in a header that a script sets, and cookies are not used.
  dynamic "cors_configuration" {
    for_each = var.cors[*]

    content {
      allow_credentials = false
      allow_origins     = cors_configuration.value.origins
      allow_methods     = cors_configuration.value.methods
      allow_headers     = cors_configuration.value.headers
      max_age           = cors_configuration.value.max_age
    }
  }

  tags = { Name = each.value.name }
}

# Only $default has no name of its own in the path, which would reach the workloads as part of theirs.
resource "aws_apigatewayv2_stage" "this" {
  for_each = var.apis

  api_id      = aws_apigatewayv2_api.this[each.key].id
  name        = "$default"
  auto_deploy = true

  default_route_settings {
    throttling_rate_limit    = var.throttle.rate
    throttling_burst_limit   = var.throttle.burst
    detailed_metrics_enabled = false # a metric per route, each paid for; the access log says the same
  }

  dynamic "route_settings" {
    for_each = local.throttled[each.key]

    content {
      route_key                = route_settings.key
      throttling_rate_limit    = route_settings.value.rate
      throttling_burst_limit   = route_settings.value.burst
      detailed_metrics_enabled = false
    }
  }

  access_log_settings {
    destination_arn = var.log_groups.access.arn
    format          = jsonencode(local.access_log)
  }

  tags = { Name = each.value.name }

  # Settings of a route that does not exist are refused, and a stage without routes serves 404 in between.
  depends_on = [
    aws_apigatewayv2_route.preflight,
    aws_apigatewayv2_route.probe,
    aws_apigatewayv2_route.token,
    aws_apigatewayv2_route.workload,
  ]
}

locals {
  # Routes with a limit of their own, by host.
  throttled = {
    for host in keys(var.apis) : host => merge(
      { for route in values(local.routes) : route.key => route.throttle if route.host == host && route.throttle != null },
      { for key, throttle in local.token_routes : key => throttle if host == var.api_host && throttle != null },
    )
  }

  # Neither headers nor the query string: tokens are in the one, and whatever a client puts there in the other. The
  # path is the route's, for a client may put anything below a prefix, a CPF too. The customer is a random number.
  access_log = {
    time               = "$context.requestTime"
    requestId          = "$context.requestId"
    api                = "$context.apiId"
    host               = "$context.domainName"
    ip                 = "$context.identity.sourceIp"
    method             = "$context.httpMethod"
    routeKey           = "$context.routeKey"
    protocol           = "$context.protocol"
    status             = "$context.status"
    responseLength     = "$context.responseLength"
    responseLatency    = "$context.responseLatency"
    integrationStatus  = "$context.integration.status"
    integrationLatency = "$context.integration.latency"
    integrationError   = "$context.integration.error"
    authorizerError    = "$context.authorizer.error"
    error              = "$context.error.message"
    customer           = "$context.authorizer.customer"
    acr                = "$context.authorizer.acr"
  }
}

resource "aws_apigatewayv2_domain_name" "this" {
  for_each = var.apis

  domain_name = each.key

  domain_name_configuration {
    certificate_arn = var.certificate_arn
    endpoint_type   = "REGIONAL"
    security_policy = "TLS_1_2"
  }

  tags = { Name = each.key }
}

resource "aws_apigatewayv2_api_mapping" "this" {
  for_each = var.apis

  api_id      = aws_apigatewayv2_api.this[each.key].id
  domain_name = aws_apigatewayv2_domain_name.this[each.key].domain_name
  stage       = aws_apigatewayv2_stage.this[each.key].name
}
