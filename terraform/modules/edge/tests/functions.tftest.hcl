# The real provider, plan only: no network, no credentials.
provider "aws" {
  region                      = "us-east-1"
  access_key                  = "x"
  secret_key                  = "x"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
}

override_data {
  target = data.aws_caller_identity.current
  values = { account_id = "111111111111" }
}

override_data {
  target = data.aws_s3_objects.package["authorizer"]
  values = { keys = ["authorizer/1.zip"] }
}

override_data {
  target = data.aws_s3_objects.package["token"]
  values = { keys = ["token/2.zip"] }
}

override_data {
  target = data.aws_s3_object.package["authorizer"]
  values = { checksum_sha256 = "AUTHORIZERAUTHORIZERAUTHORIZERAUTHORIZERAUT=", version_id = "v1" }
}

override_data {
  target = data.aws_s3_object.package["token"]
  values = { checksum_sha256 = "TOKENTOKENTOKENTOKENTOKENTOKENTOKENTOKENTOK=", version_id = "null" }
}

override_module {
  target          = module.jwks
  override_during = plan
  outputs         = { json = "{\"keys\":[]}" }
}

override_resource {
  target          = aws_kms_key.signing["2026-11"]
  override_during = plan
  values          = { arn = "arn:aws:kms:us-east-1:111111111111:key/signing", key_id = "signing" }
}

override_resource {
  target          = aws_kms_key.this
  override_during = plan
  values          = { arn = "arn:aws:kms:us-east-1:111111111111:key/data", key_id = "data" }
}

override_resource {
  target          = aws_apigatewayv2_api.this["api.dev.techchallenge.example"]
  override_during = plan
  values          = { id = "api1", execution_arn = "arn:aws:execute-api:us-east-1:111111111111:api1" }
}

override_resource {
  target          = aws_apigatewayv2_api.this["screens.dev.techchallenge.example"]
  override_during = plan
  values          = { id = "api2", execution_arn = "arn:aws:execute-api:us-east-1:111111111111:api2" }
}

override_resource {
  target          = aws_apigatewayv2_authorizer.this["api.dev.techchallenge.example"]
  override_during = plan
  values          = { id = "auth1" }
}

override_resource {
  target          = aws_apigatewayv2_authorizer.this["screens.dev.techchallenge.example"]
  override_during = plan
  values          = { id = "auth2" }
}

override_resource {
  target          = aws_apigatewayv2_integration.open
  override_during = plan
  values          = { id = "open" }
}

override_resource {
  target          = aws_apigatewayv2_integration.protected
  override_during = plan
  values          = { id = "protected" }
}

override_resource {
  target          = aws_apigatewayv2_integration.token
  override_during = plan
  values          = { id = "token" }
}

override_resource {
  target          = aws_apigatewayv2_integration.probe
  override_during = plan
  values          = { id = "probe" }
}

override_resource {
  target          = aws_apigatewayv2_vpc_link.this
  override_during = plan
  values          = { id = "link" }
}

override_resource {
  target          = aws_security_group.link
  override_during = plan
  values          = { id = "sg-link" }
}

override_resource {
  target          = aws_security_group.token
  override_during = plan
  values          = { id = "sg-token" }
}

override_resource {
  target          = aws_lambda_function.authorizer
  override_during = plan
  values          = { invoke_arn = "invoke:authorizer", arn = "arn:authorizer" }
}

override_resource {
  target          = aws_lambda_function.token
  override_during = plan
  values          = { invoke_arn = "invoke:token", arn = "arn:token" }
}

