"""CPF, the Brazilian taxpayer number: nine digits and two check digits."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

SPELLING = re.compile(r"[0-9]{11}|[0-9]{3}\.[0-9]{3}\.[0-9]{3}-[0-9]{2}")
LENGTH = 11


@dataclass(frozen=True, kw_only=True)
class Cpf:
    """A number whose check digits are right; shows its digits to nobody who prints it."""

    digits: str = field(repr=False)


def parse(text: str) -> Cpf | None:
    """Return the CPF that a text spells, `52998224725` or `529.982.247-25`, or None."""
    if not SPELLING.fullmatch(text):
        return None
    digits = text.replace(".", "").replace("-", "")
    if digits == digits[0] * LENGTH:  # their check digits are right, but nobody has them
        return None
    if digits[9:] != check_digits(digits[:9]):
        return None
    return Cpf(digits=digits)


def check_digits(nine: str) -> str:
    """Return the two digits that follow nine: weighted sums modulo 11, where 10 counts as 0."""
    first = _check_digit(nine)
    return first + _check_digit(nine + first)


def _check_digit(digits: str) -> str:
    weights = range(len(digits) + 1, 1, -1)
    return str(sum(weight * int(digit) for weight, digit in zip(weights, digits, strict=True)) * 10 % 11 % 10)
