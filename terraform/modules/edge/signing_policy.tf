# What lets the token function sign, a policy of its own. When another key signs, the running function goes on with the
# one before until it has been told: it may use both for so long, and afterwards one again. The order is the new
# policy, the function, the old policy and, where it is dropped in the same apply, the old key.

resource "aws_iam_role_policy" "signing" {
  for_each = toset([var.signing_keys[0].id])

  name = "sign-${each.key}" # of the key's id, for old and new stand side by side
  role = aws_iam_role.token.name

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "SignsWithOneKey"
      Effect    = "Allow"
      Action    = ["kms:Sign"]
      Resource  = [aws_kms_key.signing[each.key].arn]
      Condition = { StringEquals = { "kms:SigningAlgorithm" = "ECDSA_SHA_256" } }
    }]
  })

  # Also of the instance that goes: whatever depends on it is changed first. Terraform extends this to the role and the
  # keys, which are made anew only by hand or under another name.
  lifecycle {
    create_before_destroy = true
  }
}
