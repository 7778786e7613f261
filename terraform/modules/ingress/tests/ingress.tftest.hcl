provider "aws" {
  region                      = "us-east-1"
  access_key                  = "x"
  secret_key                  = "x"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
}

override_data {
  target = data.aws_route53_zone.this
  values = { zone_id = "Z1" }
}

override_resource {
  target          = aws_security_group.this
  override_during = plan
  values          = { id = "sg-balancer" }
}

override_resource {
  target          = aws_lb.this
  override_during = plan
  values          = { arn = "arn:aws:elasticloadbalancing:us-east-1:111111111111:loadbalancer/net/techchallenge-dev/1", dns_name = "balancer.example.com", zone_id = "ZLB" }
}

override_resource {
  target          = aws_lb_target_group.this
  override_during = plan
  values          = { arn = "arn:aws:elasticloadbalancing:us-east-1:111111111111:targetgroup/techchallenge-dev-g1/2" }
}

variables {
  vpc_id             = "vpc-1"
  load_balancer_name = "techchallenge-dev"
  internal           = true
  subnet_ids         = ["subnet-a", "subnet-b"]
  client_cidrs       = []
  gateway = {
    link_security_group_id = "sg-link"
    targets = {
      "api.dev.techchallenge.example"     = { name = "d-1.example.com", zone_id = "ZGATEWAY" }
      "screens.dev.techchallenge.example" = { name = "d-2.example.com", zone_id = "ZGATEWAY" }
    }
  }
  target_group_name        = "techchallenge-dev-g1"
  target_security_group_id = "sg-cluster"
  proxy_protocol           = false
  domain                   = "dev.techchallenge.example"
  hosts                    = ["screens.dev.techchallenge.example", "api.dev.techchallenge.example"]
  deletion_protection      = true
}

run "internal_behind_the_gateway" {
  command = plan

  assert {
    condition     = aws_lb.this.name == "techchallenge-dev" && aws_lb.this.load_balancer_type == "network" && aws_lb.this.internal && aws_lb.this.subnets == toset(["subnet-a", "subnet-b"]) && aws_lb.this.security_groups == toset(["sg-balancer"])
    error_message = "An internal network load balancer in the given subnets, with a security group from its birth."
  }
  assert {
    condition     = aws_lb.this.enable_deletion_protection && aws_lb.this.enable_cross_zone_load_balancing
    error_message = "Deletion protection as said; pods of every zone are reached from every zone."
  }
  assert {
    condition     = { for host, r in aws_route53_record.host : host => [r.zone_id, r.name, r.type, r.alias[0].name, r.alias[0].zone_id, tostring(r.alias[0].evaluate_target_health)] } == { "api.dev.techchallenge.example" = ["Z1", "api.dev.techchallenge.example", "A", "d-1.example.com", "ZGATEWAY", "false"], "screens.dev.techchallenge.example" = ["Z1", "screens.dev.techchallenge.example", "A", "d-2.example.com", "ZGATEWAY", "false"] }
    error_message = "Behind the gateway each host leads to its own domain of the gateway."
  }
  assert {
    condition     = output.load_balancer_arn == aws_lb.this.arn && output.target_group_arn == aws_lb_target_group.this.arn && output.zone_id == "Z1" && output.security_group_id == "sg-balancer" && output.dns_name == "balancer.example.com"
    error_message = "An output is not what its name says."
  }
}

