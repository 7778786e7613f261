# What the generator renders to rendered/shared/terraform/workspaces.tfvars.json. The module validates the values; the
# types here are closed, and a test refuses a file with a key that they do not have.

variable "platform" {
  description = "The platform's name."
  type        = string
}

variable "organization" {
  description = "The organization of HCP Terraform."
  type        = string
}

variable "project" {
  description = "The project that all workspaces are in."
  type        = string
}

variable "terraform_version" {
  description = "The version of Terraform that runs in every workspace."
  type        = string
}

variable "repository" {
  description = "The GitHub repository that the workspaces run, owner/name."
  type        = string
}

variable "branch" {
  description = "The branch whose pushes start runs."
  type        = string
}

variable "own_workspace" {
  description = "The workspace that this stack runs in."
  type = object({
    name              = string
    working_directory = string
    var_file          = string
    trigger_patterns  = list(string)
  })
}

variable "workspaces" {
  description = "One workspace for each environment and stack, by its name."
  type = map(object({
    environment       = string
    stack             = string
    account_id        = string
    region            = string
    auto_apply        = bool
    speculative       = bool
    vcs               = bool
    working_directory = string
    var_file          = string
    trigger_patterns  = list(string)
    plan_role_arn     = string
    apply_role_arn    = string
    runs_after        = list(string)
  }))
}

variable "notification_emails" {
  description = "Members of the organization that are told of runs that wait for a person, or failed."
  type        = list(string)
}

variable "teams" {
  description = "Access to the project, by team."
  type        = map(string)
}

variable "health_assessments" {
  description = "Whether HCP Terraform looks for drift by itself."
  type        = bool
}
