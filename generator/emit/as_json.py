"""JSON for Terraform's `*.tfvars.json`, as `json.dumps` with indents writes it, five times as fast.

The standard library's C encoder does not indent, and its Python one took two thirds of a large render.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from generator.emit.memo import Memo

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Write = Callable[[str], None]


def json_text(data: Mapping[str, object]) -> str:
    """Write `data` (dict, list, str, int, float, bool, None; keys in their order) with 2-space indents.

    Raises ValueError for nan, infinities and lone surrogates (RFC 8259, sections 6 and 8.1, has no
    way to write them), TypeError for other types and for keys that are no strings.
    """
    parts: list[str] = []
    _value(data, "\n", parts.append)
    parts.append("\n")
    return "".join(parts)


def _quoted(text: str) -> str:
    if not isinstance(text, str):
        raise TypeError(f"cannot write the key {text!r} as JSON: it is no string")
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ValueError(f"cannot write {text!a} as JSON: it holds half of a surrogate pair") from None
    return json.dumps(text, ensure_ascii=False)


_strings = Memo(_quoted)


def _value(node: Any, line: str, write: Write) -> None:
    """Write any value; `line` is a line break and the indent of the line that the value begins on."""
    kind = type(node)
    deeper = line + "  "
    if kind is dict and node:
        lead = "{" + deeper
        for name, value in node.items():
            if type(value) is str:
                write(f"{lead}{_strings[name]}: {_strings[value]}")
            else:
                write(f"{lead}{_strings[name]}: ")
                _value(value, deeper, write)
            lead = "," + deeper
        write(line + "}")
    elif kind is list and node:
        lead = "[" + deeper
        for value in node:
            write(lead)
            _value(value, deeper, write)
            lead = "," + deeper
        write(line + "]")
    elif kind is str:
        write(_strings[node])
    else:
        write(json.dumps(node, allow_nan=False))
