variable "public_keys" {
  description = "Public keys in DER, in base64, as KMS has them, each with the `kid` that tokens name it by."
  type        = list(object({ id = string, der = string }))
  nullable    = false

  validation {
    condition     = alltrue([for key in var.public_keys : length(key.der) == 124 && startswith(key.der, local.p256_header) && endswith(key.der, "==")])
    error_message = "Not public keys of the curve P-256: ${join(", ", [for key in var.public_keys : "${key.id} (${key.der})" if !(length(key.der) == 124 && startswith(key.der, local.p256_header) && endswith(key.der, "=="))])}. Nothing is published that no verifier could use: the keys must be ECC_NIST_P256."
  }
}
