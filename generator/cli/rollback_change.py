"""The change behind `rollback`: found, judged, shown, and written or committed."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from generator import load, source
from generator.cli import machine, rollback_since, spec_change, spec_change_report
from generator.cli import rollback_report as report
from generator.cli import rollback_words as words
from generator.cli.report import FAILED, Usage, complain, environment_named, say
from generator.cli.rollback_since import After, Since
from generator.cli.rollback_target import Refusal, Wanted, find
from generator.edit import Refused, set_value
from generator.history import HistoryError, pinned
from generator.problem import Place, Problem, dotted
from generator.promote import Move, table
from generator.source import Document, environment_names

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence
    from pathlib import Path

    from generator.cli.rollback_target import Target
    from generator.cli.spec_change import Outcome, Wish


class Rollback(NamedTuple):
    """What goes back where, what stays, what happens next, and what nothing undoes.

    `invalid` are the errors that the spec has without it.
    """

    environment: str
    target: Target
    moves: Sequence[Move]
    since: Since
    happens: Sequence[str]
    warnings: Sequence[str]
    invalid: frozenset[str] = frozenset()


def run(root: Path, options: argparse.Namespace) -> int:
    """Roll back; return the exit code."""
    name = environment_named(options.env, environment_names(root))
    sources = source.load(root)
    if sources.platform is None or name not in sources.environments:
        return _nothing(options, sources.problems)
    document = sources.environments[name]
    before = spec_change.read(root, document.file)
    try:
        target = find(root, Wanted(name, pinned(document.tree), options.release, options.to))
        moves = _moves(target)
        after = _edited(document.file, before, moves)
    except HistoryError as error:
        raise Usage(str(error)) from error
    except Refusal as refusal:
        return _nothing(options, [Problem(Place(document.file), str(refusal))], f"error: {refusal}")
    except Refused as refusal:
        return _nothing(options, [refusal.problem])
    commit = spec_change.Commit(
        words.branch(name, moves, target), words.message(name, moves, target, options.reason), options.reason
    )
    wish = spec_change.Wish(
        changes=[spec_change.changed(document.file, before, after)],
        commit=commit,
        branch=options.commit,
        dry=options.dry_run,
    )
    outcome = spec_change.carry_out(root, sources, wish, options.today)
    rollback = Rollback(name, target, moves, Since(), (), ())
    if outcome.difference is not None:
        spec = rollback_since.tree(sources.platform, name, _after(wish))
        will_be = After(name, spec, outcome.difference)
        rollback = rollback._replace(
            since=rollback_since.find(root, target, moves, will_be, options.today),
            happens=report.happens(spec, name, moves, now()),
            warnings=report.warnings(spec, moves),
        )
    elif outcome.problems:
        known = load.load(sources, options.today).problems
        rollback = rollback._replace(invalid=frozenset(map(str, known)))
    if options.output == "json":
        say(json.dumps({**outcome.document(), **_document(rollback)}, ensure_ascii=False, indent=2))
    else:
        _show(rollback, outcome)
    return outcome.code


def now() -> datetime:
    """Return this moment, in UTC."""
    return datetime.now(tz=UTC)


def _nothing(options: argparse.Namespace, problems: Sequence[Problem], said: str = "") -> int:
    if options.output == "json":
        say(machine.as_json(machine.Report(problems)).rstrip("\n"))
        return FAILED
    for problem in () if said else problems:
        complain(str(problem))
    if said:
        complain(said)
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


def _show(rollback: Rollback, outcome: Outcome) -> None:
    name, target, moves = rollback.environment, rollback.target, rollback.moves
    say(f"{words.title(name, moves, target)}:")
    for line in table(moves):
        say(f"  {line}")
    say(words.came(moves, target))
    for note in target.notes:
        say(f"note: {note}")
    say("")
    if outcome.difference is None:
        errors = {str(problem) for problem in outcome.problems if problem.severity == "error"}
        if errors and errors <= rollback.invalid:
            complain("The spec is not valid, with these versions or without; mend it first:")
        elif errors:
            complain("With these versions the spec is not valid:")
        spec_change_report.show(outcome)
        return
    for line in report.lines(rollback.since, target, name):
        say(line)
    say("")
    spec_change_report.show(outcome)
    if outcome.made:
        say("and open a pull request from it.")
    for line in rollback.happens:
        say(line)
    for line in rollback.warnings:
        complain(f"note: {line}")


def _document(rollback: Rollback) -> dict[str, Any]:
    """Return what goes back for machines, as docs/report.schema.json has it."""
    since, at = rollback.since, rollback.target.then
    unknown = [f"nobody can say what else changed since: {since.unknown}"] if since.unknown else []
    return {
        "rollback": {
            "environment": rollback.environment,
            "to": at,
            "moves": [
                {"release": f"{move.section}.{move.name}", "old": move.old, "new": move.new}
                for move in rollback.moves
            ],
            "stays": [
                {"key": dotted(change.path), "then": change.old, "now": change.new}
                for change in (*since.own, *since.others)
            ],
            "differ": [
                {"file": f"rendered/{path}", **({} if number is None else {"lines": number})}
                for path, number in since.files.items()
                if number != 0
            ],
            "notes": [*rollback.target.notes, *unknown, *rollback.happens, *rollback.warnings],
        }
    }


def _after(wish: Wish) -> Document:
    """Return the environment's file as it is to be, which was judged already."""
    [change] = wish.changes
    parsed = source.parse(change.file, (change.after or b"").decode())
    if not isinstance(parsed, Document):
        raise TypeError(parsed)
    return parsed
