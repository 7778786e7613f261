"""The change behind `rollback`: found, judged, shown, and written or committed."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from generator import source
from generator.cli import rollback_report as report
from generator.cli import rollback_words as words
from generator.cli import spec_change
from generator.cli.report import FAILED, Usage, complain, environment_named, print_problems, say
from generator.cli.rollback_target import Refusal, Wanted, find
from generator.edit import Refused, set_value
from generator.history import HistoryError, pinned
from generator.promote import Move, table
from generator.source import Document, environment_names

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence
    from pathlib import Path

    from generator.cli.rollback_target import Target
    from generator.cli.spec_change import Outcome, Wish


def run(root: Path, options: argparse.Namespace) -> int:
    """Roll back; return the exit code."""
    name = environment_named(options.env, environment_names(root))
    sources = source.load(root)
    if sources.platform is None or name not in sources.environments:
        print_problems(sources.problems)
        return _nothing()
    document = sources.environments[name]
    before = spec_change.read(root, document.file)
    try:
        target = find(root, Wanted(name, pinned(document.tree), options.release, options.to))
        moves = _moves(target)
        after = _edited(document.file, before, moves)
    except HistoryError as error:
        raise Usage(str(error)) from error
    except Refusal as refusal:
        complain(f"error: {refusal}")
        return _nothing()
    except Refused as refusal:
        complain(str(refusal.problem))
        return _nothing()
    commit = spec_change.Commit(
        words.branch(name, moves, target), words.message(name, moves, target, options.reason)
    )
    wish = spec_change.Wish(
        changes=[spec_change.changed(document.file, before, after)],
        commit=commit if options.commit else None,
        dry=options.dry_run,
    )
    outcome = spec_change.carry_out(root, sources, wish, options.today)
    _show(root, sources.platform, name, target, outcome)
    return outcome.code


def now() -> datetime:
    """Return this moment, in UTC."""
    return datetime.now(tz=UTC)


def _nothing() -> int:
    complain("Nothing was changed.")
    return FAILED


def _moves(target: Target) -> list[Move]:
    return [
        Move(release.section, release.name, present, target.earlier[release])
        for release, present in target.present.items()
    ]


def _edited(file: str, text: str, moves: Sequence[Move]) -> str:
    for move in moves:
        text = set_value(file, text, move.path, move.new)
    return text


def _show(root: Path, platform: Document, name: str, target: Target, outcome: Outcome) -> None:
    moves = _moves(target)
    say(f"{words.title(name, moves, target)}:")
    for line in table(moves):
        say(f"  {line}")
    say(words.came(moves, target))
    for note in target.notes:
        say(f"note: {note}")
    say("")
    if outcome.difference is None:
        if any(problem.severity == "error" for problem in outcome.problems):
            complain("With these versions the spec is not valid:")
        outcome.show()
        return
    spec = report.tree(platform, name, _after(outcome.wish))
    lines = [*report.left(root, spec, target, moves), ""]
    lines += [*report.files(root, name, target, outcome.difference), ""]
    say("\n".join(lines))
    outcome.show()
    say("\n".join([*_next(name, target, outcome), *report.happens(spec, name, moves, now())]))
    for line in report.warnings(spec, moves):
        complain(f"note: {line}")


def _next(name: str, target: Target, outcome: Outcome) -> list[str]:
    if outcome.wish.dry:
        return []
    if outcome.made:
        return ["and open a pull request from it."]
    return [f'  git commit -m "{words.title(name, _moves(target), target)}" -- environments rendered']


def _after(wish: Wish) -> Document:
    """Return the environment's file as it is to be, which was judged already."""
    [change] = wish.changes
    parsed = source.parse(change.file, (change.after or b"").decode())
    if not isinstance(parsed, Document):
        raise TypeError(parsed)
    return parsed
