"""The vocabulary of access tokens: what `token` writes and `authorizer` demands.

A token is a JWS in compact form (RFC 7515). Its header has exactly `alg`, `kid` and `typ`; its payload has
`iss`, `aud`, `sub`, `acr`, `iat`, `nbf`, `exp` and `jti` (RFC 9068, without `client_id`, for there are no
clients).
"""

from __future__ import annotations

import re
from enum import StrEnum

ALGORITHM = "ES256"  # RFC 7518, section 3.4
TYPE = "at+jwt"  # RFC 9068, section 2.1: no other kind of token can be taken for this one
LIFETIME = 15 * 60  # seconds
LEEWAY = 5  # seconds by which the clocks of two functions may differ; never granted to `exp`

# A subject is always a random UUID (version 4), which says nothing of the CPF.
SUBJECT = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")


class Assurance(StrEnum):
    """How sure the issuer was of who asked (`acr`)."""

    IDENTIFIED = "identified"  # somebody stated a CPF, which proves nothing
    VERIFIED = "verified"  # and knew a code that was sent to the customer

    def satisfies(self, required: Assurance) -> bool:
        """Say whether this is enough where `required` is wanted."""
        return self is Assurance.VERIFIED or required is Assurance.IDENTIFIED
