"""The default values of an archived chart, with those of the charts that it brings along."""

from __future__ import annotations

import re
import tarfile
from functools import cache
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from pathlib import Path

    Object = dict[str, Any]


@cache
def defaults(archive: Path) -> Object:
    """The values of a chart's archive, which nobody edits."""
    found: dict[str, Object] = {}
    with tarfile.open(archive) as chart:
        for member in chart.getmembers():
            match = re.fullmatch(r"[^/]+/(?:charts/(?P<part>[^/]+)/)?values\.yaml", member.name)
            file = chart.extractfile(member) if match else None
            if match and file:
                found[match["part"] or ""] = yaml.load(file.read(), Loader=yaml.CSafeLoader) or {}
    own = found.pop("")
    return own | {part: _overlay(values, own.get(part) or {}) for part, values in found.items()}


def _overlay(lower: Object, upper: Object) -> Object:
    """What the outer chart says of a value goes above what the inner one says."""
    both = {
        key: _overlay(lower[key], value)
        if isinstance(lower.get(key), dict) and isinstance(value, dict)
        else value
        for key, value in upper.items()
    }
    return {**lower, **both}
