# What keeps a mistake from taking an environment down.

# A plan that would make another VPC or another cluster of this one is refused, protected or not: names and addresses
# are taken until the old ones are gone, so it could only fail half-way. These remember what the first apply had.
resource "terraform_data" "fixed" {
  input = {
    account      = var.account_id
    region       = var.region
    network_cidr = var.network.cidr
    service_cidr = var.cluster.service_cidr
    name         = "${var.platform}/${var.environment}"
  }

  lifecycle {
    ignore_changes = [input]

    postcondition {
      condition     = self.input.account == var.account_id
      error_message = "`account` cannot be changed from ${self.input.account} to ${var.account_id}: ${local.how_to_move}"
    }
    postcondition {
      condition     = self.input.region == var.region
      error_message = "`region` cannot be changed from ${self.input.region} to ${var.region}: ${local.how_to_move}"
    }
    postcondition {
      condition     = self.input.network_cidr == var.network.cidr
      error_message = "`network.cidr` cannot be changed from ${self.input.network_cidr} to ${var.network.cidr}: ${local.how_to_move}"
    }
    postcondition {
      condition     = self.input.service_cidr == var.cluster.service_cidr
      error_message = "`cluster.serviceCidr` cannot be changed from ${self.input.service_cidr} to ${var.cluster.service_cidr}: ${local.how_to_move}"
    }
    postcondition {
      condition     = self.input.name == "${var.platform}/${var.environment}"
      error_message = "An environment cannot be renamed from ${self.input.name} to ${var.platform}/${var.environment}, its name is in everything: ${local.how_to_move}"
    }
  }
}

resource "terraform_data" "fixed_zone" {
  for_each = var.network.zones

  input = each.value

  lifecycle {
    ignore_changes = [input]

    postcondition {
      condition     = self.input == each.value
      error_message = "The subnets of ${each.key} cannot be changed from ${join(", ", values(self.input))} to ${join(", ", values(each.value))}: there are machines in them. In `network.zones` keep the zones in their order, and add one at the end."
    }
  }
}

locals {
  how_to_move = "it would be another VPC and cluster. Make a new environment beside this one and move to it; or, if nothing runs in this one yet, destroy it first."
}

# prevent_destroy takes no variable, so guards that go first say no: one for the environment, which is replaced, and
# so deleted first, when its VPC, cluster or load balancer is, and one for each zone. What they depend on is deleted
# after them.
resource "terraform_data" "deletion_guard" {
  for_each = toset(concat(["environment ${var.environment}"], formatlist("zone %s", keys(var.network.zones))))

  input = var.deletion_protection

  triggers_replace = startswith(each.key, "zone") ? null : [
    module.network.vpc_id,
    module.cluster.security_group_id, # EKS makes a new one for a new cluster; the name stays
    module.ingress.load_balancer_arn,
  ]

  provisioner "local-exec" {
    when    = destroy
    command = <<-EOT
      if [ '${self.input}' = 'true' ]; then
        echo 'The ${each.key} is protected, and this would delete it or replace its VPC, cluster or load balancer. Nothing of that was deleted. To do it on purpose, set deletionProtection: false in the environment, apply that by itself, then try again.' >&2
        exit 1
      fi
    EOT
  }

  depends_on = [
    module.alerts,
    module.cluster,
    module.edge,
    module.identity,
    module.ingress,
    module.logs,
    module.network,
    module.registry,
    module.secrets,
    module.sender,
    terraform_data.fixed,
    terraform_data.fixed_zone,
  ]
}
