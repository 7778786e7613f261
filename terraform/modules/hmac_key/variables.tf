variable "secret_name" {
  description = "The secret, which is there and whose value this is."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9/_+=.@-]{1,512}$", var.secret_name))
    error_message = "\"${var.secret_name}\" cannot name a secret: 1 to 512 letters, digits and /_+=.@-. Correct platform.name or the environment's file name in environments/, then make render."
  }
}
