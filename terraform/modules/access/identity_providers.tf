# What lets tokens in. An account has one provider of an issuer: one environment of it makes them, the others find them.

resource "aws_iam_openid_connect_provider" "this" {
  for_each = var.providers_made

  url            = "https://${each.key}"
  client_id_list = [each.value]
  # No thumbprints: both issuers have certificates of authorities that AWS knows, and it looks at nothing else then
  # (IAM user guide, "Create an OpenID Connect (OIDC) identity provider in IAM").

  tags = { Name = each.key }
}

data "aws_iam_openid_connect_provider" "found" {
  for_each = setsubtract([var.issuer], keys(var.providers_made))

  url = "https://${each.key}"

  lifecycle {
    postcondition {
      condition     = contains(self.client_id_list, var.audience)
      error_message = "The account's OpenID Connect provider ${self.arn} does not know the audience ${var.audience}, so no run would get in. Apply the stack access of the environment that makes it first; or, if a person made it: aws iam add-client-id-to-open-id-connect-provider --open-id-connect-provider-arn ${self.arn} --client-id ${var.audience}"
    }
  }
}

locals {
  provider_arn = one(concat(
    [for issuer, provider in aws_iam_openid_connect_provider.this : provider.arn if issuer == var.issuer],
    values(data.aws_iam_openid_connect_provider.found)[*].arn,
  ))
}
