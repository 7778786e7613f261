variable "platform" {
  description = "The platform's name; the name of every workspace starts with it."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]*$", var.platform))
    error_message = "platform.name in environments/platform.yaml takes lower-case letters, digits and hyphens. It is \"${var.platform}\"."
  }
}

variable "organization" {
  description = "The organization of HCP Terraform. It exists; nothing here makes one."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9_-]{3,40}$", var.organization))
    error_message = "Not an organization of HCP Terraform: \"${var.organization}\". Correct platform.terraform.organization in environments/platform.yaml."
  }
}

variable "project" {
  description = "The project that all workspaces are in. `make hcp-bootstrap` makes it."
  type        = string
  nullable    = false

  validation {
    # Projects API, "Create a project": 3 to 40 letters, numbers, spaces, - and _, no space first or last.
    condition     = can(regex("^[A-Za-z0-9_-][A-Za-z0-9 _-]{1,38}[A-Za-z0-9_-]$", var.project))
    error_message = "Cannot name a project: \"${var.project}\". HCP Terraform takes 3 to 40 letters, digits, spaces, - and _. Correct platform.terraform.project in environments/platform.yaml."
  }
}

variable "terraform_version" {
  description = "The version of Terraform that runs in every workspace, exactly: 1.11.4."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[0-9]+\\.[0-9]+\\.[0-9]+$", var.terraform_version))
    error_message = "Not one version of Terraform: \"${var.terraform_version}\". Write it out, as 1.11.4, or it changes by itself: platform.terraform.version in environments/platform.yaml."
  }
}

variable "repository" {
  description = "The GitHub repository that the workspaces run, owner/name."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9][A-Za-z0-9-]*/[A-Za-z0-9._-]+$", var.repository))
    error_message = "Not a GitHub repository: \"${var.repository}\". It is the end of platform.repository.url in environments/platform.yaml, as owner/name."
  }
}

variable "branch" {
  description = "The branch whose pushes start runs."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9][A-Za-z0-9._/-]*$", var.branch)) && !startswith(var.branch, "refs/")
    error_message = "Not the name of a branch: \"${var.branch}\". Write it without refs/heads/: platform.repository.branch in environments/platform.yaml."
  }
}

variable "own_workspace" {
  description = "The workspace that this runs in: its name, and the files that are its own."
  type = object({
    name              = string
    working_directory = string
    var_file          = string
    trigger_patterns  = list(string)
  })
  nullable = false
}

variable "notification_emails" {
  description = "Members of the organization that are told of runs that wait for a person, or failed."
  type        = set(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for email in var.notification_emails : can(regex("^[^@\\s]+@[^@\\s]+$", email))])
    error_message = "Not addresses: ${join(", ", [for email in var.notification_emails : email if !can(regex("^[^@\\s]+@[^@\\s]+$", email))])}. Correct platform.terraform.notify in environments/platform.yaml."
  }
}

variable "teams" {
  description = "Access to the project, by team. The teams are there; whoever may write there can use all roles of the runs."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue([for access in values(var.teams) : contains(["read", "write", "maintain", "admin"], access)])
    error_message = "HCP Terraform knows the access read, write, maintain and admin. Got: ${join(", ", [for team, access in var.teams : "${team}: ${access}"])}. Correct platform.terraform.teams in environments/platform.yaml."
  }
}

variable "health_assessments" {
  description = "Whether HCP Terraform looks for drift by itself; not in every tier."
  type        = bool
  default     = false
  nullable    = false
}
