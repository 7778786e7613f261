# Applies the stack `platform`. What can be told by its name is; what AWS names itself is told by its tag where that works,
# and else only by the region, and by not being another environment's (refusals.tf).

locals {
  # In parts, for IAM takes 6,144 characters of a policy.
  platform_apply_network_and_cluster = [
    # --- The network, and what nodes start with ---
    {
      Sid    = "MakesTheNetwork"
      Effect = "Allow"
      Action = [
        "ec2:AllocateAddress",
        "ec2:AssociateRouteTable",
        "ec2:AttachInternetGateway",
        "ec2:AuthorizeSecurityGroup*",
        "ec2:CreateFlowLogs",
        "ec2:CreateInternetGateway",
        "ec2:CreateLaunchTemplate*",
        "ec2:CreateNatGateway",
        "ec2:CreateRoute*",
        "ec2:CreateSecurityGroup",
        "ec2:CreateSubnet",
        "ec2:CreateTags",
        "ec2:CreateVpc",
        "ec2:CreateVpcEndpoint",
        "ec2:DeleteFlowLogs",
        "ec2:DeleteInternetGateway",
        "ec2:DeleteLaunchTemplate*",
        "ec2:DeleteNatGateway",
        "ec2:DeleteNetworkInterface", # what Lambda left behind
        "ec2:DeleteRoute*",
        "ec2:DeleteSecurityGroup",
        "ec2:DeleteSubnet",
        "ec2:DeleteTags",
        "ec2:DeleteVpc",
        "ec2:DeleteVpcEndpoints",
        "ec2:DetachInternetGateway",
        "ec2:DetachNetworkInterface",
        "ec2:DisassociateAddress",
        "ec2:DisassociateRouteTable",
        "ec2:ModifyLaunchTemplate",
        "ec2:ModifySecurityGroupRules",
        "ec2:ModifySubnetAttribute",
        "ec2:ModifyVpcAttribute",
        "ec2:ModifyVpcEndpoint",
        "ec2:ReleaseAddress",
        "ec2:ReplaceRoute*",
        "ec2:RevokeSecurityGroup*",
        "ec2:RunInstances", # EKS tries a launch template in the caller's name
        "ec2:UpdateSecurityGroupRuleDescriptions*",
      ]
      Resource  = ["*"]
      Condition = local.here
    },

    # --- The cluster ---
    {
      Sid       = "MakesClusters"
      Effect    = "Allow"
      Action    = ["eks:CreateCluster"] # takes no resource, but tags
      Resource  = ["*"]
      Condition = local.new
    },
    {
      Sid    = "ChangesTheCluster"
      Effect = "Allow"
      Action = ["eks:Associate*", "eks:Create*", "eks:Delete*", "eks:Disassociate*", "eks:TagResource", "eks:UntagResource", "eks:Update*"]
      Resource = [
        "${local.own.eks}:cluster/${var.prefix}",
        "${local.own.eks}:*/${var.prefix}/*", # access entries, add-ons, node groups, Pod Identity associations
      ]
    },
    {
      Sid       = "TagsItsScalingGroups"
      Effect    = "Allow"
      Action    = ["autoscaling:CreateOrUpdateTags", "autoscaling:DeleteTags"]
      Resource  = ["${local.own.autoscaling}:autoScalingGroup:*"]
      Condition = { StringEquals = { "aws:ResourceTag/eks:cluster-name" = var.prefix } }
    },
  ]

  platform_apply_roles_and_keys = [
    # --- Roles ---
    {
      Sid       = "MakesRoles"
      Effect    = "Allow"
      Action    = local.makes_roles
      Resource  = ["${local.iam}:role/${var.prefix}-*"]
      Condition = local.bounded
    },
    {
      Sid      = "ChangesRoles"
      Effect   = "Allow"
      Action   = local.changes_roles
      Resource = ["${local.iam}:role/${var.prefix}-*"]
    },
    {
      # One by one, so that AdministratorAccess is none of them.
      Sid       = "AttachesFivePolicies"
      Effect    = "Allow"
      Action    = ["iam:AttachRolePolicy"]
      Resource  = ["${local.iam}:role/${var.prefix}-*"]
      Condition = merge(local.bounded, { ArnEquals = { "iam:PolicyARN" = [for name in local.attachable : "arn:${local.partition}:iam::aws:policy/${name}"] } })
    },
    {
      Sid      = "DetachesPolicies"
      Effect   = "Allow"
      Action   = ["iam:DetachRolePolicy"]
      Resource = ["${local.iam}:role/${var.prefix}-*"]
    },
    {
      Sid      = "GivesRolesToServices"
      Effect   = "Allow"
      Action   = ["iam:PassRole"]
      Resource = ["${local.iam}:role/${var.prefix}-*"]
      Condition = { StringEquals = { "iam:PassedToService" = [
        "ec2.amazonaws.com",
        "eks.amazonaws.com",
        "lambda.amazonaws.com",
        "pods.eks.amazonaws.com",
        "vpc-flow-logs.amazonaws.com",
      ] } }
    },
    {
      # Each once in an account's life.
      Sid      = "LetsServicesMakeTheirs"
      Effect   = "Allow"
      Action   = ["iam:CreateServiceLinkedRole"]
      Resource = ["${local.iam}:role/aws-service-role/*"]
      Condition = { StringEquals = { "iam:AWSServiceName" = [
        "autoscaling.amazonaws.com",
        "eks-nodegroup.amazonaws.com",
        "eks.amazonaws.com",
        "elasticloadbalancing.amazonaws.com",
        "ops.apigateway.amazonaws.com",
        "spot.amazonaws.com",
      ] } }
    },

    # --- Keys ---
    {
      Sid       = "MakesKeys"
      Effect    = "Allow"
      Action    = ["kms:CreateKey", "kms:TagResource"]
      Resource  = ["*"]
      Condition = local.new
    },
    {
      # Not by the tag: KMS takes up to five minutes to see it.
      Sid      = "SetsUpKeys"
      Effect   = "Allow"
      Action   = ["kms:CreateAlias", "kms:DeleteAlias", "kms:EnableKeyRotation", "kms:UpdateAlias"]
      Resource = ["${local.own.kms}:alias/${var.prefix}-*", "${local.own.kms}:key/*"]
    },
    {
      Sid       = "ChangesKeys"
      Effect    = "Allow"
      Action    = local.changes_keys
      Resource  = ["${local.own.kms}:key/*"]
      Condition = local.ours
    },
    {
      # The table, the functions and the secrets are made with keys, in the caller's name.
      Sid       = "UsesKeysThroughServices"
      Effect    = "Allow"
      Action    = ["kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*"]
      Resource  = ["${local.own.kms}:key/*"]
      Condition = { StringEquals = { "kms:ViaService" = values(local.via) } }
    },
    {
      # Likewise, and the cluster.
      Sid       = "LetsServicesUseKeys"
      Effect    = "Allow"
      Action    = ["kms:CreateGrant"]
      Resource  = ["${local.own.kms}:key/*"]
      Condition = { Bool = { "kms:GrantIsForAWSResource" = "true" } }
    },
  ]

  platform_apply_ways_in = [
    # --- The load balancer, its certificate, and its names ---
    {
      Sid    = "MakesTheLoadBalancer"
      Effect = "Allow"
      Action = [
        "elasticloadbalancing:AddTags",
        "elasticloadbalancing:Create*",
        "elasticloadbalancing:Delete*",
        "elasticloadbalancing:Modify*",
        "elasticloadbalancing:RemoveTags",
        "elasticloadbalancing:Set*",
      ]
      Resource = [
        "${local.own.elasticloadbalancing}:listener/net/${var.prefix}/*",
        "${local.own.elasticloadbalancing}:loadbalancer/net/${var.prefix}/*",
        "${local.own.elasticloadbalancing}:targetgroup/${var.prefix}-*",
      ]
    },
    {
      Sid       = "MakesWhatAwsNames"
      Effect    = "Allow"
      Action    = local.account_wide
      Resource  = ["*"]
      Condition = local.here
    },
    {
      # Whichever zone it is, only what ends in the environment's domain.
      Sid       = "WritesRecords"
      Effect    = "Allow"
      Action    = ["route53:ChangeResourceRecordSets"]
      Resource  = ["arn:${local.partition}:route53:::hostedzone/*"]
      Condition = { "ForAllValues:StringLike" = { "route53:ChangeResourceRecordSetsNormalizedRecordNames" = local.domains } }
    },
    {
      Sid      = "MakesHealthChecks"
      Effect   = "Allow"
      Action   = ["route53:ChangeTagsForResource", "route53:CreateHealthCheck", "route53:DeleteHealthCheck", "route53:UpdateHealthCheck"]
      Resource = ["*"]
    },
    {
      # The private name of an interface endpoint.
      Sid      = "NamesEndpoints"
      Effect   = "Allow"
      Action   = ["route53:AssociateVPCWithHostedZone"]
      Resource = ["*"]
    },

    # --- The API Gateway in front of it ---
    {
      Sid    = "MakesApis"
      Effect = "Allow"
      Action = ["apigateway:DELETE", "apigateway:PATCH", "apigateway:POST", "apigateway:PUT"]
      Resource = [
        for place in ["apis", "apis/*", "domainnames", "domainnames/*", "tags/*", "vpclinks", "vpclinks/*"] :
        "arn:${local.partition}:apigateway:${var.region}::/${place}"
      ]
    },
    {
      Sid    = "MakesFunctions"
      Effect = "Allow"
      Action = [
        "lambda:*FunctionConcurrency",
        "lambda:*Permission",
        "lambda:CreateFunction",
        "lambda:DeleteFunction",
        "lambda:TagResource",
        "lambda:UntagResource",
        "lambda:UpdateFunction*",
      ]
      Resource = ["${local.own.lambda}:function:${var.prefix}-*"]
    },
    {
      Sid    = "MakesTheTable"
      Effect = "Allow"
      Action = [
        "dynamodb:CreateTable",
        "dynamodb:DeleteTable",
        "dynamodb:TagResource",
        "dynamodb:UntagResource",
        "dynamodb:UpdateContinuousBackups",
        "dynamodb:UpdateTable",
        "dynamodb:UpdateTimeToLive",
      ]
      Resource = ["${local.own.dynamodb}:table/${var.prefix}-*"]
    },
    {
      Sid      = "MakesTheSender"
      Effect   = "Allow"
      Action   = ["ses:CreateEmailIdentity", "ses:DeleteEmailIdentity", "ses:PutEmailIdentity*", "ses:TagResource", "ses:UntagResource"]
      Resource = formatlist("${local.own.ses}:identity/%s", local.domains)
    },
  ]

  platform_apply_secrets_and_logs = [
    # --- Secrets, logs, alarms ---
    {
      Sid      = "MakesSecrets"
      Effect   = "Allow"
      Action   = local.makes_secrets
      Resource = ["${local.secret}*"]
    },
    {
      Sid    = "MakesLogGroups"
      Effect = "Allow"
      Action = [
        "logs:*KmsKey",
        "logs:*MetricFilter",
        "logs:*RetentionPolicy",
        "logs:CreateLogGroup",
        "logs:DeleteLogGroup",
        "logs:TagResource",
        "logs:UntagResource",
      ]
      Resource = [for group in [var.log_group_prefix, "/aws/eks/${var.prefix}/", "/aws/vendedlogs/${var.prefix}/"] : "${local.own.logs}:log-group:${group}*"]
    },
    {
      Sid    = "MakesAlarms"
      Effect = "Allow"
      Action = [
        "cloudwatch:DeleteAlarms",
        "cloudwatch:PutMetricAlarm",
        "cloudwatch:TagResource",
        "cloudwatch:UntagResource",
        "sns:CreateTopic",
        "sns:DeleteTopic",
        "sns:SetTopicAttributes",
        "sns:Subscribe",
        "sns:TagResource",
        "sns:UntagResource",
      ]
      Resource = ["${local.own.cloudwatch}:alarm:${var.prefix}-*", "${local.own.sns}:${var.prefix}-*"]
    },
    {
      Sid      = "MakesTheBudget"
      Effect   = "Allow"
      Action   = ["budgets:ModifyBudget", "budgets:TagResource", "budgets:UntagResource"]
      Resource = ["arn:${local.partition}:budgets::${var.account_id}:budget/${var.prefix}"]
    },
  ]

  domains = var.domain == null ? ["*"] : [var.domain, "*.${var.domain}"]

  attachable = [
    "AmazonEC2ContainerRegistryPullOnly",
    "AmazonEKSClusterPolicy",
    "AmazonEKSWorkerNodePolicy",
    "AmazonEKS_CNI_Policy",
    "service-role/AmazonEBSCSIDriverPolicy",
  ]

  # Certificates and delivery of access logs have names that AWS gives; repositories have those of images, of any account.
  account_wide = [
    "acm:AddTagsToCertificate",
    "acm:DeleteCertificate",
    "acm:RemoveTagsFromCertificate",
    "acm:RequestCertificate",
    "acm:UpdateCertificateOptions",
    "ecr:CreateRepository",
    "ecr:DeleteLifecyclePolicy",
    "ecr:DeleteRepository*",
    "ecr:PutImage*Configuration",
    "ecr:PutImageTagMutability",
    "ecr:PutLifecyclePolicy",
    "ecr:SetRepositoryPolicy",
    "ecr:TagResource",
    "ecr:UntagResource",
    "logs:*LogDelivery", # API Gateway user guide, "Configure logging for HTTP APIs"
    "logs:PutResourcePolicy",
    "sns:SetSubscriptionAttributes", # of subscriptions, which IAM knows no names for
    "sns:Unsubscribe",
  ]

  changes_keys = [
    "kms:CancelKeyDeletion",
    "kms:DisableKeyRotation",
    "kms:EnableKey",
    "kms:PutKeyPolicy",
    "kms:ScheduleKeyDeletion",
    "kms:TagResource",
    "kms:UntagResource",
    "kms:UpdateKeyDescription",
  ]

  makes_secrets = [
    "secretsmanager:CreateSecret",
    "secretsmanager:DeleteSecret",
    "secretsmanager:PutSecretValue",
    "secretsmanager:RestoreSecret",
    "secretsmanager:TagResource",
    "secretsmanager:UntagResource",
    "secretsmanager:UpdateSecret*",
  ]
}
