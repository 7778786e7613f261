variable "identity" {
  description = "The domain that is sent from, as the SES identity."
  type        = string
  nullable    = false

  validation {
    # An address would have to be confirmed by a person, and has no records.
    condition     = can(regex("^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?$", var.identity)) && length(var.identity) <= 253
    error_message = "\"${var.identity}\" is not a domain to send from: lower-case letters, digits and hyphens between dots, no address and no wildcard. It is the environment's own: correct domain in environments/<env>.yaml, then make render."
  }
}

variable "zone_id" {
  description = "Public Route 53 zone that answers for the domain."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[A-Z0-9]{1,32}$", var.zone_id))
    error_message = "\"${var.zone_id}\" is not the id of a Route 53 zone: pass zone_id of the module ingress."
  }
}
