variable "role_name" {
  description = "Name of the IAM role."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9+=,.@_-]{1,64}$", var.role_name))
    error_message = "\"${var.role_name}\" cannot name an IAM role: 1 to 64 letters, digits and +=,.@_- (it has ${length(var.role_name)}). Shorten platform.name, the environment's file name or the release's name in environments/, then make render."
  }
}

variable "cluster_name" {
  description = "EKS cluster whose pods get the role."
  type        = string
  nullable    = false
}

variable "cluster_arn" {
  description = "ARN of that cluster; the role trusts it alone, and its partition, region and account are the policy's."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^arn:[a-z-]+:eks:[a-z0-9-]+:[0-9]{12}:cluster/", var.cluster_arn)) && endswith(var.cluster_arn, ":cluster/${var.cluster_name}")
    error_message = "\"${var.cluster_arn}\" is not the ARN of the cluster \"${var.cluster_name}\": pass cluster_arn and cluster_name of the same cluster."
  }
}

variable "namespace" {
  description = "Kubernetes namespace of the pods."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$", var.namespace))
    error_message = "\"${var.namespace}\" is not a Kubernetes namespace: lower-case letters, digits and hyphens, at most 63. A wildcard would let other namespaces have the role. Correct components.<name>.namespace or the workload's name in environments/."
  }
}

variable "service_account" {
  description = "Kubernetes service account of the pods."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$", var.service_account))
    error_message = "\"${var.service_account}\" is not a Kubernetes service account: lower-case letters, digits, hyphens and dots, at most 253. A wildcard would let other pods have the role. Correct the release's name in environments/."
  }
}

variable "policy" {
  description = "A file of policies/ without .json.tftpl: what a component of the platform may do. null for none."
  type        = string
  default     = null

  validation {
    condition     = var.policy == null ? true : contains(local.policies, var.policy)
    error_message = "There is no policy \"${var.policy == null ? "" : var.policy}\", only ${join(", ", local.policies)}. Add policies/${var.policy == null ? "" : var.policy}.json.tftpl to this module, or give the component statements instead (components.<name>.aws in environments/platform.yaml)."
  }
}

variable "policy_variables" {
  description = "What the policy file interpolates, strings or lists, beside partition, region, account_id and cluster_name, which are there."
  type        = any
  default     = {}
  nullable    = false
}

variable "statements" {
  description = "What the release's entry in the spec allows, on top of the policy."
  type        = list(object({ actions = list(string), resources = list(string) }))
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for s in var.statements : length(s.actions) > 0 && length(s.resources) > 0])
    error_message = "A statement without actions or without resources allows nothing, and IAM refuses it. Complete or remove it under aws: of the release in environments/."
  }

  validation {
    condition     = alltrue([for s in var.statements : alltrue([for a in s.actions : can(regex("^[a-z0-9-]+:[A-Za-z0-9*?]*[A-Za-z0-9][A-Za-z0-9*?]*$", a))])])
    error_message = "Not actions of one service: ${join(", ", [for a in flatten(var.statements[*].actions) : a if !can(regex("^[a-z0-9-]+:[A-Za-z0-9*?]*[A-Za-z0-9][A-Za-z0-9*?]*$", a))])}. Write service:Action, as sqs:SendMessage, under aws: of the release in environments/; all actions of a service are more than any pod needs."
  }

  validation {
    condition     = alltrue([for r in flatten(var.statements[*].resources) : r == "*" || startswith(r, "arn:")])
    error_message = "Not ARNs: ${join(", ", [for r in flatten(var.statements[*].resources) : r if r != "*" && !startswith(r, "arn:")])}. Write them as arn:aws:sqs:*:*:orders under aws: of the release in environments/."
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
