"""Git's name for bytes, so that what a render wrote and what Git has compare alike."""

from __future__ import annotations

from hashlib import sha1, sha256

SHA1_DIGITS = 40


def blob_id(data: bytes, digits: int = SHA1_DIGITS) -> str:
    """SHA-1, or SHA-256 as in repositories whose names have 64 digits, in hexadecimal.

    https://git-scm.com/book/en/v2/Git-Internals-Git-Objects
    """
    make = sha1 if digits == SHA1_DIGITS else sha256
    return make(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()
