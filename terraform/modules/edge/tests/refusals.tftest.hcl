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

run "refuses_a_package_that_is_not_there" {
  command = plan

  override_data {
    target = data.aws_s3_objects.package["token"]
    values = { keys = [] }
  }

  expect_failures = [data.aws_s3_objects.package["token"]]
}

run "refuses_a_package_whose_name_only_starts_alike" {
  command = plan

  override_data {
    target = data.aws_s3_objects.package["token"]
    values = { keys = ["token/2.zip.sig"] }
  }

  expect_failures = [data.aws_s3_objects.package["token"]]
}

run "refuses_another_package_than_the_pinned_one" {
  command = plan

  override_data {
    target = data.aws_s3_object.package["authorizer"]
    values = { checksum_sha256 = "OTHEROTHEROTHEROTHEROTHEROTHEROTHEROTHEROTH=" }
  }

  expect_failures = [data.aws_s3_object.package["authorizer"]]
}

run "refuses_a_package_without_a_checksum" {
  command = plan

  override_data {
    target = data.aws_s3_object.package["authorizer"]
    values = { checksum_sha256 = "" }
  }

  expect_failures = [data.aws_s3_object.package["authorizer"]]
}

run "refuses_more_routes_than_lambda_takes" {
  command = plan

  variables {
    apis = { "api.dev.techchallenge.example" = { name = "api", routes = [for n in range(50) : { path = "/workload-${n}", auth = "identified" }] } }
  }

  expect_failures = [aws_lambda_function.authorizer]
}

run "takes_as_many_routes_as_the_message_promises" {
  command = plan

  variables {
    apis = { "api.dev.techchallenge.example" = { name = "api", routes = [for n in range(40) : { path = "/workload-${n}", auth = "identified" }] } }
  }

  override_module {
    target          = module.jwks
    override_during = plan
    outputs         = { json = "{\"keys\":[{\"alg\":\"ES256\",\"crv\":\"P-256\",\"kid\":\"2026-11\",\"kty\":\"EC\",\"use\":\"sig\",\"x\":\"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU\",\"y\":\"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0\"}]}" }
  }

  # An API's id has 10 characters, that of the test has 4.
  assert {
    condition     = length(jsonencode(aws_lambda_function.authorizer.environment[0].variables)) > 3000 && local.authorizer_environment_size - length(jsonencode(aws_lambda_function.authorizer.environment[0].variables)) == 6
    error_message = "The size that is worked out before the first apply is not the one that Lambda sees."
  }
}

run "refuses_more_routes_than_an_api_takes" {
  command = plan

  variables {
    apis = { "api.dev.techchallenge.example" = { name = "api", routes = [for n in range(148) : { path = "/w${n}", auth = "none" }] } }
  }

  expect_failures = [var.apis]
}

run "refuses_names_and_numbers_that_aws_refuses" {
  command = plan

  variables {
    name                = "techchallenge dev"
    throttle            = { rate = 20000, burst = 400 }
    vpc_cidr            = "10.10.0.0"
    link_subnet_ids     = []
    listener_arn        = "arn:aws:elasticloadbalancing:us-east-1:111111111111:loadbalancer/net/techchallenge-dev/1"
    key_alias           = "alias/aws/lambda"
    table_name          = "t"
    hmac_secret_name    = "techchallenge/*"
    audience            = "tech challenge"
    recovery_days       = 3
    function_subnet_ids = []
  }

  expect_failures = [var.name, var.throttle, var.vpc_cidr, var.link_subnet_ids, var.listener_arn, var.key_alias, var.table_name, var.hmac_secret_name, var.audience, var.recovery_days, var.function_subnet_ids]
}

run "refuses_a_wildcard_host" {
  command = plan

  variables {
    apis = { "api.dev.techchallenge.example" = { name = "a", routes = [] }, "*.dev.techchallenge.example" = { name = "b", routes = [] } }
  }

  expect_failures = [var.apis]
}

