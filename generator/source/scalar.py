"""How a plain (unquoted) scalar is read: YAML 1.2's core schema as ryaml has it.

ryaml differs from the core schema in that `012` is text (in the core schema a number, in YAML 1.1
another one), in `0b11`, and in signs before `0x` and `0o`. A test compares this module with ryaml.
"""

from __future__ import annotations

import re
from math import isinf
from typing import Literal

Kind = Literal["null", "bool", "int", "float", "text"]

EXACT = 2**53
"""Beyond this, JSON readers that keep numbers as doubles, Helm's among them, change the last digits."""

_NULL = re.compile(r"null|Null|NULL|~|")
_BOOL = re.compile(r"true|True|TRUE|false|False|FALSE")
_INT = re.compile(r"[-+]?(0|[1-9][0-9]*|0x[0-9a-fA-F]+|0o[0-7]+|0b[01]+)")
_LEADING_ZERO = re.compile(r"[-+]?0[0-9]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_NOT_FINITE = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")

# No number of more characters is exact; Python's int() refuses 4,301 digits.
_LONGEST_EXACT = len("-0b") + 54


def kind(plain: str) -> Kind:
    """Tell what a plain scalar is read as; a number too large for any reader is still a number."""
    if _NULL.fullmatch(plain):
        return "null"
    if _BOOL.fullmatch(plain):
        return "bool"
    if _INT.fullmatch(plain):
        return "int"
    if _LEADING_ZERO.fullmatch(plain):
        return "text"
    if _FLOAT.fullmatch(plain) or _NOT_FINITE.fullmatch(plain):
        return "float"
    return "text"


def is_exact(integer: str) -> bool:
    """Tell whether every reader keeps all digits of an integer, written as in YAML."""
    return len(integer) <= _LONGEST_EXACT and -EXACT <= int(integer, 0) <= EXACT


def is_finite(number: str) -> bool:
    """Tell whether a float, written as in YAML, is neither infinite, nor not a number, nor too large."""
    return not _NOT_FINITE.fullmatch(number) and not isinf(float(number))
