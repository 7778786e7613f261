# Where the packages of the Lambda functions lie before a change that pins them is merged: `authorizer/<sha256>.zip`,
# `token/<sha256>.zip`. A key says what its content is, so nothing here is ever written twice or thrown away.

resource "aws_s3_bucket" "this" {
  bucket        = var.bucket
  force_destroy = false # some environment may still run what is in it, or go back to it

  # checkov:skip=CKV_AWS_18: every upload has a run in GitHub and every pin a commit, and a second bucket for logs would ask the same question again
  # checkov:skip=CKV_AWS_144: the same bytes come from the same source at any time, so a lost region costs a build and not a package
  # checkov:skip=CKV_AWS_145: packages hold code and no secrets, so Amazon's own key does; losing one of ours would stop every deployment of the functions
  # checkov:skip=CKV2_AWS_62: nobody waits for a package, the plan of the stack platform looks whether it is there

  tags = { Name = var.bucket }
}

# A version is what Terraform looked at: the function gets that one, whatever lies on top of it by then.
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

# No access lists: who may do what stands in policies alone.
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

# Packages stay for ever, for somebody may go back to one; there is no expiration here on purpose.
resource "aws_s3_bucket_lifecycle_configuration" "this" {
  bucket = aws_s3_bucket.this.id

  rule {
    id     = "leftovers-of-uploads"
    status = "Enabled"

    filter {}

    # The policy lets nobody begin one; what was begun before it came is paid for until it goes.
    abort_incomplete_multipart_upload {
      days_after_initiation = 1
    }
  }
}

resource "aws_s3_bucket_policy" "this" {
  bucket = aws_s3_bucket.this.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "OnlyEncryptedConnections"
        Effect    = "Deny"
        Principal = "*"
        Action    = "s3:*"
        Resource  = [aws_s3_bucket.this.arn, "${aws_s3_bucket.this.arn}/*"]
        Condition = { Bool = { "aws:SecureTransport" = "false" } }
      },
      {
        # S3 User Guide, "Enforce conditional writes on Amazon S3 buckets". Its exception for uploads in parts is left
        # out, so these are denied, too: S3 knows no SHA-256 of the whole of such an object, and the plan of the stack
        # platform compares it. Copies into the bucket are denied as well.
        Sid       = "OnlyNewObjects"
        Effect    = "Deny"
        Principal = "*"
        Action    = "s3:PutObject"
        Resource  = "${aws_s3_bucket.this.arn}/*"
        Condition = { Null = { "s3:if-none-match" = "true" } }
      },
    ]
  })

  # A policy beside a block that comes at the same time: S3 answers one of them with a conflict.
  depends_on = [aws_s3_bucket_public_access_block.this]
}