run "refuses_two_apis_of_one_name" {
  command = plan

  variables {
    apis = { "api.dev.techchallenge.example" = { name = "a", routes = [] }, "screens.dev.techchallenge.example" = { name = "a", routes = [] } }
  }

  expect_failures = [var.apis]
}

run "refuses_a_path_that_ends_with_a_slash" {
  command = plan

  variables {
    apis = { "api.dev.techchallenge.example" = { name = "a", routes = [{ path = "/orders/", auth = "none" }] } }
  }

  expect_failures = [var.apis]
}

run "refuses_a_path_with_a_variable" {
  command = plan

  variables {
    apis = { "api.dev.techchallenge.example" = { name = "a", routes = [{ path = "/orders/{id}", auth = "none" }] } }
  }

  expect_failures = [var.apis]
}

run "refuses_a_path_that_goes_up" {
  command = plan

  variables {
    apis = { "api.dev.techchallenge.example" = { name = "a", routes = [{ path = "/orders/..", auth = "none" }] } }
  }

  expect_failures = [var.apis]
}

run "refuses_a_path_twice" {
  command = plan

  variables {
    apis = { "api.dev.techchallenge.example" = { name = "a", routes = [{ path = "/orders", auth = "none" }, { path = "/orders", auth = "verified" }] } }
  }

  expect_failures = [var.apis]
}

run "refuses_an_unknown_auth" {
  command = plan

  variables {
    apis = { "api.dev.techchallenge.example" = { name = "a", routes = [{ path = "/orders", auth = "verifed" }] } }
  }

  expect_failures = [var.apis]
}

run "refuses_a_throttle_of_nothing" {
  command = plan

  variables {
    apis = { "api.dev.techchallenge.example" = { name = "a", routes = [{ path = "/orders", auth = "none", throttle = { rate = 0, burst = 1 } }] } }
  }

  expect_failures = [var.apis]
}

run "refuses_a_host_without_an_api" {
  command = plan

  variables {
    apis = { "screens.dev.techchallenge.example" = { name = "a", routes = [] } }
  }

  expect_failures = [var.api_host]
}

run "refuses_a_workload_where_tokens_are" {
  command = plan

  variables {
    apis = { "api.dev.techchallenge.example" = { name = "a", routes = [{ path = "/auth/token", auth = "none" }] } }
  }

  expect_failures = [var.api_host]
}

run "refuses_tokens_faster_than_the_api" {
  command = plan

  variables {
    token_throttle = { rate = 300, burst = 20 }
  }

  expect_failures = [var.token_throttle]
}

run "refuses_origins_with_a_path" {
  command = plan

  variables {
    cors = { origins = ["https://shop.techchallenge.example/"], methods = ["GET"], headers = [], max_age = 600 }
  }

  expect_failures = [var.cors]
}

run "refuses_methods_in_small_letters" {
  command = plan

  variables {
    cors = { origins = ["*"], methods = ["get"], headers = [], max_age = 600 }
  }

  expect_failures = [var.cors]
}

run "refuses_headers_that_are_none" {
  command = plan

  variables {
    cors = { origins = ["*"], methods = ["*"], headers = ["content type"], max_age = 600 }
  }

  expect_failures = [var.cors]
}

run "refuses_preflights_kept_for_ever" {
  command = plan

  variables {
    cors = { origins = ["*"], methods = ["*"], headers = ["*"], max_age = 100000 }
  }

  expect_failures = [var.cors]
}

