# Who may read and write which state. Roles of other accounts need this and their own policy (terraform/modules/access);
# for those of the bucket's account either would do, and both say the same.

data "aws_partition" "current" {}

locals {
  bucket_arn = "arn:${data.aws_partition.current.partition}:s3:::${var.bucket}"

  # The accounts of the roles; which role it must be is a condition. S3 refuses a policy that names a role as the principal
  # before it exists, and forgets one that was made anew, while the roles need the bucket first.
  accounts = { for arn in distinct(flatten([for roles in var.keys : [roles.plan, roles.apply]])) : arn => join(":", concat(slice(split(":", arn), 0, 5), ["root"])) }

  refusals = [
    {
      Sid       = "OnlyEncryptedConnections"
      Effect    = "Deny"
      Principal = "*"
      Action    = "s3:*"
      Resource  = [local.bucket_arn, "${local.bucket_arn}/*"]
      Condition = { Bool = { "aws:SecureTransport" = "false" } }
    },
    {
      # Not even an administrator by mistake: an old version goes by the lifecycle rule, which no policy holds up.
      Sid       = "NoVersionGoes"
      Effect    = "Deny"
      Principal = "*"
      Action    = "s3:DeleteObjectVersion"
      Resource  = "${local.bucket_arn}/*"
    },
  ]

  finds = [{
    # All names, which are those of environments and stacks: with a condition on the prefix S3 would say "access denied"
    # instead of "not found" of a state that is not there yet.
    Sid       = "RunsFindStates"
    Effect    = "Allow"
    Principal = { AWS = distinct(values(local.accounts)) }
    Action    = "s3:ListBucket"
    Resource  = local.bucket_arn
    Condition = { ArnEquals = { "aws:PrincipalArn" = keys(local.accounts) } }
  }]

  # A plan takes no lock, and writes nothing.
  own = flatten([
    for key, roles in var.keys : [
      {
        Effect    = "Allow"
        Principal = { AWS = local.accounts[roles.plan] }
        Action    = ["s3:GetObject"]
        Resource  = "${local.bucket_arn}/${key}"
        Condition = { ArnEquals = { "aws:PrincipalArn" = roles.plan } }
      },
      {
        Effect    = "Allow"
        Principal = { AWS = local.accounts[roles.apply] }
        Action    = ["s3:GetObject", "s3:PutObject"]
        Resource  = "${local.bucket_arn}/${key}"
        Condition = { ArnEquals = { "aws:PrincipalArn" = roles.apply } }
      },
      {
        Effect    = "Allow"
        Principal = { AWS = local.accounts[roles.apply] }
        Action    = ["s3:DeleteObject", "s3:GetObject", "s3:PutObject"]
        Resource  = "${local.bucket_arn}/${key}.tflock"
        Condition = { ArnEquals = { "aws:PrincipalArn" = roles.apply } }
      },
    ]
  ])

  # People, who apply `access` and, without a workflow for it, destroy: whom another account's own policies let, as they do its
  # administrators. None of the roles that Terraform or the cluster has there.
  people = { for name, other in var.other_accounts : name => {
    account = "arn:${data.aws_partition.current.partition}:iam::${other.account_id}:root"
    not     = "arn:${data.aws_partition.current.partition}:iam::${other.account_id}:role/${other.prefix}-*"
  } }

  administer = concat(
    [for all in length(local.people) == 0 ? [] : [values(local.people)] : {
      Sid       = "PeopleFindStates"
      Effect    = "Allow"
      Principal = { AWS = distinct(all[*].account) }
      Action    = "s3:ListBucket"
      Resource  = local.bucket_arn
      Condition = { ArnNotLike = { "aws:PrincipalArn" = all[*].not } }
    }],
    flatten([for name, person in local.people : [
      {
        Effect    = "Allow"
        Principal = { AWS = person.account }
        Action    = ["s3:GetObject", "s3:PutObject"]
        Resource  = "${local.bucket_arn}/${name}/*.tfstate"
        Condition = { ArnNotLike = { "aws:PrincipalArn" = person.not } }
      },
      {
        Effect    = "Allow"
        Principal = { AWS = person.account }
        Action    = ["s3:DeleteObject", "s3:GetObject", "s3:PutObject"]
        Resource  = "${local.bucket_arn}/${name}/*.tflock"
        Condition = { ArnNotLike = { "aws:PrincipalArn" = person.not } }
      },
    ]]),
  )

  policy  = jsonencode({ Version = "2012-10-17", Statement = concat(local.refusals, local.finds, local.own, local.administer) })
  largest = 20480 # Amazon S3 endpoints and quotas: "Bucket policies", 20 KB
}

resource "aws_s3_bucket_policy" "this" {
  bucket = aws_s3_bucket.this.id
  policy = local.policy

  lifecycle {
    precondition {
      condition     = length(local.policy) <= local.largest
      error_message = "The bucket's policy has ${length(local.policy)} characters for ${length(var.keys)} states, and S3 takes ${local.largest}. Let environments of one kind keep their states in a bucket of their own."
    }
  }

  # A policy beside a block that comes at the same time: S3 answers one of them with a conflict.
  depends_on = [aws_s3_bucket_public_access_block.this]
}
