"""What a promotion is asked to move: read from the options, against the spec."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from generator import load
from generator.cli.report import Usage, environment_named
from generator.model.gateway import FUNCTIONS
from generator.promote import Guards, Plan, Request, plan, refusals, running, skipped, untold
from generator.source import environment_names

if TYPE_CHECKING:
    import argparse
    from pathlib import Path

    from generator.problem import Problem
    from generator.source import Sources

NAMED = ("workload", "component", "chart")


class Way(NamedTuple):
    """From where to where; `source` is None when only a version is given."""

    source: str | None
    target: str
    order: tuple[str, ...]


def releases(options: argparse.Namespace) -> tuple[tuple[str, str], ...]:
    """Return what was named, as section and name; nothing means all. Raises Usage."""
    named = [(f"{kind}s", name) for kind in NAMED for name in getattr(options, kind)]
    if options.functions and options.to_version:
        raise Usage("--functions moves two hashes, so --to-version (make: VERSION=) does not go with it")
    functions = [("functions", name) for name in FUNCTIONS] if options.functions else []
    found = tuple(dict.fromkeys([*named, *functions]))
    if options.to_version and (len(found) != 1 or options.source):
        raise Usage(
            "--to-version is for one --workload, --component or --chart, and goes without --from "
            "(make: VERSION= with one WORKLOAD=, COMPONENT= or CHART=, without FROM=)"
        )
    return found


def blocking(sources: Sources, options: argparse.Namespace) -> list[Problem]:
    """List what is wrong with the spec but for versions, which a promotion may be what mends."""
    loaded = load.load(sources, options.today)
    return [p for p in loaded.problems if p.severity == "error" and p.path[:1] != ("versions",)]


def way(root: Path, sources: Sources, options: argparse.Namespace) -> Way:
    """Return from where to where it goes. Raises Usage."""
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
        end = _neighbour(order, start, 1)
    if start is None and not options.to_version:
        start = _neighbour(order, end, -1)
    if start == end:
        raise Usage(f"{start} has its own versions already; name two environments")
    return Way(start, end, order)


def _neighbour(order: tuple[str, ...], name: str, step: int) -> str:
    place = order.index(name) + step if name in order else -1
    if not 0 <= place < len(order):
        if step > 0:
            raise Usage(f"platform.promotion has nothing after {name}; say --to (make: TO=)")
        raise Usage(
            f"platform.promotion has nothing before {name}; say --from, or of one release --to-version "
            "(make: FROM= or VERSION=)"
        )
    return order[place]


def asked(
    sources: Sources, way: Way, chosen: tuple[tuple[str, str], ...], options: argparse.Namespace
) -> tuple[Request, Plan]:
    """Return what is asked, and what would come of it, judged."""
    assert sources.platform is not None  # noqa: S101  (the caller looked)
    tree, documents = sources.platform.tree, sources.environments
    between = skipped(way.order, way.source, way.target)
    found = {
        name: running(tree, name, documents[name]) for name in (way.target, way.source, *between) if name
    }
    request = Request(found[way.target], found.get(way.source or ""), chosen, options.to_version or "")
    result = plan(request)
    guards = Guards(downgrade=options.allow_downgrade, skip=options.skip)
    refused = refusals(request, result.moves, {name: found[name] for name in between}, guards)
    return request, Plan(
        moves=result.moves,
        problems=[*result.problems, *refused],
        notes=[*result.notes, *untold(result.moves), *_uploads(result, way)],
    )


def _uploads(plan: Plan, way: Way) -> list[str]:
    if not any(move.section == "functions" for move in plan.moves):
        return []
    upload = f"make lambdas && make upload-lambdas ENV={way.target}"
    before = f"before the merge the functions' packages must be in {way.target}'s bucket (docs/packages.md)"
    return [f"{before}; where the workflow `packages` has not put them: {upload}"]
