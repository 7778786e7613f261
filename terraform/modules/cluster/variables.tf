variable "name" {
  description = "Name of the EKS cluster."
  type        = string

  validation {
    condition     = can(regex("^[0-9A-Za-z][0-9A-Za-z_-]{0,99}$", var.name))
    error_message = "An EKS cluster's name takes letters, digits, - and _, up to 100. It is \"${var.name}\" and follows from platform.name and the environment's name."
  }
}

variable "role_name" {
  description = "Name of the control plane's IAM role."
  type        = string

  validation {
    condition     = can(regex("^[A-Za-z0-9+=,.@_-]{1,64}$", var.role_name))
    error_message = "\"${var.role_name}\" cannot name an IAM role: 1 to 64 letters, digits and +=,.@_- (it has ${length(var.role_name)}). Shorten platform.name or the environment's file name."
  }
}

variable "node_role_name" {
  description = "Name of the nodes' IAM role."
  type        = string

  validation {
    condition     = can(regex("^[A-Za-z0-9+=,.@_-]{1,64}$", var.node_role_name))
    error_message = "\"${var.node_role_name}\" cannot name an IAM role: 1 to 64 letters, digits and +=,.@_- (it has ${length(var.node_role_name)}). Shorten platform.name or the environment's file name."
  }
}

variable "key_alias" {
  description = "Alias of the key that encrypts Kubernetes Secrets, with \"alias/\"."
  type        = string

  validation {
    condition     = can(regex("^alias/[a-zA-Z0-9/_-]+$", var.key_alias)) && !startswith(var.key_alias, "alias/aws/")
    error_message = "A key's alias must be alias/<name>, and alias/aws/ is AWS's own. It is \"${var.key_alias}\"."
  }
}

variable "control_plane_log_group" {
  description = "Name of the control plane's log group, from whoever made it: the cluster waits for it, or EKS would make one that is not encrypted and never expires."
  type        = string
}

variable "kubernetes_version" {
  description = "Kubernetes minor version of control plane and nodes, as \"1.34\"."
  type        = string

  validation {
    condition     = can(regex("^1\\.[0-9]{2}$", var.kubernetes_version))
    error_message = "cluster.kubernetesVersion must be a minor version in quotes, as \"1.34\". It is \"${var.kubernetes_version}\"."
  }
}

variable "ami_release" {
  description = "Release of the nodes' machine image, as \"1.34.1-20251112\"; null for the newest of the Kubernetes version when a group is made."
  type        = string
  default     = null

  validation {
    condition     = var.ami_release == null ? true : can(regex("^[0-9.]+-[0-9]{8}$", var.ami_release)) && startswith(var.ami_release, "${var.kubernetes_version}.")
    error_message = "cluster.amiRelease must be a release for Kubernetes ${var.kubernetes_version}, as \"${var.kubernetes_version}.1-20251112\". It is \"${var.ami_release == null ? "" : var.ami_release}\"."
  }
}

variable "service_cidr" {
  description = "Addresses of Kubernetes Services, outside the VPC. Cannot be changed later."
  type        = string

  validation {
    # EKS, CreateCluster: kubernetesNetworkConfig.serviceIpv4Cidr.
    condition = try(
      cidrsubnet(var.service_cidr, 0, 0) == var.service_cidr &&
      contains(range(12, 25), tonumber(split("/", var.service_cidr)[1])) &&
      anytrue([
        for block in ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"] :
        cidrsubnet("${split("/", var.service_cidr)[0]}/${split("/", block)[1]}", 0, 0) == block &&
        tonumber(split("/", var.service_cidr)[1]) >= tonumber(split("/", block)[1])
      ]), false
    )
    error_message = "cluster.serviceCidr must be a private network address (10/8, 172.16/12 or 192.168/16) from /12 to /24, as 172.20.0.0/16. It is \"${var.service_cidr}\"."
  }
}

variable "vpc_id" {
  description = "The VPC of the subnets."
  type        = string
}

variable "endpoint_subnet_ids" {
  description = "Subnets for the control plane's network interfaces."
  type        = set(string)

  validation {
    # However many zones the VPC has: EKS refuses subnets in zones that were not there when the cluster was made.
    # Nodes may be in any zone.
    condition     = length(var.endpoint_subnet_ids) == 2
    error_message = "EKS gets subnets in two zones for its network interfaces, the ones that the environment started with; there are ${length(var.endpoint_subnet_ids)}."
  }
}

variable "node_subnet_ids" {
  description = "Subnets of nodes and pods."
  type        = set(string)

  validation {
    condition     = length(var.node_subnet_ids) >= 2
    error_message = "Nodes need subnets in two zones, or one zone's failure stops everything. Set network.zones in the spec to 2 or 3."
  }
}

