variable "workspaces" {
  description = "One workspace for each environment and stack, by its name. Without `vcs` nothing runs there, and its roles are null."
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
  nullable = false

  validation {
    # Workspaces API, "Create a workspace".
    condition     = alltrue([for name in keys(var.workspaces) : can(regex("^[A-Za-z0-9_-]{1,90}$", name)) && startswith(name, "${var.platform}-")])
    error_message = "A workspace is called <platform>-<environment>-<stack>, in letters, digits, - and _. Got: ${join(", ", keys(var.workspaces))}."
  }
  validation {
    condition     = !contains(keys(var.workspaces), var.own_workspace.name)
    error_message = "The workspace ${var.own_workspace.name} makes all others: no environment may have a workspace of that name. Name the environment differently."
  }
  validation {
    condition = alltrue([
      for workspace in values(var.workspaces) : alltrue([
        for arn in [workspace.plan_role_arn, workspace.apply_role_arn] :
        workspace.vcs ? can(regex("^arn:[a-z-]+:iam::${workspace.account_id}:role/.+$", arn)) : arn == null
      ])
    ])
    error_message = "A workspace that runs plans and applies with two roles of its own account, and one that only keeps a state has none. Not so: ${join(", ", [for name, workspace in var.workspaces : name if !alltrue([for arn in [workspace.plan_role_arn, workspace.apply_role_arn] : workspace.vcs ? can(regex("^arn:[a-z-]+:iam::${workspace.account_id}:role/.+$", arn)) : arn == null])])}."
  }
  validation {
    condition     = alltrue([for workspace in values(var.workspaces) : workspace.vcs || !(workspace.auto_apply || workspace.speculative)])
    error_message = "Without a repository there is nothing to apply by itself and no pull request to plan. Not so: ${join(", ", [for name, workspace in var.workspaces : name if !workspace.vcs && (workspace.auto_apply || workspace.speculative)])}."
  }
  validation {
    # Run triggers, "Run triggers": 20 sources. What only keeps a state neither starts runs nor is started.
    condition = alltrue([
      for name, workspace in var.workspaces :
      length(workspace.runs_after) <= 20 && alltrue([for source in workspace.runs_after : workspace.vcs && source != name && try(var.workspaces[source].vcs, false)])
    ])
    error_message = "`runs_after` names up to 20 other workspaces that run. Not so: ${join(", ", [for name, workspace in var.workspaces : "${name} after ${join(" and ", workspace.runs_after)}" if length(workspace.runs_after) > 0])}."
  }
  validation {
    # They start at the repository's root; without the slash HCP Terraform takes them as if it were there, but nobody
    # would know.
    condition     = alltrue([for workspace in values(var.workspaces) : length(workspace.trigger_patterns) > 0 && alltrue([for pattern in workspace.trigger_patterns : startswith(pattern, "/")])])
    error_message = "Every workspace needs patterns of the files that start its runs, from the repository's root: /terraform/stacks/platform/*. Without any, every push would."
  }
}
