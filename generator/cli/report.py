"""What the commands say, and the words they share."""
# ruff: noqa: T201  (the command line is what prints)

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from generator import load, source
from generator.problem import Problem, did_you_mean
from generator.writer import from_root

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from datetime import date
    from pathlib import Path

    from generator.model import Spec

OK, FAILED, USAGE = 0, 1, 2
_SHOWN = 20


class Usage(Exception):  # noqa: N818  (reads as what it is: `raise Usage`)
    """The command was called wrongly; its text says how to call it."""


def read_spec(root: Path, today: date, output: str) -> Spec | None:
    """Read and judge the spec; report its problems. None when there is an error among them.

    Of a valid spec only people hear the warnings: what a command then prints is its answer.
    """
    loaded = load.load(source.load(root), today)
    report_problems(loaded.problems, "text" if loaded.spec else output)
    return loaded.spec


def report_problems(problems: Collection[Problem], output: str) -> None:
    """Report the problems of a spec, as `--output` says."""
    if output == "text":
        print_problems(problems)
        return
    from generator.cli import machine  # noqa: PLC0415  (people do not wait for it)

    sys.stdout.write(machine.FORMATS[output](machine.Report(list(problems))))


def print_problems(problems: Collection[Problem]) -> None:
    """Print every problem to standard error, and how many there are."""
    for problem in problems:
        print(problem, file=sys.stderr)
    errors = sum(p.severity == "error" for p in problems)
    if errors:
        print(f"\n{counted(errors, 'error')} in the spec.", file=sys.stderr)


def environment_named(name: str, known: Iterable[str]) -> str:
    """Return `name` if there is such an environment; raises Usage with a suggestion."""
    names = list(known)
    if name not in names:
        raise Usage(f'there is no environment "{name}"; {did_you_mean(name, names)}')
    return name


def print_paths(title: str, mark: str, paths: Collection[str]) -> None:
    """Print up to twenty paths of rendered files, one a line, and how many more there are."""
    for path in list(paths)[:_SHOWN]:
        print(f"  {mark} {from_root(path)}")
    if len(paths) > _SHOWN:
        print(f"  {mark} ... and {len(paths) - _SHOWN} more {title}")


def to_commit(paths: Iterable[str]) -> list[str]:
    """Return what goes into one commit when these rendered files changed; a few lie elsewhere."""
    files = sorted(map(from_root, paths))
    return ["environments/", "rendered/", *(file for file in files if not file.startswith("rendered/"))]


def listed(names: Sequence[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))


def say(text: str) -> None:
    """Print one line of news."""
    print(text)


def complain(text: str) -> None:
    """Print one line of trouble to standard error."""
    print(text, file=sys.stderr)


def counted(number: int, noun: str) -> str:
    """`1 file`, `2 files`."""
    return f"{number} {noun}{'' if number == 1 else 's'}"
