"""What a promotion has to say: to a person, or to a machine."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from generator.cli.report import OK, complain, say
from generator.promote import table

if TYPE_CHECKING:
    import argparse

    from generator.cli.promote_request import Way
    from generator.cli.spec_change import Outcome
    from generator.promote import Plan


def nothing(options: argparse.Namespace, way: Way, plan: Plan) -> int:
    """Say that nothing moves; return the exit code."""
    if options.output == "json":
        say(json.dumps({"problems": [], **_document(way, plan)}, ensure_ascii=False, indent=2))
        return OK
    for note in plan.notes:
        say(f"note: {note}")
    what = f"what {way.source} runs" if way.source else "that version"
    say(f"Nothing to promote: {way.target} runs {what} already.")
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
