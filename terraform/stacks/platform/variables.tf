# What the generator renders to rendered/<environment>/terraform/platform.tfvars.json. The modules validate the
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
    condition     = can(regex("^[a-z]{2}(-[a-z]+)+-[0-9]+$", var.region)) && alltrue([for zone in keys(var.network.zones) : startswith(zone, var.region)])
    error_message = "`region` must be an AWS region, as us-east-1, and every zone one of its own. It is \"${var.region}\"; the zones are ${join(", ", keys(var.network.zones))}."
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
  description = "Whether an apply that would delete or replace the VPC, the cluster or the load balancer is refused."
  type        = bool
}

variable "network" {
  description = "The VPC and, by availability zone, its subnets."
  type = object({
    name                = string
    cidr                = string
    nat_zones           = list(string)
    interface_endpoints = list(string)
    flow_log_role_name  = string
    zones = map(object({
      private  = string
      public   = string
      intra    = string
      database = string
    }))
  })
}

variable "logs" {
  description = "CloudWatch log groups by what goes there, and how many days it is kept."
  type = object({
    key_alias      = string
    retention_days = number
    groups = object({
      applications  = string
      control_plane = string
      flow_logs     = string
      metrics       = string
      # With the API Gateway only.
      gateway    = optional(string)
      authorizer = optional(string)
      token      = optional(string)
    })
  })
}

variable "cluster" {
  description = "The EKS cluster, its add-ons and its node groups."
  type = object({
    name                 = string
    role_name            = string
    node_role_name       = string
    key_alias            = string
    kubernetes_version   = string
    ami_release          = string
    service_cidr         = string
    endpoint_zones       = list(string)
    public_access_cidrs  = list(string)
    private_access_cidrs = list(string)
    admin_roles          = list(string)
    addons               = map(string)
    addon_roles = map(object({
      role_name       = string
      service_account = string
    }))
    node_groups = map(object({
      instance_types = list(string)
      ami_type       = string
      min            = number
      max            = number
      capacity       = string
      disk_size      = number
      labels         = map(string)
      taints = list(object({
        key    = string
        value  = string
        effect = string
      }))
    }))
  })
}

variable "ingress" {
  description = "The load balancer, and the hosts that it answers for."
  type = object({
    domain             = string
    hosts              = list(string)
    load_balancer_name = string
    target_group_name  = string
    internal           = bool
    subnets            = string
    client_cidrs       = list(string)
    proxy_protocol     = bool
  })
}

variable "identities" {
  description = "By release: the IAM role of its pods, for one service account, and what it may do."
  type = map(object({
    role_name       = string
    namespace       = string
    service_account = string
    policy          = string
    statements = list(object({
      actions   = list(string)
      resources = list(string)
    }))
  }))
}

variable "secrets" {
  description = "Secrets Manager entries that people or rotations fill, and days in which a deleted one can be brought back."
  type = object({
    key_alias     = string
    recovery_days = number
    names         = list(string)
  })
}

variable "secret_readers" {
  description = "By workload: the IAM role that External Secrets assumes, and the secrets that it reads."
  type = map(object({
    role_name = string
    secrets   = list(string)
  }))
}

variable "registry" {
  description = "ECR repositories, and the other accounts that pull from them; null in an environment without."
  type = object({
    repositories  = list(string)
    pull_accounts = list(string)
  })
}

variable "alerts" {
  description = "The topic of the alarms, who hears of them, and what a month may cost."
  type = object({
    topic_name = string
    key_alias  = string
    emails     = list(string)
    budget = object({
      name        = string
      monthly_usd = number
    })
  })
}
