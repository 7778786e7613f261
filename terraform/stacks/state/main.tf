# The bucket of the states, with the S3 backend (`platform.terraform.backend: s3`). A person applies this, once before
# everything else and then whenever an environment is added; docs/access.md says how its own state gets into the bucket.

module "state" {
  source = "../../modules/state"

  bucket         = var.bucket
  keys           = var.keys
  other_accounts = var.other_accounts
}