run "functions_run_the_pinned_packages" {
  command = plan

  assert {
    condition     = alltrue([for f in [aws_lambda_function.authorizer, aws_lambda_function.token] : f.runtime == "python3.13" && f.architectures == tolist(["arm64"]) && f.package_type == "Zip" && f.s3_bucket == "packages"])
    error_message = "Python 3.13 on arm64, from the bucket of packages."
  }
  assert {
    condition     = [aws_lambda_function.authorizer.s3_key, aws_lambda_function.authorizer.source_code_hash, aws_lambda_function.authorizer.s3_object_version, aws_lambda_function.authorizer.handler] == ["authorizer/1.zip", var.packages.authorizer.sha256, "v1", "authorizer.handler.handle"]
    error_message = "The authorizer is the version of the package whose hash was looked at."
  }
  assert {
    condition     = [aws_lambda_function.token.s3_key, aws_lambda_function.token.source_code_hash, aws_lambda_function.token.handler] == ["token/2.zip", var.packages.token.sha256, "tokens.handler.handle"] && aws_lambda_function.token.s3_object_version == null
    error_message = "The token function is the pinned package; a bucket without versions has none to name."
  }
  assert {
    condition     = data.aws_s3_object.package["token"].checksum_mode == "ENABLED"
    error_message = "S3 tells a checksum only to who asks."
  }
  assert {
    condition     = [aws_lambda_function.authorizer.function_name, aws_lambda_function.token.function_name] == ["techchallenge-dev-authorizer", "techchallenge-dev-token"] && aws_lambda_function.token.reserved_concurrent_executions == 20 && aws_lambda_function.authorizer.reserved_concurrent_executions == null
    error_message = "Names and reserved concurrency are not ours to change."
  }
  assert {
    condition     = alltrue([for f in [aws_lambda_function.authorizer, aws_lambda_function.token] : f.kms_key_arn == "arn:aws:kms:us-east-1:111111111111:key/data" && f.logging_config[0].log_format == "JSON"])
    error_message = "Environment variables are encrypted with our key; logs are JSON."
  }
  assert {
    condition     = [aws_lambda_function.authorizer.logging_config[0].log_group, aws_lambda_function.token.logging_config[0].log_group] == [var.log_groups.authorizer.name, var.log_groups.token.name]
    error_message = "Each function logs into its own group; Lambda would make one without a key and for ever."
  }
  assert {
    condition     = aws_lambda_function.authorizer.timeout < 10 && aws_lambda_function.token.timeout * 1000 < aws_apigatewayv2_integration.token.timeout_milliseconds && [aws_apigatewayv2_integration.token.integration_type, aws_apigatewayv2_integration.token.integration_uri, aws_apigatewayv2_integration.token.payload_format_version] == ["AWS_PROXY", "invoke:token", "2.0"]
    error_message = "A function gives up before the gateway does, so that its log says why."
  }
  assert {
    condition     = length(aws_lambda_function.authorizer.vpc_config) == 0 && aws_lambda_function.token.vpc_config[0].subnet_ids == toset(["subnet-c", "subnet-d"]) && aws_lambda_function.token.vpc_config[0].security_group_ids == toset(["sg-token"])
    error_message = "The authorizer has no network; the token function is in the private subnets."
  }
}

run "functions_are_told_what_they_read" {
  command = plan

  assert {
    condition = aws_lambda_function.authorizer.environment[0].variables == tomap({
      ISSUER   = "https://api.dev.techchallenge.example"
      AUDIENCE = "techchallenge"
      JWKS     = output.jwks
      ROUTES   = "{\"api1\":{\"ANY /orders\":\"identified\",\"ANY /orders/{proxy+}\":\"identified\",\"ANY /payments/refunds\":\"verified\",\"ANY /payments/refunds/{proxy+}\":\"verified\"},\"api2\":{\"ANY /orders\":\"verified\",\"ANY /orders/{proxy+}\":\"verified\"}}"
    })
    error_message = "The authorizer knows what each route of each API asks for: the same route of two hosts may ask for different things."
  }
  assert {
    condition = aws_lambda_function.token.environment[0].variables == tomap({
      ISSUER             = "https://api.dev.techchallenge.example"
      AUDIENCE           = "techchallenge"
      JWKS               = output.jwks
      KEY_ID             = "2026-11"
      KMS_KEY_ID         = "arn:aws:kms:us-east-1:111111111111:key/signing"
      TABLE              = "techchallenge-dev-tokens"
      SECRET_ID          = "techchallenge/dev/edge/hmac"
      MONGODB_SECRET_ID  = "techchallenge/dev/edge/mongodb-uri"
      MONGODB_DATABASE   = "customers"
      MONGODB_COLLECTION = "customers"
      SENDER             = "Tech Challenge <codes@techchallenge.example>"
    })
    error_message = "The token function has a setting more, less or other than it reads."
  }
  assert {
    condition = length(setsubtract(
      regexall("(?m)^    \"([A-Z_]+)\": ", file("${path.module}/lambda/tokens/settings.py"))[*][0],
      keys(aws_lambda_function.token.environment[0].variables),
    )) == 0 && length(aws_lambda_function.token.environment[0].variables) == length(regexall("(?m)^    \"([A-Z_]+)\": ", file("${path.module}/lambda/tokens/settings.py")))
    error_message = "lambda/tokens/settings.py reads other variables than it is given."
  }
  assert {
    condition     = toset(regexall("(?m)^    \"([A-Z_]+)\": ", file("${path.module}/lambda/authorizer/settings.py"))[*][0]) == toset(keys(aws_lambda_function.authorizer.environment[0].variables))
    error_message = "lambda/authorizer/settings.py reads other variables than it is given."
  }
}

