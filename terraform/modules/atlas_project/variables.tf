variable "name" {
  description = "The project's name, unique in the organization."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9 ()&+:,._@'-]{1,64}$", var.name))
    error_message = "\"${var.name}\" cannot be a project's name in Atlas: 1 to 64 letters, digits, spaces and ()&+:,._@'-. Shorten platform.name or the environment's file name in environments/, then make render."
  }
}

variable "organization_id" {
  description = "Id of the Atlas organization."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[0-9a-f]{24}$", var.organization_id))
    error_message = "\"${var.organization_id}\" is not an Atlas organization's id: 24 hexadecimal digits, in Atlas under Organization Settings. Correct it in environments/platform.yaml, then make render."
  }
}

variable "auditing" {
  description = "Whether logins, refusals and changes of users, collections and indexes are logged; it costs a tenth more per cluster."
  type        = bool
  nullable    = false
}

variable "alert_emails" {
  description = "Who hears of alerts; without anybody only Atlas's own default alerts exist, for the project's owners."
  type        = set(string)
  nullable    = false

  validation {
    condition     = alltrue([for email in var.alert_emails : can(regex("^[^@ ]+@[^@ ]+$", email))])
    error_message = "Not an e-mail address: ${join(", ", [for email in var.alert_emails : email if !can(regex("^[^@ ]+@[^@ ]+$", email))])}. Correct alerts.emails in environments/, then make render."
  }
}

variable "tags" {
  description = "Tags of the project."
  type        = map(string)
  nullable    = false
}
