# Each says what to do: it is read at night, in an e-mail.

locals {
  functions = {
    authorizer = { name = var.functions.authorizer.name, log = var.log_groups.authorizer.name }
    token      = { name = var.functions.token.name, log = var.log_groups.token.name }
  }

  # The reasons as lambda/authorizer/refusal.py and lambda/tokens/dispatch.py write them. The functions write lines of
  # JSON themselves, which Lambda passes on as they are.
  failures = {
    authorizer = {
      metric    = "AuthorizerFailures"
      reasons   = ["unexpected"]
      threshold = 1 # a mistake of ours: it has no dependency that may be down

      description = <<-EOT
        The function ${local.functions.authorizer.name} has met what it does not expect, and denied the request with 403. In
        the log group ${local.functions.authorizer.log}, with Logs Insights:
        filter reason = "unexpected" | stats count() by bin(5m)
        1. Of all requests, since the last apply: pin the package of before under versions in environments/<env>.yaml.
        2. Of few: look their request up in ${var.log_groups.access.name} (requestId) for the route and the address. Some
           token or path trips a mistake in the code; no door is open.
      EOT
    }
    token = {
      metric    = "TokenFailures"
      reasons   = ["accepted_not_sent", "unavailable_*", "unexpected_*"]
      threshold = 5 # a call that fails once in a while is no reason to get up

      description = <<-EOT
        The function ${local.functions.token.name} issues no tokens or sends no codes. In the log group
        ${local.functions.token.log}, with Logs Insights:
        filter reason like /not_sent|unavailable|unexpected/ | stats count() by reason
        1. accepted_not_sent, unavailable_sender: SES. Paused, in the sandbox, over the quota (aws sesv2 get-account)?
        2. unavailable_signer: KMS. Is the key enabled, may the role sign with it?
        3. unavailable_customers: MongoDB. Its state, its secret, the private endpoint, the role as a user.
        4. unavailable_store, unavailable_secrets: the table, the secrets, and the key that encrypts them.
        5. unexpected_*, since the last apply: pin the package of before under versions in environments/<env>.yaml.
      EOT
    }
  }
}

resource "aws_cloudwatch_metric_alarm" "server_errors" {
  for_each = var.apis

  alarm_name = "${each.value.name}-5xx"

  alarm_description = <<-EOT
    More than 5 % of the requests to https://${each.key} have failed within five minutes. In the log group
    ${var.log_groups.access.name}, with Logs Insights:
    filter host = "${each.key}" and status >= 500 | stats count() by routeKey, status, integrationError, authorizerError
    1. An authorizerError: see the log of ${var.functions.authorizer.name}.
    2. Routes of one workload: its pods, its last deployment.
    3. All routes, 503: the VPC link (aws apigatewayv2 get-vpc-links) and the load balancer's targets.
    4. 504: somebody took longer than 30 seconds.
  EOT

  comparison_operator = "GreaterThanThreshold"
  threshold           = 5
  evaluation_periods  = 1
  treat_missing_data  = "notBreaching"

  # Of few requests one is a large part. One window of five minutes, for at night no single minute has enough of them.
  metric_query {
    id          = "rate"
    label       = "5xx, percent"
    expression  = "IF(requests >= 10, 100 * errors / requests, 0)"
    return_data = true
  }

  metric_query {
    id = "errors"

    metric {
      namespace   = "AWS/ApiGateway"
      metric_name = "5xx"
      dimensions  = { ApiId = aws_apigatewayv2_api.this[each.key].id }
      stat        = "Sum"
      period      = 300
    }
  }

  metric_query {
    id = "requests"

    metric {
      namespace   = "AWS/ApiGateway"
      metric_name = "Count"
      dimensions  = { ApiId = aws_apigatewayv2_api.this[each.key].id }
      stat        = "Sum"
      period      = 300
    }
  }

  alarm_actions = [var.alarm_topic_arn]
  ok_actions    = [var.alarm_topic_arn]
}

# The gateway counts 429 among all other 4xx, which clients cause; the log tells them apart.
resource "aws_cloudwatch_log_metric_filter" "throttled" {
  name           = "${var.name}-429"
  log_group_name = var.log_groups.access.name
  pattern        = "{ $.status = \"429\" }"

  metric_transformation {
    namespace     = var.name
    name          = "ThrottledRequests"
    value         = "1"
    default_value = "0"
    unit          = "Count"
  }
}