run "refuses_a_hash_in_hexadecimal" {
  command = plan

  variables {
    packages = {
      bucket     = "packages"
      authorizer = { key = "authorizer/1.zip", sha256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" }
      token      = { key = "token/2.zip", sha256 = "TOKENTOKENTOKENTOKENTOKENTOKENTOKENTOKENTOK=" }
    }
  }

  expect_failures = [var.packages]
}

run "refuses_a_package_that_is_no_zip" {
  command = plan

  variables {
    packages = {
      bucket     = "packages"
      authorizer = { key = "/authorizer/1.zip", sha256 = "AUTHORIZERAUTHORIZERAUTHORIZERAUTHORIZERAUT=" }
      token      = { key = "token/2.tar", sha256 = "TOKENTOKENTOKENTOKENTOKENTOKENTOKENTOKENTOK=" }
    }
  }

  expect_failures = [var.packages]
}

run "refuses_functions_of_one_name" {
  command = plan

  variables {
    functions = {
      authorizer = { name = "f", role_name = "a" }
      token      = { name = "f", role_name = "b" }
    }
  }

  expect_failures = [var.functions]
}

run "refuses_functions_of_one_role" {
  command = plan

  variables {
    functions = {
      authorizer = { name = "f", role_name = "a" }
      token      = { name = "g", role_name = "a" }
    }
  }

  expect_failures = [var.functions]
}

run "refuses_a_function_that_never_runs" {
  command = plan

  variables {
    functions = {
      authorizer = { name = "f", role_name = "a", reserved_concurrency = 0 }
      token      = { name = "g", role_name = "b" }
    }
  }

  expect_failures = [var.functions]
}

run "refuses_a_log_group_and_the_arn_of_another" {
  command = plan

  variables {
    log_groups = {
      access     = { name = "/techchallenge/dev/gateway", arn = "arn:aws:logs:us-east-1:111111111111:log-group:/techchallenge/dev/gateway:*" }
      authorizer = { name = "/techchallenge/dev/authorizer", arn = "arn:aws:logs:us-east-1:111111111111:log-group:/techchallenge/dev/authorizer" }
      token      = { name = "/techchallenge/dev/token", arn = "arn:aws:logs:us-east-1:111111111111:log-group:/techchallenge/dev/authorizer" }
    }
  }

  expect_failures = [var.log_groups]
}

run "refuses_to_sign_with_nothing" {
  command = plan

  variables {
    signing_keys = []
  }

  expect_failures = [var.signing_keys]
}

run "refuses_two_keys_of_one_id" {
  command = plan

  variables {
    signing_keys = [{ id = "a", alias = "alias/a" }, { id = "a", alias = "alias/b" }]
  }

  expect_failures = [var.signing_keys]
}

run "refuses_an_id_that_no_token_can_have" {
  command = plan

  variables {
    signing_keys = [{ id = "2026/11", alias = "alias/a" }]
  }

  expect_failures = [var.signing_keys]
}

run "refuses_an_alias_of_amazon" {
  command = plan

  variables {
    signing_keys = [{ id = "2026-11", alias = "alias/aws/lambda" }]
  }

  expect_failures = [var.signing_keys]
}

run "refuses_customers_in_a_pattern" {
  command = plan

  variables {
    customers = { secret_name = "techchallenge/*", secret_key_arn = "arn:aws:kms:us-east-1:111111111111:key/k", database = "customers", collection = "customers" }
  }

  expect_failures = [var.customers]
}

run "refuses_the_alias_of_a_key" {
  command = plan

  variables {
    customers = { secret_name = "s", secret_key_arn = "arn:aws:kms:us-east-1:111111111111:alias/k", database = "customers", collection = "customers" }
  }

  expect_failures = [var.customers]
}

run "refuses_a_database_with_a_dot" {
  command = plan

  variables {
    customers = { secret_name = "s", secret_key_arn = "arn:aws:kms:us-east-1:111111111111:key/k", database = "a.b", collection = "customers" }
  }

  expect_failures = [var.customers]
}

run "refuses_a_sender_that_is_no_address" {
  command = plan

  variables {
    sender = { identity = "techchallenge.example", from = "Tech Challenge codes@techchallenge.example" }
  }

  expect_failures = [var.sender]
}

run "refuses_a_sender_of_another_domain" {
  command = plan

  variables {
    sender = { identity = "techchallenge.example", from = "codes@nottechchallenge.example" }
  }

  expect_failures = [var.sender]
}
