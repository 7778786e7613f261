variable "name" {
  description = "Name tag of the VPC; the load balancer controller finds the VPC by it. First part of the Name tags of what is in it."
  type        = string
}

variable "cidr" {
  description = "IPv4 network of the VPC."
  type        = string

  validation {
    condition     = try(cidrsubnet(var.cidr, 0, 0) == var.cidr && contains(range(16, 29), tonumber(split("/", var.cidr)[1])), false)
    error_message = "network.cidr must be a network address from /16 to /28, as 10.10.0.0/16: a VPC takes no other size. It is \"${var.cidr}\"."
  }
}

variable "nat_zones" {
  description = "Availability zones with a NAT gateway. A zone without one leaves by the first of them."
  type        = list(string)

  validation {
    condition     = length(var.nat_zones) >= 1 && length(setsubtract(var.nat_zones, keys(var.zones))) == 0
    error_message = "A NAT gateway stands in one zone of the VPC (network.nat: single) or in each (perZone), and without one no node starts. Zones: ${join(", ", keys(var.zones))}; got: ${join(", ", var.nat_zones)}."
  }
}

variable "zones" {
  description = "The four subnets' CIDRs by availability zone. Everything per zone is keyed by it, so a new zone moves nothing."
  type = map(object({
    private  = string
    public   = string
    intra    = string
    database = string
  }))

  validation {
    condition     = length(var.zones) >= 2
    error_message = "network.zones must be 2 or more: EKS wants its subnets in two availability zones."
  }

  validation {
    condition     = alltrue([for zone in keys(var.zones) : can(regex("^[a-z]{2}(-[a-z]+)+-[0-9][a-z]$", zone))])
    error_message = "Zones are keyed by availability zone, as us-east-1a. Got: ${join(", ", keys(var.zones))}. They follow from the spec's region."
  }

  validation {
    # A prefix length outside the VPC's makes cidrsubnet fail, and so does text that is no CIDR.
    condition = alltrue(flatten([for zone in values(var.zones) : [
      for cidr in values(zone) : try(
        cidrsubnet(cidr, 0, 0) == cidr &&
        tonumber(split("/", cidr)[1]) <= 28 &&
        tonumber(split("/", cidr)[1]) >= tonumber(split("/", var.cidr)[1]) &&
        cidrsubnet("${split("/", cidr)[0]}/${split("/", var.cidr)[1]}", 0, 0) == var.cidr, false
      )
    ]]))
    error_message = "Each subnet must be a network address inside network.cidr (${var.cidr}), /28 or larger. Change network.cidr in the spec and render again; subnets are cut from it."
  }

  validation {
    # Two networks overlap when the longer one, shortened to the other's prefix, is the other.
    condition = alltrue(flatten([
      for i, a in flatten([for zone in values(var.zones) : values(zone)]) : [
        for j, b in flatten([for zone in values(var.zones) : values(zone)]) :
        try(i == j || cidrsubnet("${split("/", a)[0]}/${split("/", b)[1]}", 0, 0) != b, true)
      ]
    ]))
    error_message = "Two of the subnets overlap, and EC2 would refuse the second: ${join(", ", flatten([for zone in values(var.zones) : values(zone)]))}. Render again: subnets are cut from network.cidr so that none do."
  }
}

variable "interface_endpoints" {
  description = "AWS services to reach from inside the VPC, by the last part of the endpoint service's name, as \"ecr.api\". Paid by the hour in each zone; may be empty."
  type        = set(string)

  validation {
    condition     = alltrue([for service in var.interface_endpoints : can(regex("^[a-z0-9-]+(\\.[a-z0-9-]+)*$", service)) && !startswith(service, "com.")])
    error_message = "Interface endpoints are named by the last part of the service's name, as ecr.api or eks-auth, without com.amazonaws.<region>. Got: ${join(", ", var.interface_endpoints)}."
  }

  validation {
    condition     = length(setintersection(var.interface_endpoints, ["s3", "dynamodb"])) == 0
    error_message = "s3 and dynamodb need no interface endpoint: S3 has its gateway endpoint here already, which is free. Take them off the list."
  }
}

variable "flow_log" {
  description = "Where flow logs go, and the name of the role that writes them. The log group's ARN is without \":*\"."
  type = object({
    log_group_arn = string
    role_name     = string
  })

  validation {
    condition     = can(regex("^arn:aws[a-z-]*:logs:[a-z0-9-]+:[0-9]{12}:log-group:[^:*]+$", var.flow_log.log_group_arn))
    error_message = "flow_log.log_group_arn must be the ARN of a CloudWatch log group without \":*\", as the logs module returns it. It is \"${var.flow_log.log_group_arn}\"."
  }

  validation {
    condition     = can(regex("^[A-Za-z0-9+=,.@_-]{1,64}$", var.flow_log.role_name))
    error_message = "\"${var.flow_log.role_name}\" cannot name an IAM role: 1 to 64 letters, digits and +=,.@_- (it has ${length(var.flow_log.role_name)}). Shorten platform.name or the environment's file name."
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
