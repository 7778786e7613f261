"""Which of two versions is the newer one (https://semver.org, "Precedence")."""

from __future__ import annotations

import re

_VERSION = re.compile(
    r"v?(?P<core>(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*))(-(?P<pre>[0-9A-Za-z.-]+))?(\+[0-9A-Za-z.-]+)?(@.*)?"
)


def newer(one: str, other: str) -> bool | None:
    """Tell whether `one` is newer than `other`; None when SemVer does not tell, as of two hashes."""
    first, second = _precedence(one), _precedence(other)
    if first is None or second is None or first == second:
        return None
    return first > second


def _precedence(version: str) -> tuple[object, ...] | None:
    match = _VERSION.fullmatch(version)
    if not match:
        return None
    core = tuple(int(number) for number in match["core"].split("."))
    if not match["pre"]:
        return (core, 1)  # a release is newer than what led to it
    parts = [(0, int(p), "") if p.isdigit() else (1, 0, p) for p in match["pre"].split(".")]
    return (core, 0, parts)
