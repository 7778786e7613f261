# The two functions, and the tokens that they are about.

variable "packages" {
  description = "The functions' packages in a bucket: key, and SHA-256 in base64 as S3 has it."
  type = object({
    bucket     = string
    authorizer = object({ key = string, sha256 = string })
    token      = object({ key = string, sha256 = string })
  })
  nullable = false

  validation {
    condition     = alltrue([for package in [var.packages.authorizer, var.packages.token] : can(regex("^[A-Za-z0-9+/]{43}=$", package.sha256))])
    error_message = "Not SHA-256 in base64, which is 43 characters and a =: ${join(", ", [for package in [var.packages.authorizer, var.packages.token] : package.sha256 if !can(regex("^[A-Za-z0-9+/]{43}=$", package.sha256))])}. make lambdas prints it as sha256_base64; pin that under versions in environments/<env>.yaml."
  }

  validation {
    condition     = alltrue([for package in [var.packages.authorizer, var.packages.token] : can(regex("^[^/].*\\.zip$", package.key))])
    error_message = "Not keys of packages: ${join(", ", [for package in [var.packages.authorizer, var.packages.token] : package.key if !can(regex("^[^/].*\\.zip$", package.key))])}. make lambdas prints them as key, ending with .zip; pin that under versions in environments/<env>.yaml."
  }
}

variable "functions" {
  description = "Names of the functions and of their roles. reserved_concurrency, if any, is taken from what the account's functions share."
  type = object({
    authorizer = object({ name = string, role_name = string, reserved_concurrency = optional(number) })
    token      = object({ name = string, role_name = string, reserved_concurrency = optional(number) })
  })
  nullable = false

  validation {
    condition     = alltrue([for function in values(var.functions) : can(regex("^[A-Za-z0-9_-]{1,64}$", function.name))]) && var.functions.authorizer.name != var.functions.token.name
    error_message = "A function's name is its own and has 1 to 64 letters, digits, _ and -: ${join(", ", [for function in values(var.functions) : function.name])}. Shorten platform.name or the environment's file name in environments/, then make render."
  }

  validation {
    condition     = alltrue([for function in values(var.functions) : can(regex("^[A-Za-z0-9+=,.@_-]{1,64}$", function.role_name))]) && var.functions.authorizer.role_name != var.functions.token.role_name
    error_message = "A role's name is its own and has 1 to 64 letters, digits and +=,.@_-: ${join(", ", [for function in values(var.functions) : function.role_name])}. Shorten platform.name or the environment's file name in environments/, then make render."
  }

  validation {
    condition     = alltrue([for function in values(var.functions) : function.reserved_concurrency == null ? true : function.reserved_concurrency >= 1 && floor(function.reserved_concurrency) == function.reserved_concurrency])
    error_message = "A function that may run 0 times at once is off, and so is the gateway: ${join(", ", [for function in values(var.functions) : "${function.name} has ${function.reserved_concurrency == null ? "none" : tostring(function.reserved_concurrency)}"])}. Reserve a whole number from 1, or nothing."
  }
}

variable "function_subnet_ids" {
  description = "Private subnets of the token function, with a way to AWS (NAT or interface endpoints) and to MongoDB's private endpoint."
  type        = set(string)
  nullable    = false

  validation {
    condition     = length(var.function_subnet_ids) > 0
    error_message = "The token function needs a private subnet, or it reaches neither MongoDB nor AWS: pass those of the network."
  }
}

variable "log_groups" {
  description = "Log groups of the gateway's requests and of the functions, with their ARNs without \":*\"."
  type = object({
    access     = object({ name = string, arn = string })
    authorizer = object({ name = string, arn = string })
    token      = object({ name = string, arn = string })
  })
  nullable = false

  validation {
    condition     = alltrue([for group in values(var.log_groups) : endswith(group.arn, ":log-group:${group.name}")])
    error_message = "Not a log group's name and its own ARN, without :* at its end: ${join(", ", [for group in values(var.log_groups) : "${group.name} and ${group.arn}" if !endswith(group.arn, ":log-group:${group.name}")])}. Pass group_names and group_arns of the module logs."
  }
}

variable "key_alias" {
  description = "Alias of the KMS key that encrypts what the functions keep."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^alias/[A-Za-z0-9/_-]{1,250}$", var.key_alias)) && !startswith(var.key_alias, "alias/aws/")
    error_message = "\"${var.key_alias}\" cannot be a key's alias: alias/ and up to 250 letters, digits, /, _ and -; alias/aws/ is Amazon's. Correct platform.name or the environment's file name in environments/, then make render."
  }
}

