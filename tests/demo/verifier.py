"""Who calls? In docs/authentication.md for workloads to copy; needs joserfc."""

import json
import time
import urllib.request
from collections.abc import Callable
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

KEPT = 300  # seconds that keys may be kept, as their Cache-Control says
PAUSE = 10  # seconds between questions: a made-up kid must not make us ask at every request


class RefusedError(Exception):
    """Answer 401 and do nothing."""


class Verifier:
    """Make one when the workload starts, and keep it."""

    def __init__(self, issuer: str, audience: str, read: Callable[[], Any] | None = None) -> None:
        """Trust tokens of an issuer for an audience; `read` is for tests."""
        self._url = f"{issuer}/.well-known/jwks.json"
        self._read = read or self._download
        self._keys, self._read_at = KeySet([]), float("-inf")
        self._claims = jwt.JWTClaimsRegistry(
            leeway=5,  # seconds by which clocks may differ
            iss={"essential": True, "value": issuer},
            aud={"essential": True, "value": audience},
            exp={"essential": True},
            sub={"essential": True},
            acr={"essential": True, "values": ["identified", "verified"]},
        )

    def verify(self, authorization: str | None, customer_id: str | None) -> dict[str, Any]:
        """Return the claims, by the headers Authorization and X-Customer-Id, or raise RefusedError."""
        scheme, _, token = (authorization or "").partition(" ")
        if scheme.lower() != "bearer":
            raise RefusedError("no bearer token")
        try:
            found = jwt.decode(token, self._known, algorithms=["ES256"])  # never what the token asks for
            self._claims.validate(found.claims)
        except (JoseError, ValueError) as error:
            raise RefusedError(str(error)) from error
        if found.header.get("typ") != "at+jwt" or "kid" not in found.header:
            raise RefusedError("another kind of token")
        if customer_id not in (None, found.claims["sub"]):
            raise RefusedError("X-Customer-Id is not the token's")
        return found.claims

    def _known(self, token: Any) -> KeySet:
        """Return the keys; asks for them when they are old, or when somebody signed with a new one."""
        age = time.monotonic() - self._read_at
        is_new = token.headers().get("kid") not in [key.kid for key in self._keys.keys]
        if age > KEPT or (is_new and age > PAUSE):
            self._keys, self._read_at = KeySet.import_key_set(self._read()), time.monotonic()
        return self._keys

    def _download(self) -> Any:
        with urllib.request.urlopen(self._url, timeout=5) as answer:  # noqa: S310 - https, from our settings
            return json.load(answer)
