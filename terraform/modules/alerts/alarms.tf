# Each says what to do: it is read at night, in an e-mail.

locals {
  load_balancer = regex(":loadbalancer/(.+)$", var.load_balancer_arn)[0]
  target_group  = regex(":(targetgroup/.+)$", var.target_group_arn)[0]

  target_group_name = split("/", local.target_group)[1]
}

resource "aws_cloudwatch_metric_alarm" "no_healthy_target" {
  alarm_name = "${var.topic_name}-no-healthy-target"

  alarm_description = <<-EOT
    Nobody is served: the load balancer ${local.load_balancer} has had no healthy target for three minutes.
    1. kubectl get pods -A -l app.kubernetes.io/name=ingress-nginx: are there any, are they ready?
    2. kubectl get targetgroupbindings -A, and describe it: does its name end like ${local.target_group_name}?
    3. The logs of aws-load-balancer-controller: may it register targets?
    4. Argo CD: are edge and ingress-nginx synced?
    Expected while a new environment has no ingress controller yet, and for a minute or two when
    ingress.generation changes.
  EOT

  namespace           = "AWS/NetworkELB"
  metric_name         = "HealthyHostCount"
  dimensions          = { LoadBalancer = local.load_balancer, TargetGroup = local.target_group }
  statistic           = "Maximum" # one node of the load balancer that sees one healthy target is enough
  comparison_operator = "LessThanThreshold"
  threshold           = 1
  period              = 60
  evaluation_periods  = 3
  treat_missing_data  = "breaching" # an empty target group reports nothing

  alarm_actions = [aws_sns_topic.this.arn]
  ok_actions    = [aws_sns_topic.this.arn]
}

resource "aws_cloudwatch_metric_alarm" "unhealthy_targets" {
  alarm_name = "${var.topic_name}-unhealthy-targets"

  alarm_description = <<-EOT
    Some pods of ingress-nginx have failed the load balancer's health check for five minutes; the others serve.
    1. kubectl get pods -A -o wide -l app.kubernetes.io/name=ingress-nginx: which are not ready, on which node?
    2. Describe such a pod and read its logs: out of memory, refused configuration?
    3. All pods ready: compare addresses with those of the target group ${local.target_group_name}; the network
       policy ingress-nginx-fence and the security group must admit the load balancer on 443.
  EOT

  namespace           = "AWS/NetworkELB"
  metric_name         = "UnHealthyHostCount"
  dimensions          = { LoadBalancer = local.load_balancer, TargetGroup = local.target_group }
  statistic           = "Maximum"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  period              = 60
  evaluation_periods  = 5 # a rollout passes through it
  treat_missing_data  = "notBreaching"

  alarm_actions = [aws_sns_topic.this.arn]
  ok_actions    = [aws_sns_topic.this.arn]
}

resource "aws_cloudwatch_metric_alarm" "nat_ports" {
  for_each = var.nat_gateway_ids

  alarm_name = "${var.topic_name}-nat-ports-${each.key}"

  alarm_description = <<-EOT
    Connections to the internet fail: the NAT gateway ${each.value} in ${each.key} has no source port left. It has
    55,000 per destination address, port and protocol.
    1. Which pods connect so much? The VPC's flow log, grouped by source and destination.
    2. A workload that opens a connection per request: make it keep them.
    3. An AWS service: network.interfaceEndpoints in environments/<env>.yaml keeps that traffic inside.
    4. One gateway for all zones: network.nat: perZone in environments/<env>.yaml spreads it.
  EOT

  namespace           = "AWS/NATGateway"
  metric_name         = "ErrorPortAllocation"
  dimensions          = { NatGatewayId = each.value }
  statistic           = "Sum"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  period              = 60
  evaluation_periods  = 3
  treat_missing_data  = "notBreaching"

  alarm_actions = [aws_sns_topic.this.arn]
  ok_actions    = [aws_sns_topic.this.arn]
}
