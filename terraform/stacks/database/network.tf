# What the stack `platform` made, looked for by its tags and addresses: no state is read, and no output copied.

data "aws_vpcs" "this" {
  tags = {
    Name        = var.network.vpc_name
    Platform    = var.platform
    Environment = var.environment
  }

  lifecycle {
    postcondition {
      condition     = length(self.ids) == 1
      error_message = "There are ${length(self.ids)} VPCs ${var.network.vpc_name} of ${var.platform}/${var.environment} in ${var.region}, and there must be one. ${local.platform_first}"
    }
  }
}

data "aws_subnets" "database" {
  filter {
    name   = "vpc-id"
    values = data.aws_vpcs.this.ids
  }
  filter {
    name   = "cidr-block"
    values = var.network.subnet_cidrs
  }

  lifecycle {
    postcondition {
      condition     = length(self.ids) == length(var.network.subnet_cidrs)
      error_message = "${length(self.ids)} of the subnets ${join(", ", var.network.subnet_cidrs)} are in the VPC ${var.network.vpc_name}. ${local.platform_first}"
    }
  }
}

data "aws_kms_alias" "secrets" {
  name = var.secrets_key_alias

  depends_on = [data.aws_vpcs.this] # whose message says more
}

locals {
  platform_first = "Apply the stack `platform` first; in HCP Terraform its run trigger then starts this stack again."
}
