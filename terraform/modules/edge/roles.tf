# Each function writes into its own log group. The authorizer may nothing else at all.

resource "aws_iam_role" "authorizer" {
  name                 = var.functions.authorizer.role_name
  description          = "Function ${var.functions.authorizer.name}"
  permissions_boundary = var.permissions_boundary_arn
  assume_role_policy   = local.assumed_by_lambda
}

resource "aws_iam_role_policy" "authorizer" {
  name = "function"
  role = aws_iam_role.authorizer.name

  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [local.writes_log["authorizer"]]
  })
}

resource "aws_iam_role" "token" {
  name                 = var.functions.token.role_name
  description          = "Function ${var.functions.token.name}, and a user of MongoDB"
  permissions_boundary = var.permissions_boundary_arn
  assume_role_policy   = local.assumed_by_lambda
}

resource "aws_iam_role_policy" "token" {
  name = "function"
  role = aws_iam_role.token.name

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat([
      local.writes_log["token"],
      {
        # Each of its steps is one conditional write; it reads what a write returns.
        Sid      = "CountsAndKeepsCodes"
        Effect   = "Allow"
        Action   = ["dynamodb:DeleteItem", "dynamodb:PutItem", "dynamodb:UpdateItem"]
        Resource = [local.table_arn]
      },
      {
        # Secrets Manager ends an ARN with a hyphen and six characters of its own choice.
        Sid      = "ReadsTwoSecrets"
        Effect   = "Allow"
        Action   = ["secretsmanager:GetSecretValue"]
        Resource = [for name in [var.hmac_secret_name, var.customers.secret_name] : "arn:${local.partition}:secretsmanager:${local.region}:${local.account_id}:secret:${name}-??????"]
      },
      {
        # The services ask for the key in the function's name. For its environment Lambda has a grant.
        Sid       = "DecryptsThroughServices"
        Effect    = "Allow"
        Action    = ["kms:Decrypt"]
        Resource  = distinct([aws_kms_key.this.arn, var.customers.secret_key_arn])
        Condition = { StringEquals = { "kms:ViaService" = [local.via.dynamodb, local.via.secretsmanager] } }
      },
      {
        # Any identity of the account: a recipient that is one too, as all are in the sandbox, must be allowed as well,
        # and so must a more specific one than the domain. As whom it sends is the condition's business.
        Sid       = "SendsFromOneAddress"
        Effect    = "Allow"
        Action    = ["ses:SendEmail"]
        Resource  = ["arn:${local.partition}:ses:${local.region}:${local.account_id}:identity/*"]
        Condition = { StringEquals = { "ses:FromAddress" = local.sender_address } }
      },
    ], local.network_interfaces)
  })
}

locals {
  assumed_by_lambda = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "Lambda"
      Effect    = "Allow"
      Principal = { Service = "lambda.amazonaws.com" }
      Action    = "sts:AssumeRole"
    }]
  })

  writes_log = {
    for function in ["authorizer", "token"] : function => {
      Sid      = "WritesItsLog"
      Effect   = "Allow"
      Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
      Resource = ["${var.log_groups[function].arn}:log-stream:*"]
    }
  }

  via = { for service in ["dynamodb", "lambda", "secretsmanager"] : service => "${service}.${local.region}.amazonaws.com" }

  # `name <address>`, or the address alone.
  sender_address = replace(var.sender.from, "/^.*<|>$/", "")

  # Lambda attaches the function to the subnets in the name of this role, when it is made or changed. It asks whether the
  # role may before there is an interface to name, and refuses the function otherwise, so these name none, as those of
  # the managed policy AWSLambdaVPCAccessExecutionRole. The code runs with the same role, so what is allowed for Lambda
  # is denied to it: Lambda developer guide, "Giving Lambda functions access to resources in an Amazon VPC".
  network_interfaces = [
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
    {
      Sid       = "ItsCodeDoesNot"
      Effect    = "Deny"
      Action    = ["ec2:*"]
      Resource  = ["*"]
      Condition = { ArnEquals = { "lambda:SourceFunctionArn" = local.token_function_arn } }
    },
  ]
}
