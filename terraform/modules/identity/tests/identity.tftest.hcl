provider "aws" {
  region                      = "us-east-1"
  access_key                  = "x"
  secret_key                  = "x"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
}

variables {
  permissions_boundary_arn = "arn:aws:iam::111111111111:policy/boundary"
  role_name                = "techchallenge-dev-orders"
  cluster_name             = "techchallenge-dev"
  cluster_arn              = "arn:aws:eks:eu-west-1:111111111111:cluster/techchallenge-dev"
  namespace                = "orders"
  service_account          = "orders-api"
}

run "trusts_the_pods_of_one_service_account" {
  command = plan

  variables {
    statements = [
      { actions = ["sqs:SendMessage"], resources = ["arn:aws:sqs:*:*:orders"] },
      { actions = ["s3:GetObject", "s3:PutObject"], resources = ["arn:aws:s3:::orders/*"] },
    ]
  }

  assert {
    condition     = aws_iam_role.this.name == "techchallenge-dev-orders"
    error_message = "The role's name is not ours to change."
  }
  assert {
    condition = jsondecode(aws_iam_role.this.assume_role_policy).Statement == [{
      Sid       = "PodIdentity"
      Effect    = "Allow"
      Principal = { Service = "pods.eks.amazonaws.com" }
      Action    = ["sts:AssumeRole", "sts:TagSession"]
      Condition = {
        StringEquals = {
          "aws:RequestTag/eks-cluster-arn"            = "arn:aws:eks:eu-west-1:111111111111:cluster/techchallenge-dev"
          "aws:RequestTag/kubernetes-namespace"       = "orders"
          "aws:RequestTag/kubernetes-service-account" = "orders-api"
        }
      }
    }]
    error_message = "Not only Pod Identity, for this account, cluster, namespace and service account, may use the role."
  }
  assert {
    condition     = aws_eks_pod_identity_association.this.cluster_name == "techchallenge-dev" && aws_eks_pod_identity_association.this.namespace == "orders" && aws_eks_pod_identity_association.this.service_account == "orders-api"
    error_message = "The association is not for the pods that the role trusts."
  }
  assert {
    condition     = length(aws_iam_role_policy.component) == 0
    error_message = "A policy that nobody asked for."
  }
  assert {
    condition = jsondecode(aws_iam_role_policy.statements[0].policy).Statement == [
      { Effect = "Allow", Action = ["sqs:SendMessage"], Resource = ["arn:aws:sqs:*:*:orders"] },
      { Effect = "Allow", Action = ["s3:GetObject", "s3:PutObject"], Resource = ["arn:aws:s3:::orders/*"] },
    ]
    error_message = "The policy is not what the spec states."
  }
}

run "has_no_policy_without_permissions" {
  command = plan

  assert {
    condition     = length(aws_iam_role_policy.component) == 0 && length(aws_iam_role_policy.statements) == 0
    error_message = "A role without permissions has no policy; IAM refuses an empty one."
  }
}

run "load_balancer_controller_may_fill_its_target_group" {
  command = plan

  variables {
    policy           = "aws-load-balancer-controller"
    policy_variables = { target_group_arn = "arn:aws:elasticloadbalancing:eu-west-1:111111111111:targetgroup/techchallenge-dev-g1/0123456789abcdef" }
  }

  assert {
    # The Describe actions of both services know no resources (service authorization reference).
    condition = jsondecode(aws_iam_role_policy.component[0].policy).Statement == [
      {
        Sid      = "DescribeKnowsNoResources"
        Effect   = "Allow"
        Action   = ["ec2:DescribeSecurityGroups", "ec2:DescribeVpcs", "elasticloadbalancing:DescribeTargetGroups", "elasticloadbalancing:DescribeTargetHealth"]
        Resource = "*"
      },
      {
        Sid      = "OwnTargetGroup"
        Effect   = "Allow"
        Action   = ["elasticloadbalancing:DeregisterTargets", "elasticloadbalancing:RegisterTargets"]
        Resource = "arn:aws:elasticloadbalancing:eu-west-1:111111111111:targetgroup/techchallenge-dev-g1/0123456789abcdef"
      },
    ]
    error_message = "The controller may do more, or less, than bind targets to the one group."
  }
}

run "cluster_autoscaler_may_scale_its_own_groups" {
  command = plan

  variables {
    policy = "cluster-autoscaler"
  }

  assert {
    # Describe of Auto Scaling and of EC2 knows no resources (service authorization reference).
    condition = jsondecode(aws_iam_role_policy.component[0].policy).Statement == [
      {
        Sid      = "DescribeKnowsNoResources"
        Effect   = "Allow"
        Action   = ["autoscaling:DescribeAutoScalingGroups", "autoscaling:DescribeScalingActivities", "ec2:DescribeInstanceTypes", "ec2:DescribeLaunchTemplateVersions"]
        Resource = "*"
      },
      {
        Sid      = "DescribeOwnNodeGroups"
        Effect   = "Allow"
        Action   = "eks:DescribeNodegroup"
        Resource = "arn:aws:eks:eu-west-1:111111111111:nodegroup/techchallenge-dev/*/*"
      },
      {
        Sid      = "ScaleOwnNodeGroups"
        Effect   = "Allow"
        Action   = ["autoscaling:SetDesiredCapacity", "autoscaling:TerminateInstanceInAutoScalingGroup"]
        Resource = "arn:aws:autoscaling:eu-west-1:111111111111:autoScalingGroup:*:autoScalingGroupName/*"
        Condition = {
          StringEquals = {
            "aws:ResourceTag/k8s.io/cluster-autoscaler/enabled"           = "true"
            "aws:ResourceTag/k8s.io/cluster-autoscaler/techchallenge-dev" = "owned"
          }
        }
      },
    ]
    error_message = "The autoscaler may change groups of another cluster, or more than their size."
  }
}

