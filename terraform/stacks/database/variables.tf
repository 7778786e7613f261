# What the generator renders to rendered/<environment>/terraform/database.tfvars.json. The modules validate the
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
  description = "Whether an apply that would delete or replace the project, the cluster, the endpoint or backups is refused."
  type        = bool
}

variable "network" {
  description = "The VPC, its database subnets, and who connects: the networks of the pods and of the functions."
  type = object({
    vpc_name     = string
    subnet_cidrs = list(string)
    client_cidrs = list(string)
  })
}

variable "secrets_key_alias" {
  description = "Alias of the key that encrypts the secrets: the platform's, for readers may decrypt with no other."
  type        = string
}

variable "secret_recovery_days" {
  description = "Days in which a deleted secret can be brought back."
  type        = number

  validation {
    condition     = var.secret_recovery_days >= 7 && var.secret_recovery_days <= 30 && floor(var.secret_recovery_days) == var.secret_recovery_days
    error_message = "A deleted secret can be brought back for 7 to 30 days, not ${var.secret_recovery_days}. It follows deletionProtection in environments/<env>.yaml: run make render again."
  }
}

variable "atlas" {
  description = "The Atlas organization, and the secret with the service account that Terraform is there."
  type = object({
    organization_id         = string
    credentials_secret_name = string
  })
}

variable "project_name" {
  description = "The Atlas project."
  type        = string
}

variable "cluster" {
  description = "The cluster, and its backups."
  type = object({
    name    = string
    tier    = string
    version = string
    autoscaling = object({
      min_tier = string
      max_tier = string
    })
    shrink_from = string
    backup = object({
      retention_days = number
      point_in_time  = bool
    })
  })
}

variable "auditing" {
  description = "Whether logins, refusals and changes of users, collections and indexes are logged."
  type        = bool
}

variable "customer_key" {
  description = "The environment's own key that volumes are encrypted with, and the role that Atlas uses it with; null for Amazon's key."
  type = object({
    alias     = string
    role_name = string
  })
}

variable "alert_emails" {
  description = "Who hears of alerts."
  type        = list(string)
}

variable "databases" {
  description = "By workload: its database, the IAM role of its pods, and the secret that its connection string goes to."
  type = map(object({
    database    = string
    role_name   = string
    secret_name = string
  }))
}

variable "customers_reader" {
  description = "Who looks customers up, in which collection, and the secret with the connection string; null without the API Gateway."
  type = object({
    database    = string
    collection  = string
    role_name   = string
    secret_name = string
  })
}

variable "hmac_secret_name" {
  description = "The secret with the key of the HMACs of CPFs, which the stack `platform` makes and this one gives its value; null without the API Gateway."
  type        = string
}

variable "retired_databases" {
  description = "Databases that no workload needs any more, with their data still in the cluster."
  type        = list(string)
}