run "ends_tls_and_speaks_it_again" {
  command = plan

  assert {
    condition     = aws_lb_listener.https.protocol == "TLS" && aws_lb_listener.https.port == 443 && aws_lb_listener.https.ssl_policy == "ELBSecurityPolicy-TLS13-1-2-Res-2021-06" && aws_lb_listener.https.alpn_policy == "None"
    error_message = "TLS 1.2 with forward secrecy at least, on 443."
  }
  assert {
    condition     = aws_lb_listener.https.default_action[0].type == "forward" && aws_lb_listener.https.default_action[0].target_group_arn == aws_lb_target_group.this.arn && aws_lb_listener.https.load_balancer_arn == aws_lb.this.arn
    error_message = "The listener forwards to the target group."
  }
  assert {
    condition     = aws_lb_target_group.this.name == "techchallenge-dev-g1" && aws_lb_target_group.this.target_type == "ip" && aws_lb_target_group.this.protocol == "TLS" && aws_lb_target_group.this.port == 443 && aws_lb_target_group.this.vpc_id == "vpc-1"
    error_message = "Targets are pods that speak TLS on 443."
  }
  assert {
    condition     = aws_lb_target_group.this.preserve_client_ip == "false" && aws_lb_target_group.this.proxy_protocol_v2 == false
    error_message = "Pods see the load balancer's addresses; behind the gateway a header tells the client's."
  }
  assert {
    condition     = tonumber(aws_lb_target_group.this.deregistration_delay) > 30 && tonumber(aws_lb_target_group.this.deregistration_delay) <= 120 && aws_lb_target_group.this.connection_termination
    error_message = "A pod that goes finishes what the gateway waits for, 30 seconds, and then is left."
  }
  assert {
    condition     = aws_lb_target_group.this.health_check[0].protocol == "HTTPS" && aws_lb_target_group.this.health_check[0].path == "/healthz" && aws_lb_target_group.this.health_check[0].port == "traffic-port" && aws_lb_target_group.this.health_check[0].matcher == "200" && aws_lb_target_group.this.health_check[0].timeout < aws_lb_target_group.this.health_check[0].interval
    error_message = "ingress-nginx answers 200 to /healthz on the port of the requests."
  }
  assert {
    # The order of a replacement shows in no plan.
    condition = alltrue([for file, type in { "main.tf" = "aws_lb_target_group", "dns.tf" = "aws_acm_certificate", "security_group.tf" = "aws_security_group" } :
      strcontains(regex("(?s)resource \"${type}\" \"this\" {.*?\n}", file("${path.module}/${file}")), "create_before_destroy = true")
    ])
    error_message = "The listener would be without a target group or certificate, or the load balancer without a security group."
  }
  assert {
    condition     = !strcontains(regex("(?s)resource \"aws_acm_certificate_validation\" \"this\" {.*?\n}", file("${path.module}/dns.tf")), "create_before_destroy = true")
    error_message = "It spreads to the validation records, and a new certificate's would go with the old one's."
  }
}

run "admits_443_from_the_gateway_and_goes_to_targets_only" {
  command = plan

  assert {
    condition     = length(aws_vpc_security_group_ingress_rule.clients) == 0
    error_message = "Behind the gateway no network is admitted, or clients in it go past its checks."
  }
  assert {
    condition     = { for key, r in aws_vpc_security_group_ingress_rule.gateway : key => [r.security_group_id, r.referenced_security_group_id, r.ip_protocol, tostring(r.from_port), tostring(r.to_port)] } == { link = ["sg-balancer", "sg-link", "tcp", "443", "443"] } && alltrue([for r in aws_vpc_security_group_ingress_rule.gateway : r.cidr_ipv4 == null])
    error_message = "The VPC link's security group is admitted, to 443."
  }
  assert {
    condition     = [aws_vpc_security_group_egress_rule.targets.security_group_id, aws_vpc_security_group_egress_rule.targets.referenced_security_group_id, aws_vpc_security_group_egress_rule.targets.ip_protocol, tostring(aws_vpc_security_group_egress_rule.targets.from_port), tostring(aws_vpc_security_group_egress_rule.targets.to_port)] == ["sg-balancer", "sg-cluster", "tcp", "443", "443"] && aws_vpc_security_group_egress_rule.targets.cidr_ipv4 == null
    error_message = "The load balancer talks to its targets on 443 and to nobody else."
  }
  assert {
    condition     = [aws_vpc_security_group_ingress_rule.targets.security_group_id, aws_vpc_security_group_ingress_rule.targets.referenced_security_group_id, aws_vpc_security_group_ingress_rule.targets.ip_protocol, tostring(aws_vpc_security_group_ingress_rule.targets.from_port), tostring(aws_vpc_security_group_ingress_rule.targets.to_port)] == ["sg-cluster", "sg-balancer", "tcp", "443", "443"] && aws_vpc_security_group_ingress_rule.targets.cidr_ipv4 == null
    error_message = "The targets admit the load balancer, on 443, and nobody else."
  }
  assert {
    condition     = !strcontains(aws_vpc_security_group_ingress_rule.targets.description, "elbv2.k8s.aws")
    error_message = "The load balancer controller removes rules with that description."
  }
  assert {
    condition     = aws_security_group.this.vpc_id == "vpc-1" && aws_security_group.this.name_prefix == "techchallenge-dev-"
    error_message = "The security group is the load balancer's, and its replacement can stand beside it."
  }
}

