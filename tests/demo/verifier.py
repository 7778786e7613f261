"""Who calls? In docs/authentication.md for workloads to copy; needs joserfc."""

import json
import logging
import threading
import time
import urllib.request
from collections.abc import Callable
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

KEPT = 300  # seconds that keys may be kept, as their Cache-Control says
PAUSE = 10  # seconds between attempts: neither made-up kids nor an outage make us ask at every request
GRACE = 3600  # seconds after which keys are too old, when all attempts to read them failed


class RefusedError(Exception):
    """Answer 401 and do nothing."""


class UnavailableError(Exception):
    """Answer 503: there are no keys, or too old ones, so nobody knows whether the token is good."""


class Verifier:
    """Make one when the workload starts, and keep it."""

    def __init__(self, issuer: str, audience: str, read: Callable[[], Any] | None = None) -> None:
        """Trust tokens of an issuer for an audience; `read` is for tests."""
        self._url = f"{issuer}/.well-known/jwks.json"
        self._read = read or self._download
        self._keys, self._read_at, self._tried_at = KeySet([]), float("-inf"), float("-inf")
        self._reading = threading.Lock()
        self._claims = jwt.JWTClaimsRegistry(
            leeway=5,  # seconds by which clocks may differ
            iss={"essential": True, "value": issuer},
            aud={"essential": True, "value": audience},
            exp={"essential": True},
            sub={"essential": True},
            acr={"essential": True, "values": ["identified", "verified"]},
        )

    def verify(self, authorization: str | None, customer_id: str | None) -> dict[str, Any]:
        """Return the claims, by the headers Authorization and X-Customer-Id.

        Raises RefusedError or UnavailableError.
        """
        scheme, _, token = (authorization or "").partition(" ")
        if scheme.lower() != "bearer":
            raise RefusedError("no bearer token")
        try:
            found = jwt.decode(token, self._known, algorithms=["ES256"])  # never what the token asks for
            self._claims.validate(found.claims)
        except (JoseError, ValueError) as error:
            raise RefusedError(str(error)) from error
        if not (isinstance(found.claims["aud"], str) and isinstance(found.claims["acr"], str)):
            raise RefusedError("aud or acr is a list")  # which the registry takes when one in it fits
        if found.header.get("typ") != "at+jwt" or "kid" not in found.header:
            raise RefusedError("another kind of token")
        if customer_id not in (None, found.claims["sub"]):
            raise RefusedError("X-Customer-Id is not the token's")
        return found.claims

    def _known(self, token: Any) -> KeySet:
        """Return the keys; asks for them when they are old, or when somebody signed with a new one."""
        kid = token.headers().get("kid")
        must_wait = self._is_new(kid) or self._age() > GRACE  # else the keys at hand do meanwhile
        if (must_wait or self._age() > KEPT) and self._reading.acquire(blocking=must_wait):
            try:
                if self._is_due(kid):  # no other thread has just tried
                    self._refresh()
            finally:
                self._reading.release()
        if self._age() > GRACE:
            raise UnavailableError
        return self._keys

    def _age(self) -> float:
        return time.monotonic() - self._read_at

    def _is_new(self, kid: Any) -> bool:
        return kid not in [key.kid for key in self._keys.keys]

    def _is_due(self, kid: Any) -> bool:
        return time.monotonic() - self._tried_at > PAUSE and (self._age() > KEPT or self._is_new(kid))

    def _refresh(self) -> None:
        self._tried_at = time.monotonic()  # first, for an attempt that fails counts, too
        try:
            self._keys, self._read_at = KeySet.import_key_set(self._read()), self._tried_at
        except Exception:  # whatever is wrong with the answer, the keys at hand are good for a while
            logging.getLogger(__name__).warning("the keys of %s cannot be read", self._url, exc_info=True)

    def _download(self) -> Any:
        with urllib.request.urlopen(self._url, timeout=5) as answer:  # noqa: S310 - https, from our settings
            return json.load(answer)
