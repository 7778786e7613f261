provider "aws" {
  region                      = "us-east-1"
  access_key                  = "x"
  secret_key                  = "x"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
}

provider "mongodbatlas" {
  client_id     = "x"
  client_secret = "x"
}

override_resource {
  target          = mongodbatlas_privatelink_endpoint.this
  override_during = plan
  values          = { endpoint_service_name = "com.amazonaws.vpce.us-east-1.vpce-svc-0123456789abcdef0", private_link_id = "0123456789abcdef01234567" }
}

override_resource {
  target          = aws_vpc_endpoint.this
  override_during = plan
  values          = { id = "vpce-0123456789abcdef0" }
}

variables {
  name         = "techchallenge-dev-atlas"
  project_id   = "6f0a1b2c3d4e5f6071829304"
  atlas_region = "US_EAST_1"
  vpc_id       = "vpc-0123456789abcdef0"
  subnet_ids   = ["subnet-a", "subnet-b"]
  client_cidrs = ["10.10.0.0/18", "10.10.64.0/18"]
}

run "an_endpoint_that_atlas_accepts" {
  command = plan

  assert {
    condition     = aws_vpc_endpoint.this.service_name == "com.amazonaws.vpce.us-east-1.vpce-svc-0123456789abcdef0" && aws_vpc_endpoint.this.vpc_endpoint_type == "Interface" && aws_vpc_endpoint.this.subnet_ids == toset(["subnet-a", "subnet-b"])
    error_message = "The endpoint must lead to the project, from every zone."
  }
  assert {
    condition     = mongodbatlas_privatelink_endpoint_service.this.endpoint_service_id == "vpce-0123456789abcdef0" && mongodbatlas_privatelink_endpoint_service.this.private_link_id == "0123456789abcdef01234567"
    error_message = "Atlas must accept this endpoint on this link."
  }
  assert {
    condition     = output.endpoint_id == "vpce-0123456789abcdef0"
    error_message = "The connection string is looked for by the endpoint's id."
  }
  assert {
    condition     = aws_vpc_endpoint.this.private_dns_enabled == false
    error_message = "Atlas's service has no private name, so AWS refuses one."
  }
}

run "clients_come_in_and_nothing_goes_out" {
  command = plan

  assert {
    condition     = { for cidr, rule in aws_vpc_security_group_ingress_rule.client : rule.cidr_ipv4 => "${rule.ip_protocol} ${rule.from_port}-${rule.to_port}" } == { "10.10.0.0/18" = "tcp 1024-65535", "10.10.64.0/18" = "tcp 1024-65535" }
    error_message = "Atlas needs all of these ports, and clients no others."
  }
}

run "not_for_everybody" {
  command = plan

  variables {
    client_cidrs = ["0.0.0.0/0"]
  }

  expect_failures = [var.client_cidrs]
}

run "not_without_a_subnet" {
  command = plan

  variables {
    subnet_ids = []
  }

  expect_failures = [var.subnet_ids]
}

run "not_the_name_that_aws_uses" {
  command = plan

  variables {
    atlas_region = "us-east-1"
  }

  expect_failures = [var.atlas_region]
}
