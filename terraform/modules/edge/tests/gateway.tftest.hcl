# The real provider, plan only: no network, no credentials.
provider "aws" {
  region                      = "us-east-1"
  access_key                  = "x"
  secret_key                  = "x"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
}

override_data {
  target = data.aws_caller_identity.current
  values = { account_id = "111111111111" }
}

override_data {
  target = data.aws_s3_objects.package["authorizer"]
  values = { keys = ["authorizer/1.zip"] }
}

override_data {
  target = data.aws_s3_objects.package["token"]
  values = { keys = ["token/2.zip"] }
}

override_data {
  target = data.aws_s3_object.package["authorizer"]
  values = { checksum_sha256 = "AUTHORIZERAUTHORIZERAUTHORIZERAUTHORIZERAUT=", version_id = "v1" }
}

override_data {
  target = data.aws_s3_object.package["token"]
  values = { checksum_sha256 = "TOKENTOKENTOKENTOKENTOKENTOKENTOKENTOKENTOK=", version_id = "null" }
}

override_module {
  target          = module.jwks
  override_during = plan
  outputs         = { json = "{\"keys\":[]}" }
}

override_resource {
  target          = aws_kms_key.signing["2026-11"]
  override_during = plan
  values          = { arn = "arn:aws:kms:us-east-1:111111111111:key/signing", key_id = "signing" }
}

override_resource {
  target          = aws_kms_key.this
  override_during = plan
  values          = { arn = "arn:aws:kms:us-east-1:111111111111:key/data", key_id = "data" }
}

override_resource {
  target          = aws_apigatewayv2_api.this["api.dev.techchallenge.example"]
  override_during = plan
  values          = { id = "api1", execution_arn = "arn:aws:execute-api:us-east-1:111111111111:api1" }
}

override_resource {
  target          = aws_apigatewayv2_api.this["screens.dev.techchallenge.example"]
  override_during = plan
  values          = { id = "api2", execution_arn = "arn:aws:execute-api:us-east-1:111111111111:api2" }
}

override_resource {
  target          = aws_apigatewayv2_domain_name.this
  override_during = plan
  values          = { domain_name_configuration = { target_domain_name = "d-1.execute-api.us-east-1.amazonaws.com", hosted_zone_id = "ZGATEWAY" } }
}

override_resource {
  target          = aws_apigatewayv2_authorizer.this["api.dev.techchallenge.example"]
  override_during = plan
  values          = { id = "auth1" }
}

override_resource {
  target          = aws_apigatewayv2_authorizer.this["screens.dev.techchallenge.example"]
  override_during = plan
  values          = { id = "auth2" }
}

override_resource {
  target          = aws_apigatewayv2_integration.open
  override_during = plan
  values          = { id = "open" }
}

override_resource {
  target          = aws_apigatewayv2_integration.protected
  override_during = plan
  values          = { id = "protected" }
}

override_resource {
  target          = aws_apigatewayv2_integration.token
  override_during = plan
  values          = { id = "token" }
}

override_resource {
  target          = aws_apigatewayv2_integration.probe
  override_during = plan
  values          = { id = "probe" }
}

override_resource {
  target          = aws_apigatewayv2_vpc_link.this
  override_during = plan
  values          = { id = "link" }
}

override_resource {
  target          = aws_security_group.link
  override_during = plan
  values          = { id = "sg-link" }
}

override_resource {
  target          = aws_security_group.token
  override_during = plan
  values          = { id = "sg-token" }
}

override_resource {
  target          = aws_lambda_function.authorizer
  override_during = plan
  values          = { invoke_arn = "invoke:authorizer", arn = "arn:authorizer" }
}

override_resource {
  target          = aws_lambda_function.token
  override_during = plan
  values          = { invoke_arn = "invoke:token", arn = "arn:token" }
}

