provider "aws" {
  region                      = "eu-west-1"
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

override_resource {
  target          = aws_kms_key.this
  override_during = plan
  values          = { arn = "arn:aws:kms:eu-west-1:111111111111:key/k", key_id = "k" }
}

override_resource {
  target          = aws_sns_topic.this
  override_during = plan
  values          = { arn = "arn:aws:sns:eu-west-1:111111111111:techchallenge-dev-alerts" }
}

variables {
  topic_name        = "techchallenge-dev-alerts"
  key_alias         = "alias/techchallenge-dev-alerts"
  emails            = ["platform@techchallenge.example", "on-call@techchallenge.example"]
  budget            = { name = "techchallenge-dev", monthly_usd = 500 }
  load_balancer_arn = "arn:aws:elasticloadbalancing:eu-west-1:111111111111:loadbalancer/net/techchallenge-dev/0123456789abcdef"
  target_group_arn  = "arn:aws:elasticloadbalancing:eu-west-1:111111111111:targetgroup/techchallenge-dev-g1/fedcba9876543210"
  nat_gateway_ids   = { eu-west-1a = "nat-a", eu-west-1b = "nat-b" }
}

run "topic_is_encrypted_and_fenced" {
  command = plan

  assert {
    condition     = aws_sns_topic.this.name == "techchallenge-dev-alerts" && aws_sns_topic.this.kms_master_key_id == "arn:aws:kms:eu-west-1:111111111111:key/k" && aws_kms_alias.this.name == "alias/techchallenge-dev-alerts"
    error_message = "The topic is encrypted with the key that has the alias; neither name is ours to change."
  }
  assert {
    condition = { for s in jsondecode(aws_sns_topic_policy.this.policy).Statement : s.Principal.Service => [s.Effect, s.Action, s.Resource, s.Condition.StringEquals["aws:SourceAccount"], s.Condition.ArnLike["aws:SourceArn"]] } == {
      "budgets.amazonaws.com"    = ["Allow", "sns:Publish", "arn:aws:sns:eu-west-1:111111111111:techchallenge-dev-alerts", "111111111111", "arn:aws:budgets::111111111111:*"]
      "cloudwatch.amazonaws.com" = ["Allow", "sns:Publish", "arn:aws:sns:eu-west-1:111111111111:techchallenge-dev-alerts", "111111111111", "arn:aws:cloudwatch:eu-west-1:111111111111:alarm:*"]
    }
    error_message = "Only this account's alarms and budgets publish."
  }
  assert {
    condition     = { for address, s in aws_sns_topic_subscription.email : address => [s.protocol, s.endpoint, s.topic_arn] } == { for address in var.emails : address => ["email", address, "arn:aws:sns:eu-west-1:111111111111:techchallenge-dev-alerts"] }
    error_message = "Everybody in the spec is told, by e-mail."
  }
}

run "key_is_used_for_the_topic_only" {
  command = plan

  assert {
    condition     = aws_kms_key.this.enable_key_rotation
    error_message = "The key rotates."
  }
  assert {
    condition     = length(jsondecode(aws_kms_key.this.policy).Statement) == 2 && jsondecode(aws_kms_key.this.policy).Statement[0].Principal == { AWS = "arn:aws:iam::111111111111:root" } && contains(jsondecode(aws_kms_key.this.policy).Statement[0].Action, "kms:PutKeyPolicy")
    error_message = "The account administers the key."
  }
  assert {
    condition     = length([for a in jsondecode(aws_kms_key.this.policy).Statement[0].Action : a if strcontains(a, "*") || can(regex("Decrypt|Encrypt|GenerateDataKey|CreateGrant|GenerateMac|Sign$", a))]) == 0
    error_message = "Whoever administers the key must not be able to use it."
  }
  assert {
    condition = jsondecode(aws_kms_key.this.policy).Statement[1] == {
      Sid       = "AlarmsAndBudgetsPublish"
      Effect    = "Allow"
      Principal = { Service = ["budgets.amazonaws.com", "cloudwatch.amazonaws.com"] }
      Action    = ["kms:Decrypt", "kms:GenerateDataKey*"]
      Resource  = "*"
      Condition = { StringEquals = { "kms:EncryptionContext:aws:sns:topicArn" = "arn:aws:sns:eu-west-1:111111111111:techchallenge-dev-alerts" } }
    }
    error_message = "Alarms and budgets can publish to the topic, or the key opens something else."
  }
}

run "alarms_watch_the_load_balancer" {
  command = plan

  assert {
    condition     = alltrue([for a in [aws_cloudwatch_metric_alarm.no_healthy_target, aws_cloudwatch_metric_alarm.unhealthy_targets] : a.namespace == "AWS/NetworkELB" && tomap(a.dimensions) == tomap({ LoadBalancer = "net/techchallenge-dev/0123456789abcdef", TargetGroup = "targetgroup/techchallenge-dev-g1/fedcba9876543210" })])
    error_message = "An alarm whose dimensions are not the ARNs' suffixes never hears anything."
  }
  assert {
    condition     = aws_cloudwatch_metric_alarm.no_healthy_target.metric_name == "HealthyHostCount" && aws_cloudwatch_metric_alarm.no_healthy_target.statistic == "Maximum" && aws_cloudwatch_metric_alarm.no_healthy_target.comparison_operator == "LessThanThreshold" && aws_cloudwatch_metric_alarm.no_healthy_target.threshold == 1
    error_message = "Alarm when no target is healthy."
  }
  assert {
    condition     = aws_cloudwatch_metric_alarm.no_healthy_target.treat_missing_data == "breaching"
    error_message = "An empty target group reports nothing, and that is the worst of all."
  }
  assert {
    condition     = aws_cloudwatch_metric_alarm.unhealthy_targets.metric_name == "UnHealthyHostCount" && aws_cloudwatch_metric_alarm.unhealthy_targets.statistic == "Maximum" && aws_cloudwatch_metric_alarm.unhealthy_targets.comparison_operator == "GreaterThanThreshold" && aws_cloudwatch_metric_alarm.unhealthy_targets.threshold == 0 && aws_cloudwatch_metric_alarm.unhealthy_targets.treat_missing_data == "notBreaching"
    error_message = "Alarm when a target stays unhealthy."
  }
  assert {
    condition     = { for zone, a in aws_cloudwatch_metric_alarm.nat_ports : zone => [a.namespace, a.metric_name, a.statistic, a.comparison_operator, a.dimensions["NatGatewayId"]] } == { for zone, id in var.nat_gateway_ids : zone => ["AWS/NATGateway", "ErrorPortAllocation", "Sum", "GreaterThanThreshold", id] }
    error_message = "Alarm when a NAT gateway runs out of ports."
  }
  assert {
    condition     = alltrue([for a in concat([aws_cloudwatch_metric_alarm.no_healthy_target, aws_cloudwatch_metric_alarm.unhealthy_targets], values(aws_cloudwatch_metric_alarm.nat_ports)) : a.alarm_actions == toset(["arn:aws:sns:eu-west-1:111111111111:techchallenge-dev-alerts"]) && a.ok_actions == a.alarm_actions && startswith(a.alarm_name, "techchallenge-dev-alerts-")])
    error_message = "Every alarm tells the topic when it starts and when it ends; names do not meet those of another environment."
  }
  assert {
    condition     = alltrue([for a in concat([aws_cloudwatch_metric_alarm.no_healthy_target, aws_cloudwatch_metric_alarm.unhealthy_targets], values(aws_cloudwatch_metric_alarm.nat_ports)) : strcontains(a.alarm_description, "1. ") && length(a.alarm_description) <= 800])
    error_message = "Every alarm says what to do, in the 1,024 characters that CloudWatch takes, with long names too."
  }
}

run "budget_warns_early_and_late" {
  command = plan

  assert {
    condition     = aws_budgets_budget.monthly[0].name == "techchallenge-dev" && aws_budgets_budget.monthly[0].budget_type == "COST" && tonumber(aws_budgets_budget.monthly[0].limit_amount) == 500 && aws_budgets_budget.monthly[0].limit_unit == "USD" && aws_budgets_budget.monthly[0].time_unit == "MONTHLY"
    error_message = "The budget is what the spec says, a month, in US dollars."
  }
  assert {
    condition     = { for n in aws_budgets_budget.monthly[0].notification : n.notification_type => [n.comparison_operator, n.threshold_type, tostring(n.threshold), join(",", n.subscriber_sns_topic_arns)] } == { FORECASTED = ["GREATER_THAN", "PERCENTAGE", "80", "arn:aws:sns:eu-west-1:111111111111:techchallenge-dev-alerts"], ACTUAL = ["GREATER_THAN", "PERCENTAGE", "100", "arn:aws:sns:eu-west-1:111111111111:techchallenge-dev-alerts"] }
    error_message = "A forecast of 80 percent warns, and so does the whole of it spent."
  }
}

run "nobody_to_tell_and_no_budget" {
  command = plan

  variables {
    emails          = []
    budget          = null
    nat_gateway_ids = {}
  }

  assert {
    condition     = length(aws_budgets_budget.monthly) == 0 && length(aws_sns_topic_subscription.email) == 0 && length(aws_cloudwatch_metric_alarm.nat_ports) == 0 && output.topic_arn == "arn:aws:sns:eu-west-1:111111111111:techchallenge-dev-alerts"
    error_message = "Addresses, the budget and NAT gateways are optional; the topic is not."
  }
}

run "refuses_what_aws_refuses" {
  command = plan

  variables {
    topic_name        = "techchallenge dev"
    key_alias         = "alias/aws/sns"
    emails            = ["platform"]
    budget            = { name = "techchallenge:dev", monthly_usd = 500 }
    load_balancer_arn = "arn:aws:elasticloadbalancing:eu-west-1:111111111111:loadbalancer/app/techchallenge-dev/0123456789abcdef"
    target_group_arn  = "techchallenge-dev-g1"
  }

  expect_failures = [var.topic_name, var.key_alias, var.emails, var.budget, var.load_balancer_arn, var.target_group_arn]
}

run "refuses_a_budget_of_nothing" {
  command = plan

  variables {
    budget = { name = "techchallenge-dev", monthly_usd = 0 }
  }

  expect_failures = [var.budget]
}
