# Applies the stack `packages`: makes and changes one bucket and one role. It neither reads nor writes packages.

locals {
  packages_apply = [
    {
      Sid    = "MakesTheBucket"
      Effect = "Allow"
      Action = [
        "s3:CreateBucket",
        "s3:DeleteBucket",
        "s3:DeleteBucketPolicy",
        "s3:PutBucketAcl",
        "s3:PutBucketOwnershipControls",
        "s3:PutBucketPolicy",
        "s3:PutBucketPublicAccessBlock",
        "s3:PutBucketTagging",
        "s3:PutBucketVersioning",
        "s3:PutEncryptionConfiguration",
        "s3:PutLifecycleConfiguration",
        "s3:TagResource",
        "s3:UntagResource",
      ]
      Resource = [local.packages_bucket]
    },
    {
      Sid       = "MakesTheUploader"
      Effect    = "Allow"
      Action    = local.makes_roles
      Resource  = [local.uploader]
      Condition = local.bounded
    },
    {
      Sid      = "ChangesTheUploader"
      Effect   = "Allow"
      Action   = local.changes_roles
      Resource = [local.uploader]
    },
  ]

  # What gives a role rights, each only with the boundary. A role from before the boundary gets it first; managed policies
  # are attached one by one, where they are.
  makes_roles = [
    "iam:CreateRole",
    "iam:PutRolePermissionsBoundary",
    "iam:PutRolePolicy",
  ]
  changes_roles = [
    "iam:DeleteRole",
    "iam:DeleteRolePolicy",
    "iam:TagRole",
    "iam:UntagRole",
    "iam:UpdateAssumeRolePolicy",
    "iam:UpdateRole",
    "iam:UpdateRoleDescription",
  ]
}
