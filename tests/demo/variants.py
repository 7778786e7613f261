"""Spellings of a path that somebody along the way may take for another one."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

LONG = 6000  # characters: longer than the authorizer takes, and no longer than a request line of nginx


def of(path: str, opened: str) -> Iterator[str]:
    """Yield request targets that mean, or nearly mean, a path; `opened` is a path that needs no token."""
    bare, first, rest = path.rstrip("/"), path[1:2], path[2:]
    yield from (
        f"{bare}/",
        f"{bare}//",
        f"{bare}/.",
        f"{bare}/./",
        f"{bare}/..",
        f"{bare}/x/..",
        f"{bare}/x/../",
    )
    yield from (f"/{path}", f"//{path}", f"/.{path}", f"/x/..{path}", f"/.//{path}")
    for up in (
        "..",
        "%2e%2e",
        "%2E%2E",
        ".%2e",
        "%252e%252e",
        "..%00",
        "..;",
        "..;x=1",
        "%c0%ae%c0%ae",
        "..%09",
    ):
        yield from (f"{opened}/{up}{path}", f"{opened}/x/{up}/{up}{path}", f"{bare}/{up}{path}")
    for slash in (
        "%2f",
        "%2F",
        "%252f",
        "%5c",
        "%5C",
        "\\",
        "%c0%af",
        "%e2%88%95",
        ";/",
        "/;/",
        "/%2f",
        "/%20/",
    ):
        yield from (f"{opened}/..{slash}{path[1:]}", f"{opened}{slash}..{slash}{path[1:]}", f"{bare}{slash}x")
        yield f"{slash}{path[1:]}"
    for tail in (
        "%00",
        "%20",
        "%09",
        "%0a",
        "%0d%0aX-Customer-Id:%20x",
        ";",
        ";x=1",
        ";/",
        ".json",
        "%3f",
        "%3Fx",
    ):
        yield from (f"{bare}{tail}", f"{bare}/1{tail}")
    for tail in (
        "%23",
        "#",
        "#x",
        "/#/../x",
        "?",
        "?/../x",
        "??",
        "*",
        "%",
        "%zz",
        "%u002f",
        "\xe9",
        "\xff",
        "~",
        "+",
    ):
        yield from (f"{bare}{tail}", f"{bare}/1{tail}")
    if first:
        yield from (f"/%{ord(first):02x}{rest}", f"/%{ord(first):02X}{rest}", f"/%25{ord(first):02x}{rest}")
        yield from (path.upper(), f"/{first.upper()}{rest}", f"{bare[:-1]}%{ord(bare[-1]):02x}")
    yield from (f"http://{{host}}{path}", f"https://{{host}}{path}/", f"http://elsewhere.example{path}")
    yield from (f"http://{{host}}{opened}/..{path}", f"http://{{host}}//{path}", f"HTTP://{{host}}{path}?x")
    yield from (f"{bare}/{'x' * LONG}", f"{opened}/{'../' * 500}{path[1:]}", f"{bare}{'/' * 500}")
    yield path[1:] or "x"  # no slash at all
