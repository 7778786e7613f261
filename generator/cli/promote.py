"""`promote`: move versions from one environment to the next; nothing else in the file changes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from generator import source
from generator.cli.command import add_change_options, command
from generator.cli.report import FAILED, OK, Usage, complain, environment_named, say
from generator.source import environment_names

if TYPE_CHECKING:
    import argparse
    from pathlib import Path

    from generator.cli.command import Commands
    from generator.cli.spec_change import Outcome
    from generator.problem import Problem
    from generator.promote import Move, Plan, Request
    from generator.source import Sources

DESCRIPTION = """\
`promote`: move versions from one environment to the next; nothing else in the file changes.

Edits lines of the target's `versions` block, renders, and says what moved. Without --workload, --component,
--chart or --functions all moves that differs. Without --from it comes from the environment before the
target in platform.promotion, without --to it goes to the one behind. Refused, unless told: what goes
backwards (--allow-downgrade) and what skips an environment of platform.promotion (--skip).
"""
EXAMPLES = """\
examples:
  python -m generator promote --from dev --to staging --dry-run                   # what differs
  python -m generator promote --workload orders --from dev --to staging           # that one
  python -m generator promote --component ingress-nginx --to production --commit  # from staging, on a branch
  python -m generator promote --workload orders --to dev --to-version 1.5.0       # from a service's own CI
