"""The encoding of a token's parts: base64url without padding (RFC 7515, section 2)."""

from __future__ import annotations

import base64
import binascii


def encode(data: bytes) -> str:
    """Return the text for some bytes."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def decode(text: str) -> bytes:
    """Return the bytes of a text, of which there is one spelling only.

    Raises:
        ValueError: it is not base64url, has padding, or bits that mean nothing.
    """
    try:
        data = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except binascii.Error as error:
        raise ValueError("not base64url") from error
    if encode(data) != text:
        raise ValueError("not the one spelling of these bytes")
    return data
