# One role per workload. External Secrets has no access of its own: for each SecretStore it becomes the role
# that the store names, so a store can bring its own workload's secrets and no other's.

resource "aws_iam_role" "reader" {
  for_each = var.readers

  name                 = each.value.role_name
  description          = "External Secrets reads the secrets of ${each.key}"
  permissions_boundary = var.permissions_boundary_arn

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "ExternalSecrets"
      Effect    = "Allow"
      Principal = { AWS = var.assumer_role_arn }
      # Its session has the tags of Pod Identity, which are transitive: they come along into this role.
      Action = ["sts:AssumeRole", "sts:TagSession"]
    }]
  })
}

resource "aws_iam_role_policy" "reader" {
  for_each = var.readers

  name = "secrets"
  role = aws_iam_role.reader[each.key].name

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid    = "OwnSecrets"
        Effect = "Allow"
        Action = ["secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"]
        # Secrets Manager ends an ARN with a hyphen and six characters of its own choice.
        Resource = [for name in sort(each.value.secrets) : "arn:${local.partition}:secretsmanager:${local.region}:${local.account_id}:secret:${name}-??????"]
      },
      {
        Sid       = "DecryptThroughSecretsManager"
        Effect    = "Allow"
        Action    = ["kms:Decrypt"]
        Resource  = [aws_kms_key.this.arn]
        Condition = { StringEquals = { "kms:ViaService" = local.via_secrets_manager } }
      },
    ]
  })
}