variable "signing_keys" {
  description = "Keys that sign tokens: the first signs, all are published. To change the key: append one and apply, move it to the front and apply, drop the old one once its last token has expired."
  type        = list(object({ id = string, alias = string }))
  nullable    = false

  validation {
    condition     = length(var.signing_keys) >= 1 && length(distinct(var.signing_keys[*].id)) == length(var.signing_keys) && length(distinct(var.signing_keys[*].alias)) == length(var.signing_keys)
    error_message = "There must be a signing key, and each has an id and an alias of its own: ${join(", ", [for key in var.signing_keys : "${key.id} as ${key.alias}"])}."
  }

  validation {
    condition     = alltrue([for key in var.signing_keys : can(regex("^[A-Za-z0-9_-]{1,64}$", key.id))])
    error_message = "Not ids of keys, which stand in every token as kid: ${join(", ", [for key in var.signing_keys : key.id if !can(regex("^[A-Za-z0-9_-]{1,64}$", key.id))])}. 1 to 64 letters, digits, _ and -, as 2026-11."
  }

  validation {
    condition     = alltrue([for key in var.signing_keys : can(regex("^alias/[A-Za-z0-9/_-]{1,250}$", key.alias)) && !startswith(key.alias, "alias/aws/")])
    error_message = "Not aliases of keys: ${join(", ", [for key in var.signing_keys : key.alias if !(can(regex("^alias/[A-Za-z0-9/_-]{1,250}$", key.alias)) && !startswith(key.alias, "alias/aws/"))])}. alias/ and up to 250 letters, digits, /, _ and -; alias/aws/ is Amazon's."
  }
}

variable "audience" {
  description = "Whom tokens are for; verifiers compare it with `aud`."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[\\x21-\\x7e]{1,200}$", var.audience))
    error_message = "\"${var.audience}\" cannot be the audience: 1 to 200 printable ASCII characters without a space, as the platform's name."
  }
}

variable "table_name" {
  description = "Name of the DynamoDB table of attempts and codes."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9_.-]{3,255}$", var.table_name))
    error_message = "\"${var.table_name}\" cannot name a table: 3 to 255 letters, digits, _, . and -. Correct platform.name or the environment's file name in environments/, then make render."
  }
}

variable "hmac_secret_name" {
  description = "Name of the secret with which CPFs are made unrecognisable; made here, with its value."
  type        = string
  nullable    = false

  validation {
    # A * or ? would be read as a pattern in the role's policy.
    condition     = can(regex("^[A-Za-z0-9/_+=.@-]{1,512}$", var.hmac_secret_name))
    error_message = "\"${var.hmac_secret_name}\" cannot name a secret: 1 to 512 letters, digits and /_+=.@-. Correct platform.name or the environment's file name in environments/, then make render."
  }
}

variable "customers" {
  description = "Where customers are: the secret with MongoDB's connection string, which another stack writes, the key that encrypts it, and the collection."
  type        = object({ secret_name = string, secret_key_arn = string, database = string, collection = string })
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9/_+=.@-]{1,512}$", var.customers.secret_name))
    error_message = "\"${var.customers.secret_name}\" is not the name of a secret: 1 to 512 letters, digits and /_+=.@-, no pattern."
  }

  validation {
    condition     = can(regex("^arn:[a-z-]+:kms:[a-z0-9-]+:[0-9]{12}:key/", var.customers.secret_key_arn))
    error_message = "\"${var.customers.secret_key_arn}\" is not the ARN of a key: pass key_arn of the module secrets. An alias would not do, IAM knows keys only."
  }

  validation {
    # MongoDB, "Naming restrictions".
    condition     = can(regex("^[^/\\\\. \"$*<>:|?]{1,63}$", var.customers.database)) && can(regex("^[^$\\s]{1,120}$", var.customers.collection))
    error_message = "MongoDB knows no database \"${var.customers.database}\" or collection \"${var.customers.collection}\": a database takes up to 63 characters without /\\. \"$*<>:|?, a collection no $ and no space."
  }
}

variable "sender" {
  description = "Who sends codes: an SES identity that is verified in this account and region, a domain or an address, and what stands as From, an address of it or `name <address>`."
  type        = object({ identity = string, from = string })
  nullable    = false

  validation {
    condition     = can(regex("^([^<>@\\r\\n]{1,64} <)?[A-Za-z0-9._+-]{1,64}@[A-Za-z0-9.-]{1,255}>?$", var.sender.from)) && strcontains(var.sender.from, "<") == endswith(var.sender.from, ">")
    error_message = "\"${var.sender.from}\" is no sender: write an address, or a name and then the address in <>."
  }

  validation {
    condition     = contains([var.sender.identity, "<${var.sender.identity}>"], regex("[^ ]*$", var.sender.from)) || can(regex("@(.+[.])?${replace(var.sender.identity, ".", "[.]")}>?$", var.sender.from))
    error_message = "${var.sender.from} is not of ${var.sender.identity}, so SES refuses to send from it. Correct one of them."
  }
}

variable "recovery_days" {
  description = "Days in which a key can be brought back after it was deleted."
  type        = number
  nullable    = false

  validation {
    condition     = var.recovery_days >= 7 && var.recovery_days <= 30 && floor(var.recovery_days) == var.recovery_days
    error_message = "A deleted key can be brought back for 7 to 30 days, not ${var.recovery_days}. It follows deletionProtection in environments/<env>.yaml: run make render again."
  }
}

variable "deletion_protection" {
  description = "Whether AWS refuses to delete the table."
  type        = bool
  nullable    = false
}