run "an_api_for_each_host" {
  command = plan

  assert {
    condition     = { for host, api in aws_apigatewayv2_api.this : host => [api.name, api.protocol_type] } == { for host, api in var.apis : host => [api.name, "HTTP"] }
    error_message = "HTTP APIs do not route by host, so each host has its own, under the given name."
  }
  assert {
    condition     = alltrue([for api in aws_apigatewayv2_api.this : api.disable_execute_api_endpoint && length(api.cors_configuration) == 0])
    error_message = "The execute-api endpoint stays open unless it is closed; no page of another origin calls unless it is let."
  }
  assert {
    condition     = { for host, d in aws_apigatewayv2_domain_name.this : host => [d.domain_name, d.domain_name_configuration[0].certificate_arn, d.domain_name_configuration[0].endpoint_type, d.domain_name_configuration[0].security_policy] } == { for host in keys(var.apis) : host => [host, var.certificate_arn, "REGIONAL", "TLS_1_2"] }
    error_message = "Each host is a regional domain with TLS 1.2."
  }
  assert {
    condition     = { for host, m in aws_apigatewayv2_api_mapping.this : host => [m.api_id, m.domain_name, m.stage] } == { "api.dev.techchallenge.example" = ["api1", "api.dev.techchallenge.example", "$default"], "screens.dev.techchallenge.example" = ["api2", "screens.dev.techchallenge.example", "$default"] } && alltrue([for m in aws_apigatewayv2_api_mapping.this : m.api_mapping_key == null])
    error_message = "Each host leads to its own API, at the root."
  }
  assert {
    condition     = output.targets == { for host in keys(var.apis) : host => { name = "d-1.execute-api.us-east-1.amazonaws.com", zone_id = "ZGATEWAY" } }
    error_message = "Whoever writes the hosts' records is told where they lead."
  }
  assert {
    condition     = output.api_ids == { "api.dev.techchallenge.example" = "api1", "screens.dev.techchallenge.example" = "api2" } && output.issuer == "https://api.dev.techchallenge.example"
    error_message = "An output is not what its name says."
  }
}

run "routes_are_those_of_the_spec_and_no_default" {
  command = plan

  assert {
    condition = { for name, r in aws_apigatewayv2_route.workload : name => [r.api_id, r.route_key, r.target, r.authorization_type, r.authorizer_id] if r.authorization_type != "NONE" } == {
      "api.dev.techchallenge.example ANY /orders"                    = ["api1", "ANY /orders", "integrations/protected", "CUSTOM", "auth1"]
      "api.dev.techchallenge.example ANY /orders/{proxy+}"           = ["api1", "ANY /orders/{proxy+}", "integrations/protected", "CUSTOM", "auth1"]
      "api.dev.techchallenge.example ANY /payments/refunds"          = ["api1", "ANY /payments/refunds", "integrations/protected", "CUSTOM", "auth1"]
      "api.dev.techchallenge.example ANY /payments/refunds/{proxy+}" = ["api1", "ANY /payments/refunds/{proxy+}", "integrations/protected", "CUSTOM", "auth1"]
      "screens.dev.techchallenge.example ANY /orders"                = ["api2", "ANY /orders", "integrations/protected", "CUSTOM", "auth2"]
      "screens.dev.techchallenge.example ANY /orders/{proxy+}"       = ["api2", "ANY /orders/{proxy+}", "integrations/protected", "CUSTOM", "auth2"]
    }
    error_message = "A route with auth is not behind the authorizer of its own API."
  }
  assert {
    condition = { for name, r in aws_apigatewayv2_route.workload : name => [r.api_id, r.route_key, r.target, r.authorization_type] if r.authorizer_id == null } == {
      "api.dev.techchallenge.example ANY /menu"          = ["api1", "ANY /menu", "integrations/open", "NONE"]
      "api.dev.techchallenge.example ANY /menu/{proxy+}" = ["api1", "ANY /menu/{proxy+}", "integrations/open", "NONE"]
      "screens.dev.techchallenge.example ANY /"          = ["api2", "ANY /", "integrations/open", "NONE"]
      "screens.dev.techchallenge.example ANY /{proxy+}"  = ["api2", "ANY /{proxy+}", "integrations/open", "NONE"]
    }
    error_message = "Only routes with auth none are open, and / is itself and all below it."
  }
  assert {
    condition = { for name, r in aws_apigatewayv2_route.token : name => [r.api_id, r.target, r.authorization_type] } == {
      for key in ["POST /auth/token", "POST /auth/code", "GET /.well-known/jwks.json", "GET /.well-known/openid-configuration"] : key => ["api1", "integrations/token", "NONE"]
    }
    error_message = "The token function answers these routes of the API's host, and no others."
  }
  assert {
    condition     = [aws_apigatewayv2_route.probe.api_id, aws_apigatewayv2_route.probe.route_key, aws_apigatewayv2_route.probe.target] == ["api1", "GET /healthz", "integrations/probe"]
    error_message = "The probe has a route of its own."
  }
  assert {
    condition     = !strcontains(join("", [for file in fileset(path.module, "*.tf") : file("${path.module}/${file}")]), "= \"$default\"\n  target")
    error_message = "What nobody asked for is 404: there is no default route."
  }
}

