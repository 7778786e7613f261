"""Key pairs on this machine, where the real ones are in KMS."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from common import base64url, keys
from tokens import signatures

if TYPE_CHECKING:
    from common.keys import Keys


@dataclass(frozen=True, kw_only=True)
class Pair:
    """A key pair with a name; the Signer port."""

    kid: str
    private: ec.EllipticCurvePrivateKey

    def der(self, message: bytes) -> bytes:
        """Return a signature as KMS would."""
        return self.private.sign(message, ec.ECDSA(hashes.SHA256()))

    def sign(self, message: bytes) -> bytes:
        """Return a signature as a token wants it."""
        return signatures.raw(self.der(message))

    @property
    def pem(self) -> bytes:
        """The public key as text: what a forger would try as the secret of an HMAC."""
        form = serialization.PublicFormat.SubjectPublicKeyInfo
        return self.private.public_key().public_bytes(serialization.Encoding.PEM, form)

    @property
    def jwk(self) -> dict[str, Any]:
        """The public key as it is published."""
        return jwk(self.kid, self.private.public_key())


def new(kid: str) -> Pair:
    """Return a new pair."""
    return Pair(kid=kid, private=ec.generate_private_key(ec.SECP256R1()))


def jwk(kid: str, public: ec.EllipticCurvePublicKey) -> dict[str, Any]:
    """Return a public key as a JSON Web Key: what Terraform has to make of the one in KMS."""
    numbers = public.public_numbers()
    x, y = (base64url.encode(number.to_bytes(32, "big")) for number in (numbers.x, numbers.y))
    return {"kty": "EC", "crv": "P-256", "x": x, "y": y, "kid": kid, "use": "sig", "alg": "ES256"}


def document(*pairs: Pair) -> str:
    """Return the key set of some pairs, as the setting JWKS has it."""
    return json.dumps({"keys": [pair.jwk for pair in pairs]})


def published(*pairs: Pair) -> Keys:
    """Return some pairs as the functions know them."""
    return keys.parse(document(*pairs))
