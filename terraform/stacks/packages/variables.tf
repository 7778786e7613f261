# What the generator renders to rendered/<environment>/terraform/packages.tfvars.json. The module validates the
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
}

variable "permissions_boundary_name" {
  description = "The policy, made by the stack `access`, that says what the roles made here may do at most."
  type        = string

  validation {
    # IAM, CreatePolicy: PolicyName.
    condition     = can(regex("^[A-Za-z0-9+=,.@_-]{1,128}$", var.permissions_boundary_name))
    error_message = "\"${var.permissions_boundary_name}\" cannot name a policy of IAM: 1 to 128 letters, digits and +=,.@_-. Shorten platform.name or the environment's file name in environments/, then make render."
  }
}

variable "deletion_protection" {
  description = "Whether an apply that would delete or replace the bucket is refused."
  type        = bool
}

variable "packages" {
  description = "The bucket of the Lambda packages, and who may upload to it: the GitHub repository and its branch."
  type = object({
    bucket             = string
    uploader_role_name = string
    repository         = string
    branch             = string
  })
}