run "nobody_forges_what_the_gateway_says" {
  command = plan

  assert {
    condition = { for host, i in aws_apigatewayv2_integration.protected : host => i.request_parameters } == { for host in keys(var.apis) : host => tomap({
      "overwrite:header.host"             = host
      "overwrite:header.X-Client-Address" = "$context.identity.sourceIp"
      "overwrite:header.X-Customer-Id"    = "$context.authorizer.customer"
      "overwrite:header.X-Customer-Acr"   = "$context.authorizer.acr"
    }) }
    error_message = "On a route with auth the customer is who the authorizer says, whatever the client sent."
  }
  assert {
    condition = { for host, i in aws_apigatewayv2_integration.open : host => i.request_parameters } == { for host in keys(var.apis) : host => tomap({
      "overwrite:header.host"             = host
      "overwrite:header.X-Client-Address" = "$context.identity.sourceIp"
      "remove:header.X-Customer-Id"       = "''"
      "remove:header.X-Customer-Acr"      = "''"
    }) }
    error_message = "On an open route nobody is a customer, whatever the client sent."
  }
  assert {
    condition     = aws_apigatewayv2_integration.probe.request_parameters == tomap(merge(aws_apigatewayv2_integration.open[var.api_host].request_parameters, { "overwrite:header.host" = "probe.invalid" }))
    error_message = "The probe asks for a host that no Ingress has."
  }
  assert {
    condition = alltrue([for i in concat(values(aws_apigatewayv2_integration.open), values(aws_apigatewayv2_integration.protected), [aws_apigatewayv2_integration.probe]) :
      [i.integration_type, i.connection_type, i.connection_id, i.integration_uri, i.payload_format_version] == ["HTTP_PROXY", "VPC_LINK", "link", var.listener_arn, "1.0"]
    ])
    error_message = "Requests reach the load balancer by the VPC link and by nothing else."
  }
  assert {
    condition = alltrue([for pair in concat([for h, i in aws_apigatewayv2_integration.open : [h, i]], [for h, i in aws_apigatewayv2_integration.protected : [h, i]], [[var.api_host, aws_apigatewayv2_integration.probe]]) :
      pair[1].tls_config[0].server_name_to_verify == pair[0]
    ])
    error_message = "Without a name to verify the gateway speaks plain HTTP."
  }
  assert {
    condition     = alltrue([for i in values(aws_apigatewayv2_integration.protected) : i.timeout_milliseconds == 30000 && i.integration_method == "ANY"])
    error_message = "The gateway waits as long as it can, for any method."
  }
}

run "the_authorizer_is_asked_every_time" {
  command = plan

  assert {
    condition = { for host, a in aws_apigatewayv2_authorizer.this : host => [a.api_id, a.authorizer_type, a.authorizer_uri, a.authorizer_payload_format_version, tostring(a.enable_simple_responses), tostring(a.authorizer_result_ttl_in_seconds), join(",", a.identity_sources)] } == {
      for host, id in output.api_ids : host => [id, "REQUEST", "invoke:authorizer", "2.0", "true", "0", "$request.header.Authorization"]
    }
    error_message = "A kept answer would count for routes that ask for more; the event must be of version 2.0."
  }
  assert {
    condition = { for host, p in aws_lambda_permission.authorizer : host => [p.function_name, p.principal, p.source_arn] } == {
      "api.dev.techchallenge.example"     = ["techchallenge-dev-authorizer", "apigateway.amazonaws.com", "arn:aws:execute-api:us-east-1:111111111111:api1/authorizers/auth1"]
      "screens.dev.techchallenge.example" = ["techchallenge-dev-authorizer", "apigateway.amazonaws.com", "arn:aws:execute-api:us-east-1:111111111111:api2/authorizers/auth2"]
    }
    error_message = "Only these two authorizers call the function."
  }
  assert {
    condition = toset([for p in aws_lambda_permission.token : p.source_arn]) == toset([
      "arn:aws:execute-api:us-east-1:111111111111:api1/*/POST/auth/token",
      "arn:aws:execute-api:us-east-1:111111111111:api1/*/POST/auth/code",
      "arn:aws:execute-api:us-east-1:111111111111:api1/*/GET/.well-known/jwks.json",
      "arn:aws:execute-api:us-east-1:111111111111:api1/*/GET/.well-known/openid-configuration",
    ]) && alltrue([for p in aws_lambda_permission.token : p.principal == "apigateway.amazonaws.com" && p.function_name == "techchallenge-dev-token"])
    error_message = "Only these routes call the token function."
  }
  assert {
    condition     = length(distinct([for p in aws_lambda_permission.token : p.statement_id])) == 4
    error_message = "Each permission needs an id of its own."
  }
}

