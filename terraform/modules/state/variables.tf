variable "bucket" {
  description = "The bucket's name."
  type        = string
  nullable    = false

  validation {
    # S3 User Guide, "General purpose bucket naming rules"; no dots, for certificates do not cover them.
    condition     = can(regex("^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$", var.bucket)) && !can(regex("^(xn--|sthree-|amzn-s3-demo-)|(-s3alias|--ol-s3|--x-s3|--table-s3)$", var.bucket))
    error_message = "Cannot name a bucket: \"${var.bucket}\" (${length(var.bucket)} characters). S3 takes 3 to 63 lower-case letters, digits and hyphens, a letter or digit first and last. Correct platform.terraform.bucket in environments/platform.yaml."
  }
}

variable "keys" {
  description = "By the key of a state, as dev/platform.tfstate: the ARNs of the role that plans with it and of the one that applies."
  type = map(object({
    plan  = string
    apply = string
  }))
  nullable = false

  validation {
    condition     = length(var.keys) > 0 && alltrue([for key in keys(var.keys) : can(regex("^[A-Za-z0-9][A-Za-z0-9/_.-]*\\.tfstate$", key))])
    error_message = "A state's key is <environment>/<stack>.tfstate, in letters, digits and /_.-: run make render again. Got: ${join(", ", keys(var.keys))}."
  }

  validation {
    condition     = alltrue([for roles in var.keys : alltrue([for arn in values(roles) : can(regex("^arn:[a-z-]+:iam::[0-9]{12}:role/[A-Za-z0-9+=,.@_/-]+$", arn))]) && roles.plan != roles.apply])
    error_message = "Each state needs the ARN of a role that plans and another of one that applies: run make render again. Got: ${join(", ", flatten([for roles in var.keys : values(roles)]))}."
  }
}

variable "other_accounts" {
  description = "By environment, of those in another account than the bucket: the account, whose administrators reach the environment's states, and what the names of its roles start with, which do not."
  type = map(object({
    account_id = string
    prefix     = string
  }))
  nullable = false

  validation {
    condition     = alltrue([for name, other in var.other_accounts : can(regex("^[a-z0-9-]+ [0-9]{12} [a-z0-9-]+$", "${name} ${other.account_id} ${other.prefix}"))])
    error_message = "An environment has a name, an account of 12 digits and a prefix, all without wildcards: run make render again. Got: ${join(", ", [for name, other in var.other_accounts : "${name} ${other.account_id} ${other.prefix}"])}."
  }
}

variable "kept_days" {
  description = "Days for which a version of a state is kept after another has taken its place."
  type        = number
  default     = 90
  nullable    = false

  validation {
    condition     = var.kept_days >= 90
    error_message = "A state that went wrong is found out late: keep versions for 90 days at least, not ${var.kept_days}."
  }
}
