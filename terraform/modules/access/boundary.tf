# What the roles that runs make may do at most, whatever their own policies allow: the work of nodes, add-ons, components,
# workloads and functions, and nothing with which one becomes somebody else. Whoever applies a stack must give it to every
# role (platform_apply.tf), can neither take it off nor change it, and so cannot make a role that may do more.

resource "aws_iam_policy" "boundary" {
  name        = var.permissions_boundary_name
  description = "What the roles of ${var.prefix} may do at most"
  policy      = local.boundary_document

  tags = { Name = var.permissions_boundary_name }

  lifecycle {
    precondition {
      condition     = length(local.boundary_document) <= local.largest
      error_message = "The policy ${var.permissions_boundary_name} has ${length(local.boundary_document)} characters, and IAM takes ${local.largest}. What `aws` of workloads and components has of other services, and the roles that they assume, are in it: write fewer of them, with a * at the end where that says the same; or add a whole service to local.everyday in terraform/modules/access/boundary.tf."
    }
  }
}

locals {
  boundary_arn      = "${local.iam}:policy/${var.permissions_boundary_name}"
  boundary_document = jsonencode({ Version = "2012-10-17", Statement = local.boundary })

  # For what gives a role rights: IAM tells by the role's own boundary, or by the one that a new role is made with.
  bounded = { StringEquals = { "iam:PermissionsBoundary" = local.boundary_arn } }

  # Whole, so that a workload's next queue or bucket needs no apply of this stack.
  everyday = [
    "autoscaling:*",
    "cloudwatch:*",
    "dynamodb:*",
    "ec2:*",
    "ecr:*",
    "eks-auth:*",
    "eks:Describe*",
    "eks:List*",
    "elasticloadbalancing:*",
    "events:*",
    "firehose:*",
    "iam:Get*",
    "iam:List*",
    "iam:Simulate*",
    "kinesis:*",
    "kms:*",
    "logs:*",
    "organizations:Describe*",
    "organizations:List*",
    "s3:*",
    "secretsmanager:*",
    "ses:*",
    "sns:*",
    "sqs:*",
    "sts:DecodeAuthorizationMessage",
    "sts:GetServiceBearerToken", # for CodeArtifact and ECR Public
    "xray:*",
  ]

  boundary = concat(
    [
      {
        # Of other services what the spec has under `aws`, action by action: with lambda, cloudformation, ssm and their like
        # code runs as another role. Nor a change of EKS, which would give a pod the cluster.
        Sid      = "ItsWork"
        Effect   = "Allow"
        Action   = concat(local.everyday, [for action in sort(var.granted.actions) : action if !contains(local.everyday, "${split(":", action)[0]}:*")])
        Resource = ["*"]
      },
      {
        # External Secrets the readers of secrets; and roles elsewhere, one by one, as the spec has them.
        Sid      = "BecomesThese"
        Effect   = "Allow"
        Action   = ["sts:AssumeRole", "sts:SetSourceIdentity", "sts:TagSession"]
        Resource = sort(distinct(concat(["${local.iam}:role/${var.prefix}-*"], var.granted.assumed_roles)))
      },
      {
        Sid       = "LetsLoadBalancersMakeTheirs"
        Effect    = "Allow"
        Action    = ["iam:CreateServiceLinkedRole"]
        Resource  = ["*"]
        Condition = { StringEquals = { "iam:AWSServiceName" = "elasticloadbalancing.amazonaws.com" } }
      },
      {
        # With it one manages Atlas; it is for the runs of the stack database.
        Sid      = "NotTheKeyToAtlas"
        Effect   = "Deny"
        Action   = ["secretsmanager:*"]
        Resource = ["${local.own.secretsmanager}:secret:${var.atlas_credentials_secret_name}-??????"]
      },
    ],
    # Who writes a state decides what the next apply does.
    [for bucket in local.state_bucket == null ? [] : [local.state_bucket] : {
      Sid      = "NoStates"
      Effect   = "Deny"
      Action   = ["s3:*"]
      Resource = [bucket, "${bucket}/*"]
    }],
  )
}