"""
_NAMED = ("workload", "component", "chart")


def register(commands: Commands) -> None:
    """Add the command to the parser."""
    summary = "move versions from one environment to the next"
    parser = command(commands, "promote", summary, DESCRIPTION, EXAMPLES)
    parser.add_argument("--from", metavar="ENV", dest="source", help="the environment whose versions move")
    parser.add_argument("--to", metavar="ENV", dest="target", help="the environment that takes them over")
    for kind in _NAMED:
        help_text = f"move this {kind}; may be given several times"
        parser.add_argument(f"--{kind}", metavar=kind.upper(), action="append", default=[], help=help_text)
    parser.add_argument("--functions", action="store_true", help="move the packages of the Lambda functions")
    parser.add_argument(
        "--to-version", metavar="VERSION", help="the version, instead of what runs elsewhere; of one release"
    )
    parser.add_argument("--skip", action="store_true", help="also past an environment that lacks the version")
    parser.add_argument("--allow-downgrade", action="store_true", help="also to an older version")
    parser.add_argument(
        "--commit",
        action="store_true",
        help="make a branch with one commit of it from HEAD, beside the work tree, which stays as it is",
    )
    add_change_options(parser)
    parser.set_defaults(run=run)


class Way(NamedTuple):
    """From where to where; `source` is None when only a version is given."""

    source: str | None
    target: str
    order: tuple[str, ...]


def run(root: Path, options: argparse.Namespace) -> int:
    """Promote; return the exit code."""
    # Only here: no other command waits for what edits.
    from generator.cli import spec_change  # noqa: PLC0415
    from generator.edit import Refused  # noqa: PLC0415

    releases = _releases(options)
    if options.to_version and (len(releases) != 1 or options.source):
        raise Usage("--to-version is for one --workload, --component or --chart, and goes without --from")
    sources = source.load(root)
    problems = _unreadable(sources, options)
    if problems or sources.platform is None:
        return _stop(options, problems)
    way = _way(root, sources, options)
    request = _request(sources, way, releases, options.to_version)
    plan = _plan(sources, request, way, options)
    if plan.problems:
        return _stop(options, plan.problems)
    if not plan.moves:
        return _nothing(options, way, plan)
    file = request.target.document.file
    before = spec_change.read(root, file)
    try:
        after = _edited(file, before, plan.moves)
    except Refused as refusal:
        return _stop(options, [refusal.problem])
    wish = spec_change.Wish(
        changes=[spec_change.changed(file, before, after)],
        commit=_commit(way, plan.moves) if options.commit else None,
        dry=options.dry_run,
    )
    outcome = spec_change.carry_out(root, sources, wish, options.today)
    _report(options, way, plan, outcome)
    return outcome.code


def _releases(options: argparse.Namespace) -> tuple[tuple[str, str], ...]:
    from generator.model.gateway import FUNCTIONS  # noqa: PLC0415  (as above)

    named = [(f"{kind}s", name) for kind in _NAMED for name in getattr(options, kind)]
    if options.functions and options.to_version:
        raise Usage("--functions moves two hashes, so --to-version does not go with it")
    functions = [("functions", name) for name in FUNCTIONS] if options.functions else []
    return tuple(dict.fromkeys([*named, *functions]))


def _unreadable(sources: Sources, options: argparse.Namespace) -> list[Problem]:
    """List what is wrong with the spec but for versions, which a promotion may be what mends."""
    from generator import load  # noqa: PLC0415  (as above)

    loaded = load.load(sources, options.today)
    return [p for p in loaded.problems if p.severity == "error" and p.path[:1] != ("versions",)]


def _way(root: Path, sources: Sources, options: argparse.Namespace) -> Way:
    names = environment_names(root)
    platform = sources.platform.tree["platform"] if sources.platform else {}
    order = tuple(platform.get("promotion", ()))
    for name in (options.source, options.target):
        if name is not None:
            environment_named(name, names)
    start, end = options.source, options.target
    if end is None and start is None:
        raise Usage("say from where or to where: --from dev --to staging (make: FROM=dev TO=staging)")
    if end is None:
        end = _neighbour(order, start, 1, "to")
    if start is None and not options.to_version:
        start = _neighbour(order, end, -1, "from")
    if start == end:
        raise Usage(f"{start} has its own versions already; name two environments")
    return Way(start, end, order)


def _neighbour(order: tuple[str, ...], name: str, step: int, option: str) -> str:
    place = order.index(name) + step if name in order else -1
    if not 0 <= place < len(order):
        where = "after" if step > 0 else "before"
        raise Usage(
            f"platform.promotion has nothing {where} {name}; say --{option} (make: {option.upper()}=)"
        )
    return order[place]


def _request(
    sources: Sources, way: Way, releases: tuple[tuple[str, str], ...], version: str | None
) -> Request:
    from generator.promote import Request, running  # noqa: PLC0415  (as above)

    assert sources.platform is not None  # noqa: S101  (the caller looked)
    tree, found = sources.platform.tree, sources.environments
    origin = None if way.source is None else running(tree, way.source, found[way.source])
    return Request(running(tree, way.target, found[way.target]), origin, releases, version or "")


def _plan(sources: Sources, request: Request, way: Way, options: argparse.Namespace) -> Plan:
    from generator.promote import Guards, plan, refusals, running, skipped, untold  # noqa: PLC0415  (as above)

    assert sources.platform is not None  # noqa: S101  (as above)
    found = plan(request)
    between = {
        name: running(sources.platform.tree, name, sources.environments[name])
        for name in skipped(way.order, way.source, way.target)
    }
    guards = Guards(downgrade=options.allow_downgrade, skip=options.skip)
    refused = list(refusals(request, found.moves, between, guards))
    return found._replace(
        problems=[*found.problems, *refused],
        notes=[*found.notes, *untold(found.moves), *_uploads(found, way)],
    )


def _uploads(plan: Plan, way: Way) -> list[str]:
    if not any(move.section == "functions" for move in plan.moves):
        return []
    upload = f"make lambdas && make upload-lambdas ENV={way.target}"
    before = f"before the merge the functions' packages must be in {way.target}'s bucket (docs/packages.md)"
    return [f"{before}; where the workflow `packages` has not put them: {upload}"]


def _edited(file: str, text: str, moves: list[Move]) -> str:
    from generator.edit import add, set_value  # noqa: PLC0415  (as above)

    for move in moves:
        text = (set_value if move.old else add)(file, text, move.path, move.new)
    return text


def _commit(way: Way, moves: list[Move]) -> Any:
    from generator.cli.spec_change import Commit  # noqa: PLC0415  (as above)
    from generator.promote import branch, message  # noqa: PLC0415  (as above)

    return Commit(branch(way.target, moves), message(way.target, way.source or "", moves))


def _stop(options: argparse.Namespace, problems: list[Problem]) -> int:
    if options.output == "json":
        from generator.cli import machine  # noqa: PLC0415  (as above)

        say(machine.as_json(machine.Report(problems)).rstrip("\n"))
    else:
        for problem in problems:
            complain(str(problem))
        complain("\nNothing was changed.")
    return FAILED


def _nothing(options: argparse.Namespace, way: Way, plan: Plan) -> int:
    if options.output == "json":
        say(json.dumps({"problems": [], **_document(way, plan)}, ensure_ascii=False, indent=2))
        return OK
    for note in plan.notes:
        say(f"note: {note}")
    source_of = f" what {way.source} runs" if way.source else " that version"
    say(f"Nothing to promote: {way.target} runs{source_of} already.")
    return OK


def _report(options: argparse.Namespace, way: Way, plan: Plan, outcome: Outcome) -> None:
    if options.output == "json":
        document = {**outcome.document(), **_document(way, plan)}
        say(json.dumps(document, ensure_ascii=False, indent=2))
        return
    from generator.promote import table  # noqa: PLC0415  (as above)

    if outcome.difference is not None:
        say(f"To {way.target}{f', from {way.source}' if way.source else ''}:")
        for line in table(plan.moves):
            say(f"  {line}")
    outcome.show()
    for note in plan.notes:
        complain(f"note: {note}")


def _document(way: Way, plan: Plan) -> dict[str, Any]:
    return {
        "promotion": {
            **({"from": way.source} if way.source else {}),
            "to": way.target,
            "moves": [
                {
                    "release": f"{move.section}.{move.name}",
                    **({"old": move.old} if move.old else {}),
                    "new": move.new,
                }
                for move in plan.moves
            ],
            "notes": plan.notes,
        }
    }
