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
      Sid      = "MakesTheUploader"
      Effect   = "Allow"
      Action   = local.makes_roles
      Resource = [local.uploader]
    },
  ]

  # Without iam:PutRolePermissionsBoundary, and without managed policies: those are attached one by one, where they are.
  makes_roles = [
    "iam:CreateRole",
    "iam:DeleteRole",
    "iam:DeleteRolePolicy",
    "iam:PutRolePolicy",
    "iam:TagRole",
    "iam:UntagRole",
    "iam:UpdateAssumeRolePolicy",
    "iam:UpdateRole",
    "iam:UpdateRoleDescription",
  ]
}
