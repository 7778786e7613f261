"""`promote`: move versions from one environment to the next; nothing else in the file changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator import source
from generator.cli.command import add_change_options, command

if TYPE_CHECKING:
    import argparse
    from pathlib import Path

    from generator.cli.command import Commands

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


def register(commands: Commands) -> None:
    """Add the command to the parser."""
    summary = "move versions from one environment to the next"
    parser = command(commands, "promote", summary, DESCRIPTION, EXAMPLES)
    parser.add_argument("--from", metavar="ENV", dest="source", help="the environment whose versions move")
    parser.add_argument("--to", metavar="ENV", dest="target", help="the environment that takes them over")
    for kind in ("workload", "component", "chart"):
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


def run(root: Path, options: argparse.Namespace) -> int:
    """Promote; return the exit code."""
    # Only here: no other command waits for what edits.
    from generator.cli import promote_past, promote_report, promote_request, spec_change  # noqa: PLC0415
    from generator.edit import Refused, add, set_value  # noqa: PLC0415
    from generator.promote import branch, message  # noqa: PLC0415

    chosen = promote_request.releases(options)
    sources = source.load(root)
    problems = promote_request.blocking(sources, options)
    if problems or sources.platform is None:
        return spec_change.stop(options, problems)
    way = promote_request.way(root, sources, options)
    request, plan = promote_request.asked(sources, way, chosen, options)
    if plan.problems:
        return spec_change.stop(options, plan.problems)
    if not plan.moves:
        return promote_report.nothing(options, way, request, plan)
    plan = plan._replace(notes=[*plan.notes, *promote_past.returning(root, way.target, plan.moves)])
    file = request.target.document.file
    before = after = spec_change.read(root, file)
    try:
        for move in plan.moves:
            after = (set_value if move.old else add)(file, after, move.path, move.new)
    except Refused as refusal:
        return spec_change.stop(options, [refusal.problem])
    commit = spec_change.Commit(
        branch(way.target, plan.moves), message(way.target, way.source or "", plan.moves)
    )
    wish = spec_change.Wish(
        changes=[spec_change.changed(file, before, after)],
        commit=commit,
        branch=options.commit,
        dry=options.dry_run,
    )
    outcome = spec_change.carry_out(root, sources, wish, options.today)
    promote_report.report(options, way, plan, outcome)
    return outcome.code
