"""Kubernetes quantities: 100m, 1.5, 128Mi."""

from __future__ import annotations

from decimal import Decimal
from functools import cache

# apimachinery, pkg/api/resource/quantity.go
_SUFFIXES = {
    "m": Decimal("0.001"),
    "k": Decimal(10) ** 3,
    "M": Decimal(10) ** 6,
    "G": Decimal(10) ** 9,
    "T": Decimal(10) ** 12,
    "Ki": Decimal(2) ** 10,
    "Mi": Decimal(2) ** 20,
    "Gi": Decimal(2) ** 30,
    "Ti": Decimal(2) ** 40,
}


@cache
def amount(quantity: str) -> Decimal:
    """Return the number behind a quantity, in cores or bytes."""
    number = quantity.rstrip("mkKMGTi")
    return Decimal(number) * _SUFFIXES.get(quantity[len(number) :], Decimal(1))
