"""`bootstrap`: from an empty cluster to one that Argo CD syncs from Git, itself included."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from generator.cli.bootstrap_progress import Printer
from generator.cli.command import command
from generator.cli.report import FAILED, OK, Usage, complain, environment_named, read_spec, say
from generator.source import environment_names

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Iterator

    from generator.bootstrap.progress import Progress
    from generator.bootstrap.step import Step
    from generator.cli.command import Commands
    from generator.model import Environment

INTERRUPTED = 130
"""The exit code after Ctrl-C (bash manual, "Exit Status": 128 and the signal's number)."""

EXAMPLES = """\
examples:
  python -m generator bootstrap --env dev --check                  # says what is missing, and changes nothing
  python -m generator bootstrap --env dev                          # may end anywhere, and be run again
  python -m generator bootstrap --env dev --context tunnel-to-dev  # a context with a name of its own
  python -m generator bootstrap --env dev --credential key.json    # gives Argo CD another credential
  python -m generator bootstrap --env dev --chart argo-cd-10.1.1.tgz

The same: make bootstrap ENV=dev CHECK=1 CONTEXT=... CREDENTIAL=... CHART=... TIMEOUT=30m RESOLVER=1.1.1.1
AWS and the cluster are asked with your own credentials: AWS_PROFILE, KUBECONFIG. docs/bootstrap.md shows a
whole run. Exit codes: 0 every release is Synced and Healthy, 1 something is missing or failed, 2 wrong usage,
130 interrupted.
"""
_UNITS = {"s": 1, "m": 60, "h": 3600}


def register(commands: Commands) -> None:
    """Add the command to the parser."""
    summary = "install Argo CD into an environment's cluster, and wait until all is synced"
    parser = command(commands, "bootstrap", summary, __doc__, EXAMPLES)
    parser.add_argument("--env", metavar="ENV", required=True, help="the environment")
    parser.add_argument("--check", action="store_true", help="only say what is missing")
    add_connection(parser)
    parser.add_argument(
        "--credential",
        metavar="FILE",
        type=Path,
        help="JSON or YAML with Argo CD's keys for this repository (default: the secret in AWS)",
    )
    parser.add_argument(
        "--chart", metavar="ARCHIVE", type=Path, help="Argo CD's chart (default: from its repository)"
    )
    parser.add_argument(
        "--resolver",
        metavar="ADDRESS",
        default="",
        help="who is asked whether the domain is delegated, as 1.1.1.1 (default: this machine's resolver)",
    )
    parser.set_defaults(run=run)


def add_connection(parser: argparse.ArgumentParser) -> None:
    """Add what `bootstrap` and `teardown` want to know of a cluster."""
    parser.add_argument(
        "--context",
        metavar="CONTEXT",
        default="",
        help="the context of the kubeconfig (default: the one whose names are the environment's cluster)",
    )
    parser.add_argument(
        "--timeout",
        metavar="DURATION",
        type=duration,
        default=duration("30m"),
        help="how long each wait may take, as 90s, 30m, 1h (default: 30m)",
    )


def duration(text: str) -> float:
    """Read `90s`, `30m` or `1h`; raises ValueError for anything else, which argparse reports."""
    match = re.fullmatch(r"(\d+)([smh])", text)
    if match is None or not int(match[1]):
        raise ValueError(text)
    return float(int(match[1]) * _UNITS[match[2]])


def chosen(root: Path, options: argparse.Namespace) -> Environment | None:
    """Return the environment that is meant; None when the spec has errors, which are printed."""
    name = environment_named(options.env, environment_names(root))
    spec = read_spec(root, options.today, "text")
    return next(e for e in spec.environments if e.name == name) if spec else None


def run(root: Path, options: argparse.Namespace) -> int:
    """Bootstrap, or look; return the exit code."""
    for file in (options.credential, options.chart):
        if file and not file.is_file():
            raise Usage(f"there is no file {file}")
    environment = chosen(root, options)
    if environment is None:
        return FAILED
    # Only here: no other command waits for what talks to clusters.
    from generator.bootstrap import checks, steps  # noqa: PLC0415
    from generator.bootstrap.site import Site, Wish  # noqa: PLC0415

    wish = Wish(
        context=options.context,
        credential=options.credential,
        chart=options.chart,
        resolver=options.resolver,
        timeout=options.timeout,
    )
    site = Site(environment=environment, root=root, wish=wish, notice=lambda text: complain(f"  ... {text}"))
    name, look = options.env, checks.checks if options.check else steps.bootstrap
    try:
        code = told(lambda: look(site), f"make bootstrap ENV={name}")
    finally:
        clean()
    if code == OK and options.check:
        say(f"\nNothing is missing: make bootstrap ENV={name} may begin.")
    elif code == OK:
        say(
            f"\n{name} is synced from Git, and from now on a merge is enough. "
            f"make status ENV={name} says how it stands."
        )
    elif code == FAILED and options.check:
        say(f"\nPut that right; make bootstrap ENV={name} CHECK=1 looks again.")
    elif code == FAILED:
        say(f"\nPut that right and run it again: make bootstrap ENV={name} goes on from here.")
    return code


def clean() -> None:
    """Leave no certificate and no key of the kubeconfig in temporary files."""
    from generator.cluster import connection  # noqa: PLC0415  (as above)

    connection.clean()


def told(events: Callable[[], Iterator[Step | Progress]], again: str) -> int:
    """Print what comes; return the exit code. `again` is what somebody runs to go on after an interrupt."""
    from generator.bootstrap.progress import Progress  # noqa: PLC0415  (as above)
    from generator.cluster.errors import ClusterError  # noqa: PLC0415

    stopped = False
    with Printer() as printer:
        try:
            for event in events():
                if isinstance(event, Progress):
                    printer.progress(event)
                else:
                    printer.step(event)
                    stopped = stopped or event.stops
        except ClusterError as trouble:
            printer.failed(trouble.message, trouble.fix)
            return FAILED
        except KeyboardInterrupt:
            printer.interrupted(again)
            return INTERRUPTED
    return FAILED if stopped else OK
