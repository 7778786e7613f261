resource "aws_kms_key" "secrets" {
  description             = "Kubernetes Secrets of ${var.name}"
  enable_key_rotation     = true
  deletion_window_in_days = 30 # the longest: without the key the cluster is lost

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        # KMS developer guide, "Default key policy": IAM policies of the account decide, and the key stays manageable.
        Sid       = "AccountDecidesByIam"
        Effect    = "Allow"
        Principal = { AWS = "arn:${local.partition}:iam::${local.account}:root" }
        Action    = "kms:*"
        Resource  = "*"
      },
      {
        Sid       = "SecretsOfTheCluster"
        Effect    = "Allow"
        Principal = { AWS = "arn:${local.partition}:iam::${local.account}:role/${var.role_name}" }
        Action    = ["kms:Encrypt", "kms:Decrypt", "kms:ListGrants", "kms:DescribeKey"]
        Resource  = "*"
      },
    ]
  })

  tags = { Name = trimprefix(var.key_alias, "alias/") }

  depends_on = [aws_iam_role.cluster] # KMS refuses a policy that names a role that does not exist
}

resource "aws_kms_alias" "secrets" {
  name          = var.key_alias
  target_key_id = aws_kms_key.secrets.key_id
}
