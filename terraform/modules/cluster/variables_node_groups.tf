variable "node_groups" {
  description = "Managed node groups by name: machines of one kind, in all zones."
  type = map(object({
    instance_types = list(string) # most wanted first
    ami_type       = string
    min            = number
    max            = number
    capacity       = string
    disk_size      = number # GiB
    labels         = map(string)
    taints = list(object({
      key    = string
      value  = optional(string, "")
      effect = string
    }))
  }))

  validation {
    # EKS allows 63; Terraform adds a hyphen and 26 characters, so that a replacement can stand beside the old group.
    condition     = alltrue([for name in keys(var.node_groups) : can(regex("^[0-9A-Za-z][0-9A-Za-z_-]{0,35}$", name))])
    error_message = "A node group's name in cluster.nodeGroups takes letters, digits, - and _, up to 36. Got: ${join(", ", keys(var.node_groups))}."
  }

  validation {
    condition     = anytrue([for group in values(var.node_groups) : group.min > 0 && alltrue([for taint in group.taints : taint.effect == "PREFER_NO_SCHEDULE"])])
    error_message = "One of cluster.nodeGroups must have min 1 or more and no NoSchedule or NoExecute taint: CoreDNS needs a node that takes it, and so does the autoscaler that would start the others."
  }

  validation {
    condition     = alltrue([for group in values(var.node_groups) : group.min >= 0 && group.max >= 1 && group.min <= group.max && group.max <= 450])
    error_message = "In cluster.nodeGroups, min must be 0 or more, max 1 to 450, and min not above max. Got: ${join(", ", [for name, group in var.node_groups : "${name} ${group.min} to ${group.max}"])}."
  }

  validation {
    condition     = alltrue([for group in values(var.node_groups) : contains(["ON_DEMAND", "SPOT"], group.capacity)])
    error_message = "cluster.nodeGroups.<name>.capacity must be onDemand or spot in the spec (ON_DEMAND or SPOT here). Got: ${join(", ", [for name, group in var.node_groups : "${name} ${group.capacity}"])}."
  }

  validation {
    # The launch template's device and the settings of the metadata service are those of Amazon Linux 2023.
    condition     = alltrue([for group in values(var.node_groups) : can(regex("^AL2023_(x86_64|ARM_64)_[A-Z]+$", group.ami_type))])
    error_message = "Nodes run Amazon Linux 2023: ami_type must be AL2023_x86_64_STANDARD or AL2023_ARM_64_STANDARD. Got: ${join(", ", [for name, group in var.node_groups : "${name} ${group.ami_type}"])}."
  }

  validation {
    # Graviton families carry a g after the generation's digit (m7g, c7gn, t4g); a1 was the first.
    condition = alltrue(flatten([for group in values(var.node_groups) : concat(
      [length(group.instance_types) >= 1 && length(group.instance_types) <= 20],
      [for type in group.instance_types : can(regex("^(a1\\.|[a-z][a-z-]*[0-9]+g)", type)) == strcontains(group.ami_type, "ARM_64")],
    )]))
    error_message = "Each of cluster.nodeGroups must list 1 to 20 instanceTypes, all of its image's processor: m7g, c7gn, t4g, ... are arm64 (AL2023_ARM_64_STANDARD), the others x86-64. Got: ${join("; ", [for name, group in var.node_groups : "${name} ${join(" ", group.instance_types)} with ${group.ami_type}"])}."
  }

  validation {
    condition     = alltrue([for group in values(var.node_groups) : group.disk_size >= 20 && group.disk_size <= 16384])
    error_message = "cluster.nodeGroups.<name>.diskSize must be 20 to 16384 GiB: the image itself takes 20. Got: ${join(", ", [for name, group in var.node_groups : "${name} ${group.disk_size}"])}."
  }

  validation {
    condition     = alltrue(flatten([for group in values(var.node_groups) : [for taint in group.taints : contains(["NO_SCHEDULE", "PREFER_NO_SCHEDULE", "NO_EXECUTE"], taint.effect)]]))
    error_message = "A taint's effect must be NoSchedule, PreferNoSchedule or NoExecute in the spec; EKS spells them NO_SCHEDULE, PREFER_NO_SCHEDULE and NO_EXECUTE, and those are wanted here."
  }

  validation {
    condition     = alltrue([for group in values(var.node_groups) : length(distinct(group.taints[*].key)) == length(group.taints)])
    error_message = "Two taints of one node group have the same key. The autoscaler knows a group's taints by key, one effect each: give them different keys in cluster.nodeGroups."
  }

  validation {
    condition     = alltrue(flatten([for group in values(var.node_groups) : [for key in keys(group.labels) : !can(regex("^((node-role\\.)?kubernetes\\.io|k8s\\.io|eks\\.amazonaws\\.com)/", key))]]))
    error_message = "Labels that start with kubernetes.io/, k8s.io/, node-role.kubernetes.io/ or eks.amazonaws.com/ are reserved, and EKS or the kubelet refuses them. Use a domain of your own in cluster.nodeGroups.<name>.labels. Got: ${join(", ", flatten([for group in values(var.node_groups) : keys(group.labels)]))}."
  }
}
