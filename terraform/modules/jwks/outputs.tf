output "json" {
  description = "The key set, as it is published."
  value = jsonencode({
    keys = [for i, key in var.public_keys : merge(local.coordinates[i], { kty = "EC", crv = "P-256", use = "sig", alg = "ES256", kid = key.id })]
  })
}
