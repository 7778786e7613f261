# The bucket of all states, of every environment's stacks, with the S3 backend. A state says what Terraform has made; when
# one is lost, somebody imports hundreds of things by hand. So versions are kept, and only lifecycle rules remove any.

resource "aws_s3_bucket" "this" {
  bucket        = var.bucket
  force_destroy = false

  # checkov:skip=CKV_AWS_18: every run that writes a state has a run in GitHub and its role's session in CloudTrail, and a second bucket for logs would ask the same question again
  # checkov:skip=CKV_AWS_144: versions keep what a mistake takes; a whole region's loss takes the environments in it as well, and a copy elsewhere would be another place to guard
  # checkov:skip=CKV_AWS_145: Amazon's own key, for the reasons in the README
  # checkov:skip=CKV2_AWS_62: nobody waits for a state

  tags = { Name = var.bucket }

  lifecycle {
    prevent_destroy = true # there is no environment whose deletionProtection could say so
  }
}

resource "aws_s3_bucket_versioning" "this" {
  bucket = aws_s3_bucket.this.id

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_public_access_block" "this" {
  bucket = aws_s3_bucket.this.id

  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

# No access lists: who may do what stands in policies alone. And what another account's role writes is this account's.
resource "aws_s3_bucket_ownership_controls" "this" {
  bucket = aws_s3_bucket.this.id

  rule {
    object_ownership = "BucketOwnerEnforced"
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "this" {
  bucket = aws_s3_bucket.this.id

  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm = "AES256"
    }
  }
}

resource "aws_s3_bucket_lifecycle_configuration" "this" {
  bucket = aws_s3_bucket.this.id

  rule {
    id     = "old-states"
    status = "Enabled"

    filter {}

    # Counted from when another took its place; the current one stays for ever.
    noncurrent_version_expiration {
      noncurrent_days = var.kept_days
    }

    # Of locks, which come and go with every apply.
    expiration {
      expired_object_delete_marker = true
    }

    abort_incomplete_multipart_upload {
      days_after_initiation = 1
    }
  }

  depends_on = [aws_s3_bucket_versioning.this]
}