run "external_secrets_may_become_a_reader" {
  command = plan

  variables {
    policy           = "external-secrets"
    policy_variables = { reader_role_arns = ["arn:aws:iam::111111111111:role/techchallenge-dev-orders-secrets", "arn:aws:iam::111111111111:role/techchallenge-dev-payments-secrets"] }
  }

  assert {
    condition = jsondecode(aws_iam_role_policy.component[0].policy).Statement == [{
      Sid      = "ReaderRolesOnly"
      Effect   = "Allow"
      Action   = ["sts:AssumeRole", "sts:TagSession"]
      Resource = ["arn:aws:iam::111111111111:role/techchallenge-dev-orders-secrets", "arn:aws:iam::111111111111:role/techchallenge-dev-payments-secrets"]
    }]
    error_message = "External Secrets may do something besides assuming the reader roles; it reads no secret by itself."
  }
}

run "external_secrets_without_readers_becomes_nobody" {
  command = plan

  variables {
    policy           = "external-secrets"
    policy_variables = { reader_role_arns = [] }
  }

  assert {
    condition     = jsondecode(aws_iam_role_policy.component[0].policy).Statement[0].Effect == "Deny" && jsondecode(aws_iam_role_policy.component[0].policy).Statement[0].Resource == ["*"]
    error_message = "Without readers there is nobody to assume, and IAM refuses an empty list of resources."
  }
}

run "collector_may_write_its_two_log_groups" {
  command = plan

  variables {
    policy = "opentelemetry-collector"
    policy_variables = { log_group_arns = [
      "arn:aws:logs:eu-west-1:111111111111:log-group:/techchallenge/dev/logs",
      "arn:aws:logs:eu-west-1:111111111111:log-group:/techchallenge/dev/metrics:*",
    ] }
    statements = [{ actions = ["xray:PutTraceSegments"], resources = ["*"] }]
  }

  assert {
    condition = jsondecode(aws_iam_role_policy.component[0].policy).Statement == [{
      Sid    = "OwnLogGroups"
      Effect = "Allow"
      Action = ["logs:CreateLogStream", "logs:PutLogEvents"]
      Resource = [
        "arn:aws:logs:eu-west-1:111111111111:log-group:/techchallenge/dev/logs:*",
        "arn:aws:logs:eu-west-1:111111111111:log-group:/techchallenge/dev/metrics:*",
      ]
    }]
    error_message = "The collector may do more than open streams and put events in its two groups."
  }
  assert {
    condition     = jsondecode(aws_iam_role_policy.statements[0].policy).Statement == [{ Effect = "Allow", Action = ["xray:PutTraceSegments"], Resource = ["*"] }]
    error_message = "What the spec adds stands beside the component's policy."
  }
}

run "follows_the_partition" {
  command = plan

  variables {
    policy      = "cluster-autoscaler"
    cluster_arn = "arn:aws-cn:eks:cn-north-1:111111111111:cluster/techchallenge-dev"
  }

  assert {
    condition     = jsondecode(aws_iam_role_policy.component[0].policy).Statement[1].Resource == "arn:aws-cn:eks:cn-north-1:111111111111:nodegroup/techchallenge-dev/*/*"
    error_message = "ARNs start with the cluster's own partition."
  }
}

run "refuses_names_and_an_unknown_policy" {
  command = plan

  variables {
    role_name       = "techchallenge-production-a-release-whose-name-is-a-little-too-long"
    namespace       = "*"
    service_account = "Orders"
    policy          = "aws-efs-csi-driver"
  }

  expect_failures = [var.role_name, var.namespace, var.service_account, var.policy]
}

run "refuses_another_cluster" {
  command = plan

  variables {
    cluster_arn = "arn:aws:eks:eu-west-1:111111111111:cluster/techchallenge-development"
  }

  expect_failures = [var.cluster_arn]
}

run "refuses_all_actions_of_a_service" {
  command = plan

  variables {
    statements = [{ actions = ["s3:*"], resources = ["arn:aws:s3:::orders/*"] }]
  }

  expect_failures = [var.statements]
}

run "refuses_a_statement_without_resources" {
  command = plan

  variables {
    statements = [{ actions = ["s3:GetObject"], resources = [] }]
  }

  expect_failures = [var.statements]
}

run "refuses_what_is_no_arn" {
  command = plan

  variables {
    statements = [{ actions = ["s3:GetObject"], resources = ["orders/*"] }]
  }

  expect_failures = [var.statements]
}

run "refuses_more_than_iam_takes" {
  command = plan

  variables {
    statements = [for i in range(200) : { actions = ["s3:GetObject"], resources = ["arn:aws:s3:::orders-${i}/*"] }]
  }

  expect_failures = [aws_iam_role_policy.statements]
}
