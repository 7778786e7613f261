"""Is this a token of ours, for this audience, now?"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from joserfc import jws
from joserfc.errors import JoseError

from authorizer.refusal import Reason, RefusedError
from common import base64url, strict_json
from common.claims import ALGORITHM, LEEWAY, LIFETIME, SUBJECT, TYPE, Assurance

if TYPE_CHECKING:
    from common.keys import Keys

# ES256 signatures have 64 bytes, so 86 characters.
COMPACT = re.compile(r"([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]{86})")
HEADER = {"alg", "kid", "typ"}  # no jwk, jku, x5u or crit: what a token says of its own key is never asked
JTI = re.compile(r"[A-Za-z0-9_-]{16,64}")


@dataclass(frozen=True, kw_only=True)
class Trust:
    """Whose tokens count: all of it compared as text."""

    issuer: str
    audience: str
    keys: Keys


@dataclass(frozen=True, kw_only=True)
class Caller:
    """Who calls, by a valid token."""

    customer: str
    assurance: Assurance
    jti: str


def verify(token: str, trust: Trust, now: float) -> Caller:
    """Return who calls; `now` in seconds since 1970.

    Raises:
        RefusedError: the token does not hold in every respect.
    """
    match = COMPACT.fullmatch(token)
    if match is None:
        raise RefusedError(Reason.MALFORMED)
    header = _object(match[1])
    _spelled_once(match[3])
    if header.keys() != HEADER:
        raise RefusedError(Reason.HEADER)
    if header["alg"] != ALGORITHM:
        raise RefusedError(Reason.ALGORITHM)
    if header["typ"] != TYPE:
        raise RefusedError(Reason.TYPE)
    key = trust.keys.by_id.get(header["kid"]) if isinstance(header["kid"], str) else None
    if key is None:
        raise RefusedError(Reason.KEY)
    try:
        jws.deserialize_compact(token, key, algorithms=[ALGORITHM])
    except (JoseError, ValueError) as error:
        raise RefusedError(Reason.SIGNATURE) from error
    return _caller(_object(match[2]), trust, now)


def _object(part: str) -> dict[str, Any]:
    try:
        found = strict_json.loads(base64url.decode(part))
    except (ValueError, RecursionError) as error:
        raise RefusedError(Reason.MALFORMED) from error
    if not isinstance(found, dict):
        raise RefusedError(Reason.MALFORMED)
    return found


def _spelled_once(signature: str) -> None:
    try:
        base64url.decode(signature)
    except ValueError as error:
        raise RefusedError(Reason.MALFORMED) from error


def _caller(claims: dict[str, Any], trust: Trust, now: float) -> Caller:
    issued, begins, ends = (_seconds(claims.get(name)) for name in ("iat", "nbf", "exp"))
    subject, jti, acr = (claims.get(name) for name in ("sub", "jti", "acr"))
    if claims.get("iss") != trust.issuer:
        raise RefusedError(Reason.ISSUER)
    if claims.get("aud") != trust.audience:  # a list is never equal: a token is for one audience
        raise RefusedError(Reason.AUDIENCE)
    if now >= ends:
        raise RefusedError(Reason.EXPIRED)
    if max(issued, begins) > now + LEEWAY:
        raise RefusedError(Reason.EARLY)
    if ends - issued > LIFETIME:
        raise RefusedError(Reason.LIFETIME)
    if not isinstance(subject, str) or not SUBJECT.fullmatch(subject):
        raise RefusedError(Reason.SUBJECT)
    if not isinstance(jti, str) or not JTI.fullmatch(jti) or acr not in list(Assurance):
        raise RefusedError(Reason.CLAIMS)
    return Caller(customer=subject, assurance=Assurance(acr), jti=jti)


def _seconds(value: Any) -> int:
    """Return a NumericDate; ours are whole seconds, and `True` is no number."""
    if type(value) is not int:
        raise RefusedError(Reason.CLAIMS)
    return value
