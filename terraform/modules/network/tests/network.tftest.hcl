# The real provider, plan only: no network, no credentials.
provider "aws" {
  region                      = "us-east-1"
  access_key                  = "test"
  secret_key                  = "test"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
}

override_data {
  target = data.aws_caller_identity.current
  values = { account_id = "111111111111" }
}

variables {
  permissions_boundary_arn = "arn:aws:iam::111111111111:policy/boundary"
  name                     = "shop-dev"
  cidr                     = "10.10.0.0/16"
  nat_zones                = ["us-east-1a"]
  zones = {
    us-east-1a = { private = "10.10.0.0/18", public = "10.10.192.0/22", intra = "10.10.208.0/22", database = "10.10.224.0/22" }
    us-east-1b = { private = "10.10.64.0/18", public = "10.10.196.0/22", intra = "10.10.212.0/22", database = "10.10.228.0/22" }
    us-east-1c = { private = "10.10.128.0/18", public = "10.10.200.0/22", intra = "10.10.216.0/22", database = "10.10.232.0/22" }
  }
  interface_endpoints = ["ecr.api", "eks-auth"]
  flow_log = {
    log_group_arn = "arn:aws:logs:us-east-1:111111111111:log-group:/shop/dev/flow-logs"
    role_name     = "shop-dev-flow-log"
  }
}

run "single_nat" {
  command = plan

  assert {
    condition     = keys(aws_nat_gateway.this) == ["us-east-1a"] && keys(aws_eip.nat) == ["us-east-1a"]
    error_message = "single must make one NAT gateway, in the first zone"
  }
  assert {
    condition     = local.nat_zone == { us-east-1a = "us-east-1a", us-east-1b = "us-east-1a", us-east-1c = "us-east-1a" }
    error_message = "every zone must leave by the first zone's NAT gateway"
  }
  assert {
    condition     = toset(keys(aws_route.private_nat)) == toset(keys(var.zones)) && toset(keys(aws_route_table.private)) == toset(keys(var.zones))
    error_message = "every zone must have its own private route table and default route, so that perZone replaces none"
  }
  assert {
    condition     = aws_vpc.this.cidr_block == "10.10.0.0/16" && aws_vpc.this.enable_dns_support && aws_vpc.this.enable_dns_hostnames
    error_message = "private DNS of endpoints needs both DNS attributes"
  }
  assert {
    condition     = aws_vpc.this.tags.Name == "shop-dev"
    error_message = "the load balancer controller finds the VPC by its Name tag"
  }
}

run "subnets" {
  command = plan

  assert {
    condition     = alltrue([for s in aws_subnet.private : s.tags["kubernetes.io/role/internal-elb"] == "1" && !can(s.tags["kubernetes.io/role/elb"])])
    error_message = "private subnets must carry the internal load balancers' tag, and only that"
  }
  assert {
    condition     = alltrue([for s in aws_subnet.public : s.tags["kubernetes.io/role/elb"] == "1" && !can(s.tags["kubernetes.io/role/internal-elb"])])
    error_message = "public subnets must carry the internet-facing load balancers' tag, and only that"
  }
  assert {
    condition     = alltrue([for s in concat(values(aws_subnet.intra), values(aws_subnet.database)) : toset(keys(s.tags)) == toset(["Name"])])
    error_message = "no load balancer may be placed in intra or database subnets by a tag"
  }
  assert {
    condition = alltrue([
      for s in concat(values(aws_subnet.private), values(aws_subnet.public), values(aws_subnet.intra), values(aws_subnet.database)) :
      s.map_public_ip_on_launch == false
    ])
    error_message = "no subnet may give out public addresses"
  }
  assert {
    condition = alltrue([for zone, cidrs in var.zones :
      aws_subnet.private[zone].availability_zone == zone && aws_subnet.private[zone].cidr_block == cidrs.private &&
      aws_subnet.public[zone].availability_zone == zone && aws_subnet.public[zone].cidr_block == cidrs.public &&
      aws_subnet.intra[zone].availability_zone == zone && aws_subnet.intra[zone].cidr_block == cidrs.intra &&
      aws_subnet.database[zone].availability_zone == zone && aws_subnet.database[zone].cidr_block == cidrs.database
    ])
    error_message = "each subnet must lie in its zone with its CIDR"
  }
  assert {
    condition     = aws_subnet.intra["us-east-1b"].tags.Name == "shop-dev-intra-us-east-1b"
    error_message = "a subnet's Name must say what and where it is"
  }
}