run "throttles_and_logs" {
  command = plan

  assert {
    condition     = alltrue([for s in aws_apigatewayv2_stage.this : s.name == "$default" && s.auto_deploy && s.default_route_settings[0].throttling_rate_limit == 200 && s.default_route_settings[0].throttling_burst_limit == 400])
    error_message = "The stage without a name in the path, with the environment's throttle."
  }
  assert {
    condition = { for host, s in aws_apigatewayv2_stage.this : host => { for r in s.route_settings : r.route_key => [r.throttling_rate_limit, r.throttling_burst_limit] } } == {
      "api.dev.techchallenge.example" = {
        "ANY /payments/refunds"          = [5, 10]
        "ANY /payments/refunds/{proxy+}" = [5, 10]
        "POST /auth/token"               = [10, 20]
        "POST /auth/code"                = [10, 20]
      }
      "screens.dev.techchallenge.example" = {}
    }
    error_message = "Routes with a throttle of their own, on their own host; tokens have one always."
  }
  assert {
    condition     = alltrue([for s in aws_apigatewayv2_stage.this : s.access_log_settings[0].destination_arn == var.log_groups.access.arn])
    error_message = "Every request is logged in the given group."
  }
  assert {
    condition     = alltrue([for s in aws_apigatewayv2_stage.this : can(jsondecode(s.access_log_settings[0].format)) && length(s.access_log_settings[0].format) < 3072])
    error_message = "The log is JSON, and its template takes 3 KB at most."
  }
  assert {
    condition     = alltrue([for s in aws_apigatewayv2_stage.this : !can(regex("(?i)request[.]|header|query|[$]context[.]path|userAgent|jti|claims|principalId", s.access_log_settings[0].format))])
    error_message = "A log must have no token, no query string, no path that a client may write a CPF into."
  }
  assert {
    condition     = alltrue([for field in ["requestId", "ip", "routeKey", "status", "integrationStatus", "integrationLatency", "integrationError", "authorizerError", "host"] : alltrue([for s in aws_apigatewayv2_stage.this : contains(keys(jsondecode(s.access_log_settings[0].format)), field)])])
    error_message = "The log cannot answer who asked for what and what went wrong."
  }
  assert {
    condition     = can(regex("(?s)depends_on = \\[.*aws_apigatewayv2_route.preflight.*aws_apigatewayv2_route.token.*aws_apigatewayv2_route.workload", file("${path.module}/apis.tf")))
    error_message = "AWS refuses settings of routes that do not exist yet."
  }
}

run "tokens_are_never_faster_than_the_api" {
  command = plan

  variables {
    throttle = { rate = 4, burst = 8 }
  }

  assert {
    condition     = [for r in aws_apigatewayv2_stage.this["api.dev.techchallenge.example"].route_settings : [r.throttling_rate_limit, r.throttling_burst_limit] if r.route_key == "POST /auth/token"] == [[4, 8]]
    error_message = "A slow environment has slow tokens, without being asked for a number."
  }
}

run "tokens_have_the_throttle_that_is_asked_for" {
  command = plan

  variables {
    token_throttle = { rate = 2, burst = 3 }
  }

  assert {
    condition     = alltrue([for r in aws_apigatewayv2_stage.this["api.dev.techchallenge.example"].route_settings : [r.throttling_rate_limit, r.throttling_burst_limit] == [2, 3] if startswith(r.route_key, "POST /auth/")])
    error_message = "The throttle of tokens is not ours to change."
  }
}

