variable "key_alias" {
  description = "Alias of the key that encrypts the log groups, with \"alias/\"."
  type        = string

  validation {
    condition     = can(regex("^alias/[a-zA-Z0-9/_-]+$", var.key_alias)) && !startswith(var.key_alias, "alias/aws/")
    error_message = "A key's alias must be alias/<name>, and alias/aws/ is AWS's own. It is \"${var.key_alias}\"."
  }
}

variable "retention_days" {
  description = "Days that log events are kept."
  type        = number

  validation {
    # CloudWatch Logs, PutRetentionPolicy: retentionInDays.
    condition = contains([
      1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653
    ], var.retention_days)
    error_message = "CloudWatch Logs keeps events for certain numbers of days only, as 7, 14, 30, 60, 90, 180, 365, 731. Set logs.retentionDays in the spec to one of them; it is ${var.retention_days}."
  }
}

variable "groups" {
  description = "Names of the log groups, by what they are for."
  type        = map(string)

  validation {
    condition     = alltrue([for name in values(var.groups) : can(regex("^[a-zA-Z0-9_./#-]{1,512}$", name)) && !startswith(name, "aws/")])
    error_message = "A log group's name takes letters, digits and _ . / # -, up to 512, and may not start with aws/. Got: ${join(", ", values(var.groups))}."
  }

  validation {
    condition     = length(var.groups) > 0 && length(distinct(values(var.groups))) == length(var.groups)
    error_message = "Log groups must have different names, and there must be one at least. Got: ${join(", ", values(var.groups))}."
  }
}
