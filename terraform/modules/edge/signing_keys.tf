# The keys that sign tokens, of which nobody can read the private half. The first signs; all are published, so that a
# key is known before it signs and as long as a token lives that it signed.

resource "aws_kms_key" "signing" {
  for_each = local.signing_aliases

  description              = "Tokens of ${local.issuer}, key ${each.key}"
  key_usage                = "SIGN_VERIFY"
  customer_master_key_spec = "ECC_NIST_P256"
  deletion_window_in_days  = var.recovery_days
  # KMS rotates no asymmetric key: the README says how we do.

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        # Whoever administers the key cannot sign with it, except by changing this policy, which CloudTrail tells.
        Sid       = "AccountAdministers"
        Effect    = "Allow"
        Principal = { AWS = local.account_arn }
        Action    = concat(local.administration, ["kms:GetPublicKey"])
        Resource  = "*"
      },
      {
        # Both must say yes, this and the role's own policy, which names the key that signs now. By a condition,
        # because KMS refuses a policy that names a role which does not exist yet.
        Sid       = "TokenFunctionSigns"
        Effect    = "Allow"
        Principal = { AWS = local.account_arn }
        Action    = "kms:Sign"
        Resource  = "*"
        Condition = {
          ArnEquals    = { "aws:PrincipalArn" = local.token_role_arn }
          StringEquals = { "kms:SigningAlgorithm" = "ECDSA_SHA_256" }
        }
      },
    ]
  })

  tags = { Name = trimprefix(each.value, "alias/") }

  # A key that is dropped goes after the functions have been told, not before.
  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_kms_alias" "signing" {
  for_each = local.signing_aliases

  name          = each.value
  target_key_id = aws_kms_key.signing[each.key].key_id
}

data "aws_kms_public_key" "signing" {
  for_each = local.signing_aliases

  key_id = aws_kms_key.signing[each.key].arn
}

module "jwks" {
  source = "../jwks"

  public_keys = [for key in var.signing_keys : { id = key.id, der = data.aws_kms_public_key.signing[key.id].public_key }]
}

locals {
  signing_aliases = { for key in var.signing_keys : key.id => key.alias }
}
