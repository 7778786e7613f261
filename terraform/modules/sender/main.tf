# The domain that codes are sent from, proven to SES by records in its own zone: nobody has to click anything.

resource "aws_sesv2_email_identity" "this" {
  email_identity = var.identity

  # Without a configuration set: whoever sends would need a permission for that, too.

  dkim_signing_attributes {
    next_signing_key_length = "RSA_2048_BIT"
  }

  tags = { Name = var.identity }
}

# Easy DKIM: SES signs with keys that it publishes and renews itself, behind these three names. They prove that the
# domain is ours, and must stay, or SES stops sending.
resource "aws_route53_record" "dkim" {
  count = 3 # always so many; their names come with the identity

  zone_id = var.zone_id
  name    = "${local.tokens[count.index]}._domainkey.${var.identity}"
  type    = "CNAME"
  records = ["${local.tokens[count.index]}.${local.signing_zone}"]
  ttl     = 300
}

data "aws_region" "current" {}

locals {
  tokens = aws_sesv2_email_identity.this.dkim_signing_attributes[0].tokens
  region = data.aws_region.current.name

  # AWS General Reference, "Amazon SES endpoints and quotas", DKIM domains. SES says it itself as SigningHostedZone,
  # which this provider does not pass on (hashicorp/terraform-provider-aws#48568).
  signing_zone = contains(local.regions_with_own_zone, local.region) ? "dkim.${local.region}.amazonses.com" : "dkim.amazonses.com"

  regions_with_own_zone = [
    "af-south-1",
    "ap-northeast-3",
    "ap-south-2",
    "ap-southeast-3",
    "ap-southeast-5",
    "ca-west-1",
    "eu-central-2",
    "eu-south-1",
    "il-central-1",
    "me-central-1",
    "us-gov-east-1",
  ]
}
