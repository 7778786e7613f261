# Encryption at rest with a key of ours: the role that Atlas becomes to use it, and the project's setting.

resource "mongodbatlas_cloud_provider_access_setup" "this" {
  project_id    = var.project_id
  provider_name = "AWS"
}

resource "aws_iam_role" "this" {
  name                 = var.role_name
  description          = "MongoDB Atlas encrypts its volumes' keys with ${var.alias}"
  permissions_boundary = var.permissions_boundary_arn

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "Atlas"
      Effect    = "Allow"
      Principal = { AWS = local.atlas.atlas_aws_account_arn }
      Action    = ["sts:AssumeRole"]
      # Without it another customer of Atlas could have Atlas use our role.
      Condition = { StringEquals = { "sts:ExternalId" = local.atlas.atlas_assumed_role_external_id } }
    }]
  })
}

resource "aws_iam_role_policy" "this" {
  name = "key"
  role = aws_iam_role.this.name

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid      = "EncryptVolumeKeys"
      Effect   = "Allow"
      Action   = ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt"]
      Resource = [aws_kms_key.this.arn]
    }]
  })
}

resource "mongodbatlas_cloud_provider_access_authorization" "this" {
  project_id = var.project_id
  role_id    = mongodbatlas_cloud_provider_access_setup.this.role_id

  aws {
    iam_assumed_role_arn = aws_iam_role.this.arn
  }
}

resource "mongodbatlas_encryption_at_rest" "this" {
  project_id = var.project_id

  aws_kms_config {
    enabled                = true
    customer_master_key_id = aws_kms_key.this.key_id
    region                 = var.atlas_region
    role_id                = mongodbatlas_cloud_provider_access_authorization.this.role_id
  }

  # Atlas tries the key at once.
  depends_on = [aws_iam_role_policy.this, aws_kms_alias.this]
}

locals {
  atlas = mongodbatlas_cloud_provider_access_setup.this.aws_config[0]
}
