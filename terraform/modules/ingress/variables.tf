variable "vpc_id" {
  description = "VPC of the load balancer and of its targets."
  type        = string
  nullable    = false
}

variable "load_balancer_name" {
  description = "Name of the Network Load Balancer."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9]([A-Za-z0-9-]{0,30}[A-Za-z0-9])?$", var.load_balancer_name)) && !startswith(var.load_balancer_name, "internal-")
    error_message = "\"${var.load_balancer_name}\" cannot name a load balancer: 1 to 32 letters, digits and hyphens between them (it has ${length(var.load_balancer_name)}), not starting with internal-. Shorten platform.name or the environment's file name in environments/, then make render."
  }
}

variable "internal" {
  description = "Whether only the VPC reaches it, behind the API Gateway; otherwise the internet does."
  type        = bool
  nullable    = false
}

variable "subnet_ids" {
  description = "One subnet per zone: intra for an internal load balancer, public for the other."
  type        = set(string)
  nullable    = false

  validation {
    condition     = length(var.subnet_ids) > 0
    error_message = "The load balancer needs a subnet in every zone: network.zones in environments/<env>.yaml says how many there are."
  }
}

variable "client_cidrs" {
  description = "IPv4 networks that may connect; none behind the API Gateway."
  type        = set(string)
  nullable    = false

  validation {
    condition     = alltrue([for cidr in var.client_cidrs : can(cidrnetmask(cidr)) && try(cidrsubnet(cidr, 0, 0) == cidr, false)])
    error_message = "Not IPv4 networks: ${join(", ", [for cidr in var.client_cidrs : cidr if !(can(cidrnetmask(cidr)) && try(cidrsubnet(cidr, 0, 0) == cidr, false))])}. Write address/prefix with the host's part zero, as 10.0.16.0/20."
  }

  validation {
    condition     = var.gateway != null || length(var.client_cidrs) > 0
    error_message = "Without client_cidrs nobody reaches the load balancer, for no API Gateway is in front: name 0.0.0.0/0 or an allow list."
  }

  validation {
    condition     = var.gateway == null || length(var.client_cidrs) == 0
    error_message = "Behind the API Gateway only its VPC link may connect, for whoever else does goes past its checks: ${join(", ", var.client_cidrs)} must go. Run make render again."
  }
}

variable "gateway" {
  description = "The API Gateway in front: the security group of its VPC link, which alone may connect, and by host the alias target of its domain. null where clients come here directly."
  type = object({
    link_security_group_id = string
    targets                = map(object({ name = string, zone_id = string }))
  })
  default = null

  validation {
    condition     = var.internal == (var.gateway != null)
    error_message = var.internal ? "An internal load balancer has no clients but an API Gateway's, and there is none: run make render again." : "The API Gateway's VPC link leads to an internal load balancer, and this one is public, so that clients would go past it: run make render again."
  }

  validation {
    condition     = var.gateway == null ? true : toset(keys(var.gateway.targets)) == var.hosts
    error_message = "Each host must lead to the API Gateway, or nobody reaches it: the load balancer answers for ${join(", ", var.hosts)}, the gateway for ${var.gateway == null ? "none" : join(", ", keys(var.gateway.targets))}. Run make render again."
  }
}

variable "target_group_name" {
  description = "Name of the target group, which a TargetGroupBinding names; it ends with a generation, as -g1."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9]([A-Za-z0-9-]{0,30}[A-Za-z0-9])?$", var.target_group_name))
    error_message = "\"${var.target_group_name}\" cannot name a target group: 1 to 32 letters, digits and hyphens between them (it has ${length(var.target_group_name)}). Shorten platform.name or the environment's file name in environments/, then make render."
  }
}

variable "target_security_group_id" {
  description = "Security group of the pods that are the targets."
  type        = string
  nullable    = false
}

variable "proxy_protocol" {
  description = "Whether targets are told the client's address by proxy protocol v2; ingress-nginx must expect it, or refuses every connection."
  type        = bool
  nullable    = false
}

variable "domain" {
  description = "Domain whose public Route 53 zone exists in this account."
  type        = string
  nullable    = false
}

variable "hosts" {
  description = "Host names that the load balancer answers for, all of this domain."
  type        = set(string)
  nullable    = false

  validation {
    condition     = length(var.hosts) > 0
    error_message = "A certificate needs at least one host name: ingress.hosts is empty. Run make render again."
  }

  validation {
    # ACM, quota "Domain names per ACM certificate": 10 unless somebody asked for more.
    condition     = length(var.hosts) <= 10
    error_message = "${length(var.hosts)} host names, but ACM issues a certificate for 10 at most. Serve more routes under one host (workloads.<name>.routes in environments/); or have the quota \"Domain names per ACM certificate\" raised in every account, then raise this limit."
  }

  validation {
    condition     = alltrue([for host in var.hosts : can(regex("^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?$", host)) && length(host) <= 253])
    error_message = "Not host names: ${join(", ", [for host in var.hosts : host if !(can(regex("^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?$", host)) && length(host) <= 253)])}. Lower-case letters, digits and hyphens between dots, no wildcard. Correct host of the route under workloads.<name>.routes in environments/."
  }

  validation {
    condition     = alltrue([for host in var.hosts : host == var.domain || endswith(host, ".${var.domain}")])
    error_message = "Not of the domain ${var.domain}: ${join(", ", [for host in var.hosts : host if !(host == var.domain || endswith(host, ".${var.domain}"))])}. Only its zone is ours to prove to ACM. Correct domain in environments/<env>.yaml or the route's host."
  }

  validation {
    # ACM RequestCertificate: the first name is the subject's common name, at most 64 long (RFC 5280).
    condition     = length(var.hosts) == 0 || anytrue([for host in var.hosts : length(host) <= 64])
    error_message = "Every host name has more than 64 characters; a certificate needs one that has not. Shorten domain in environments/<env>.yaml."
  }
}

variable "deletion_protection" {
  description = "Whether AWS refuses to delete the load balancer."
  type        = bool
  nullable    = false
}
