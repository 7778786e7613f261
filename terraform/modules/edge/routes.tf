# A path of the spec is two routes, itself and all below it; with CORS each has one more for preflight requests. There is
# no $default route: what nobody asked for is 404.

locals {
  # By "<host> <route key>". A request takes the route that fits it best: a method before ANY, a longer path before
  # a shorter one, a plain path before {proxy+}.
  routes = merge(flatten([
    for host, api in var.apis : [
      for route in api.routes : {
        for key in ["ANY ${route.path}", "ANY ${trimsuffix(route.path, "/")}/{proxy+}"] :
        "${host} ${key}" => { host = host, key = key, auth = route.auth, throttle = route.throttle }
      }
    ]
  ])...)

  # The gateway answers a preflight request itself, but to one that fits an ANY route only once that route has let it
  # through, and a browser sends no token with it (Developer Guide, "Configure CORS for HTTP APIs", of $default). So
  # they have routes of their own, which are open and lead to no workload.
  preflights = var.cors == null ? {} : {
    for route in values(local.routes) : "${route.host} ${replace(route.key, "ANY ", "OPTIONS ")}" => { host = route.host, key = replace(route.key, "ANY ", "OPTIONS ") }
  }

  # What the authorizer demands, by API and route key. By the API's id: it is what the gateway itself went by, where
  # the host is what the client wrote; and two hosts may have the same route.
  required = {
    for host, api in aws_apigatewayv2_api.this :
    api.id => { for route in values(local.routes) : route.key => route.auth if route.host == host && route.auth != "none" }
  }

  # The gateway waits no longer, for HTTP APIs cannot.
  longest_wait = 30000

  # Of what reaches a workload, these headers are the gateway's, never the client's.
  customer_headers = { "X-Customer-Id" = "customer", "X-Customer-Acr" = "acr" }

  set_customer    = { for header, member in local.customer_headers : "overwrite:header.${header}" => "$context.authorizer.${member}" }
  remove_customer = { for header in keys(local.customer_headers) : "remove:header.${header}" => "''" }
  client_address  = { "overwrite:header.X-Client-Address" = "$context.identity.sourceIp" }
}

# --- Workloads. Both integrations of a host are there even when no route needs one: AWS refuses to delete an
# integration that a route leads to, and Terraform may do that first.

resource "aws_apigatewayv2_integration" "open" {
  for_each = var.apis

  api_id      = aws_apigatewayv2_api.this[each.key].id
  description = "Workloads, nobody asked who calls"

  integration_type       = "HTTP_PROXY"
  integration_method     = "ANY"
  integration_uri        = var.listener_arn
  connection_type        = "VPC_LINK"
  connection_id          = aws_apigatewayv2_vpc_link.this.id
  payload_format_version = "1.0"
  timeout_milliseconds   = local.longest_wait

  request_parameters = merge(local.client_address, local.remove_customer, { "overwrite:header.host" = each.key })

  # Without it the gateway would speak plain HTTP to a listener that expects TLS.
  tls_config {
    server_name_to_verify = each.key
  }
}

resource "aws_apigatewayv2_integration" "protected" {
  for_each = var.apis

  api_id      = aws_apigatewayv2_api.this[each.key].id
  description = "Workloads, told who calls"

  integration_type       = "HTTP_PROXY"
  integration_method     = "ANY"
  integration_uri        = var.listener_arn
  connection_type        = "VPC_LINK"
  connection_id          = aws_apigatewayv2_vpc_link.this.id
  payload_format_version = "1.0"
  timeout_milliseconds   = local.longest_wait

  # Authorization goes on as it came: the workload verifies the token itself.
  request_parameters = merge(local.client_address, local.set_customer, { "overwrite:header.host" = each.key })

  tls_config {
    server_name_to_verify = each.key
  }
}

# One resource for all of them: a route that changes its auth is changed in place, and never twice there or gone.
resource "aws_apigatewayv2_route" "workload" {
  for_each = local.routes

  api_id             = aws_apigatewayv2_api.this[each.value.host].id
  route_key          = each.value.key
  target             = "integrations/${each.value.auth == "none" ? aws_apigatewayv2_integration.open[each.value.host].id : aws_apigatewayv2_integration.protected[each.value.host].id}"
  authorization_type = each.value.auth == "none" ? "NONE" : "CUSTOM"
  authorizer_id      = each.value.auth == "none" ? null : aws_apigatewayv2_authorizer.this[each.value.host].id
}

