# The real provider, plan only: no network, no credentials.
provider "aws" {
  region                      = "us-east-1"
  access_key                  = "test"
  secret_key                  = "test"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
}

# Tokens come with the apply; these let the plan show the records.
override_resource {
  target          = aws_sesv2_email_identity.this
  override_during = plan
  values = {
    arn                     = "arn:aws:ses:us-east-1:111111111111:identity/dev.shop.example"
    dkim_signing_attributes = { tokens = ["one", "two", "three"] }
  }
}

variables {
  identity = "dev.shop.example"
  zone_id  = "Z1"
}

run "the_domain_is_signed_for" {
  command = plan

  assert {
    condition     = aws_sesv2_email_identity.this.email_identity == "dev.shop.example" && aws_sesv2_email_identity.this.configuration_set_name == null
    error_message = "The identity is the domain, without a configuration set that the sender's role would not be allowed."
  }
  assert {
    condition = { for record in aws_route53_record.dkim : record.name => record.records } == {
      for token in ["one", "two", "three"] : "${token}._domainkey.dev.shop.example" => toset(["${token}.dkim.amazonses.com"])
    }
    error_message = "Each token is a name below the domain that leads to the key that SES publishes."
  }
  assert {
    condition     = alltrue([for record in aws_route53_record.dkim : record.type == "CNAME" && record.zone_id == "Z1"])
    error_message = "The records are in the domain's zone."
  }
}

run "a_region_with_a_zone_of_its_own" {
  command = plan

  override_data {
    target = data.aws_region.current
    values = { name = "eu-south-1" }
  }

  assert {
    condition     = aws_route53_record.dkim[0].records == toset(["one.dkim.eu-south-1.amazonses.com"])
    error_message = "Some regions publish their keys elsewhere."
  }
}

run "an_address" {
  command = plan

  variables {
    identity = "codes@dev.shop.example"
  }

  expect_failures = [var.identity]
}

run "no_zone" {
  command = plan

  variables {
    zone_id = "dev.shop.example"
  }

  expect_failures = [var.zone_id]
}
