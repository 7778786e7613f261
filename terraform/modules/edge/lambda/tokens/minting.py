"""Making a token: claims, the signature of KMS, and a check that the published key fits it."""

from __future__ import annotations

import json
import secrets
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

from joserfc import jws
from joserfc.errors import JoseError

from common import base64url
from common.claims import ALGORITHM, LIFETIME, TYPE
from tokens.ports import Dependency, UnavailableError

if TYPE_CHECKING:
    from common.claims import Assurance
    from common.keys import Keys
    from tokens.ports import Signer


@dataclass(frozen=True, kw_only=True)
class Mint:
    """Makes tokens with the key `key_id`, which is one of the published ones."""

    issuer: str
    audience: str
    keys: Keys
    key_id: str
    signer: Signer

    def token(self, subject: str, assurance: Assurance, now: int) -> str:
        """Return a token for a subject, valid from `now` (seconds since 1970).

        Raises:
            UnavailableError: nothing signed it, or what signed it was another key than verifiers know.
        """
        header = {"alg": ALGORITHM, "kid": self.key_id, "typ": TYPE}
        claims = {
            "iss": self.issuer,
            "aud": self.audience,
            "sub": subject,
            "acr": assurance.value,
            "iat": now,
            "nbf": now,
            "exp": now + LIFETIME,
            "jti": secrets.token_urlsafe(16),
        }
        message = f"{_part(header)}.{_part(claims)}"
        token = f"{message}.{base64url.encode(self.signer.sign(message.encode()))}"
        try:
            jws.deserialize_compact(token, self.keys.by_id[self.key_id], algorithms=[ALGORITHM])
        except (JoseError, ValueError) as error:
            raise UnavailableError(Dependency.SIGNER) from error
        return token


def new_subject() -> str:
    """Return a random subject."""
    return str(uuid.uuid4())


def _part(members: dict[str, str | int] | dict[str, str]) -> str:
    return base64url.encode(json.dumps(members, separators=(",", ":")).encode())
