# Applies the stack `database`: on AWS's side that is the way to Atlas, connection strings, and the key that Atlas uses
# where the environment has one. What the stack may do in Atlas is for its service account to say.

locals {
  database_apply = [
    {
      Sid    = "MakesTheWayToAtlas"
      Effect = "Allow"
      Action = [
        "ec2:AuthorizeSecurityGroup*",
        "ec2:CreateSecurityGroup",
        "ec2:CreateTags",
        "ec2:CreateVpcEndpoint",
        "ec2:DeleteSecurityGroup",
        "ec2:DeleteTags",
        "ec2:DeleteVpcEndpoints",
        "ec2:ModifySecurityGroupRules",
        "ec2:ModifyVpcEndpoint",
        "ec2:RevokeSecurityGroup*",
        "ec2:UpdateSecurityGroupRuleDescriptions*",
      ]
      Resource  = ["*"]
      Condition = local.here
    },
    {
      # EC2's own condition for interface endpoints; this one has no private name.
      Sid      = "NamesEndpoints"
      Effect   = "Allow"
      Action   = ["route53:AssociateVPCWithHostedZone"]
      Resource = ["*"]
    },
    {
      Sid      = "WritesConnectionStrings"
      Effect   = "Allow"
      Action   = local.makes_secrets
      Resource = ["${local.secret}*/mongodb-uri-??????"]
    },
    {
      # The secret itself is the stack platform's.
      Sid      = "WritesTheKeyOfHashes"
      Effect   = "Allow"
      Action   = ["secretsmanager:PutSecretValue", "secretsmanager:UpdateSecretVersionStage"]
      Resource = [local.hmac_secret]
    },
    {
      Sid       = "EncryptsThem"
      Effect    = "Allow"
      Action    = ["kms:Decrypt", "kms:GenerateDataKey*"]
      Resource  = ["${local.own.kms}:key/*"]
      Condition = { StringEquals = { "kms:ViaService" = local.via.secretsmanager } }
    },

    # --- The key that Atlas uses, and the role that it uses it with ---
    {
      Sid       = "MakesKeys"
      Effect    = "Allow"
      Action    = ["kms:CreateKey", "kms:TagResource"]
      Resource  = ["*"]
      Condition = local.new
    },
    {
      Sid      = "SetsUpKeys"
      Effect   = "Allow"
      Action   = ["kms:CreateAlias", "kms:DeleteAlias", "kms:EnableKeyRotation", "kms:UpdateAlias"]
      Resource = ["${local.own.kms}:alias/${var.prefix}-database", "${local.own.kms}:key/*"]
    },
    {
      Sid       = "ChangesKeys"
      Effect    = "Allow"
      Action    = local.changes_keys
      Resource  = ["${local.own.kms}:key/*"]
      Condition = local.ours
    },
    {
      Sid       = "MakesAtlasRole"
      Effect    = "Allow"
      Action    = local.makes_roles
      Resource  = ["${local.iam}:role/${var.prefix}-atlas"]
      Condition = local.bounded
    },
    {
      Sid      = "ChangesAtlasRole"
      Effect   = "Allow"
      Action   = local.changes_roles
      Resource = ["${local.iam}:role/${var.prefix}-atlas"]
    },
  ]
}
