# What the generator renders to rendered/<environment>/terraform/access.tfvars.json. The module validates the
# values; the types here are closed, and a test refuses a file with a key that they do not have.

variable "platform" {
  description = "The platform's name."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]*$", var.platform))
    error_message = "platform.name in environments/platform.yaml takes lower-case letters, digits and hyphens. It is \"${var.platform}\"."
  }
}

variable "environment" {
  description = "The environment's name."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]*$", var.environment))
    error_message = "An environment is called what its file in environments/ is called, in lower-case letters, digits and hyphens. It is \"${var.environment}\"."
  }
}

variable "account_id" {
  description = "The AWS account that everything is made in."
  type        = string

  validation {
    condition     = can(regex("^[0-9]{12}$", var.account_id))
    error_message = "account_id must be 12 digits: set `account` in environments/${var.environment}.yaml, in quotes."
  }
}

variable "region" {
  description = "The AWS region that everything is made in."
  type        = string

  validation {
    condition     = can(regex("^[a-z]{2}(-[a-z]+)+-[0-9]+$", var.region))
    error_message = "`region` must be an AWS region, as us-east-1. It is \"${var.region}\"."
  }
}

variable "tags" {
  description = "Tags of every resource."
  type        = map(string)

  validation {
    # Tagging user guide, "Tag naming limits": 50 of a resource, of which its Name and Kubernetes' own take some.
    condition = length(var.tags) <= 40 && alltrue([
      for key, value in var.tags :
      can(regex("^[\\p{L}\\p{N}\\p{Zs}_.:/=+@-]{1,128}$", key)) && !startswith(lower(key), "aws:") && can(regex("^[\\p{L}\\p{N}\\p{Zs}_.:/=+@-]{0,256}$", value))
    ])
    error_message = "AWS takes up to 40 of our tags, keys of 128 and values of 256 letters, digits, spaces and _.:/=+@-, and aws: is its own. Correct `tags` in environments/. Got: ${join(", ", [for key, value in var.tags : "${key}=${value}"])}."
  }

  validation {
    # The roles tell by it what is theirs.
    condition     = lookup(var.tags, "Environment", "") == var.environment
    error_message = "The tag Environment must be \"${var.environment}\", and is \"${lookup(var.tags, "Environment", "")}\": it is how the roles of the runs tell what is theirs. Leave it out of `tags` in environments/, and the generator sets it."
  }
}

variable "deletion_protection" {
  description = "Whether an apply that would delete or replace a role, and so lock the runs out, is refused."
  type        = bool
}

variable "permissions_boundary_name" {
  description = "The policy that bounds every role that runs make."
  type        = string
}

variable "access" {
  description = "The identity providers, the roles of the runs, and the names of what they work on."
  type = object({
    prefix    = string
    domain    = string
    issuer    = string
    audience  = string
    providers = map(string)
    roles = map(object({
      plan = object({
        name     = string
        subjects = list(string)
      })
      apply = object({
        name     = string
        subjects = list(string)
      })
    }))
    packages_bucket               = string
    secret_prefix                 = string
    atlas_credentials_secret_name = string
    granted = object({
      actions       = list(string)
      assumed_roles = list(string)
    })
    state = object({
      bucket = string
      keys   = map(string)
    })
  })
}
