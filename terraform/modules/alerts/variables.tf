variable "topic_name" {
  description = "Name of the SNS topic; the alarms' names start with it."
  type        = string
  nullable    = false

  validation {
    # CloudWatch takes alarm names of 255; the longest that is added here has 40.
    condition     = can(regex("^[A-Za-z0-9_-]{1,200}$", var.topic_name))
    error_message = "\"${var.topic_name}\" cannot name the topic: 1 to 200 letters, digits, _ and - (it has ${length(var.topic_name)}). Shorten platform.name or the environment's file name in environments/, then make render."
  }
}

variable "key_alias" {
  description = "Alias of the KMS key that encrypts the topic."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^alias/[A-Za-z0-9/_-]{1,250}$", var.key_alias)) && !startswith(var.key_alias, "alias/aws/")
    error_message = "\"${var.key_alias}\" cannot be a key's alias: alias/ and up to 250 letters, digits, /, _ and -; alias/aws/ is Amazon's, whose keys no alarm may use. Correct platform.name or the environment's file name in environments/, then make render."
  }
}

variable "emails" {
  description = "Who is told. Each address must confirm once, by the link that AWS sends."
  type        = set(string)
  nullable    = false

  validation {
    condition     = alltrue([for email in var.emails : can(regex("^[^@\\s]+@[^@\\s]+\\.[^@\\s]+$", email))])
    error_message = "Not e-mail addresses: ${join(", ", [for email in var.emails : email if !can(regex("^[^@\\s]+@[^@\\s]+\\.[^@\\s]+$", email))])}. Correct alerts.emails in environments/."
  }
}

variable "budget" {
  description = "What the account may cost a month, in US dollars; null for no budget."
  type        = object({ name = string, monthly_usd = number })
  default     = null

  validation {
    condition     = var.budget == null ? true : can(regex("^[^:\\\\]{1,100}$", var.budget.name))
    error_message = "\"${var.budget == null ? "" : var.budget.name}\" cannot name a budget: 1 to 100 characters, no colon, no backslash. Shorten platform.name or the environment's file name in environments/, then make render."
  }

  validation {
    condition     = var.budget == null ? true : var.budget.monthly_usd > 0
    error_message = "A budget of ${var.budget == null ? 0 : var.budget.monthly_usd} dollars is overdrawn from the start: write more, or remove alerts.monthlyBudget in environments/ for none."
  }
}

variable "load_balancer_arn" {
  description = "ARN of the Network Load Balancer."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex(":loadbalancer/net/[^/]+/[^/]+$", var.load_balancer_arn))
    error_message = "\"${var.load_balancer_arn}\" is not the ARN of a Network Load Balancer: pass load_balancer_arn of the module ingress."
  }
}

variable "target_group_arn" {
  description = "ARN of its target group."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex(":targetgroup/[^/]+/[^/]+$", var.target_group_arn))
    error_message = "\"${var.target_group_arn}\" is not the ARN of a target group: pass target_group_arn of the module ingress."
  }
}

variable "nat_gateway_ids" {
  description = "NAT gateways by zone."
  type        = map(string)
  nullable    = false
}