run "routes" {
  command = plan

  assert {
    condition     = length(aws_default_route_table.closed.route) == 0
    error_message = "the main route table must lead nowhere"
  }
  assert {
    condition     = aws_route.public_internet.destination_cidr_block == "0.0.0.0/0" && length(aws_route_table_association.public) == 3
    error_message = "public subnets must have a way to the internet"
  }
}

run "endpoints" {
  command = plan

  assert {
    condition     = aws_vpc_endpoint.s3.vpc_endpoint_type == "Gateway" && aws_vpc_endpoint.s3.service_name == "com.amazonaws.us-east-1.s3"
    error_message = "S3 must have its gateway endpoint"
  }
  assert {
    condition     = { for k, e in aws_vpc_endpoint.interface : k => e.service_name } == { "ecr.api" = "com.amazonaws.us-east-1.ecr.api", eks-auth = "com.amazonaws.us-east-1.eks-auth" }
    error_message = "each listed service must have its endpoint"
  }
  assert {
    condition     = alltrue([for e in aws_vpc_endpoint.interface : e.private_dns_enabled && e.vpc_endpoint_type == "Interface"])
    error_message = "interface endpoints must answer under the services' own names"
  }
  assert {
    condition = (
      aws_vpc_security_group_ingress_rule.endpoints[0].cidr_ipv4 == "10.10.0.0/16" &&
      aws_vpc_security_group_ingress_rule.endpoints[0].ip_protocol == "tcp" &&
      aws_vpc_security_group_ingress_rule.endpoints[0].from_port == 443 &&
      aws_vpc_security_group_ingress_rule.endpoints[0].to_port == 443
    )
    error_message = "endpoints must admit HTTPS from the VPC and nothing else"
  }
}

run "flow_logs" {
  command = plan

  assert {
    condition     = aws_flow_log.this.traffic_type == "ALL" && aws_flow_log.this.log_destination == var.flow_log.log_group_arn
    error_message = "all traffic must be logged to the given group"
  }
  assert {
    condition     = aws_iam_role.flow_log.name == "shop-dev-flow-log"
    error_message = "the role's name must be the given one"
  }
  assert {
    condition = jsondecode(aws_iam_role.flow_log.assume_role_policy).Statement == [{
      Effect    = "Allow"
      Principal = { Service = "vpc-flow-logs.amazonaws.com" }
      Action    = "sts:AssumeRole"
      Condition = {
        StringEquals = { "aws:SourceAccount" = "111111111111" }
        ArnLike      = { "aws:SourceArn" = "arn:aws:ec2:us-east-1:111111111111:vpc-flow-log/*" }
      }
    }]
    error_message = "only flow logs of this account and region may use the role"
  }
  assert {
    condition = alltrue([for s in jsondecode(aws_iam_role_policy.flow_log.policy).Statement :
      s.Action == "logs:DescribeLogGroups" || s.Resource == [var.flow_log.log_group_arn, "${var.flow_log.log_group_arn}:*"]
    ])
    error_message = "the role may write its own log group only"
  }
  assert {
    condition     = !strcontains(aws_iam_role_policy.flow_log.policy, "CreateLogGroup")
    error_message = "a group that the role made would be neither encrypted nor ever expire"
  }
}

run "nat_per_zone_without_endpoints" {
  command = plan

  variables {
    nat_zones           = ["us-east-1a", "us-east-1b", "us-east-1c"]
    interface_endpoints = []
  }

  assert {
    condition     = toset(keys(aws_nat_gateway.this)) == toset(keys(var.zones))
    error_message = "perZone must make a NAT gateway in each zone"
  }
  assert {
    condition     = alltrue([for zone, nat in local.nat_zone : zone == nat])
    error_message = "each zone must leave by its own NAT gateway"
  }
  assert {
    condition     = length(aws_vpc_endpoint.interface) == 0 && aws_vpc_endpoint.s3.vpc_endpoint_type == "Gateway"
    error_message = "without interface endpoints the gateway endpoint must stay"
  }
  assert {
    condition     = length(aws_security_group.endpoints) + length(aws_vpc_security_group_ingress_rule.endpoints) == 0
    error_message = "without interface endpoints there must be no security group that guards nothing"
  }
}

