"""One-time codes."""

from __future__ import annotations

import re
import secrets

DIGITS = 8
LIFETIME = 5 * 60  # seconds
SPELLING = re.compile(rf"[0-9]{{{DIGITS}}}")


def new() -> str:
    """Return a code that nobody can foresee."""
    return f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"


def impossible() -> str:
    """Return what no code equals, to be kept where there is no customer to send one to."""
    return secrets.token_hex()
