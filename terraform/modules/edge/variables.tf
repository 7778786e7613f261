# The gateway. What the functions and tokens need stands in variables_functions.tf.

variable "name" {
  description = "Name of the VPC link and of the probe; what else has no name of its own starts with it."
  type        = string
  nullable    = false

  validation {
    # VPC links take 128; the longest that is added here, of an alarm, has 12.
    condition     = can(regex("^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$", var.name))
    error_message = "\"${var.name}\" cannot name the gateway: 1 to 100 letters, digits, _ and - (it has ${length(var.name)}). Shorten platform.name or the environment's file name in environments/, then make render."
  }
}

variable "apis" {
  description = "By host: the name of its API, and its routes. A path stands for itself and all below it; auth is none, identified or verified; throttle is in requests a second."
  type = map(object({
    name = string
    routes = list(object({
      path     = string
      auth     = string
      throttle = optional(object({ rate = number, burst = number }))
    }))
  }))
  nullable = false

  validation {
    condition     = alltrue([for host in keys(var.apis) : can(regex("^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?$", host)) && length(host) <= 253])
    error_message = "Not host names: ${join(", ", [for host in keys(var.apis) : host if !(can(regex("^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?$", host)) && length(host) <= 253)])}. Lower-case letters, digits and hyphens between dots, no wildcard. Correct host of the route under workloads.<name>.routes in environments/."
  }

  validation {
    # An alarm's name is this and -5xx.
    condition     = alltrue([for api in var.apis : can(regex("^[A-Za-z0-9._-]{1,128}$", api.name))]) && length(distinct([for api in var.apis : api.name])) == length(var.apis)
    error_message = "Each API needs a name of its own, of 1 to 128 letters, digits, dots, _ and -: ${join(", ", [for api in var.apis : api.name])}. Shorten platform.name or the environment's file name in environments/, then make render."
  }

  validation {
    condition     = alltrue([for route in flatten([for api in var.apis : api.routes]) : can(regex("^(/|(/[A-Za-z0-9_-][A-Za-z0-9._~-]*)+)$", route.path))])
    error_message = "Not paths that only one thing can be meant by: ${join(", ", [for route in flatten([for api in var.apis : api.routes]) : route.path if !can(regex("^(/|(/[A-Za-z0-9_-][A-Za-z0-9._~-]*)+)$", route.path))])}. Write them as /orders, without a slash at the end, variables or encoded characters, under workloads.<name>.routes in environments/."
  }

  validation {
    condition     = alltrue([for api in var.apis : length(distinct(api.routes[*].path)) == length(api.routes)])
    error_message = "A path stands twice under one host: ${join(", ", [for host, api in var.apis : host if length(distinct(api.routes[*].path)) != length(api.routes)])}. It can lead to one workload, with one auth: correct workloads.<name>.routes in environments/."
  }

  validation {
    condition     = alltrue([for route in flatten([for api in var.apis : api.routes]) : contains(["none", "identified", "verified"], route.auth)])
    error_message = "Unknown auth: ${join(", ", [for route in flatten([for api in var.apis : api.routes]) : "${route.auth} of ${route.path}" if !contains(["none", "identified", "verified"], route.auth)])}. Write none, identified or verified under workloads.<name>.routes in environments/."
  }

  validation {
    condition     = alltrue([for route in flatten([for api in var.apis : api.routes]) : route.throttle == null ? true : route.throttle.rate > 0 && route.throttle.burst >= 1 && floor(route.throttle.burst) == route.throttle.burst])
    error_message = "A throttle that lets nothing through, or part of a request: ${join(", ", [for route in flatten([for api in var.apis : api.routes]) : "${route.path} ${jsonencode(route.throttle)}" if route.throttle == null ? false : !(route.throttle.rate > 0 && route.throttle.burst >= 1 && floor(route.throttle.burst) == route.throttle.burst)])}. rate is above 0 requests a second, burst a whole number from 1."
  }

  validation {
    # API Gateway, quotas of HTTP APIs: routes per API, 300 unless somebody asked for more. 5 are ours.
    condition     = alltrue([for api in var.apis : length(api.routes) * (var.cors == null ? 2 : 4) + 5 <= 300])
    error_message = "Too many paths: ${join(", ", [for host, api in var.apis : "${host} has ${length(api.routes)}" if length(api.routes) * (var.cors == null ? 2 : 4) + 5 > 300])}. Each is ${var.cors == null ? "two routes" : "four routes with gateway.cors"} and 5 are the gateway's own, and an HTTP API takes 300. Let one path stand for those below it, or use another host, in workloads.<name>.routes in environments/; or have the quota \"Routes per API\" raised, then raise this limit."
  }
}

variable "api_host" {
  description = "The host that also has the token routes and the probe; tokens name it as their issuer."
  type        = string
  nullable    = false

  validation {
    condition     = contains(keys(var.apis), var.api_host)
    error_message = "\"${var.api_host}\" has no API, and the token routes need one: pass it in apis, with or without routes. The hosts are ${join(", ", keys(var.apis))}."
  }

  validation {
    condition     = length([for route in try(var.apis[var.api_host].routes, []) : route if contains(["/auth/token", "/auth/code", "/healthz", "/.well-known/jwks.json", "/.well-known/openid-configuration"], route.path)]) == 0
    error_message = "These paths of ${var.api_host} are the gateway's own: ${join(", ", [for route in try(var.apis[var.api_host].routes, []) : route.path if contains(["/auth/token", "/auth/code", "/healthz", "/.well-known/jwks.json", "/.well-known/openid-configuration"], route.path)])}. A workload there would see some methods and not others. Give it another path or host under workloads.<name>.routes in environments/."
  }
}