# A zone may come later whose name sorts before the others'.
run "single_nat_stays_where_it_was_first" {
  command = plan

  variables {
    nat_zones = ["us-east-1b"]
  }

  assert {
    condition     = keys(aws_nat_gateway.this) == ["us-east-1b"] && toset(values(local.nat_zone)) == toset(["us-east-1b"])
    error_message = "the NAT gateway must be in the given zone, wherever its name sorts"
  }
}

run "refuses_no_nat" {
  command         = plan
  expect_failures = [var.nat_zones]

  variables {
    nat_zones = []
  }
}

run "refuses_nat" {
  command         = plan
  expect_failures = [var.nat_zones]

  variables {
    nat_zones = ["us-east-1d"]
  }
}

run "refuses_cidr_with_host_bits" {
  command         = plan
  expect_failures = [var.cidr]

  variables {
    cidr = "10.10.0.1/16"
  }
}

run "refuses_cidr_too_wide_for_a_vpc" {
  command         = plan
  expect_failures = [var.cidr]

  variables {
    cidr = "10.0.0.0/8"
    zones = {
      us-east-1a = { private = "10.10.0.0/18", public = "10.10.192.0/22", intra = "10.10.208.0/22", database = "10.10.224.0/22" }
      us-east-1b = { private = "10.10.64.0/18", public = "10.10.196.0/22", intra = "10.10.212.0/22", database = "10.10.228.0/22" }
    }
  }
}

run "refuses_one_zone" {
  command         = plan
  expect_failures = [var.zones]

  variables {
    zones = {
      us-east-1a = { private = "10.10.0.0/18", public = "10.10.192.0/22", intra = "10.10.208.0/22", database = "10.10.224.0/22" }
    }
  }
}

run "refuses_zone_that_is_a_region" {
  command         = plan
  expect_failures = [var.zones]

  variables {
    zones = {
      us-east-1  = { private = "10.10.0.0/18", public = "10.10.192.0/22", intra = "10.10.208.0/22", database = "10.10.224.0/22" }
      us-east-1b = { private = "10.10.64.0/18", public = "10.10.196.0/22", intra = "10.10.212.0/22", database = "10.10.228.0/22" }
    }
  }
}

run "refuses_subnet_outside_the_vpc" {
  command         = plan
  expect_failures = [var.zones]

  variables {
    zones = {
      us-east-1a = { private = "10.11.0.0/18", public = "10.10.192.0/22", intra = "10.10.208.0/22", database = "10.10.224.0/22" }
      us-east-1b = { private = "10.10.64.0/18", public = "10.10.196.0/22", intra = "10.10.212.0/22", database = "10.10.228.0/22" }
    }
  }
}

run "refuses_subnets_that_overlap" {
  command         = plan
  expect_failures = [var.zones]

  variables {
    zones = {
      us-east-1a = { private = "10.10.0.0/18", public = "10.10.4.0/22", intra = "10.10.208.0/22", database = "10.10.224.0/22" }
      us-east-1b = { private = "10.10.64.0/18", public = "10.10.196.0/22", intra = "10.10.212.0/22", database = "10.10.228.0/22" }
    }
  }
}

run "refuses_full_service_name" {
  command         = plan
  expect_failures = [var.interface_endpoints]

  variables {
    interface_endpoints = ["com.amazonaws.us-east-1.sts"]
  }
}

run "refuses_interface_endpoint_for_s3" {
  command         = plan
  expect_failures = [var.interface_endpoints]

  variables {
    interface_endpoints = ["s3"]
  }
}

run "refuses_log_group_arn_with_a_star" {
  command         = plan
  expect_failures = [var.flow_log]

  variables {
    flow_log = {
      log_group_arn = "arn:aws:logs:us-east-1:111111111111:log-group:/shop/dev/flow-logs:*"
      role_name     = "shop-dev-flow-log"
    }
  }
}

run "refuses_a_role_name_that_iam_refuses" {
  command         = plan
  expect_failures = [var.flow_log]

  variables {
    flow_log = {
      log_group_arn = "arn:aws:logs:us-east-1:111111111111:log-group:/shop/dev/flow-logs"
      role_name     = "shop/dev"
    }
  }
}