variable "public_access_cidrs" {
  description = "Networks that may reach the public API endpoint. Empty: there is none."
  type        = set(string)

  validation {
    condition     = alltrue([for cidr in var.public_access_cidrs : try(cidrsubnet(cidr, 0, 0) == cidr && !strcontains(cidr, ":"), false)])
    error_message = "cluster.publicAccessCidrs must list IPv4 network addresses, as 203.0.113.0/24. Got: ${join(", ", var.public_access_cidrs)}."
  }

  validation {
    condition     = alltrue([for cidr in var.public_access_cidrs : try(tonumber(split("/", cidr)[1]) >= 8, true)])
    error_message = "cluster.publicAccessCidrs must not open the Kubernetes API to everybody: 0.0.0.0/0, or a network wider than /8, is not allowed. List your offices' or VPN's addresses, or leave it empty and use the private endpoint. Got: ${join(", ", var.public_access_cidrs)}."
  }

  validation {
    condition = alltrue(flatten([
      for cidr in var.public_access_cidrs : [
        for block in ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"] :
        try(cidrsubnet("${split("/", cidr)[0]}/${split("/", block)[1]}", 0, 0) != block, true)
      ]
    ]))
    error_message = "cluster.publicAccessCidrs takes public addresses only, EKS refuses private ones: from a private network the API is reached through its private endpoint. Got: ${join(", ", var.public_access_cidrs)}."
  }

  validation {
    condition     = length(var.public_access_cidrs) <= 40
    error_message = "EKS allows 40 networks in cluster.publicAccessCidrs; there are ${length(var.public_access_cidrs)}."
  }
}

variable "private_access_cidrs" {
  description = "Networks outside the VPC, connected to it, that may reach the private API endpoint."
  type        = set(string)

  validation {
    condition     = alltrue([for cidr in var.private_access_cidrs : try(cidrsubnet(cidr, 0, 0) == cidr && !strcontains(cidr, ":"), false)])
    error_message = "cluster.privateAccessCidrs must list IPv4 network addresses, as 10.8.0.0/16. Got: ${join(", ", var.private_access_cidrs)}."
  }

  validation {
    condition     = alltrue([for cidr in var.private_access_cidrs : try(tonumber(split("/", cidr)[1]) >= 8, true)])
    error_message = "cluster.privateAccessCidrs must not be wider than /8: list the networks of your VPN or of the peered VPC that people and tools are in. Got: ${join(", ", var.private_access_cidrs)}."
  }

  validation {
    condition     = length(var.private_access_cidrs) <= 60
    error_message = "A security group takes 60 rules; cluster.privateAccessCidrs has ${length(var.private_access_cidrs)} networks."
  }
}

variable "admin_roles" {
  description = "ARNs of the IAM roles that are cluster administrators. Nobody else is, not even who made the cluster."
  type        = set(string)

  validation {
    condition     = alltrue([for arn in var.admin_roles : can(regex("^arn:aws[a-z-]*:iam::[0-9]{12}:role/[^*]+$", arn))])
    error_message = "cluster.adminRoles must list ARNs of IAM roles with their path, as arn:aws:iam::111111111111:role/platform-admin; an assumed role (arn:aws:sts::...) is not one. Got: ${join(", ", var.admin_roles)}."
  }
}

variable "addons" {
  description = "Version of each EKS add-on, by its name."
  type        = map(string)

  validation {
    condition     = length(setsubtract(["coredns", "eks-pod-identity-agent", "kube-proxy", "vpc-cni"], keys(var.addons))) == 0
    error_message = "No node works without coredns, eks-pod-identity-agent, kube-proxy and vpc-cni. cluster.addons lacks ${join(", ", setsubtract(["coredns", "eks-pod-identity-agent", "kube-proxy", "vpc-cni"], keys(var.addons)))}."
  }

  validation {
    condition     = alltrue([for version in values(var.addons) : can(regex("^v[0-9]+\\.[0-9]+\\.[0-9]+-eksbuild\\.[0-9]+$", version))])
    error_message = "cluster.addons must pin full versions, as v1.21.1-eksbuild.1. Got: ${join(", ", [for name, version in var.addons : "${name} ${version}"])}. `aws eks describe-addon-versions --kubernetes-version ${var.kubernetes_version}` lists them."
  }
}

variable "addon_roles" {
  description = "Role and Kubernetes service account (in kube-system) of the add-ons that call AWS."
  type = map(object({
    role_name       = string
    service_account = string
  }))

  validation {
    condition     = toset(keys(var.addon_roles)) == setintersection(keys(var.addons), keys(local.addon_policies))
    error_message = "Exactly the add-ons that call AWS need a role: ${join(", ", setintersection(keys(var.addons), keys(local.addon_policies)))}. Got roles for: ${join(", ", keys(var.addon_roles))}. A new one needs its policy in addon_roles.tf."
  }

  validation {
    condition     = alltrue([for role in values(var.addon_roles) : can(regex("^[A-Za-z0-9+=,.@_-]{1,64}$", role.role_name))])
    error_message = "An IAM role's name takes 1 to 64 letters, digits and +=,.@_-. Shorten platform.name or the environment's file name. Got: ${join(", ", values(var.addon_roles)[*].role_name)}."
  }
}

variable "permissions_boundary_arn" {
  description = "The policy that says what each of the roles may do at most, whatever its own policies allow."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^arn:[a-z-]+:iam::[0-9]{12}:policy/", var.permissions_boundary_arn))
    error_message = "\"${var.permissions_boundary_arn}\" is not the ARN of a policy of IAM: the stack `access` makes the boundary, and the root names it."
  }
}
