# Plans the stack `packages`: looks at one bucket, one role and the account's identity providers.

locals {
  packages_plan = [
    {
      Sid    = "LooksAtTheBucket"
      Effect = "Allow"
      Action = [
        "s3:GetAccelerateConfiguration",
        "s3:GetBucket*", # its settings; objects are s3:GetObject
        "s3:GetEncryptionConfiguration",
        "s3:GetLifecycleConfiguration",
        "s3:GetReplicationConfiguration",
        "s3:ListBucket",
        "s3:ListTagsForResource",
      ]
      Resource = [local.packages_bucket]
    },
    {
      Sid      = "LooksAtTheUploader"
      Effect   = "Allow"
      Action   = local.looks_at_roles
      Resource = [local.uploader]
    },
    {
      Sid      = "LooksAtIdentityProviders"
      Effect   = "Allow"
      Action   = ["iam:GetOpenIDConnectProvider", "iam:ListOpenIDConnectProviders"]
      Resource = ["*"]
    },
  ]

  # Without the gateway there is none, and no bucket of this name: it is too short.
  packages_bucket = "arn:${local.partition}:s3:::${coalesce(var.packages_bucket, "-")}"
  uploader        = "${local.iam}:role/${var.prefix}-packages"
  looks_at_roles  = ["iam:GetRole", "iam:GetRolePolicy", "iam:ListAttachedRolePolicies", "iam:ListInstanceProfilesForRole", "iam:ListRolePolicies", "iam:ListRoleTags"]
}