run "the_functions_are_where_and_what_is_expected" {
  command = plan

  assert {
    condition     = alltrue([for f in [aws_lambda_function.authorizer, aws_lambda_function.token] : strcontains(file("${path.module}/lambda/${split(".", f.handler)[0]}/${split(".", f.handler)[1]}.py"), "\ndef ${split(".", f.handler)[2]}(")])
    error_message = "A handler is not where Lambda looks for it."
  }
  assert {
    condition     = toset(regexall("\"((?:GET|POST) /[^\"]*)\"", file("${path.module}/lambda/tokens/requests.py"))[*][0]) == toset(keys(aws_apigatewayv2_route.token))
    error_message = "The token function answers other routes than lead to it."
  }
  assert {
    condition     = alltrue([for i in values(aws_apigatewayv2_integration.protected) : alltrue([for value in values(i.request_parameters) : strcontains(file("${path.module}/lambda/authorizer/decision.py"), "\"${trimprefix(value, "$context.authorizer.")}\": ") if startswith(value, "$context.authorizer.")])])
    error_message = "A header is taken from what the authorizer does not say."
  }
  assert {
    condition     = strcontains(file("${path.module}/lambda/tokens/adapters/dynamodb.py"), "Key={\"${aws_dynamodb_table.this.hash_key}\": {\"${tolist(aws_dynamodb_table.this.attribute)[0].type}\": ") && strcontains(file("${path.module}/lambda/tokens/adapters/dynamodb.py"), "SET ${aws_dynamodb_table.this.ttl[0].attribute_name} = ")
    error_message = "The function uses another key or another time to live than the table has."
  }
}

run "keys_sign_and_are_published" {
  command = plan

  assert {
    condition     = output.jwks == "{\"keys\":[]}" && can(regex("public_keys = \\[for key in var.signing_keys : { id = key.id, der = data.aws_kms_public_key.signing\\[key.id\\].public_key }\\]", file("${path.module}/signing_keys.tf")))
    error_message = "What is published is the public half of all keys, in their order."
  }
  assert {
    condition     = alltrue([for k in aws_kms_key.signing : k.key_usage == "SIGN_VERIFY" && k.customer_master_key_spec == "ECC_NIST_P256" && k.deletion_window_in_days == 7]) && { for id, a in aws_kms_alias.signing : id => a.name } == { "2026-11" = "alias/techchallenge-dev-tokens-2026-11" }
    error_message = "ES256 wants P-256 keys for signing; the aliases are not ours to change."
  }
  assert {
    condition = jsondecode(aws_kms_key.signing["2026-11"].policy).Statement[1] == {
      Sid       = "TokenFunctionSigns"
      Effect    = "Allow"
      Principal = { AWS = "arn:aws:iam::111111111111:root" }
      Action    = "kms:Sign"
      Resource  = "*"
      Condition = {
        ArnEquals    = { "aws:PrincipalArn" = "arn:aws:iam::111111111111:role/techchallenge-dev-token" }
        StringEquals = { "kms:SigningAlgorithm" = "ECDSA_SHA_256" }
      }
    } && length(jsondecode(aws_kms_key.signing["2026-11"].policy).Statement) == 2
    error_message = "Nobody but the token function's role signs, and with one algorithm."
  }
  assert {
    condition     = length([for a in jsondecode(aws_kms_key.signing["2026-11"].policy).Statement[0].Action : a if strcontains(a, "*") || can(regex("Decrypt|Encrypt|GenerateDataKey|CreateGrant|GenerateMac|Sign$", a))]) == 0
    error_message = "Whoever administers a key must not be able to use it."
  }
}

run "the_authorizer_may_write_its_log_and_nothing_else" {
  command = plan

  assert {
    condition = jsondecode(aws_iam_role_policy.authorizer.policy).Statement == [{
      Sid      = "WritesItsLog"
      Effect   = "Allow"
      Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
      Resource = ["arn:aws:logs:us-east-1:111111111111:log-group:/techchallenge/dev/authorizer:log-stream:*"]
    }]
    error_message = "The authorizer may more, or less."
  }
  assert {
    condition     = alltrue([for r in [aws_iam_role.authorizer, aws_iam_role.token] : jsondecode(r.assume_role_policy).Statement == [{ Sid = "Lambda", Effect = "Allow", Principal = { Service = "lambda.amazonaws.com" }, Action = "sts:AssumeRole" }]])
    error_message = "Lambda alone becomes one of the roles."
  }
}

