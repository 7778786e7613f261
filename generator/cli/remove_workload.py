"""`remove-workload`: take a workload out of the spec, wherever it stands.

Refused as long as something else names it: another one that calls it, or the gateway.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.cli.command import add_change_options, command
from generator.cli.report import FAILED, Usage
from generator.problem import Problem, did_you_mean

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator
    from pathlib import Path

    from generator.cli.command import Commands
    from generator.source import Sources

EXAMPLES = """\
examples:
  python -m generator remove-workload daily-report --dry-run
  python -m generator remove-workload daily-report
"""


def register(commands: Commands) -> None:
    """Add the command to the parser."""
    parser = command(commands, "remove-workload", "take a workload out of the spec", __doc__, EXAMPLES)
    parser.add_argument("name", metavar="WORKLOAD", help="its name")
    add_change_options(parser)
    parser.set_defaults(run=run)


def run(root: Path, options: argparse.Namespace) -> int:
    """Remove it; return the exit code."""
    # Only here: no other command waits for what edits.
    from generator.cli import scaffolding, spec_change  # noqa: PLC0415
    from generator.edit import Refused, remove  # noqa: PLC0415
    from generator.scaffold import places  # noqa: PLC0415

    found = scaffolding.read(root, options)
    if found is None:
        return FAILED
    sources, spec = found
    platform = sources.platform.tree if sources.platform else {}
    trees = {name: document.tree for name, document in sources.environments.items()}
    there = list(places(platform, trees, options.name))
    if not there:
        known = {w.name for e in spec.environments for w in e.workloads}
        raise Usage(f'there is no workload "{options.name}"; {did_you_mean(options.name, known)}')
    if problems := list(_called(sources, options.name)):
        return spec_change.stop(options, problems)
    draft = scaffolding.Draft(root, sources)
    try:
        for file, path in there:
            draft.edit(remove, file, path)
    except Refused as refusal:
        return scaffolding.refuse(options, refusal)
    following = [
        "Read the diff: the comment directly above an entry went with it.",
        "Commit all of it together.",
        "After the merge Argo CD deletes what runs, and Terraform its role.",
        "Its data stays in MongoDB, and its secrets can be brought back for some days (docs/terraform.md).",
    ]
    return scaffolding.finish(draft, options, following)


def _called(sources: Sources, name: str) -> Iterator[Problem]:
    from generator.scaffold import callers  # noqa: PLC0415  (as above)

    for document in filter(None, (sources.platform, *sources.environments.values())):
        for path in callers(document.tree, name):
            yield Problem(
                place=document.place(path),
                path=path,
                message=f"{path[-3]} calls {name}",
                fix=f"take {name} out of it first, once {path[-3]} does without, and merge that",
            )
