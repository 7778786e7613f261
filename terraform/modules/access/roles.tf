resource "aws_iam_role" "this" {
  for_each = local.roles

  name                 = each.value.name
  description          = "Terraform's ${each.value.phase} of the stack ${each.value.stack} of ${var.prefix}"
  max_session_duration = 3600 # seconds, the shortest that IAM has

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "RunsOfOneStackAndPhase"
      Effect    = "Allow"
      Principal = { Federated = local.provider_arn }
      Action    = "sts:AssumeRoleWithWebIdentity"
      Condition = {
        # Exactly, without a wildcard.
        StringEquals = {
          "${var.issuer}:aud" = var.audience
          "${var.issuer}:sub" = each.value.subjects
        }
      }
    }]
  })

  tags = { Name = each.value.name }
}

# Managed policies, for those of the stack platform are longer than inline ones may be together. A name says whose it is.
resource "aws_iam_policy" "this" {
  for_each = local.policies

  name        = each.value.name
  description = "What ${each.value.role_name} may do: ${each.value.part}"
  policy      = each.value.document

  tags = { Name = each.value.name }

  lifecycle {
    precondition {
      condition     = length(each.value.document) <= local.largest
      error_message = "The policy ${each.value.name} has ${length(each.value.document)} characters, and IAM takes ${local.largest}. Names are in it many times: shorten platform.name or the name of the environment's file; or cut the part in two in terraform/modules/access/roles.tf."
    }
  }
}

resource "aws_iam_role_policy_attachment" "this" {
  for_each = local.policies

  role       = aws_iam_role.this[each.value.role].name
  policy_arn = aws_iam_policy.this[each.key].arn
}

locals {
  roles = merge([
    for stack, phases in var.roles : {
      for phase, role in phases : "${stack}-${phase}" => { stack = stack, phase = phase, name = role.name, subjects = role.subjects }
    }
  ]...)

  role_arns = { for key, role in local.roles : key => "${local.iam}:role/${role.name}" }

  # An apply looks at things, too: at what it has just made, and at data sources that had to wait for that.
  parts = {
    packages-plan  = { reads = local.packages_plan, refusals = local.no_data.packages }
    packages-apply = { reads = local.packages_plan, writes = local.packages_apply, refusals = local.never }
    platform-plan  = { reads = local.platform_plan, refusals = local.no_data.platform }
    platform-apply = {
      reads               = local.platform_plan
      network-and-cluster = local.platform_apply_network_and_cluster
      roles-and-keys      = local.platform_apply_roles_and_keys
      ways-in             = local.platform_apply_ways_in
      secrets-and-logs    = local.platform_apply_secrets_and_logs
      refusals            = local.never
    }
    database-plan  = { reads = local.database_plan, refusals = local.no_data.database }
    database-apply = { reads = local.database_plan, writes = local.database_apply, refusals = local.never }
  }

  documents = {
    for key in keys(local.roles) : key => {
      for part, statements in merge(local.parts[key], { for role, statements in local.state : "state" => statements if role == key }) :
      part => jsonencode({ Version = "2012-10-17", Statement = statements })
    }
  }

  policies = merge([
    for key, parts in local.documents : {
      for part, document in parts : "${key}-${part}" => {
        role      = key
        role_name = local.roles[key].name
        part      = part
        name      = "${local.roles[key].name}-${part}"
        document  = document
      }
    }
  ]...)

  largest = 6144 # IAM user guide, "IAM and AWS STS quotas": a managed policy, without white space. 10 of them a role.
}
