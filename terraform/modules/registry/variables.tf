variable "repositories" {
  description = "Names of the ECR repositories, one per image."
  type        = set(string)
  nullable    = false

  validation {
    condition     = alltrue([for name in var.repositories : length(name) >= 2 && length(name) <= 256 && can(regex("^[a-z0-9]+([._-]+[a-z0-9]+)*(/[a-z0-9]+([._-]+[a-z0-9]+)*)*$", name))])
    error_message = "Cannot name an ECR repository: ${join(", ", [for name in var.repositories : name if !(length(name) >= 2 && length(name) <= 256 && can(regex("^[a-z0-9]+([._-]+[a-z0-9]+)*(/[a-z0-9]+([._-]+[a-z0-9]+)*)*$", name)))])}. 2 to 256 lower-case letters and digits, with . _ - / between them. Correct platform.name or the workload's name in environments/."
  }
}

variable "pull_accounts" {
  description = "Other AWS accounts whose clusters pull from here."
  type        = set(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for account in var.pull_accounts : can(regex("^[0-9]{12}$", account))])
    error_message = "Not AWS accounts: ${join(", ", [for account in var.pull_accounts : account if !can(regex("^[0-9]{12}$", account))])}. Twelve digits, in quotes so that a leading zero stays: account in environments/<env>.yaml."
  }
}
