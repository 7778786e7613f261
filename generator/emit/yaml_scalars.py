"""How one string is written in YAML, so that every parser reads that string.

Parsers disagree about plain scalars: Go's (Helm, kubectl, Argo CD) and PyYAML follow YAML 1.1 in part,
others YAML 1.2, so `no`, `012`, `1e3` or `12:30` are booleans or numbers to some. Here a string is
plain only when it cannot be anything but a string to any of them; every other string is quoted.
"""

from __future__ import annotations

import re

_LONGEST_KEY = 1024
"""Bytes that a key may take: 1,024 characters in YAML 1.2.2, section 7.4.2, but ryaml counts bytes."""

# What a reviewer would not see in a diff: control characters, odd spaces and line ends, joiners, marks
# of writing direction, surrogates, tags. A fixed list: `str.isprintable` changes with Python's version.
_INVISIBLE = (
    r"\x00-\x1f\x7f-\xa0\xad\u034f\u061c\u115f\u1160\u1680\u17b4\u17b5\u180b-\u180f\u2000-\u200f"
    r"\u2028-\u202f\u205f-\u206f\u3000\u3164\ud800-\udfff\ufeff\uffa0\ufff0-\uffff\U000e0000-\U000e0fff"
)

# Starts like a word or a path, or like a number up to a sign that no number or time has in any YAML
# (`100m`, `10.0.0.0/16`; but not `3d`, `0x1f`, `1e3`, `1.4.2`), and is none of YAML's words.
_PLAIN = re.compile(
    rf"""
    (?! (?i: y | n | yes | no | on | off | true | false | null | nan | inf | infinity ) \Z )
    (?: [/A-Za-z] | [0-9][0-9.]*[/g-nq-su-wG-NQ-SU-W] | [^\x00-\x7f{_INVISIBLE}] )
    (?: [^ :\#{_INVISIBLE}]++ | :(?![ ]|\Z) | [ ](?!\Z) )*+
    """,
    re.VERBOSE,
)

# Nothing invisible (so no tab), no space at a line's end, and a first line that shows the indentation:
# parsers differ about literal blocks in all other cases.
_BLOCK = re.compile(rf"(?![ \n])(?:[^ {_INVISIBLE}]++|\n|[ ](?!\n|\Z))*+")

_ESCAPED = re.compile(rf'["\\{_INVISIBLE}]')
_SHORT_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def key(text: str) -> str:
    """Write a key and its colon.

    Raises TypeError for what is no string, ValueError as `string` does and for a key that takes more
    than 1,024 bytes.
    """
    if not isinstance(text, str):
        raise TypeError(f"cannot write the key {text!r} as YAML: only strings are keys here")
    written = _on_one_line(text)
    if len(written.encode()) > _LONGEST_KEY:
        raise ValueError(f"cannot write the key {written[:40]}... as YAML: it takes over 1,024 bytes")
    return written + ":"


def string(text: str) -> str:
    """Write a value on one line; empty when it is better written by `block`.

    Raises ValueError for half of a surrogate pair, which UTF-8 cannot hold.
    """
    return "" if "\n" in text and _BLOCK.fullmatch(text) else _on_one_line(text)


def block(text: str, indent: str) -> str:
    """Write several lines as a literal block, the form in which people review them."""
    chomp = "-" if text[-1] != "\n" else "+" if text[-2] == "\n" else ""
    lines = text.removesuffix("\n").split("\n")
    return "\n".join([f"|{chomp}", *(line and indent + line for line in lines)])


def _on_one_line(text: str) -> str:
    if _PLAIN.fullmatch(text):
        return text
    return '"' + _ESCAPED.sub(_escape, text) + '"'


def _escape(match: re.Match[str]) -> str:
    sign = match[0]
    code = ord(sign)
    if 0xD800 <= code <= 0xDFFF:  # noqa: PLR2004  (the surrogates, as in _INVISIBLE)
        raise ValueError(f"cannot write {match.string!a} as YAML: {sign!a} is half of a surrogate pair")
    return _SHORT_ESCAPES.get(sign) or f"\\U{code:08x}".replace("\\U0000", "\\u")
