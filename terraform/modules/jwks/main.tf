# Public keys as a JSON Web Key Set (RFC 7517), in their order: what a verifier of ES256 tokens reads.

locals {
  # SubjectPublicKeyInfo in DER (RFC 5480): 27 bytes that are the same for every key of the curve, which are 36
  # characters of base64, then 32 bytes x and 32 bytes y.
  p256_header = "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE"

  # Terraform has no bytes, so in numbers of 6 bits, one for each character after the header.
  base64url = split("", "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
  points = [
    for key in var.public_keys :
    [for character in split("", substr(key.der, 36, 86)) : index(local.base64url, lookup({ "+" = "-", "/" = "_" }, character, character))]
  ]

  # x has 256 bits: 42 characters and 4 bits of the next. y starts in the middle of that one, so each of its
  # characters is the last 2 bits of one and the first 4 of the next.
  coordinates = [
    for point in local.points : {
      x = join("", [for i in range(43) : local.base64url[i < 42 ? point[i] : point[i] - point[i] % 4]])
      y = join("", [for i in range(42, 85) : local.base64url[point[i] % 4 * 16 + floor(point[i + 1] / 4)]])
    }
  ]
}
