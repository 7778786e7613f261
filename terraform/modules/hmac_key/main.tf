# The value of a secret that another stack made: a random key, which Terraform writes once and nobody ever sees.
#
# Apart from the secret, because the provider reads the value of every version that it manages, in every plan: the role
# that plans this must be allowed to, so no pull request may be planned with it (hashicorp/terraform-provider-aws#42383,
# mended in 6.26).

# Lists, and so does not fail when there is none: the message does.
data "aws_secretsmanager_secrets" "this" {
  filter {
    name   = "name"
    values = [var.secret_name] # names that start so
  }

  lifecycle {
    postcondition {
      condition     = contains(self.names, var.secret_name)
      error_message = "There is no secret ${var.secret_name} to write the key of the HMACs to. The stack `platform` makes it while the API Gateway is on: apply that first; in HCP Terraform its run trigger then starts this stack again."
    }
  }
}

# AWS makes it up anew at every run, and it is written by the first one only. The length is not known before that, which
# keeps a first plan from asking.
ephemeral "aws_secretsmanager_random_password" "this" {
  password_length     = terraform_data.secret.output == "" ? 0 : 64 # of 62 characters: 381 bits
  exclude_punctuation = true
}

resource "terraform_data" "secret" {
  input = local.arn
}

resource "aws_secretsmanager_secret_version" "this" {
  secret_id                = local.arn
  secret_string_wo         = ephemeral.aws_secretsmanager_random_password.this.random_password
  secret_string_wo_version = 1 # another number writes another value
}

locals {
  # Another secret of the same name has another one, and needs a value, too.
  arn = one([for arn in data.aws_secretsmanager_secrets.this.arns : arn if can(regex(":secret:${local.literal}-[A-Za-z0-9]{6}$", arn))])

  # Of the characters that a name may have, these mean something in a regular expression.
  literal = replace(var.secret_name, "/([.+])/", "\\$1")
}
