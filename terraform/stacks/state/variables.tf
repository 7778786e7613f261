# What the generator renders to rendered/shared/terraform/state.tfvars.json, when the spec keeps states in S3. The module
# validates the values; the types here are closed, and a test refuses a file with a key that they do not have.

variable "platform" {
  description = "The platform's name."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]*$", var.platform))
    error_message = "platform.name in environments/platform.yaml takes lower-case letters, digits and hyphens. It is \"${var.platform}\"."
  }
}

variable "account_id" {
  description = "The AWS account of the bucket."
  type        = string

  validation {
    condition     = can(regex("^[0-9]{12}$", var.account_id))
    error_message = "account_id must be 12 digits: set platform.terraform.account in environments/platform.yaml, in quotes."
  }
}

variable "region" {
  description = "The AWS region of the bucket."
  type        = string

  validation {
    condition     = can(regex("^[a-z]{2}(-[a-z]+)+-[0-9]+$", var.region))
    error_message = "platform.terraform.region in environments/platform.yaml must be an AWS region, as us-east-1. It is \"${var.region}\"."
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
    error_message = "AWS takes up to 40 of our tags, keys of 128 and values of 256 letters, digits, spaces and _.:/=+@-, and aws: is its own. They are made of platform.name. Got: ${join(", ", [for key, value in var.tags : "${key}=${value}"])}."
  }
}

variable "bucket" {
  description = "The bucket's name."
  type        = string
}

variable "keys" {
  description = "By the key of a state: the ARNs of the role that plans with it and of the one that applies."
  type = map(object({
    plan  = string
    apply = string
  }))
}

variable "other_accounts" {
  description = "By environment, of those in another account than the bucket: the account, whose administrators reach the environment's states, and what the names of its roles start with, which do not."
  type = map(object({
    account_id = string
    prefix     = string
  }))
}