resource "aws_cloudwatch_metric_alarm" "throttled" {
  alarm_name = "${var.name}-429"

  alarm_description = <<-EOT
    The gateway or a workload has turned requests away with 429 for five minutes. In the log group
    ${var.log_groups.access.name}, with Logs Insights:
    filter status = 429 | stats count() by host, routeKey, ip | sort by count() desc
    1. One address: somebody tries, or a client repeats itself without waiting. HTTP APIs cannot block an address;
       CloudFront with AWS WAF in front can.
    2. Many: more is asked than gateway.throttle in environments/<env>.yaml lets through. Can the workloads take more?
    3. Only /auth: the limits per CPF and address do their work.
  EOT

  namespace           = aws_cloudwatch_log_metric_filter.throttled.metric_transformation[0].namespace
  metric_name         = aws_cloudwatch_log_metric_filter.throttled.metric_transformation[0].name
  statistic           = "Sum"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 20
  period              = 60
  evaluation_periods  = 5
  treat_missing_data  = "notBreaching"

  alarm_actions = [var.alarm_topic_arn]
  ok_actions    = [var.alarm_topic_arn]
}

resource "aws_cloudwatch_metric_alarm" "function_errors" {
  for_each = local.functions

  alarm_name = "${each.value.name}-errors"

  alarm_description = <<-EOT
    The function ${each.value.name} ends with errors: ${each.key == "authorizer" ? "every route with auth answers 500" : "nobody gets a token"}.
    1. Its log group ${each.value.log}, the last lines: a setting that is missing or wrong stops it at the start.
    2. Out of time or memory: the same log, platform.report.
    3. Since the last apply: pin the package of before under versions in environments/<env>.yaml.
  EOT

  namespace           = "AWS/Lambda"
  metric_name         = "Errors"
  dimensions          = { FunctionName = each.value.name }
  statistic           = "Sum"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  period              = 60
  evaluation_periods  = 3
  treat_missing_data  = "notBreaching"

  alarm_actions = [var.alarm_topic_arn]
  ok_actions    = [var.alarm_topic_arn]
}

resource "aws_cloudwatch_metric_alarm" "function_throttles" {
  for_each = local.functions

  alarm_name = "${each.value.name}-throttles"

  alarm_description = <<-EOT
    Lambda has no room for the function ${each.value.name}, and requests fail.
    1. Reserved concurrency: does the environment give it too little?
    2. The account's: aws lambda get-account-settings. Some other function takes it; or have the quota raised.
  EOT

  namespace           = "AWS/Lambda"
  metric_name         = "Throttles"
  dimensions          = { FunctionName = each.value.name }
  statistic           = "Sum"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  period              = 60
  evaluation_periods  = 3
  treat_missing_data  = "notBreaching"

  alarm_actions = [var.alarm_topic_arn]
  ok_actions    = [var.alarm_topic_arn]
}

# Neither function ends with an error when it cannot do its work: it answers, and says why in its log. To the gateway a
# refusal of the authorizer is a 403 as any other, and a code that was not sent a 202.
resource "aws_cloudwatch_log_metric_filter" "function_failures" {
  for_each = local.failures

  name           = "${local.functions[each.key].name}-failures"
  log_group_name = local.functions[each.key].log
  pattern        = "{ ${join(" || ", [for reason in each.value.reasons : "($.reason = \"${reason}\")"])} }"

  metric_transformation {
    namespace     = var.name
    name          = each.value.metric
    value         = "1"
    default_value = "0"
    unit          = "Count"
  }
}

resource "aws_cloudwatch_metric_alarm" "function_failures" {
  for_each = local.failures

  alarm_name        = "${local.functions[each.key].name}-failures"
  alarm_description = each.value.description

  namespace           = aws_cloudwatch_log_metric_filter.function_failures[each.key].metric_transformation[0].namespace
  metric_name         = aws_cloudwatch_log_metric_filter.function_failures[each.key].metric_transformation[0].name
  statistic           = "Sum"
  comparison_operator = "GreaterThanOrEqualToThreshold"
  threshold           = each.value.threshold
  period              = 300
  evaluation_periods  = 1
  treat_missing_data  = "notBreaching"

  alarm_actions = [var.alarm_topic_arn]
  ok_actions    = [var.alarm_topic_arn]
}

# Route 53 has its metrics in one region, and an alarm watches and tells only in its own.
resource "aws_cloudwatch_metric_alarm" "unreachable" {
  count = local.region == "us-east-1" ? 1 : 0

  alarm_name = "${var.name}-unreachable"

  alarm_description = <<-EOT
    https://${var.api_host}/healthz does not answer, as seen from three regions. Nobody is served, whatever the other
    alarms say.
    1. curl -v https://${var.api_host}/healthz: DNS, certificate, or an answer of the gateway?
    2. 503: the VPC link (aws apigatewayv2 get-vpc-links), then the load balancer's targets.
    3. 404: ingress-nginx has taken the request for one of an Ingress.
    Expected while a new environment has no ingress controller yet.
  EOT

  namespace           = "AWS/Route53"
  metric_name         = "HealthCheckStatus"
  dimensions          = { HealthCheckId = aws_route53_health_check.this.id }
  statistic           = "Minimum"
  comparison_operator = "LessThanThreshold"
  threshold           = 1
  period              = 60
  evaluation_periods  = 3
  treat_missing_data  = "breaching"

  alarm_actions = [var.alarm_topic_arn]
  ok_actions    = [var.alarm_topic_arn]
}
