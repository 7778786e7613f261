"""Drift for people, in a terminal of a hundred columns."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from generator.status.moments import age
from generator.status.text import wrapped

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from generator.drift.finding import Drift, Drifted, Finding

_LONGEST = 60  # characters of a value; --output json has all
_SHORT = 8


def text(drift: Drift, paint: Callable[[str, str], str]) -> Iterator[str]:
    """Yield the lines. `paint` puts a text in the colour of a state."""
    number = len(drift.drifted)
    verdict = f"{number} object{'' if number == 1 else 's'} drifted" if number else "nothing drifted"
    yield paint(f"{drift.environment}: {verdict}", "broken" if number else "fine")
    yield f"  context {drift.context}, {drift.server}"
    yield from (line for note in drift.notes for line in wrapped(f"note: {note}", "  "))
    for drifted in drift.drifted:
        yield ""
        yield from _object(drifted, drift, paint)
    if drift.pending:
        at = f" at {drift.revision[:_SHORT]}" if drift.revision else ""
        yield ""
        yield f"  Not drifted, but as Git had them{at}: Argo CD has still to sync what this checkout has."
        yield from wrapped(", ".join(f"{d.kind} {d.name}" for d in drift.pending), "    ")


def _object(drifted: Drifted, drift: Drift, paint: Callable[[str, str], str]) -> Iterator[str]:
    yield paint(f"  {drifted.kind} {drifted.name}", "broken")
    for finding in drifted.findings:
        yield from wrapped(_sentence(finding, drift), "    ")
    for command in drifted.back:
        yield f"    back: {command}"
    for place in drifted.keep:
        yield f"    keep: {place}"


def _sentence(finding: Finding, drift: Drift) -> str:
    parts = [finding.text] if finding.text else []
    if finding.path:
        parts.append(f"{finding.path} {_change(finding)}")
    sentence = ": ".join(parts)
    who = finding.blame.manager
    ago = age(finding.blame.when, drift.now)
    return sentence + (f", by {who}" if who else "") + (f" {ago} ago" if ago and who else "")


def _change(finding: Finding) -> str:
    if finding.wanted is None:
        return f"is {_value(finding.found)}, the spec has nothing there"
    if finding.found is None:
        return f"is not there, the spec has {_value(finding.wanted)}"
    return f"is {_value(finding.found)}, the spec has {_value(finding.wanted)}"


def _value(value: Any) -> str:
    told = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    line = " ".join(told.split())
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 4]} ..."
