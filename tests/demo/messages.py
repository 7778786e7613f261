"""Requests and answers as they travel, bytes as Latin-1, so that nothing is read before it is meant to be."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import Any

Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True)
class Request:
    """A request; `target` is what stands between the method and the version."""

    method: str
    target: str
    headers: Headers
    body: bytes = b""
    address: str = ""

    def header(self, name: str) -> str | None:
        """Return a header's value, several joined with commas (RFC 9110, section 5.3)."""
        found = [value for given, value in self.headers if given.lower() == name.lower()]
        return ",".join(found) if found else None

    def overwritten(self, **headers: str) -> Request:
        """Return it with headers in place of all of these names; `_` stands for `-`."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return replace(self.without(*named), headers=(*self.without(*named).headers, *named.items()))

    def without(self, *names: str) -> Request:
        """Return it without headers."""
        gone = {name.lower() for name in names}
        return replace(self, headers=tuple(pair for pair in self.headers if pair[0].lower() not in gone))


@dataclass(frozen=True, kw_only=True)
class Answer:
    """An answer; `by` says who gave it, for people."""

    status: int
    headers: Headers = ()
    body: bytes = b""
    by: str = ""

    def json(self) -> Any:
        """Return what the body says."""
        return json.loads(self.body)


def answer(status: int, content: Any, *headers: tuple[str, str], by: str = "") -> Answer:
    """Return an answer with JSON."""
    body = json.dumps(content, ensure_ascii=False).encode() + b"\n"
    return Answer(status=status, headers=(("Content-Type", "application/json"), *headers), body=body, by=by)