run "the_link_leads_to_the_load_balancer_and_nowhere_else" {
  command = plan

  assert {
    condition     = aws_apigatewayv2_vpc_link.this.name == "techchallenge-dev" && aws_apigatewayv2_vpc_link.this.subnet_ids == toset(["subnet-a", "subnet-b"]) && aws_apigatewayv2_vpc_link.this.security_group_ids == toset(["sg-link"])
    error_message = "The link is in the given subnets, with a security group of its own."
  }
  assert {
    condition     = [aws_vpc_security_group_egress_rule.link.security_group_id, aws_vpc_security_group_egress_rule.link.referenced_security_group_id, aws_vpc_security_group_egress_rule.link.ip_protocol, tostring(aws_vpc_security_group_egress_rule.link.from_port), tostring(aws_vpc_security_group_egress_rule.link.to_port)] == ["sg-link", "sg-balancer", "tcp", "443", "443"] && aws_vpc_security_group_egress_rule.link.cidr_ipv4 == null
    error_message = "The link talks to the load balancer on 443."
  }
  assert {
    condition     = output.link_security_group_id == "sg-link" && aws_security_group.link.vpc_id == "vpc-1"
    error_message = "An output is not what its name says."
  }
  assert {
    # The order of a replacement shows in no plan.
    condition     = strcontains(regex("(?s)resource \"aws_apigatewayv2_vpc_link\" \"this\" {.*?\n}", file("${path.module}/vpc_link.tf")), "create_before_destroy = true") && strcontains(regex("(?s)resource \"aws_security_group\" \"link\" {.*?\n}", file("${path.module}/vpc_link.tf")), "create_before_destroy = true")
    error_message = "The integrations would be without a link while it is replaced."
  }
  assert {
    condition     = !strcontains(join("", [for file in fileset(path.module, "*.tf") : file("${path.module}/${file}")]), "aws_vpc_security_group_ingress_rule")
    error_message = "Nobody connects to the link or the function."
  }
}

run "looks_from_outside" {
  command = plan

  assert {
    condition     = [aws_route53_health_check.this.type, aws_route53_health_check.this.fqdn, aws_route53_health_check.this.resource_path, tostring(aws_route53_health_check.this.port), tostring(aws_route53_health_check.this.enable_sni)] == ["HTTPS", "api.dev.techchallenge.example", "/healthz", "443", "true"] && length(aws_route53_health_check.this.regions) == 3
    error_message = "The probe asks the gateway, as a client does, from as few places as Route 53 takes."
  }
  assert {
    condition     = length(aws_cloudwatch_metric_alarm.unreachable) == 1
    error_message = "In us-east-1 an alarm can watch Route 53's metrics."
  }
}

run "alarms_tell_the_topic" {
  command = plan

  assert {
    condition = alltrue([for a in concat(values(aws_cloudwatch_metric_alarm.server_errors), values(aws_cloudwatch_metric_alarm.function_errors), values(aws_cloudwatch_metric_alarm.function_throttles), values(aws_cloudwatch_metric_alarm.function_failures), [aws_cloudwatch_metric_alarm.throttled], aws_cloudwatch_metric_alarm.unreachable) :
      a.alarm_actions == toset([var.alarm_topic_arn]) && a.ok_actions == toset([var.alarm_topic_arn]) && length(a.alarm_description) <= 1024 && length(a.alarm_description) > 200
    ])
    error_message = "Every alarm tells the topic, and says what to do in the 1,024 characters that CloudWatch takes."
  }
  assert {
    condition     = toset([for a in aws_cloudwatch_metric_alarm.server_errors : a.alarm_name]) == toset(["techchallenge-dev-api-5xx", "techchallenge-dev-screens-5xx"]) && { for host, a in aws_cloudwatch_metric_alarm.server_errors : host => join(" ", flatten([for q in a.metric_query : [for m in q.metric : m.dimensions.ApiId]])) } == { for host, id in output.api_ids : host => "${id} ${id}" }
    error_message = "Each API is watched by itself."
  }
  assert {
    condition     = aws_cloudwatch_log_metric_filter.throttled.pattern == "{ $.status = \"429\" }" && local.access_log.status == "$context.status" && aws_cloudwatch_log_metric_filter.throttled.log_group_name == var.log_groups.access.name && aws_cloudwatch_metric_alarm.throttled.metric_name == "ThrottledRequests" && aws_cloudwatch_metric_alarm.throttled.namespace == "techchallenge-dev"
    error_message = "The filter counts the status as the log has it, and the alarm watches what the filter counts."
  }
  assert {
    condition     = { for f, a in aws_cloudwatch_metric_alarm.function_errors : f => a.dimensions.FunctionName } == { authorizer = "techchallenge-dev-authorizer", token = "techchallenge-dev-token" } && { for f, a in aws_cloudwatch_metric_alarm.function_throttles : f => a.dimensions.FunctionName } == { authorizer = "techchallenge-dev-authorizer", token = "techchallenge-dev-token" }
    error_message = "Both functions are watched."
  }
  assert {
    condition     = alltrue([for a in aws_cloudwatch_metric_alarm.server_errors : a.evaluation_periods == 1 && [for q in a.metric_query : q.expression if q.return_data == true] == ["IF(requests >= 10, 100 * errors / requests, 0)"] && alltrue(flatten([for q in a.metric_query : [for m in q.metric : m.period == 300]]))])
    error_message = "Ten requests in five minutes are enough to see that they fail."
  }
  assert {
    condition = { for f, m in aws_cloudwatch_log_metric_filter.function_failures : f => [m.name, m.log_group_name, m.pattern] } == {
      authorizer = ["techchallenge-dev-authorizer-failures", var.log_groups.authorizer.name, "{ ($.reason = \"unexpected\") }"]
      token      = ["techchallenge-dev-token-failures", var.log_groups.token.name, "{ ($.reason = \"accepted_not_sent\") || ($.reason = \"unavailable_*\") || ($.reason = \"unexpected_*\") }"]
    }
    error_message = "What a function could not do is counted by the reasons in its log."
  }
  assert {
    condition     = strcontains(file("${path.module}/lambda/authorizer/refusal.py"), "= \"unexpected\"") && strcontains(file("${path.module}/lambda/authorizer/decision.py"), "reason=") && alltrue([for written in ["\"accepted_not_sent\"", "f\"unavailable_{", "f\"unexpected_{", "reason=reason"] : strcontains(file("${path.module}/lambda/tokens/dispatch.py"), written)])
    error_message = "The functions write other reasons than are counted."
  }
  assert {
    condition     = { for f, a in aws_cloudwatch_metric_alarm.function_failures : f => [a.alarm_name, a.namespace, a.metric_name, tostring(a.threshold), a.comparison_operator, a.treat_missing_data, tostring(a.period * a.evaluation_periods)] } == { for f, least in { authorizer = "1", token = "5" } : f => ["techchallenge-dev-${f}-failures", "techchallenge-dev", "${title(f)}Failures", least, "GreaterThanOrEqualToThreshold", "notBreaching", "300"] }
    error_message = "Each function's failures are watched, one of the authorizer, five of the token function."
  }
}

