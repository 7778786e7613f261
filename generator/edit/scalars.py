"""How a value is written where another one stood, or beside others."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from generator.emit.yaml_scalars import string
from generator.source import scalar

if TYPE_CHECKING:
    from collections.abc import Sequence

Scalar: TypeAlias = "str | int | bool | None"
Value: TypeAlias = "Scalar | Mapping[str, Value] | Sequence[Scalar] | Written"


class Written(NamedTuple):
    """A value in YAML, as it is to stand there: lines without indentation, comments and all."""

    yaml: str


# Versions and hashes as people write them: digits, letters and what stands between. Not what YAML 1.1 or the
# core schema read as a number, a time or a day, though the spec's own reader takes some of it for text.
_WORD = re.compile(r"[A-Za-z0-9/][A-Za-z0-9_./@+~^-]*(:[A-Za-z0-9_./@+~^-]+)*")
_DOUBTFUL = re.compile(
    r"""
    [-+]?[0-9][0-9_,]*([.][0-9_]*)?([eE][-+]?[0-9]+)?    # 012, 1_000, 1.10, 1e3
    | [-+]?[0-9_]+(:[0-9_]+)+([.][0-9_]*)?               # 12:30
    | [0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([Tt ].*)?           # 2026-11-24
    | 0[xXoObB][0-9a-fA-F_]+
    | (?i: y | n | yes | no | on | off | true | false | null | nan | inf | infinity )
    """,
    re.VERBOSE,
)

_FLOW = frozenset(",[]{}")


def written(value: Scalar, before: str = "") -> str:
    """Write a scalar on one line, in the quotes of the one that stood there `before`, as written.

    Raises ValueError for text that needs more than a line.
    """
    if not isinstance(value, str):
        return "null" if value is None else str(value).lower()
    quoted = string(value)
    if not quoted:
        raise ValueError(f"text over several lines: {value!r}")
    if before.startswith("'") and "\\" not in quoted:
        return "'" + value.replace("'", "''") + "'"
    if not before.startswith('"') and is_plain(value):
        return value
    if quoted.startswith('"'):
        return quoted
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def is_plain(text: str) -> bool:
    """Tell whether every reader takes a text without quotes for that text, also between braces."""
    if " " in text:
        return string(text) == text and _FLOW.isdisjoint(text)
    return bool(_WORD.fullmatch(text)) and scalar.kind(text) == "text" and not _DOUBTFUL.fullmatch(text)


def flow(value: Value) -> str:
    """Write a value on one line: `{image: x, port: 80}`."""
    if isinstance(value, Written):
        raise TypeError("YAML over several lines has no place in braces")
    if isinstance(value, str | int | bool | None):
        return written(value)
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{written(k)}: {flow(v)}" for k, v in value.items()) + "}"
    return "[" + ", ".join(map(written, value)) + "]"


def lines(key: str, value: Value, indent: str, step: str) -> list[str]:
    """Write a key and its value as lines of a block, indented."""
    if isinstance(value, Written):
        below = value.yaml.rstrip("\n").split("\n")
        return [f"{indent}{written(key)}:", *(f"{indent}{step}{line}".rstrip() for line in below)]
    if isinstance(value, Mapping) and value:
        below = [line for k, v in value.items() for line in lines(k, v, indent + step, step)]
        return [f"{indent}{written(key)}:", *below]
    return [f"{indent}{written(key)}: {flow(value)}"]
