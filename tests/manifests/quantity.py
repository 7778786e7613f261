"""Quantities as Kubernetes writes them: 100m, 1.5, 128Mi, 2e3."""

from __future__ import annotations

import re
from decimal import Decimal

# kubernetes.io, "Quantity": a number and one suffix, binary, decimal or an exponent.
_QUANTITY = re.compile(r"(?P<number>[+-]?(\d+\.?\d*|\.\d+))(?P<suffix>[KMGTPE]i|[numkMGTPE]|[eE][+-]?\d+)?")
_SUFFIXES = {
    **{letter + "i": Decimal(1024) ** n for n, letter in enumerate("KMGTPE", start=1)},
    **dict(zip("numkMGTPE", (Decimal(10) ** n for n in (-9, -6, -3, 3, 6, 9, 12, 15, 18)), strict=True)),
}


def amount(quantity: object) -> Decimal:
    """The number that a quantity stands for.

    Raises:
        ValueError: it is none.
    """
    match = _QUANTITY.fullmatch(str(quantity))
    if match is None or isinstance(quantity, bool):
        raise ValueError(f"{quantity!r} is no quantity: write 100m, 2, 128Mi or 1Gi")
    number, suffix = Decimal(match["number"]), match["suffix"] or ""
    if suffix in _SUFFIXES:
        return number * _SUFFIXES[suffix]
    return number.scaleb(int(suffix[1:] or 0))
