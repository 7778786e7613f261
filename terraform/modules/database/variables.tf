variable "project" {
  description = "The Atlas project: its id, and its name and organization, by which it is looked for before a plan."
  type = object({
    id              = string
    name            = string
    organization_id = string
  })
  nullable = false
}

variable "atlas_region" {
  description = "The region as Atlas calls it, as US_EAST_1."
  type        = string
  nullable    = false
}

variable "cluster" {
  description = "The cluster: tier, MongoDB version, the range in which Atlas may change the tier, the tier that it may shrink from, and its backups."
  type = object({
    name        = string
    tier        = string
    version     = string
    autoscaling = object({ min_tier = string, max_tier = string })
    shrink_from = string
    backup = object({
      retention_days = number
      point_in_time  = bool
    })
  })
  nullable = false

  validation {
    condition     = can(regex("^[A-Za-z0-9]([A-Za-z0-9-]{0,62}[A-Za-z0-9])?$", var.cluster.name))
    error_message = "\"${var.cluster.name}\" cannot name a cluster: up to 64 letters, digits and hyphens, none at its ends. Shorten platform.name or the environment's file name in environments/, then make render."
  }

  validation {
    condition     = can(regex("^M[1-9][0-9]+$", var.cluster.tier))
    error_message = "database.tier must be M10 or larger, as M30, not ${var.cluster.tier}: smaller ones have no PrivateLink, and nothing else leads to the cluster."
  }

  validation {
    condition     = can(regex("^[0-9]+\\.[0-9]+$", var.cluster.version))
    error_message = "database.version must be a MongoDB version as \"8.0\", in quotes, not ${var.cluster.version}."
  }

  validation {
    condition = var.cluster.autoscaling == null ? true : alltrue([
      for tier in values(var.cluster.autoscaling) : can(regex("^M[1-9][0-9]+$", tier))
      ]) && try(
      tonumber(trimprefix(var.cluster.autoscaling.min_tier, "M")) <= tonumber(trimprefix(var.cluster.tier, "M")) &&
      tonumber(trimprefix(var.cluster.tier, "M")) <= tonumber(trimprefix(var.cluster.autoscaling.max_tier, "M")), false
    )
    error_message = "database.autoscaling must go from a minTier to a maxTier with the tier, ${var.cluster.tier}, between them. Got ${jsonencode(var.cluster.autoscaling)}."
  }

  validation {
    condition     = var.cluster.backup.retention_days >= 1 && var.cluster.backup.retention_days <= 365 && floor(var.cluster.backup.retention_days) == var.cluster.backup.retention_days
    error_message = "database.backup.retentionDays must be 1 to 365 days, not ${var.cluster.backup.retention_days}."
  }
}

variable "databases" {
  description = "By workload: its database, the IAM role of its pods, and the secret that its connection string goes to."
  type = map(object({
    database    = string
    role_name   = string
    secret_name = string
  }))
  nullable = false

  validation {
    # Limits of MongoDB, "Naming Restrictions"; these three are its own.
    condition     = alltrue([for workload in var.databases : can(regex("^[A-Za-z0-9_-]{1,63}$", workload.database)) && !contains(["admin", "config", "local"], workload.database)])
    error_message = "Cannot name a database: ${join(", ", [for workload in var.databases : workload.database if !can(regex("^[A-Za-z0-9_-]{1,63}$", workload.database)) || contains(["admin", "config", "local"], workload.database)])}. 1 to 63 letters, digits, _ and -; admin, config and local are MongoDB's. Correct workloads.<name>.database in environments/."
  }

  validation {
    condition     = length(distinct([for workload in var.databases : workload.role_name])) == length(var.databases)
    error_message = "Two workloads have one IAM role, so Atlas could not tell them apart. Names of roles are made by make render: run it again."
  }

  validation {
    condition     = !contains(keys(var.databases), "gateway")
    error_message = "A workload cannot be called gateway: the API Gateway's own connection has that name."
  }
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

variable "retired_databases" {
  description = "Databases that no workload needs any more, with their data still in the cluster."
  type        = set(string)
  nullable    = false

  validation {
    condition     = length(setintersection(var.retired_databases, [for workload in var.databases : workload.database])) == 0
    error_message = "database.retired lists ${join(", ", setintersection(var.retired_databases, [for workload in var.databases : workload.database]))}, which a workload uses. Take it off the list."
  }
}

variable "endpoint_id" {
  description = "The interface endpoint that leads to the cluster, accepted by Atlas."
  type        = string
  nullable    = false
}

variable "secrets" {
  description = "The key that encrypts secrets, and days in which a deleted one can be brought back."
  type = object({
    key_arn       = string
    recovery_days = number
  })
  nullable = false
}

variable "customer_key" {
  description = "Whether the cluster's volumes are encrypted with the project's own key, which must be ready."
  type        = bool
  nullable    = false
}

variable "deletion_protection" {
  description = "Whether Atlas refuses to terminate the cluster, and a plan to throw away backups."
  type        = bool
  nullable    = false
}

variable "tags" {
  description = "Tags of the cluster."
  type        = map(string)
  nullable    = false
}
