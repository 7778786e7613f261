variable "key_alias" {
  description = "Alias of the KMS key that encrypts the secrets of this environment, those of other stacks too."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^alias/[A-Za-z0-9/_-]{1,250}$", var.key_alias)) && !startswith(var.key_alias, "alias/aws/")
    error_message = "\"${var.key_alias}\" cannot be a key's alias: alias/ and up to 250 letters, digits, /, _ and -; alias/aws/ is Amazon's. Correct platform.name or the environment's file name in environments/, then make render."
  }
}

variable "recovery_days" {
  description = "Days in which a deleted secret, or the key, can be brought back."
  type        = number
  nullable    = false

  validation {
    condition     = var.recovery_days >= 7 && var.recovery_days <= 30 && floor(var.recovery_days) == var.recovery_days
    error_message = "A deleted secret can be brought back for 7 to 30 days, not ${var.recovery_days}. It follows deletionProtection in environments/<env>.yaml: run make render again."
  }
}

variable "names" {
  description = "Secrets without a value: a person or a rotation writes it."
  type        = set(string)
  nullable    = false

  validation {
    condition     = alltrue([for name in var.names : can(regex("^[A-Za-z0-9/_+=.@-]{1,512}$", name))])
    error_message = "Cannot name a secret: ${join(", ", [for name in var.names : name if !can(regex("^[A-Za-z0-9/_+=.@-]{1,512}$", name))])}. 1 to 512 letters, digits and /_+=.@-. Correct workloads.<name>.secrets in environments/."
  }
}

variable "readers" {
  description = "By release: a role that reads these secrets and no other. They may be another stack's."
  type        = map(object({ role_name = string, secrets = set(string) }))
  nullable    = false

  validation {
    condition     = alltrue([for reader in var.readers : can(regex("^[A-Za-z0-9+=,.@_-]{1,64}$", reader.role_name))])
    error_message = "Cannot name an IAM role: ${join(", ", [for reader in var.readers : reader.role_name if !can(regex("^[A-Za-z0-9+=,.@_-]{1,64}$", reader.role_name))])}. 1 to 64 letters, digits and +=,.@_-. Shorten platform.name, the environment's file name or the workload's name in environments/, then make render."
  }

  validation {
    condition     = alltrue([for reader in var.readers : length(reader.secrets) > 0])
    error_message = "Nothing to read: ${join(", ", [for release, reader in var.readers : release if length(reader.secrets) == 0])}. IAM refuses a policy without resources. Name secrets under workloads.<name>.secrets in environments/, or leave the reader out."
  }

  validation {
    # A * or ? would be read as a pattern and open the secrets of others.
    condition     = alltrue([for name in flatten([for reader in var.readers : tolist(reader.secrets)]) : can(regex("^[A-Za-z0-9/_+=.@-]{1,512}$", name))])
    error_message = "Not names of secrets: ${join(", ", [for name in flatten([for reader in var.readers : tolist(reader.secrets)]) : name if !can(regex("^[A-Za-z0-9/_+=.@-]{1,512}$", name))])}. 1 to 512 letters, digits and /_+=.@-, no patterns. Correct workloads.<name>.secrets in environments/."
  }
}

variable "assumer_role_arn" {
  description = "The role of External Secrets, which alone may become a reader; null where it does not run."
  type        = string
  default     = null

  validation {
    condition     = length(var.readers) == 0 || var.assumer_role_arn != null
    error_message = "${join(", ", keys(var.readers))} want secrets, and nobody brings them: add external-secrets under components in environments/platform.yaml, or remove secrets and database from these workloads."
  }

  validation {
    condition     = var.assumer_role_arn == null ? true : can(regex("^arn:[a-z-]+:iam::[0-9]{12}:role/", var.assumer_role_arn))
    error_message = "\"${var.assumer_role_arn == null ? "" : var.assumer_role_arn}\" is not the ARN of a role: pass the role_arn of the identity of external-secrets."
  }
}

variable "permissions_boundary_arn" {
  description = "The policy that says what a reader may do at most, whatever its own policies allow."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^arn:[a-z-]+:iam::[0-9]{12}:policy/", var.permissions_boundary_arn))
    error_message = "\"${var.permissions_boundary_arn}\" is not the ARN of a policy of IAM: the stack `access` makes the boundary, and the root names it."
  }
}