run "the_token_function_may_what_it_does" {
  command = plan

  assert {
    condition = [for s in jsondecode(aws_iam_role_policy.token.policy).Statement : s if !startswith(s.Sid, "Lambda") && s.Effect == "Allow"] == [
      {
        Sid      = "WritesItsLog"
        Effect   = "Allow"
        Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
        Resource = ["arn:aws:logs:us-east-1:111111111111:log-group:/techchallenge/dev/token:log-stream:*"]
      },
      {
        Sid      = "CountsAndKeepsCodes"
        Effect   = "Allow"
        Action   = ["dynamodb:DeleteItem", "dynamodb:PutItem", "dynamodb:UpdateItem"]
        Resource = ["arn:aws:dynamodb:us-east-1:111111111111:table/techchallenge-dev-tokens"]
      },
      {
        Sid    = "ReadsTwoSecrets"
        Effect = "Allow"
        Action = ["secretsmanager:GetSecretValue"]
        Resource = [
          "arn:aws:secretsmanager:us-east-1:111111111111:secret:techchallenge/dev/edge/hmac-??????",
          "arn:aws:secretsmanager:us-east-1:111111111111:secret:techchallenge/dev/edge/mongodb-uri-??????",
        ]
      },
      {
        Sid       = "DecryptsThroughServices"
        Effect    = "Allow"
        Action    = ["kms:Decrypt"]
        Resource  = ["arn:aws:kms:us-east-1:111111111111:key/data", "arn:aws:kms:us-east-1:111111111111:key/secrets"]
        Condition = { StringEquals = { "kms:ViaService" = ["dynamodb.us-east-1.amazonaws.com", "secretsmanager.us-east-1.amazonaws.com"] } }
      },
      {
        Sid       = "SendsFromOneAddress"
        Effect    = "Allow"
        Action    = ["ses:SendEmail"]
        Resource  = ["arn:aws:ses:us-east-1:111111111111:identity/*"]
        Condition = { StringEquals = { "ses:FromAddress" = "codes@techchallenge.example" } }
      },
    ]
    error_message = "The token function may more, or less, than its code does."
  }
  assert {
    condition = { for id, p in aws_iam_role_policy.signing : id => [p.name, p.role, jsondecode(p.policy).Statement] } == {
      "2026-11" = ["sign-2026-11", "techchallenge-dev-token", [{
        Sid       = "SignsWithOneKey"
        Effect    = "Allow"
        Action    = ["kms:Sign"]
        Resource  = ["arn:aws:kms:us-east-1:111111111111:key/signing"]
        Condition = { StringEquals = { "kms:SigningAlgorithm" = "ECDSA_SHA_256" } }
      }]]
    }
    error_message = "The token function signs with one key, and with one algorithm."
  }
  assert {
    condition = [for s in jsondecode(aws_iam_role_policy.token.policy).Statement : s if startswith(s.Sid, "Lambda")] == [
      {
        Sid    = "LambdaAttachesIt"
        Effect = "Allow"
        Action = [
          "ec2:AssignPrivateIpAddresses",
          "ec2:CreateNetworkInterface",
          "ec2:DeleteNetworkInterface",
          "ec2:DescribeNetworkInterfaces",
          "ec2:DescribeSubnets",
          "ec2:UnassignPrivateIpAddresses",
        ]
        Resource = ["*"]
      },
    ]
    error_message = "Lambda asks for these without a resource, before it takes a function into a VPC."
  }
  assert {
    condition = [for s in jsondecode(aws_iam_role_policy.token.policy).Statement : s if s.Effect == "Deny"] == [{
      Sid       = "ItsCodeDoesNot"
      Effect    = "Deny"
      Action    = ["ec2:*"]
      Resource  = ["*"]
      Condition = { ArnEquals = { "lambda:SourceFunctionArn" = "arn:aws:lambda:us-east-1:111111111111:function:techchallenge-dev-token" } }
    }]
    error_message = "What Lambda may, the function's code must not."
  }
  assert {
    condition     = output.token_security_group_id == "sg-token" && { for r in [aws_vpc_security_group_egress_rule.aws, aws_vpc_security_group_egress_rule.mongodb] : r.cidr_ipv4 => [r.security_group_id, r.ip_protocol, tostring(r.from_port), tostring(r.to_port)] } == { "0.0.0.0/0" = ["sg-token", "tcp", "443", "443"], "10.10.0.0/16" = ["sg-token", "tcp", "1024", "65535"] }
    error_message = "The token function talks to AWS on 443, and in the VPC to MongoDB's ports."
  }
}

