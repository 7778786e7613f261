"""The model's kind of class: a frozen, slotted, keyword-only dataclass."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar, dataclass_transform

_Class = TypeVar("_Class")


@dataclass_transform(frozen_default=True, kw_only_default=True, eq_default=False)
def record(cls: type[_Class]) -> type[_Class]:
    """Make a record; compared by identity, for every environment has its own.

    Without comparison and representation a class takes half the time to make, and a run that changes
    nothing is mostly start-up.
    """
    return dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)(cls)