resource "aws_apigatewayv2_route" "preflight" {
  # checkov:skip=CKV_AWS_309: a browser asks whether it may send a token before it sends one, and no workload sees the request
  for_each = local.preflights

  api_id             = aws_apigatewayv2_api.this[each.value.host].id
  route_key          = each.value.key
  target             = "integrations/${aws_apigatewayv2_integration.preflight[each.value.host].id}"
  authorization_type = "NONE"
}

# Whatever was asked for, ingress-nginx itself says 200, as it does to the probe; the gateway adds its CORS headers.
resource "aws_apigatewayv2_integration" "preflight" {
  for_each = var.cors == null ? {} : var.apis

  api_id      = aws_apigatewayv2_api.this[each.key].id
  description = "Preflight requests"

  integration_type       = "HTTP_PROXY"
  integration_method     = "GET"
  integration_uri        = var.listener_arn
  connection_type        = "VPC_LINK"
  connection_id          = aws_apigatewayv2_vpc_link.this.id
  payload_format_version = "1.0"
  timeout_milliseconds   = 5000

  request_parameters = merge(local.client_address, local.remove_customer, {
    "overwrite:header.host" = local.probe_host
    "overwrite:path"        = local.probe_path
  })

  tls_config {
    server_name_to_verify = each.key
  }
}

resource "aws_apigatewayv2_authorizer" "this" {
  for_each = var.apis

  name                              = var.functions.authorizer.name
  api_id                            = aws_apigatewayv2_api.this[each.key].id
  authorizer_type                   = "REQUEST"
  authorizer_uri                    = aws_lambda_function.authorizer.invoke_arn
  authorizer_payload_format_version = "2.0"
  enable_simple_responses           = true
  identity_sources                  = ["$request.header.Authorization"] # without the header it is 401, and no function runs

  # A simple response that is kept counts for every route, also for those that ask for more.
  authorizer_result_ttl_in_seconds = 0
}

resource "aws_lambda_permission" "authorizer" {
  for_each = var.apis

  statement_id  = "api-${aws_apigatewayv2_api.this[each.key].id}"
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.authorizer.function_name
  principal     = "apigateway.amazonaws.com"
  source_arn    = "${aws_apigatewayv2_api.this[each.key].execution_arn}/authorizers/${aws_apigatewayv2_authorizer.this[each.key].id}"
}

# --- Tokens

locals {
  token_throttle = coalesce(var.token_throttle, { rate = min(10, var.throttle.rate), burst = min(20, var.throttle.burst) })

  # What the function answers, and with which limit of its own: the keys cost nothing.
  token_routes = {
    "POST /auth/token"                      = local.token_throttle
    "POST /auth/code"                       = local.token_throttle
    "GET /.well-known/jwks.json"            = null
    "GET /.well-known/openid-configuration" = null
  }
}

resource "aws_apigatewayv2_integration" "token" {
  api_id      = aws_apigatewayv2_api.this[var.api_host].id
  description = "Tokens"

  integration_type       = "AWS_PROXY"
  integration_method     = "POST"
  integration_uri        = aws_lambda_function.token.invoke_arn
  payload_format_version = "2.0"
  timeout_milliseconds   = local.longest_wait
}

resource "aws_apigatewayv2_route" "token" {
  # checkov:skip=CKV_AWS_309: whoever has no token yet asks for one here, and the public keys are public
  for_each = local.token_routes

  api_id             = aws_apigatewayv2_api.this[var.api_host].id
  route_key          = each.key
  target             = "integrations/${aws_apigatewayv2_integration.token.id}"
  authorization_type = "NONE"
}

resource "aws_lambda_permission" "token" {
  for_each = local.token_routes

  statement_id  = "route-${replace(lower(each.key), "/[^a-z]+/", "-")}"
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.token.function_name
  principal     = "apigateway.amazonaws.com"
  source_arn    = "${aws_apigatewayv2_api.this[var.api_host].execution_arn}/*/${replace(each.key, " ", "")}"
}
