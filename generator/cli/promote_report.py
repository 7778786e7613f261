"""What a promotion has to say: to a person, or to a machine."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from generator.cli import spec_change_report
from generator.cli.report import OK, complain, listed, say
from generator.promote import short, table

if TYPE_CHECKING:
    import argparse

    from generator.cli.promote_request import Way
    from generator.cli.spec_change import Outcome
    from generator.promote import Plan, Request


def nothing(options: argparse.Namespace, way: Way, request: Request, plan: Plan) -> int:
    """Say that nothing of what was asked for moves; return the exit code."""
    if options.output == "json":
        say(json.dumps({"problems": [], **_document(way, plan)}, ensure_ascii=False, indent=2))
        return OK
    for note in plan.notes:
        say(f"note: {note}")
    there = [f"{name} {short(request.target.version(section, name))}" for section, name in request.releases]
    if not there:
        say(f"Nothing to promote: {way.target} runs what {way.source} runs already.")
    else:
        too = f", as {way.source} does" if way.source else ""
        say(f"Nothing to promote: {way.target} runs {listed(there)} already{too}.")
    return OK


def report(options: argparse.Namespace, way: Way, plan: Plan, outcome: Outcome) -> None:
    """Say what moved, or would, and what came of it."""
    if options.output == "json":
        document = {**outcome.document(), **_document(way, plan)}
        say(json.dumps(document, ensure_ascii=False, indent=2))
        return
    if outcome.difference is not None:
        say(f"To {way.target}{f', from {way.source}' if way.source else ''}:")
        for line in table(plan.moves):
            say(f"  {line}")
    spec_change_report.show(outcome)
    for note in plan.notes if outcome.difference is not None else ():
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