run "certificate_covers_exactly_the_hosts" {
  command = plan

  assert {
    condition     = aws_acm_certificate.this.domain_name == "api.dev.techchallenge.example" && aws_acm_certificate.this.subject_alternative_names == toset(["api.dev.techchallenge.example", "screens.dev.techchallenge.example"]) && aws_acm_certificate.this.validation_method == "DNS"
    error_message = "The certificate covers the hosts, no wildcard, and is validated by DNS."
  }
  assert {
    condition     = toset(keys(aws_route53_record.validation)) == toset(["api.dev.techchallenge.example", "screens.dev.techchallenge.example"]) && alltrue([for r in aws_route53_record.validation : r.zone_id == "Z1" && r.allow_overwrite])
    error_message = "Every host is validated in the domain's zone, beside other certificates for it."
  }
  assert {
    condition     = data.aws_route53_zone.this.name == "dev.techchallenge.example" && data.aws_route53_zone.this.private_zone == false
    error_message = "The zone is the domain's public one."
  }
}

run "listener_shows_the_certificate" {
  command = plan

  override_resource {
    target          = aws_acm_certificate.this
    override_during = plan
    values          = { arn = "arn:aws:acm:us-east-1:111111111111:certificate/c", domain_validation_options = [] }
  }

  assert {
    condition     = aws_lb_listener.https.certificate_arn == "arn:aws:acm:us-east-1:111111111111:certificate/c" && output.certificate_arn == aws_lb_listener.https.certificate_arn
    error_message = "The listener and whoever asks get the certificate."
  }
  assert {
    condition     = can(regex("certificate_arn\\s+= aws_acm_certificate_validation\\.this\\.", file("${path.module}/main.tf")))
    error_message = "The listener waits for the certificate to be issued; AWS refuses one that is not."
  }
}

run "one_host_may_be_the_domain" {
  command = plan

  variables {
    hosts        = ["dev.techchallenge.example"]
    internal     = false
    gateway      = null
    client_cidrs = ["0.0.0.0/0"]
  }

  assert {
    condition     = aws_acm_certificate.this.domain_name == "dev.techchallenge.example" && keys(aws_route53_record.validation) == ["dev.techchallenge.example"]
    error_message = "A single host needs no further names."
  }
}

run "a_long_host_is_no_common_name" {
  command = plan

  variables {
    hosts        = ["a-host-with-a-name-that-is-longer-than-a-common.dev.techchallenge.example", "screens.dev.techchallenge.example"]
    internal     = false
    gateway      = null
    client_cidrs = ["0.0.0.0/0"]
  }

  assert {
    condition     = aws_acm_certificate.this.domain_name == "screens.dev.techchallenge.example"
    error_message = "ACM refuses a common name of more than 64 characters."
  }
}