variable "throttle" {
  description = "Requests a second, and at once, that each API lets through."
  type        = object({ rate = number, burst = number })
  nullable    = false

  validation {
    # API Gateway, quotas of the account: 10,000 a second and 5,000 at once, in small regions 2,500 and 1,250.
    condition     = var.throttle.rate > 0 && var.throttle.rate <= 10000 && var.throttle.burst >= 1 && var.throttle.burst <= 5000 && floor(var.throttle.burst) == var.throttle.burst
    error_message = "An account lets up to 10000 requests a second through, 5000 at once, and less than 1 is nothing; rate is ${var.throttle.rate}, burst ${var.throttle.burst}. Correct gateway.throttle in environments/; or have the quota \"Throttle rate\" raised, then raise this limit."
  }
}

variable "token_throttle" {
  description = "As throttle, for each of the routes that issue tokens and send codes: they cost more than others, and people try there. null for 10 a second and 20 at once, or less where throttle is less."
  type        = object({ rate = number, burst = number })
  default     = null

  validation {
    condition     = var.token_throttle == null ? true : var.token_throttle.rate > 0 && var.token_throttle.rate <= var.throttle.rate && var.token_throttle.burst >= 1 && var.token_throttle.burst <= var.throttle.burst && floor(var.token_throttle.burst) == var.token_throttle.burst
    error_message = "Tokens are issued more slowly than the API answers, but not never: ${jsonencode(var.token_throttle)} of ${jsonencode(var.throttle)}. rate is above 0 requests a second and burst a whole number from 1, neither more than in throttle."
  }
}

variable "cors" {
  description = "Which web pages may call the APIs, with what; null for none. max_age is in seconds. Credentials are never allowed."
  type        = object({ origins = set(string), methods = set(string), headers = set(string), max_age = number })
  default     = null

  validation {
    condition     = var.cors == null ? true : length(var.cors.origins) > 0 && alltrue([for origin in var.cors.origins : origin == "*" || can(regex("^https?://[a-z0-9.-]+(:[0-9]+)?$", origin))])
    error_message = "An origin is what a browser sends, a scheme and a host without a path or a slash at the end, or *: ${var.cors == null ? "" : join(", ", var.cors.origins)}. Correct gateway.cors in environments/."
  }

  validation {
    condition     = var.cors == null ? true : length(var.cors.methods) > 0 && alltrue([for method in var.cors.methods : contains(["*", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"], method)])
    error_message = "Not HTTP methods: ${var.cors == null ? "" : join(", ", var.cors.methods)}. Write them in capitals, or * for all, in gateway.cors in environments/."
  }

  validation {
    condition     = var.cors == null ? true : alltrue([for header in var.cors.headers : header == "*" || can(regex("^[A-Za-z0-9-]+$", header))])
    error_message = "Not names of headers: ${var.cors == null ? "" : join(", ", var.cors.headers)}. Letters, digits and hyphens, or * for all; authorization must be named, * does not cover it in every browser."
  }

  validation {
    # CORS of HTTP APIs: -1 to 86400.
    condition     = var.cors == null ? true : var.cors.max_age >= 0 && var.cors.max_age <= 86400 && floor(var.cors.max_age) == var.cors.max_age
    error_message = "A browser may keep the answer for 0 to 86400 seconds, not ${var.cors == null ? 0 : var.cors.max_age}. Correct gateway.cors in environments/."
  }
}

variable "certificate_arn" {
  description = "ARN of an issued certificate that covers all hosts, in this region."
  type        = string
  nullable    = false
}

variable "vpc_id" {
  description = "VPC of the load balancer and of the token function."
  type        = string
  nullable    = false
}

variable "vpc_cidr" {
  description = "IPv4 network of the VPC, in which MongoDB's private endpoint is."
  type        = string
  nullable    = false

  validation {
    condition     = can(cidrnetmask(var.vpc_cidr))
    error_message = "\"${var.vpc_cidr}\" is not an IPv4 network, as 10.10.0.0/16: pass network.cidr."
  }
}

variable "link_subnet_ids" {
  description = "Subnets of the VPC link, one in every zone of the load balancer."
  type        = set(string)
  nullable    = false

  validation {
    # API Gateway, quotas of HTTP APIs: subnets per VPC link.
    condition     = length(var.link_subnet_ids) >= 1 && length(var.link_subnet_ids) <= 10
    error_message = "A VPC link has 1 to 10 subnets, not ${length(var.link_subnet_ids)}: pass one in each zone of the environment."
  }
}

variable "listener_arn" {
  description = "ARN of the load balancer's TLS listener."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex(":listener/(net|app)/", var.listener_arn))
    error_message = "\"${var.listener_arn}\" is not the ARN of a listener: pass listener_arn of the module ingress."
  }
}

variable "load_balancer_security_group_id" {
  description = "Security group of the load balancer; it must admit the one of the VPC link."
  type        = string
  nullable    = false
}

variable "alarm_topic_arn" {
  description = "SNS topic of the alarms, in this region."
  type        = string
  nullable    = false
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
