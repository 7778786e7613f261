variable "project_id" {
  description = "The Atlas project."
  type        = string
  nullable    = false
}

variable "atlas_region" {
  description = "The key's region as Atlas calls it, as US_EAST_1."
  type        = string
  nullable    = false
}

variable "alias" {
  description = "Alias of the key."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^alias/[A-Za-z0-9/_-]{1,250}$", var.alias)) && !startswith(var.alias, "alias/aws/")
    error_message = "\"${var.alias}\" cannot be a key's alias: alias/ and up to 250 letters, digits, /, _ and -; alias/aws/ is Amazon's. Correct platform.name or the environment's file name in environments/, then make render."
  }
}

variable "role_name" {
  description = "The role that Atlas assumes."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9+=,.@_-]{1,64}$", var.role_name))
    error_message = "\"${var.role_name}\" cannot name an IAM role: 1 to 64 letters, digits and +=,.@_-. Shorten platform.name or the environment's file name in environments/, then make render."
  }
}

variable "permissions_boundary_arn" {
  description = "The policy that says what the role may do at most, whatever its own policies allow."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^arn:[a-z-]+:iam::[0-9]{12}:policy/", var.permissions_boundary_arn))
    error_message = "\"${var.permissions_boundary_arn}\" is not the ARN of a policy of IAM: the stack `access` makes the boundary, and the root names it."
  }
}