run "pages_of_other_origins_may_be_let_in" {
  command = plan

  variables {
    cors = { origins = ["https://shop.techchallenge.example"], methods = ["GET", "POST"], headers = ["authorization", "content-type"], max_age = 600 }
  }

  assert {
    condition     = alltrue([for api in aws_apigatewayv2_api.this : api.cors_configuration[0].allow_origins == toset(["https://shop.techchallenge.example"]) && api.cors_configuration[0].allow_methods == toset(["GET", "POST"]) && api.cors_configuration[0].allow_headers == toset(["authorization", "content-type"]) && api.cors_configuration[0].max_age == 600])
    error_message = "CORS as said."
  }
  assert {
    condition     = alltrue([for api in aws_apigatewayv2_api.this : !api.cors_configuration[0].allow_credentials])
    error_message = "No cookies: a token is sent on purpose."
  }
  assert {
    condition     = toset([for key in keys(aws_apigatewayv2_route.preflight) : replace(key, "OPTIONS ", "ANY ")]) == toset(keys(aws_apigatewayv2_route.workload)) && alltrue([for key, route in aws_apigatewayv2_route.preflight : route.authorization_type == "NONE" && endswith(key, " ${route.route_key}")])
    error_message = "A browser sends no token with a preflight request, so every path answers it without one."
  }
  assert {
    condition     = alltrue([for host, integration in aws_apigatewayv2_integration.preflight : integration.request_parameters["overwrite:header.host"] == "probe.invalid" && integration.request_parameters["overwrite:path"] == "/healthz" && integration.integration_method == "GET" && integration.tls_config[0].server_name_to_verify == host])
    error_message = "No workload sees a preflight request: ingress-nginx answers as it does to the probe."
  }
}

run "one_host_without_a_route_of_a_workload" {
  command = plan

  variables {
    apis = { "api.dev.techchallenge.example" = { name = "techchallenge-dev-api", routes = [] } }
  }

  assert {
    condition     = length(aws_apigatewayv2_route.workload) == 0 && length(aws_apigatewayv2_route.token) == 4 && jsondecode(aws_lambda_function.authorizer.environment[0].variables.ROUTES) == { api1 = {} }
    error_message = "The gateway stands before there is a workload."
  }
}
