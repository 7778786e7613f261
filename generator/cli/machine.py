"""What `check` finds, for machines: one JSON document, or annotations of a GitHub pull request."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from generator.problem import dotted

if TYPE_CHECKING:
    from collections.abc import Iterable

    from generator.problem import Place, Problem
    from generator.writer import Difference


def as_json(problems: Iterable[Problem], difference: Difference | None) -> str:
    """Return a document with `problems` and, when the spec is valid, the `files` that are not current.

    A place has `file`, from the repository's root, `line` and `column`, both from 1. What is not known is
    left out.
    """
    document: dict[str, Any] = {"problems": [_problem(problem) for problem in problems]}
    if difference is not None:
        document["files"] = _files(difference)
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def as_github(problems: Iterable[Problem], difference: Difference | None) -> str:
    """Return workflow commands (GitHub docs, "Workflow commands", "Setting an error message"), one a line."""
    lines = [_annotation(problem) for problem in problems]
    for state, files in _files(difference).items() if difference else ():
        message = f"{state}: run `make render` and commit the result"
        lines += [_command("error", {"file": file}, message) for file in files]
    return "".join(f"{line}\n" for line in lines)


FORMATS = {"json": as_json, "github": as_github}


def _files(difference: Difference) -> dict[str, list[str]]:
    states = {"missing": difference.added, "outdated": difference.changed, "superfluous": difference.stale}
    return {state: [f"rendered/{path}" for path in paths] for state, paths in states.items()}


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
