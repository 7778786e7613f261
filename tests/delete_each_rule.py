"""Takes each rule away in turn and shows which golden cases notice: what `make test-rules` runs.

    python tests/delete_each_rule.py [RULE ...]

Prints a table and exits with 1 when no case notices that a rule is gone: then it could be deleted, or
broken, with all tests green. The cure is a case below cases/invalid/.
"""
# ruff: noqa: T201  (a script that prints)

from __future__ import annotations

import contextlib
import io
import sys
import tempfile
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).parents[1]))  # run as a script, only tests/ is on the path

from generator import load, source
from generator.cli.report import print_problems
from generator.rules import RULES
from tests.test_cases import CASES, TODAY, cases, lay_out

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from generator.source import Sources


@cache
def invalid_cases() -> dict[str, Sources]:
    """Read the invalid cases."""
    found = {}
    with tempfile.TemporaryDirectory() as folder:
        for name in cases("invalid"):
            root = Path(folder, name)
            root.mkdir()
            lay_out(root, CASES / "invalid" / name)
            found[name] = source.load(root)
    return found


def noticing() -> list[str]:
    """Name the cases that do not come out as expected with the rules that there are now."""
    return [
        name
        for name, sources in invalid_cases().items()
        if shown(sources) != (CASES / "invalid" / name / "expected.txt").read_text()
    ]


def shown(sources: Sources) -> str:
    """Return what is printed about a case."""
    with contextlib.redirect_stderr(io.StringIO()) as printed:
        print_problems(load.load(sources, TODAY).problems)
    return printed.getvalue()


@contextlib.contextmanager
def without(rule: str) -> Iterator[None]:
    """Take a rule out of the registry that `judge` goes through; put it back in its place after."""
    before = dict(RULES)
    del RULES[rule]
    try:
        yield
    finally:
        RULES.clear()
        RULES.update(before)


def main(chosen: Sequence[str] = ()) -> int:
    """Print the table for all rules, or the chosen ones; return the exit code."""
    if broken := noticing():
        print(f"error: with all rules there, these cases fail already: {', '.join(broken)}", file=sys.stderr)
        return 1
    unnoticed = []
    width = max(map(len, RULES))
    for rule in chosen or list(RULES):
        with without(rule):
            names = noticing()
        print(f"{rule:{width}}  {', '.join(names) or '-'}")
        if not names:
            unnoticed.append(rule)
    if unnoticed:
        print(f"error: no case notices that these are gone: {', '.join(unnoticed)}", file=sys.stderr)
    return 1 if unnoticed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
