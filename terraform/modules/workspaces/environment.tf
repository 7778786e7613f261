# Environment variables of the runs. There are no secrets among them: a run gets credentials of AWS for itself, for as
# long as it lasts. (https://developer.hashicorp.com/terraform/cloud-docs/workspaces/dynamic-provider-credentials)

locals {
  run_variables = {
    for name, workspace in var.workspaces : name => {
      # Beats whatever somebody types into the UI, in destroy plans, too; *.auto.tfvars would not.
      TF_CLI_ARGS_plan       = "-var-file=${workspace.var_file}"
      TFC_AWS_PROVIDER_AUTH  = "true"
      TFC_AWS_PLAN_ROLE_ARN  = workspace.plan_role_arn
      TFC_AWS_APPLY_ROLE_ARN = workspace.apply_role_arn
    }
    if workspace.vcs
  }
}

resource "tfe_variable" "this" {
  for_each = merge([
    for name, variables in local.run_variables : {
      for key, value in variables : "${name}/${key}" => { workspace = name, key = key, value = value }
    }
  ]...)

  workspace_id = tfe_workspace.this[each.value.workspace].id
  category     = "env"
  key          = each.value.key
  value        = each.value.value
  sensitive    = false # so that a plan sees what somebody changed
  description  = "Made by ${var.own_workspace.name}: what is changed here is changed back"
}
