# What a plan cannot show, because ids come with the apply: what is wired to what, and that what exists keeps its
# identity when an environment grows. Nothing is made: the provider is a mock.
mock_provider "aws" {
  mock_resource "aws_iam_role" {
    defaults = { arn = "arn:aws:iam::111111111111:role/mock" }
  }
}

variables {
  permissions_boundary_arn = "arn:aws:iam::111111111111:policy/boundary"
  name                     = "shop-dev"
  cidr                     = "10.10.0.0/16"
  nat_zones                = ["us-east-1a"]
  zones = {
    us-east-1a = { private = "10.10.0.0/18", public = "10.10.192.0/22", intra = "10.10.208.0/22", database = "10.10.224.0/22" }
    us-east-1b = { private = "10.10.64.0/18", public = "10.10.196.0/22", intra = "10.10.212.0/22", database = "10.10.228.0/22" }
  }
  interface_endpoints = ["eks-auth"]
  flow_log = {
    log_group_arn = "arn:aws:logs:us-east-1:111111111111:log-group:/shop/dev/flow-logs"
    role_name     = "shop-dev-flow-log"
  }
}

run "two_zones" {
  assert {
    condition = alltrue(concat(
      [for a in aws_route_table_association.intra : a.route_table_id == aws_route_table.intra.id],
      [for a in aws_route_table_association.database : a.route_table_id == aws_route_table.database.id],
    ))
    error_message = "intra and database subnets must be on their own route tables"
  }
  assert {
    condition = length(setintersection(
      [aws_route_table.intra.id, aws_route_table.database.id],
      concat([aws_route.public_internet.route_table_id], values(aws_route.private_nat)[*].route_table_id, tolist(aws_vpc_endpoint.s3.route_table_ids)),
    )) == 0 && length(aws_route_table.intra.route) + length(aws_route_table.database.route) == 0
    error_message = "intra and database subnets must have no way out"
  }
  assert {
    condition     = alltrue([for zone, a in aws_route_table_association.private : a.route_table_id == aws_route.private_nat[zone].route_table_id])
    error_message = "private subnets must leave by their zone's route"
  }
  assert {
    condition     = length(aws_default_security_group.closed.ingress) == 0 && length(aws_default_security_group.closed.egress) == 0
    error_message = "the default security group must admit nothing and let nothing out"
  }
  assert {
    condition     = length(aws_security_group.endpoints[0].ingress) == 0 && length(aws_security_group.endpoints[0].egress) == 0
    error_message = "the endpoints' security group must have the one rule from the VPC, nothing out"
  }
  assert {
    condition     = toset(aws_vpc_endpoint.interface["eks-auth"].subnet_ids) == toset(values(output.private_subnet_ids)) && aws_vpc_endpoint.interface["eks-auth"].security_group_ids == toset([output.endpoint_security_group_id])
    error_message = "interface endpoints must lie in the private subnets, behind their security group"
  }
}

run "third_zone_and_nat_per_zone" {
  variables {
    nat_zones = ["us-east-1a", "us-east-1b", "us-east-1c"]
    zones = {
      us-east-1a = { private = "10.10.0.0/18", public = "10.10.192.0/22", intra = "10.10.208.0/22", database = "10.10.224.0/22" }
      us-east-1b = { private = "10.10.64.0/18", public = "10.10.196.0/22", intra = "10.10.212.0/22", database = "10.10.228.0/22" }
      us-east-1c = { private = "10.10.128.0/18", public = "10.10.200.0/22", intra = "10.10.216.0/22", database = "10.10.232.0/22" }
    }
  }

  assert {
    condition = alltrue([for zone in ["us-east-1a", "us-east-1b"] :
      output.private_subnet_ids[zone] == run.two_zones.private_subnet_ids[zone] &&
      output.public_subnet_ids[zone] == run.two_zones.public_subnet_ids[zone] &&
      output.intra_subnet_ids[zone] == run.two_zones.intra_subnet_ids[zone] &&
      output.database_subnet_ids[zone] == run.two_zones.database_subnet_ids[zone]
    ])
    error_message = "a third zone must leave the subnets of the first two alone"
  }
  assert {
    condition     = output.nat_gateway_ids["us-east-1a"] == run.two_zones.nat_gateway_ids["us-east-1a"] && length(output.nat_gateway_ids) == 3
    error_message = "the NAT gateway that was there must stay when the other zones get theirs"
  }
  assert {
    condition     = alltrue([for zone, route in aws_route.private_nat : route.nat_gateway_id == output.nat_gateway_ids[zone]])
    error_message = "each zone's route must move to its own NAT gateway"
  }
  assert {
    condition     = length(aws_vpc_endpoint.interface["eks-auth"].subnet_ids) == 3 && length(aws_vpc_endpoint.s3.route_table_ids) == 3
    error_message = "endpoints must serve the new zone too"
  }
  assert {
    condition     = output.vpc_id == run.two_zones.vpc_id && output.endpoint_security_group_id == run.two_zones.endpoint_security_group_id
    error_message = "the VPC and the endpoints' security group must stay"
  }
}
