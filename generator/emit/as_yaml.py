"""Block YAML that every parser reads as the same data, fast."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from generator.emit.memo import Memo
from generator.emit.yaml_scalars import block, key, string

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Write = Callable[[str], None]

_LARGEST_INT = 2**53
"""Helm and Argo CD pass YAML through JSON, where larger integers lose digits (RFC 8259, section 6)."""


_keys = Memo(key)
_strings = Memo(string)


def yaml_text(data: Mapping[str, object]) -> str:
    """Write `data` as one YAML document: keys in their order, lines never folded, no aliases.

    Values are of the types dict, list, tuple, str, int, float, bool and None; subclasses are refused.
    Raises TypeError for other types and for keys that are no strings; ValueError for what some parser
    could not read back: nan, infinities, integers beyond 2^53, half surrogate pairs, keys over 1,024 bytes.
    """
    if not data:
        return "{}\n"
    parts: list[str] = []
    _mapping(data, "", "", parts.append)
    return "".join(parts)


def _mapping(node: Mapping[str, Any], lead: str, indent: str, write: Write) -> None:
    """Write a mapping that is not empty: `lead` before its first line, `indent` before the others."""
    deeper = indent + "  "
    for name, value in node.items():
        kind = type(value)
        if kind is str:
            write(f"{lead}{_keys[name]} {_strings[value] or block(value, deeper)}\n")
        elif kind is int and -_LARGEST_INT <= value <= _LARGEST_INT:
            write(f"{lead}{_keys[name]} {value}\n")
        elif kind is dict and value:
            write(f"{lead}{_keys[name]}\n")
            _mapping(value, deeper, deeper, write)
        elif (kind is list or kind is tuple) and value:
            write(f"{lead}{_keys[name]}\n")
            _sequence(value, deeper, deeper, write)
        else:
            write(f"{lead}{_keys[name]} {_rare(value)}\n")
        lead = indent


def _sequence(node: list[Any], lead: str, indent: str, write: Write) -> None:
    """Write a sequence that is not empty; as `_mapping`."""
    deeper = indent + "  "
    for value in node:
        kind = type(value)
        if kind is str:
            write(f"{lead}- {_strings[value] or block(value, deeper)}\n")
        elif kind is int and -_LARGEST_INT <= value <= _LARGEST_INT:
            write(f"{lead}- {value}\n")
        elif kind is dict and value:
            _mapping(value, f"{lead}- ", deeper, write)
        elif (kind is list or kind is tuple) and value:
            _sequence(value, f"{lead}- ", deeper, write)
        else:
            write(f"{lead}- {_rare(value)}\n")
        lead = indent


def _rare(value: object) -> str:
    """Write what the loops above leave: booleans, null, floats, empty containers; refuse the rest."""
    kind = type(value)
    if kind is bool:
        return "true" if value else "false"
    if value is None:
        return "null"
    if kind is dict:
        return "{}"
    if kind is list or kind is tuple:
        return "[]"
    if kind is int:
        raise ValueError(f"cannot write the integer {value} as YAML: Helm loses digits beyond 2^53")
    if kind is not float:
        raise TypeError(f"cannot write a {kind.__name__} as YAML: {value!r}")
    text = repr(value)
    if text in ("nan", "inf", "-inf"):
        raise ValueError(f"cannot write the number {text} as YAML: Helm's JSON has no such number")
    # YAML 1.1 reads 1e+20 as a string and 1.0e+20 as a number.
    return text if "." in text else text.replace("e", ".0e")
