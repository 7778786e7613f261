"""`new-workload`: add a workload, with comments for whoever fills it in, and its version in the environments.

With --port it is a service, with --schedule a job. With --only it runs in those environments alone; the
others get a null, which `promote` tells to remove when its time has come.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.cli.command import add_change_options, command
from generator.cli.report import FAILED, Usage, environment_named
from generator.source import environment_names

if TYPE_CHECKING:
    import argparse
    from pathlib import Path

    from generator.cli.command import Commands
    from generator.model import Spec
    from generator.scaffold import NewWorkload

EXAMPLES = """\
examples:
  python -m generator new-workload menu --port 8080 --version 0.1.0 --only dev
  python -m generator new-workload menu --port 8080 --version 0.1.0 --route /menu-cards --auth identified
  python -m generator new-workload tidy --schedule "0 3 * * *" --version 1.0.0 --image ghcr.io/shop/tidy
"""
_PLATFORM = "environments/platform.yaml"
_AUTH = ("none", "identified", "verified")


def register(commands: Commands) -> None:
    """Add the command to the parser."""
    parser = command(commands, "new-workload", "add a workload to the spec", __doc__, EXAMPLES)
    parser.add_argument("name", help="its name, and that of its namespace")
    parser.add_argument("--version", required=True, help="the tag of its image that runs first")
    parser.add_argument("--image", help="its image without a tag (default: beside those of the others)")
    parser.add_argument("--port", type=int, help="the port that a service listens on, above 1023")
    parser.add_argument(
        "--schedule", metavar="CRON", help="when a job runs, in UTC: minute hour day month weekday"
    )
    parser.add_argument("--route", metavar="PATH", help="the part of the API that a service answers")
    parser.add_argument("--auth", choices=_AUTH, help="who may call it (default: identified)")
    parser.add_argument("--database", help="its MongoDB database")
    parser.add_argument("--description", help="one line for people")
    parser.add_argument(
        "--only",
        metavar="ENV",
        action="append",
        default=[],
        help="run it in this environment alone; may be given several times",
    )
    add_change_options(parser)
    parser.set_defaults(run=run)


def run(root: Path, options: argparse.Namespace) -> int:
    """Add it; return the exit code."""
    # Only here: no other command waits for what edits.
    from generator.cli import scaffolding  # noqa: PLC0415
    from generator.edit import Refused, add, put  # noqa: PLC0415
    from generator.scaffold import entry  # noqa: PLC0415

    _check_usage(root, options)
    found = scaffolding.read(root, options)
    if found is None:
        return FAILED
    sources, spec = found
    platform = sources.platform.tree if sources.platform else {}
    if options.name in (platform.get("workloads") or {}):
        raise Usage(f"there is a workload {options.name} already")
    new = _new(spec, options)
    draft = scaffolding.Draft(root, sources)
    only = set(options.only) or set(sources.environments)
    try:
        draft.edit(add, _PLATFORM, ("workloads", new.name), entry(new))
        for environment in sources.environments:
            file = f"environments/{environment}.yaml"
            if environment in only:
                draft.edit(put, file, ("versions", "workloads", new.name), options.version)
            else:
                draft.edit(put, file, ("workloads", new.name), None)
    except Refused as refusal:
        return scaffolding.refuse(options, refusal)
    return scaffolding.finish(draft, options, _following(new, sorted(only)))


def _check_usage(root: Path, options: argparse.Namespace) -> None:
    names = environment_names(root)
    for name in options.only:
        environment_named(name, names)
    if (options.port is None) == (options.schedule is None):
        raise Usage(
            "say what it is: a service, with --port 8080 (make: PORT=8080), or a job, with "
            "--schedule '0 3 * * *' (make: SCHEDULE=); not both"
        )
    if options.schedule and options.route:
        raise Usage("a job answers no requests, so --route (make: ROUTE=) does not go with --schedule")
    if options.auth and not options.route:
        raise Usage("--auth says who may call a route: say which, too, with --route (make: ROUTE=)")


def _new(spec: Spec, options: argparse.Namespace) -> NewWorkload:
    from generator.scaffold import NewWorkload  # noqa: PLC0415  (as above)

    gateway = any(environment.gateway.enabled for environment in spec.environments)
    return NewWorkload(
        name=options.name,
        image=options.image or _beside(spec, options.name),
        description=options.description or "Say here in a line what it does",
        port=options.port,
        route=options.route or "",
        auth=options.auth or ("identified" if gateway else "none"),
        database=options.database or "",
        schedule=options.schedule or "",
    )


def _beside(spec: Spec, name: str) -> str:
    """Return an image where those of all the others lie."""
    images = {w.settings.image for e in spec.environments for w in e.workloads}
    folders = {image.rpartition("/")[0] for image in images}
    if len(folders) != 1 or folders == {""}:
        raise Usage(
            "the other images do not lie in one place; say where this one does: --image (make: IMAGE=)"
        )
    return f"{folders.pop()}/{name}"


def _following(new: NewWorkload, environments: list[str]) -> list[str]:
    return [
        f"Fill in workloads.{new.name} in {_PLATFORM}, and run make render again.",
        f"Push the image before the merge, or its pods wait ({', '.join(environments)}): {new.image}",
        "Commit all of it together.",
        f"Later versions: make promote WORKLOAD={new.name} (docs/releases.md).",
    ]
