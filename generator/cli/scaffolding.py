"""What the commands share that add to the spec or take from it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from generator import load, source
from generator.cli import spec_change, spec_change_report
from generator.cli.report import say

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from generator.edit import Refused
    from generator.model import Spec
    from generator.source import Sources
    from generator.writer.exchange import Change


class Draft:
    """The files of the spec as a command wants them; the disk has the old ones until `finish`."""

    def __init__(self, root: Path, sources: Sources) -> None:
        """Start from the spec in the repository at `root`."""
        self.root, self.sources = root, sources
        self._before: dict[str, str | None] = {}
        self._after: dict[str, str | None] = {}

    def text(self, file: str) -> str:
        """Return a file as it is by now."""
        if file not in self._after:
            self._before[file] = self._after[file] = spec_change.read(self.root, file)
        return self._after[file] or ""

    def edit(self, edit: Callable[..., str], file: str, *given: object, **more: object) -> None:
        """Apply one of `generator.edit` to a file. Raises Refused."""
        self._after[file] = edit(file, self.text(file), *given, **more)

    def create(self, file: str, text: str) -> None:
        """Add a file."""
        self._before[file], self._after[file] = None, text

    def delete(self, file: str) -> None:
        """Take a file away."""
        self.text(file)
        self._after[file] = None

    @property
    def changes(self) -> list[Change]:
        """All of it."""
        texts = ((file, self._before[file], after) for file, after in self._after.items())
        return [spec_change.changed(*change) for change in texts if change[1] != change[2]]


def read(root: Path, options: argparse.Namespace) -> tuple[Sources, Spec] | None:
    """Read the spec, which must be valid; None when it is not, and that was reported."""
    sources = source.load(root)
    loaded = load.load(sources, options.today)
    if loaded.spec is None:
        spec_change.stop(options, loaded.problems)
        return None
    return sources, loaded.spec


def refuse(options: argparse.Namespace, refusal: Refused) -> int:
    """Report what could not be edited; return the exit code."""
    return spec_change.stop(options, [refusal.problem])


def finish(
    draft: Draft,
    options: argparse.Namespace,
    following: Sequence[str],
    removed: frozenset[str] = frozenset(),
) -> int:
    """Judge, render, write and report it, and say what follows; return the exit code."""
    wish = spec_change.Wish(changes=draft.changes, removed=removed, dry=options.dry_run)
    outcome = spec_change.carry_out(draft.root, draft.sources, wish, options.today)
    if options.output == "json":
        document: dict[str, Any] = outcome.document()
        say(json.dumps(document, ensure_ascii=False, indent=2))
        return outcome.code
    spec_change_report.show(outcome)
    if outcome.difference is not None and not options.dry_run:
        say("\nThen:")
        for number, line in enumerate(following, 1):
            say(f"  {number}. {line}")
    return outcome.code
