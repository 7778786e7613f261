output "bucket" {
  description = "The bucket, once its policy is in place."
  value       = aws_s3_bucket.this.id

  depends_on = [aws_s3_bucket_policy.this]
}

output "bucket_arn" {
  description = "The bucket's ARN; that of another bucket after a replacement."
  value       = aws_s3_bucket.this.arn
}

output "uploader_role_arn" {
  description = "The role that a run of GitHub assumes to upload."
  value       = aws_iam_role.uploader.arn
}
