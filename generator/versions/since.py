"""What else changed in an environment: two merged trees, leaf by leaf."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from generator.problem import Path

_SHOWN = 40
_ABSENT: Any = object()


class Changed(NamedTuple):
    """A value of the spec that is another one now; `old` and `new` are short texts, `-` for none."""

    path: Path
    old: str
    new: str


def changed(then: Mapping[str, Any], now: Mapping[str, Any]) -> list[Changed]:
    """Return what differs between two trees, in the order of `now`; a list is one value."""
    return list(_changed((), then, now))


def _changed(path: Path, then: Any, now: Any) -> Iterator[Changed]:
    if isinstance(then, dict) and isinstance(now, dict) and (then or now):
        for key in dict.fromkeys((*now, *then)):
            yield from _changed((*path, key), then.get(key, _ABSENT), now.get(key, _ABSENT))
    elif then is _ABSENT and isinstance(now, dict) and now:
        for key, value in now.items():
            yield from _changed((*path, key), _ABSENT, value)
    elif now is _ABSENT and isinstance(then, dict) and then:
        for key, value in then.items():
            yield from _changed((*path, key), value, _ABSENT)
    elif then is _ABSENT or now is _ABSENT or then != now:
        yield Changed(path, _shown(then), _shown(now))


def _shown(value: Any) -> str:
    if value is _ABSENT:
        return "-"
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    text = text if text.isprintable() else ascii(text)[1:-1]
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 3]}..."
