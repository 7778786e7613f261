# What the functions run: packages that were uploaded before, named by their hash. They are looked at when planning,
# so that nobody learns half-way through an apply that one is missing.

data "aws_s3_objects" "package" {
  for_each = local.packages

  bucket   = var.packages.bucket
  prefix   = each.value.key
  max_keys = 1

  lifecycle {
    postcondition {
      condition     = contains(self.keys, each.value.key)
      error_message = "The package of the ${each.key} function is not there: s3://${var.packages.bucket}/${each.value.key}. Packages are built and uploaded before a change that pins them is merged: see whether that run went well, or pin one that is in the bucket under versions in environments/<env>.yaml."
    }
  }
}

data "aws_s3_object" "package" {
  for_each = local.packages

  bucket        = var.packages.bucket
  key           = one(data.aws_s3_objects.package[each.key].keys)
  checksum_mode = "ENABLED"

  lifecycle {
    postcondition {
      condition     = self.checksum_sha256 == each.value.sha256
      error_message = "s3://${var.packages.bucket}/${each.value.key} is not the package of the ${each.key} function that is pinned: its SHA-256 is ${self.checksum_sha256 == "" ? "not known to S3, so upload it in one part with --checksum-algorithm SHA256" : self.checksum_sha256}, and ${each.value.sha256} is pinned. Somebody overwrote it or mistyped the hash: correct versions in environments/<env>.yaml, and never run what nobody built."
    }
  }
}

locals {
  packages = { authorizer = var.packages.authorizer, token = var.packages.token }

  # The version whose hash was looked at; a bucket without versions has none.
  package_versions = {
    for function, object in data.aws_s3_object.package : function => try(contains(["", "null"], object.version_id), true) ? null : object.version_id
  }
}
