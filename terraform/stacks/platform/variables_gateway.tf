variable "gateway" {
  description = "The API Gateway in front of the load balancer, the functions behind it, and their tokens; null where clients come to the load balancer directly."
  type = object({
    name = string
    apis = map(object({
      name = string
      routes = list(object({
        path     = string
        auth     = string
        workload = string
        throttle = object({
          rate  = number
          burst = number
        })
      }))
    }))
    api_host = string
    throttle = object({
      rate  = number
      burst = number
    })
    token_throttle = object({
      rate  = number
      burst = number
    })
    cors = object({
      origins = list(string)
      methods = list(string)
      headers = list(string)
      max_age = number
    })
    packages = object({
      bucket = string
      authorizer = object({
        key    = string
        sha256 = string
      })
      token = object({
        key    = string
        sha256 = string
      })
    })
    functions = object({
      authorizer = object({
        name      = string
        role_name = string
      })
      token = object({
        name      = string
        role_name = string
      })
    })
    key_alias = string
    signing_keys = list(object({
      id    = string
      alias = string
    }))
    audience         = string
    table_name       = string
    hmac_secret_name = string
    customers = object({
      secret_name = string
      database    = string
      collection  = string
    })
    sender = object({
      identity = string
      from     = string
    })
  })

  validation {
    condition     = var.gateway == null ? true : alltrue([for use in ["gateway", "authorizer", "token"] : var.logs.groups[use] != null])
    error_message = "The API Gateway needs log groups, and logs.groups must name them as gateway, authorizer and token: run make render again."
  }

  validation {
    # The sender's records are written into the zone of the domain.
    condition     = var.gateway == null ? true : var.gateway.sender.identity == var.ingress.domain || endswith(var.gateway.sender.identity, ".${var.ingress.domain}")
    error_message = "Codes are sent from the environment's own domain, whose zone proves it to SES: ${var.gateway == null ? "" : var.gateway.sender.identity} is not of ${var.ingress.domain}. Correct it in environments/, then make render."
  }
}
