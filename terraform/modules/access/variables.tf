variable "prefix" {
  description = "What every name of the environment starts with."
  type        = string
  nullable    = false

  validation {
    # A * or ? would be a wildcard in every policy.
    condition     = can(regex("^[a-z][a-z0-9-]*$", var.prefix))
    error_message = "The names of an environment start with lower-case letters, digits and hyphens. It is \"${var.prefix}\": platform.name and the name of the environment's file make it."
  }
}

variable "environment" {
  description = "The value of the tag Environment that everything of the environment bears."
  type        = string
  nullable    = false
}

variable "account_id" {
  description = "The environment's AWS account."
  type        = string
  nullable    = false
}

variable "region" {
  description = "The environment's AWS region; nothing is made in another."
  type        = string
  nullable    = false
}

variable "domain" {
  description = "The environment's domain: records of no other are written, and no other is verified for sending. null does not limit it."
  type        = string
  default     = null

  validation {
    condition     = var.domain == null ? true : can(regex("^[a-z0-9.-]+$", var.domain))
    error_message = "Not a domain: \"${coalesce(var.domain, " ")}\". Write `domain` in environments/<env>.yaml in lower-case letters, digits, hyphens and dots."
  }
}

variable "issuer" {
  description = "Who issues the tokens of the runs, without https://."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z0-9.-]+$", var.issuer))
    error_message = "Not the host of an issuer: \"${var.issuer}\". Write it without https:// and without a path, as app.terraform.io."
  }
}

variable "audience" {
  description = "Whom the tokens are for; a provider knows it as its client id."
  type        = string
  nullable    = false
}

variable "providers_made" {
  description = "OpenID Connect providers to make in the account, issuer to audience; those that another environment of the account makes are looked up."
  type        = map(string)
  nullable    = false

  validation {
    condition     = lookup(var.providers_made, var.issuer, var.audience) == var.audience
    error_message = "The provider of ${var.issuer} would be made for the audience ${lookup(var.providers_made, var.issuer, "")}, and tokens of runs are for ${var.audience}: run make render again."
  }
}

variable "roles" {
  description = "By stack: the role that plans it and the one that applies it, and the subjects of the tokens that each admits."
  type = map(object({
    plan = object({
      name     = string
      subjects = list(string)
    })
    apply = object({
      name     = string
      subjects = list(string)
    })
  }))
  nullable = false

  validation {
    condition     = length(var.roles) > 0 && alltrue([for stack in keys(var.roles) : contains(["packages", "platform", "database"], stack)])
    error_message = "This module knows what the stacks packages, platform and database do, and is asked for roles of ${join(", ", keys(var.roles))}. For a new stack add <stack>_plan.tf and <stack>_apply.tf to terraform/modules/access, and name them in roles.tf."
  }

  validation {
    condition     = alltrue([for role in flatten([for phases in var.roles : values(phases)]) : can(regex("^[A-Za-z0-9+=,.@_-]{1,64}$", role.name))])
    error_message = "IAM names a role in 1 to 64 letters, digits and +=,.@_-: shorten platform.name or the name of the environment's file. Got: ${join(", ", flatten([for phases in var.roles : values(phases)[*].name]))}."
  }

  validation {
    # A role that plans for everybody's token, or applies what another may plan, is what this module is there to prevent.
    condition = alltrue([
      for phases in var.roles :
      length(setintersection(phases.plan.subjects, phases.apply.subjects)) == 0 && alltrue([for role in values(phases) : length(role.subjects) > 0 && alltrue([for subject in role.subjects : can(regex("^[^*?]+:[^*?]+$", subject))])])
    ])
    error_message = "Every role needs subjects, as a token has them and without * or ?, and none may both plan and apply. Got: ${join(", ", flatten([for phases in var.roles : values(phases)[*].subjects]))}."
  }
}

variable "permissions_boundary_name" {
  description = "The policy that bounds every role that runs make."
  type        = string
  nullable    = false

  validation {
    # IAM, CreatePolicy: PolicyName.
    condition     = can(regex("^[A-Za-z0-9+=,.@_-]{1,128}$", var.permissions_boundary_name))
    error_message = "\"${var.permissions_boundary_name}\" cannot name a policy of IAM: 1 to 128 letters, digits and +=,.@_-. Shorten platform.name or the environment's file name in environments/, then make render."
  }
}

variable "granted" {
  description = "What the spec gives to pods: actions, as sqs:SendMessage, and the roles that they may assume."
  type = object({
    actions       = list(string)
    assumed_roles = list(string)
  })
  nullable = false

  validation {
    # The boundary would be none.
    condition     = alltrue([for action in var.granted.actions : can(regex("^[a-z0-9-]+:[A-Za-z0-9*]+$", action)) && !can(regex("^(iam|organizations|sts):", action))])
    error_message = "The boundary of roles takes actions as sqs:SendMessage, and none of iam, organizations and sts. Got: ${join(", ", var.granted.actions)}. They come from `aws` of workloads and components in environments/: run make render again."
  }

  validation {
    condition     = alltrue([for role in var.granted.assumed_roles : can(regex("^arn:[a-z-]+:iam::[0-9]{12}:role/[^*?]", role))])
    error_message = "Roles that pods assume are named with their account, as arn:aws:iam::123456789012:role/reports. Got: ${join(", ", var.granted.assumed_roles)}. Correct the resources of sts:AssumeRole under `aws` in environments/, then make render."
  }
}

variable "packages_bucket" {
  description = "The bucket of the functions' packages; null without the API Gateway."
  type        = string
  default     = null
}

variable "secret_prefix" {
  description = "What the names of the environment's secrets start with, as shop/dev/."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9/_+=.@-]+/$", var.secret_prefix))
    error_message = "The start of names of secrets must end in a slash, or it would be that of another environment as well: \"${var.secret_prefix}\"."
  }
}

variable "log_group_prefix" {
  description = "What the names of the environment's own log groups start with, as /shop/dev/; EKS and API Gateway set those of theirs."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^/[A-Za-z0-9/_.#-]+/$", var.log_group_prefix))
    error_message = "The start of names of log groups must begin and end in a slash: \"${var.log_group_prefix}\"."
  }
}

variable "atlas_credentials_secret_name" {
  description = "The secret of the Atlas service account, which a person writes."
  type        = string
  nullable    = false
}

variable "state" {
  description = "The bucket of the states and the key of each stack's, with the S3 backend; null with HCP Terraform."
  type = object({
    bucket = string
    keys   = map(string)
  })
  default = null

  validation {
    condition     = var.state == null ? true : alltrue([for stack in keys(var.roles) : can(regex("^[A-Za-z0-9/_.-]+$", var.state.keys[stack]))]) && length(distinct(values(var.state.keys))) == length(var.state.keys)
    error_message = "Each stack of ${join(", ", keys(var.roles))} needs a key of its own for its state, in letters, digits and /_.-: run make render again. Got: ${var.state == null ? "" : join(", ", [for stack, key in var.state.keys : "${stack} ${key}"])}."
  }
}
