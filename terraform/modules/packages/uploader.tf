# Who uploads: GitHub's runs of one repository, without a key that lies anywhere.

# Made once for each account, by the stack access: two environments may share one. A plan without it fails here.
data "aws_iam_openid_connect_provider" "github" {
  url = "https://${local.issuer}"

  lifecycle {
    postcondition {
      condition     = contains(self.client_id_list, local.audience)
      error_message = "The account's OpenID Connect provider ${self.arn} does not know the audience ${local.audience}, so nobody could upload: aws iam add-client-id-to-open-id-connect-provider --open-id-connect-provider-arn ${self.arn} --client-id ${local.audience}"
    }
  }
}

locals {
  issuer   = "token.actions.githubusercontent.com"
  audience = "sts.amazonaws.com"

  # What build.py makes; each has a folder.
  functions = ["authorizer", "token"]
}

resource "aws_iam_role" "uploader" {
  name                 = var.uploader_role_name
  description          = "GitHub runs of ${var.repository} that upload packages to ${var.bucket}"
  permissions_boundary = var.permissions_boundary_arn

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "RunsOfTheRepository"
      Effect    = "Allow"
      Principal = { Federated = data.aws_iam_openid_connect_provider.github.arn }
      Action    = "sts:AssumeRoleWithWebIdentity"
      Condition = {
        # Exactly, without a wildcard: a pull request, and a run that somebody starts on the branch.
        StringEquals = {
          "${local.issuer}:aud" = local.audience
          "${local.issuer}:sub" = ["repo:${var.repository}:pull_request", "repo:${var.repository}:ref:refs/heads/${var.branch}"]
        }
      }
    }]
  })
}

# It may add and look, and nothing else: neither list, nor delete, nor change the bucket. A pull request's code runs with
# it; all it can do is to add a package that nobody pins, or one whose bytes are not what its key says, which the plan of
# the stack platform refuses.
resource "aws_iam_role_policy" "uploader" {
  name = "upload"
  role = aws_iam_role.uploader.name

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid    = "AddPackages"
      Effect = "Allow"
      Action = [
        "s3:PutObject",
        "s3:GetObject", # HEAD: whether what is there already has the same bytes
      ]
      Resource = [for function in local.functions : "${aws_s3_bucket.this.arn}/${function}/*.zip"]
    }]
  })
}
