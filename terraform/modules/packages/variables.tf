variable "bucket" {
  description = "The bucket's name."
  type        = string
  nullable    = false

  validation {
    # S3 User Guide, "General purpose bucket naming rules"; no dots, for certificates do not cover them.
    condition     = can(regex("^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$", var.bucket)) && !can(regex("^(xn--|sthree-|amzn-s3-demo-)|(-s3alias|--ol-s3|--x-s3|--table-s3)$", var.bucket))
    error_message = "Cannot name a bucket: \"${var.bucket}\" (${length(var.bucket)} characters). S3 takes 3 to 63 lower-case letters, digits and hyphens, a letter or digit first and last. It is made of platform.name, the environment's name and its account: shorten platform.name or the name of the environment's file."
  }
}

variable "uploader_role_name" {
  description = "The name of the IAM role that uploads packages."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9+=,.@_-]{1,64}$", var.uploader_role_name))
    error_message = "Cannot name an IAM role: \"${var.uploader_role_name}\" (${length(var.uploader_role_name)} characters). IAM takes 1 to 64 letters, digits and +=,.@_-: shorten platform.name or the name of the environment's file."
  }
}

variable "repository" {
  description = "The GitHub repository whose runs may upload, as the subject of its OpenID Connect tokens has it: owner/name, or owner@1/name@2 with ids where GitHub puts them in (repositories made or renamed after 15 July 2026)."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9][A-Za-z0-9-]*/[A-Za-z0-9._-]+$", var.repository)) || can(regex("^[A-Za-z0-9][A-Za-z0-9-]*@[0-9]+/[A-Za-z0-9._-]+@[0-9]+$", var.repository))
    error_message = "Not a GitHub repository: \"${var.repository}\". Write owner/name, or owner@1/name@2 where its tokens carry ids: `gh api repos/<owner>/<name>/actions/oidc/customization/sub` says it behind repo:. It is platform.repository.subject in environments/platform.yaml, or without one the end of platform.repository.url."
  }
}

variable "branch" {
  description = "The branch on which somebody may start an upload by hand."
  type        = string
  nullable    = false

  validation {
    # A colon is written %3A in a subject, and a * or ? would look like a wildcard.
    condition     = can(regex("^[A-Za-z0-9][A-Za-z0-9._/-]*$", var.branch)) && !can(regex("^refs/", var.branch))
    error_message = "Not the name of a branch: \"${var.branch}\". Write it without refs/heads/, in letters, digits and ._/-: platform.repository.branch in environments/platform.yaml."
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
