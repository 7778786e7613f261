variable "name" {
  description = "What the endpoint and its security group are called."
  type        = string
  nullable    = false
}

variable "project_id" {
  description = "The Atlas project."
  type        = string
  nullable    = false
}

variable "atlas_region" {
  description = "The region as Atlas calls it, as US_EAST_1."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[A-Z]{2}(_[A-Z]+)+_[0-9]+$", var.atlas_region))
    error_message = "\"${var.atlas_region}\" is not a region as Atlas calls it: us-east-1 is US_EAST_1 there. Correct `region` in environments/, then make render."
  }
}

variable "vpc_id" {
  description = "The VPC of those who connect."
  type        = string
  nullable    = false
}

variable "subnet_ids" {
  description = "Where the endpoint has its addresses: one subnet a zone."
  type        = set(string)
  nullable    = false

  validation {
    condition     = length(var.subnet_ids) > 0
    error_message = "The endpoint needs a subnet: give `network.zones` in environments/ at least one zone, then make render."
  }
}

variable "client_cidrs" {
  description = "Who may connect."
  type        = set(string)
  nullable    = false

  validation {
    condition     = length(var.client_cidrs) > 0 && alltrue([for cidr in var.client_cidrs : can(cidrhost(cidr, 0)) && cidr != "0.0.0.0/0"])
    error_message = "Who connects must be said as networks, as 10.10.0.0/18, and everybody is not meant. Got: ${join(", ", var.client_cidrs)}. They follow `network` in environments/: run make render again."
  }
}