run "public_without_the_gateway" {
  command = plan

  variables {
    internal            = false
    proxy_protocol      = true
    gateway             = null
    client_cidrs        = ["0.0.0.0/0", "203.0.113.0/24"]
    deletion_protection = false
  }

  assert {
    condition     = !aws_lb.this.internal && !aws_lb.this.enable_deletion_protection && aws_lb_target_group.this.proxy_protocol_v2
    error_message = "A public load balancer tells the client's address by proxy protocol."
  }
  assert {
    condition     = { for host, r in aws_route53_record.host : host => [r.zone_id, r.name, r.type, r.alias[0].name, r.alias[0].zone_id, tostring(r.alias[0].evaluate_target_health)] } == { for host in var.hosts : host => ["Z1", host, "A", "balancer.example.com", "ZLB", "true"] }
    error_message = "The hosts point to the load balancer."
  }
  assert {
    condition     = { for cidr, r in aws_vpc_security_group_ingress_rule.clients : cidr => [r.security_group_id, r.cidr_ipv4, r.ip_protocol, tostring(r.from_port), tostring(r.to_port)] } == { for cidr in var.client_cidrs : cidr => ["sg-balancer", cidr, "tcp", "443", "443"] } && length(aws_vpc_security_group_ingress_rule.gateway) == 0
    error_message = "Clients come from client_cidrs, to 443."
  }
}

run "refuses_names_too_long_for_aws" {
  command = plan

  variables {
    load_balancer_name = "techchallenge-production-europe-1"
    target_group_name  = "techchallenge-production-eu-1-g10"
    hosts              = []
  }

  expect_failures = [var.load_balancer_name, var.target_group_name, var.hosts]
}

run "refuses_a_name_that_aws_reserves_and_a_load_balancer_for_nobody" {
  command = plan

  variables {
    load_balancer_name = "internal-techchallenge"
    subnet_ids         = []
    internal           = false
    gateway            = null
  }

  expect_failures = [var.load_balancer_name, var.subnet_ids, var.client_cidrs]
}

run "refuses_what_is_no_network" {
  command = plan

  variables {
    internal     = false
    gateway      = null
    client_cidrs = ["10.10.48.1/24", "10.10.300.0/24", "fd00::/8"]
  }

  expect_failures = [var.client_cidrs]
}

run "refuses_clients_past_the_gateway" {
  command = plan

  variables {
    client_cidrs = ["10.10.48.0/24"]
  }

  expect_failures = [var.client_cidrs]
}

run "refuses_to_be_public_behind_the_gateway" {
  command = plan

  variables {
    internal = false
  }

  expect_failures = [var.gateway]
}

run "refuses_to_be_internal_without_the_gateway" {
  command = plan

  variables {
    gateway      = null
    client_cidrs = ["10.10.48.0/24"]
  }

  expect_failures = [var.gateway]
}

run "refuses_a_host_that_leads_nowhere" {
  command = plan

  variables {
    hosts = ["api.dev.techchallenge.example", "screens.dev.techchallenge.example", "admin.dev.techchallenge.example"]
  }

  expect_failures = [var.gateway]
}

run "refuses_a_host_of_another_domain" {
  command = plan

  variables {
    hosts = ["api.dev.techchallenge.example", "api.xdev.techchallenge.example"]
  }

  expect_failures = [var.hosts]
}

run "refuses_a_wildcard" {
  command = plan

  variables {
    hosts = ["*.dev.techchallenge.example"]
  }

  expect_failures = [var.hosts]
}

run "refuses_more_hosts_than_acm_takes" {
  command = plan

  variables {
    hosts = [for n in range(11) : "h${n}.dev.techchallenge.example"]
  }

  expect_failures = [var.hosts]
}

run "refuses_long_hosts_only" {
  command = plan

  variables {
    hosts = ["a-host-with-a-name-that-is-longer-than-a-common.dev.techchallenge.example"]
  }

  expect_failures = [var.hosts]
}
