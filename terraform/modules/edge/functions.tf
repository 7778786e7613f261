# Both are told in environment variables all that they need; the names are read by lambda/*/settings.py.

locals {
  runtime      = "python3.13"
  architecture = "arm64" # a fifth cheaper a second, and what the packages are built for
  issuer       = "https://${var.api_host}"

  authorizer_environment = {
    ISSUER   = local.issuer
    AUDIENCE = var.audience
    JWKS     = module.jwks.json
    ROUTES   = jsonencode(local.required)
  }

  # As long as the real ones, and known before the first apply: AWS refuses more than 4 KB, half-way through it.
  authorizer_environment_size = length(jsonencode(merge(local.authorizer_environment, {
    JWKS   = jsonencode({ keys = [for key in var.signing_keys : { kty = "EC", crv = "P-256", use = "sig", alg = "ES256", kid = key.id, x = local.any_coordinate, y = local.any_coordinate }] })
    ROUTES = jsonencode({ for host in keys(var.apis) : substr(sha1(host), 0, 10) => { for route in values(local.routes) : route.key => route.auth if route.host == host && route.auth != "none" } })
  })))
  any_coordinate           = format("%043d", 0)
  largest_environment_size = 4096 # Lambda quotas, "Environment variables"
}

resource "aws_lambda_function" "authorizer" {
  # checkov:skip=CKV_AWS_50: a trace would start here and end here, HTTP APIs send none; and it would need a permission, where this function has none
  # checkov:skip=CKV_AWS_116: called by the gateway, which waits for the answer; dead letters are for events that nobody waits for
  # checkov:skip=CKV_AWS_117: it needs no network at all, and in the VPC it would have one
  # checkov:skip=CKV_AWS_272: the plan compares the package's SHA-256 with the one that is pinned and reviewed, which says which package, not only whose
  function_name = var.functions.authorizer.name
  description   = "Says whether a request of the API Gateway has the token that its route asks for"
  role          = aws_iam_role.authorizer.arn

  package_type      = "Zip"
  runtime           = local.runtime
  architectures     = [local.architecture]
  handler           = "authorizer.handler.handle"
  s3_bucket         = var.packages.bucket
  s3_key            = data.aws_s3_object.package["authorizer"].key
  s3_object_version = local.package_versions["authorizer"]
  source_code_hash  = data.aws_s3_object.package["authorizer"].checksum_sha256

  memory_size                    = 512 # it needs little; the processor comes with the memory, and a cold start is all processor
  timeout                        = 5   # it waits for nobody; the gateway would wait 10 seconds
  reserved_concurrent_executions = var.functions.authorizer.reserved_concurrency

  kms_key_arn = aws_kms_key.this.arn

  environment {
    variables = local.authorizer_environment
  }

  logging_config {
    log_group        = var.log_groups.authorizer.name
    log_format       = "JSON"
    system_log_level = "INFO" # the report of each call: how long, how much memory, how cold
  }

  tags = { Name = var.functions.authorizer.name }

  lifecycle {
    precondition {
      condition     = local.authorizer_environment_size <= local.largest_environment_size
      error_message = "The authorizer is told its routes and keys in ${local.authorizer_environment_size} characters, and Lambda takes ${local.largest_environment_size}. A path with auth has about 75: let one path stand for those below it in workloads.<name>.routes in environments/, or drop signing keys that no token needs any more."
    }
  }

  depends_on = [aws_iam_role_policy.authorizer]
}

resource "aws_lambda_function" "token" {
  # checkov:skip=CKV_AWS_50: HTTP APIs send no trace to go on with, and the log has a line for each request
  # checkov:skip=CKV_AWS_116: called by the gateway, which waits for the answer; dead letters are for events that nobody waits for
  # checkov:skip=CKV_AWS_272: the plan compares the package's SHA-256 with the one that is pinned and reviewed, which says which package, not only whose
  function_name = var.functions.token.name
  description   = "Issues tokens, sends codes, publishes the keys"
  role          = aws_iam_role.token.arn

  package_type      = "Zip"
  runtime           = local.runtime
  architectures     = [local.architecture]
  handler           = "tokens.handler.handle"
  s3_bucket         = var.packages.bucket
  s3_key            = data.aws_s3_object.package["token"].key
  s3_object_version = local.package_versions["token"]
  source_code_hash  = data.aws_s3_object.package["token"].checksum_sha256

  memory_size                    = 1024 # more than half a processor, for the cold start imports boto and MongoDB's driver
  timeout                        = 28   # less than the gateway waits, so that the log says what took so long
  reserved_concurrent_executions = var.functions.token.reserved_concurrency

  vpc_config {
    subnet_ids         = var.function_subnet_ids
    security_group_ids = [aws_security_group.token.id]
  }

  kms_key_arn = aws_kms_key.this.arn

  environment {
    variables = {
      ISSUER             = local.issuer
      AUDIENCE           = var.audience
      JWKS               = module.jwks.json
      KEY_ID             = var.signing_keys[0].id
      KMS_KEY_ID         = aws_kms_key.signing[var.signing_keys[0].id].arn
      TABLE              = aws_dynamodb_table.this.name
      SECRET_ID          = aws_secretsmanager_secret.hmac.name
      MONGODB_SECRET_ID  = var.customers.secret_name
      MONGODB_DATABASE   = var.customers.database
      MONGODB_COLLECTION = var.customers.collection
      SENDER             = var.sender.from
    }
  }

  logging_config {
    log_group        = var.log_groups.token.name
    log_format       = "JSON"
    system_log_level = "INFO"
  }

  tags = { Name = var.functions.token.name }

  depends_on = [
    aws_iam_role_policy.token,      # Lambda tries to make a network interface when the function is made
    aws_iam_role_policy.signing,    # it may sign with a key before it is told to
    aws_lambda_function.authorizer, # it knows a new key before a token is signed with it
  ]
}

resource "aws_security_group" "token" {
  name_prefix = "${var.functions.token.name}-"
  description = "Function ${var.functions.token.name}: to AWS and MongoDB, nothing in"
  vpc_id      = var.vpc_id

  tags = { Name = var.functions.token.name }

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_vpc_security_group_egress_rule" "aws" {
  security_group_id = aws_security_group.token.id
  description       = "AWS, whose addresses change, by NAT or by interface endpoints"
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443

  tags = { Name = "aws" }
}

resource "aws_vpc_security_group_egress_rule" "mongodb" {
  security_group_id = aws_security_group.token.id
  description       = "MongoDB Atlas by PrivateLink: a port for each server, of 1024 to 65535"
  cidr_ipv4         = var.vpc_cidr
  ip_protocol       = "tcp"
  from_port         = 1024
  to_port           = 65535

  tags = { Name = "mongodb" }
}
