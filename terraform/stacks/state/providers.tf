provider "aws" {
  region = var.region
  # A run with another account's credentials stops here, before it changes anything.
  allowed_account_ids = [var.account_id]

  default_tags {
    tags = var.tags
  }
}
