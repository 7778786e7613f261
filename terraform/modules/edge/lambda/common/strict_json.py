"""JSON with one reading: UTF-8, no key twice, no number that JSON does not have."""

from __future__ import annotations

import json
from typing import Any


def loads(data: bytes) -> Any:
    """Return what a document says.

    Raises:
        ValueError: it is not UTF-8, not JSON, has a key twice, or NaN, Infinity or -Infinity.
        RecursionError: it is nested too deeply.
    """
    return json.loads(data.decode("utf-8"), object_pairs_hook=_object, parse_constant=_constant)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice in one object")
    return found


def _constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")