run "an_address_alone_may_send" {
  command = plan

  variables {
    sender = { identity = "codes@techchallenge.example", from = "codes@techchallenge.example" }
  }

  assert {
    condition     = [for s in jsondecode(aws_iam_role_policy.token.policy).Statement : [s.Resource[0], s.Condition.StringEquals["ses:FromAddress"]] if s.Sid == "SendsFromOneAddress"] == [["arn:aws:ses:us-east-1:111111111111:identity/*", "codes@techchallenge.example"]]
    error_message = "The identity may be the address itself."
  }
}

run "what_is_kept_is_encrypted_and_can_come_back" {
  command = plan

  assert {
    condition     = aws_dynamodb_table.this.name == "techchallenge-dev-tokens" && aws_dynamodb_table.this.billing_mode == "PAY_PER_REQUEST" && aws_dynamodb_table.this.hash_key == "key" && aws_dynamodb_table.this.range_key == null && [for a in aws_dynamodb_table.this.attribute : "${a.name} ${a.type}"] == ["key S"] && aws_dynamodb_table.this.ttl[0].attribute_name == "expires" && aws_dynamodb_table.this.ttl[0].enabled
    error_message = "The table is as lambda/tokens/adapters/dynamodb.py uses it."
  }
  assert {
    condition     = aws_dynamodb_table.this.server_side_encryption[0].kms_key_arn == "arn:aws:kms:us-east-1:111111111111:key/data" && aws_dynamodb_table.this.point_in_time_recovery[0].enabled && aws_dynamodb_table.this.deletion_protection_enabled
    error_message = "The table is encrypted with our key, and protected as said."
  }
  assert {
    condition     = aws_secretsmanager_secret.hmac.name == "techchallenge/dev/edge/hmac" && aws_secretsmanager_secret.hmac.kms_key_id == "arn:aws:kms:us-east-1:111111111111:key/data" && aws_secretsmanager_secret.hmac.recovery_window_in_days == 0
    error_message = "The secret is encrypted with our key, and its name is free again once it is gone."
  }
  assert {
    condition     = aws_kms_key.this.enable_key_rotation && aws_kms_key.this.deletion_window_in_days == 7 && aws_kms_alias.this.name == "alias/techchallenge-dev-edge" && output.key_arn == "arn:aws:kms:us-east-1:111111111111:key/data"
    error_message = "The key rotates, and lives as long as what it encrypts may come back."
  }
  assert {
    condition     = length([for a in jsondecode(aws_kms_key.this.policy).Statement[0].Action : a if strcontains(a, "*") || can(regex("Decrypt|Encrypt|GenerateDataKey|CreateGrant|GenerateMac|Sign$", a))]) == 0 && contains(jsondecode(aws_kms_key.this.policy).Statement[0].Action, "kms:PutKeyPolicy")
    error_message = "Whoever administers the key must not be able to use it, nor be locked out."
  }
  assert {
    condition     = [for s in jsondecode(aws_kms_key.this.policy).Statement : [s.Sid, s.Condition.StringEquals["kms:ViaService"]] if s.Sid != "AccountAdministers"] == [["AccountUsesThroughServices", ["dynamodb.us-east-1.amazonaws.com", "lambda.us-east-1.amazonaws.com", "secretsmanager.us-east-1.amazonaws.com"]], ["ServicesGoOn", ["dynamodb.us-east-1.amazonaws.com", "lambda.us-east-1.amazonaws.com"]]]
    error_message = "The key is used by DynamoDB, Lambda and Secrets Manager, on behalf of this account."
  }
}

run "a_next_key_is_published_before_it_signs" {
  command = plan

  variables {
    signing_keys = [
      { id = "2026-11", alias = "alias/techchallenge-dev-tokens-2026-11" },
      { id = "2027-05", alias = "alias/techchallenge-dev-tokens-2027-05" },
    ]
  }

  override_resource {
    target          = aws_kms_key.signing["2027-05"]
    override_during = plan
    values          = { arn = "arn:aws:kms:us-east-1:111111111111:key/next", key_id = "next" }
  }

  assert {
    condition     = toset(keys(data.aws_kms_public_key.signing)) == toset(["2026-11", "2027-05"])
    error_message = "Both keys are published."
  }
  assert {
    condition     = aws_lambda_function.token.environment[0].variables.KEY_ID == "2026-11" && [for p in aws_iam_role_policy.signing : jsondecode(p.policy).Statement[*].Resource] == [[["arn:aws:kms:us-east-1:111111111111:key/signing"]]]
    error_message = "The first key signs, and the function may use no other."
  }
  assert {
    condition     = can(regex("(?s)resource \"aws_lambda_function\" \"token\" {.*depends_on = \\[[^]]*aws_lambda_function.authorizer", file("${path.module}/functions.tf")))
    error_message = "The authorizer must know a key before a token is signed with it."
  }
}
