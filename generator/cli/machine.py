"""What a command finds, for machines: one JSON document, or annotations of a GitHub pull request.

`docs/report.schema.json` is the document's shape.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from generator.problem import Place, Problem, dotted
from generator.writer import from_root

if TYPE_CHECKING:
    from collections.abc import Sequence

    from generator.writer import Difference, WriterError


class Report(NamedTuple):
    """All that a command has to say.

    `difference` is what was not current; `written` tells whether it is by now. None when the spec has an
    error, or when something stopped the command before it could compare.
    """

    problems: Sequence[Problem]
    difference: Difference | None = None
    written: bool = False


def stopped(error: WriterError) -> Problem:
    """Return what the disk or Git refused as a problem like any other; its text says where."""
    return Problem(place=Place("rendered"), message=str(error))


def as_json(report: Report) -> str:
    """Return a document with `problems`, and the `files` that are not current or those that were `written`.

    A place has `file`, from the repository's root, `line` and `column`, both from 1. What is not known is
    left out.
    """
    return json.dumps(document(report), ensure_ascii=False, indent=2) + "\n"


def as_json_line(report: Report) -> str:
    """Return the same document on one line, for a stream of them (https://jsonlines.org)."""
    return json.dumps(document(report), ensure_ascii=False) + "\n"


def as_github(report: Report) -> str:
    """Return workflow commands (GitHub docs, "Workflow commands", "Setting an error message"), one a line."""
    lines = [_annotation(problem) for problem in report.problems]
    if report.difference and not report.written:
        for state, files in _files(report.difference).items():
            message = f"{state}: run `make render` and commit the result"
            lines += [_command("error", {"file": file}, message) for file in files]
    return "".join(f"{line}\n" for line in lines)


FORMATS = {"json": as_json, "github": as_github}
_NOT_CURRENT = ("missing", "outdated", "superfluous")
_WRITTEN = ("new", "changed", "deleted")


def document(report: Report) -> dict[str, Any]:
    """Return the document, to which a command may add what it alone has to say."""
    found: dict[str, Any] = {"problems": [_problem(problem) for problem in report.problems]}
    if report.difference and report.written:
        found["written"] = _files(report.difference, _WRITTEN)
    elif report.difference:
        found["files"] = _files(report.difference)
    return found


def _files(difference: Difference, states: tuple[str, str, str] = _NOT_CURRENT) -> dict[str, list[str]]:
    lists = (difference.added, difference.changed, difference.stale)
    return {state: [from_root(path) for path in paths] for state, paths in zip(states, lists, strict=True)}


def _problem(problem: Problem) -> dict[str, Any]:
    return {
        "severity": problem.severity,
        **_place(problem.place),
        **({"path": dotted(problem.path)} if problem.path else {}),
        "message": problem.message,
        **({"fix": problem.fix} if problem.fix else {}),
        **({"other": _place(problem.other)} if problem.other else {}),
    }


def _place(place: Place) -> dict[str, Any]:
    return {"file": place.file, "line": place.line, "column": place.column}


def _annotation(problem: Problem) -> str:
    other = f"\nsee {problem.other}" if problem.other else ""
    fix = f"\nfix: {problem.fix}" if problem.fix else ""
    where = {"file": problem.place.file, "line": problem.place.line, "col": problem.place.column}
    title = {"title": dotted(problem.path)} if problem.path else {}
    return _command(problem.severity, {**where, **title}, f"{problem.message}{other}{fix}")


def _command(name: str, properties: dict[str, Any], message: str) -> str:
    listed = ",".join(f"{key}={_escaped(str(value), ':,')}" for key, value in properties.items())
    return f"::{name} {listed}::{_escaped(message)}"


def _escaped(text: str, more: str = "") -> str:
    """Escape as GitHub's own toolkit does; a value of the spec must not become a command."""
    for character in f"%\r\n{more}":
        text = text.replace(character, f"%{ord(character):02X}")
    return text
