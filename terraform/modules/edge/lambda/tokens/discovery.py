"""The document by which a verifier finds the keys (OpenID Connect Discovery 1.0, section 3).

It has no endpoints: a code is asked for and exchanged by routes of our own, which are no OAuth flow.
"""

from __future__ import annotations

from typing import Any

from common.claims import ALGORITHM, Assurance

KEYS_PATH = "/.well-known/jwks.json"


def document(issuer: str) -> dict[str, Any]:
    """Return the metadata of an issuer."""
    return {
        "issuer": issuer,
        "jwks_uri": issuer + KEYS_PATH,
        "response_types_supported": [],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": [ALGORITHM],
        "acr_values_supported": [assurance.value for assurance in Assurance],
        "claims_supported": ["iss", "aud", "sub", "acr", "iat", "nbf", "exp", "jti"],
    }
