"""Tokens of any shape, signed by any key or none."""

from __future__ import annotations

import json
import uuid
from typing import TYPE_CHECKING, Any

from common import base64url
from fakes.world import AUDIENCE, ISSUER

if TYPE_CHECKING:
    from collections.abc import Callable

    from fakes.keys import Pair

NOW = 1_794_596_638


def header(pair: Pair, **changed: Any) -> dict[str, Any]:
    """Return the header of a good token, with changes; a member of None is left out."""
    return _merged({"alg": "ES256", "kid": pair.kid, "typ": "at+jwt"}, changed)


def claims(**changed: Any) -> dict[str, Any]:
    """Return the claims of a good token issued at NOW, with changes; one of None is left out."""
    good = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": str(uuid.uuid4()),
        "acr": "verified",
        "iat": NOW,
        "nbf": NOW,
        "exp": NOW + 900,
        "jti": "0123456789abcdefABCDEF",
    }
    return _merged(good, changed)


def token(pair: Pair, **changed: Any) -> str:
    """Return a token whose claims were changed, signed all the same."""
    return sign(pair, header(pair), claims(**changed))


def sign(pair: Pair, head: Any, payload: Any, by: Callable[[bytes], bytes] | None = None) -> str:
    """Return a token of any header and payload; text is taken as it is, the rest as JSON."""
    message = f"{part(head)}.{part(payload)}"
    return f"{message}.{base64url.encode((by or pair.sign)(message.encode()))}"


def part(content: Any) -> str:
    """Return one part of a token."""
    text = content if isinstance(content, str) else json.dumps(content)
    return base64url.encode(text.encode())


def _merged(good: dict[str, Any], changed: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in {**good, **changed}.items() if value is not None}
