"""The public keys that verify tokens: a JSON Web Key Set (RFC 7517) of ES256 keys."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from joserfc.jwk import ECKey

from common import base64url, strict_json
from common.claims import ALGORITHM

if TYPE_CHECKING:
    from collections.abc import Mapping

KEY_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
COORDINATE = 32  # bytes (RFC 7518, section 6.2.1.2)
NEEDED = {"kty", "crv", "x", "y", "kid"}
IMPLIED = {"use": "sig", "alg": ALGORITHM}


@dataclass(frozen=True, kw_only=True)
class Keys:
    """Public keys by their `kid`."""

    by_id: Mapping[str, ECKey]

    def document(self) -> dict[str, Any]:
        """Return the key set as it is published."""
        return {
            "keys": [
                {**{name: key.as_dict()[name] for name in sorted(NEEDED - {"kid"})}, "kid": kid, **IMPLIED}
                for kid, key in self.by_id.items()
            ]
        }


def parse(text: str) -> Keys:
    """Return the keys of a key set.

    Raises:
        ValueError: it is not a key set of public P-256 keys with distinct names; says what is wrong.
    """
    document = strict_json.loads(text.encode())
    if not isinstance(document, dict) or not isinstance(document.get("keys"), list) or not document["keys"]:
        raise ValueError('not {"keys": [...]} with at least one key')
    keys = dict(_key(member) for member in document["keys"])
    if len(keys) != len(document["keys"]):
        raise ValueError("two keys have the same kid")
    return Keys(by_id=keys)


def _key(member: Any) -> tuple[str, ECKey]:
    if not isinstance(member, dict) or not all(isinstance(value, str) for value in member.values()):
        raise ValueError("a key is not an object of strings")
    if "d" in member:
        raise ValueError("a private key; only the public half may stand here")
    if not NEEDED <= member.keys() <= NEEDED | IMPLIED.keys():
        raise ValueError(f"a key has not just {', '.join(sorted(NEEDED | IMPLIED.keys()))}")
    if (member["kty"], member["crv"]) != ("EC", "P-256") or not IMPLIED.items() <= (IMPLIED | member).items():
        raise ValueError(f"a key is not for {ALGORITHM}")
    if not KEY_ID.fullmatch(member["kid"]):
        raise ValueError(f"a kid does not match {KEY_ID.pattern}")
    if any(len(base64url.decode(member[name])) != COORDINATE for name in ("x", "y")):
        raise ValueError(f"a coordinate has not {COORDINATE} bytes")
    return member["kid"], ECKey.import_key({name: member[name] for name in NEEDED})
