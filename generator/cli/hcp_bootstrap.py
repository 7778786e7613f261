"""`hcp-bootstrap`: set up HCP Terraform once, so that it can run the stack that makes all workspaces."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

from generator.cli.command import add_output, command
from generator.cli.report import FAILED, OK, Usage, complain, read_spec, say
from generator.render import workspaces

if TYPE_CHECKING:
    import argparse

    from generator.cli.command import Commands
    from generator.hcp.settings import Settings
    from generator.hcp.step import Step
    from generator.hcp.steps import Wish

EXAMPLES = """\
examples:
  python -m generator hcp-bootstrap --check           # says what is missing, and changes nothing
  python -m generator hcp-bootstrap                   # makes it; may end half-way, and be run again
  python -m generator hcp-bootstrap --rotate-token    # puts TFE_WORKSPACES_TOKEN in the old one's place

Your own token comes from TFE_TOKEN, TF_TOKEN_app_terraform_io, or `terraform login`. TFE_WORKSPACES_TOKEN
is the one that the workspace is to keep; docs/hcp.md says whose it is.
Exit codes: 0 all is there, 1 something is missing or failed, 2 wrong usage.
"""


def register(commands: Commands) -> None:
    """Add the command to the parser."""
    summary = "set up HCP Terraform: project, first workspace, its token"
    parser = command(commands, "hcp-bootstrap", summary, __doc__, EXAMPLES)
    parser.add_argument("--check", action="store_true", help="only say what is missing")
    parser.add_argument(
        "--rotate-token",
        action="store_true",
        help="replace the workspace's token by TFE_WORKSPACES_TOKEN; else one that is there stays",
    )
    add_output(parser)
    parser.set_defaults(run=run)


def run(root: Path, options: argparse.Namespace) -> int:
    """Set up, or look; return the exit code."""
    # Only here: no other command waits for what talks to the network.
    from generator.hcp import credentials  # noqa: PLC0415
    from generator.hcp.trouble import Trouble  # noqa: PLC0415

    if options.rotate_token and options.check:
        raise Usage("--check changes nothing, so --rotate-token does not go with it")
    if options.rotate_token and not os.environ.get(credentials.WORKSPACES, "").strip():
        raise Usage(f"--rotate-token wants the new token in {credentials.WORKSPACES}")
    spec = read_spec(root, options.today, options.output)
    if spec is None:
        return FAILED
    rendered = dict(workspaces.render(spec))
    if not rendered:
        complain("error: platform.terraform.backend in environments/platform.yaml is not hcp: nothing to do")
        return FAILED
    (document,) = map(json.loads, rendered.values())
    try:
        return _run(document, check=options.check, rotate=options.rotate_token)
    except Trouble as trouble:
        complain(f"error: {_hidden(trouble.message)}")
        complain(_indented(_hidden(trouble.fix)))
        return FAILED


def _run(document: dict[str, object], *, check: bool, rotate: bool) -> int:
    from generator.hcp import credentials, steps  # noqa: PLC0415  (as above)
    from generator.hcp.client import Client  # noqa: PLC0415
    from generator.hcp.settings import settings as read_settings  # noqa: PLC0415

    settings = read_settings(document)
    own = credentials.find(os.environ, Path.home())
    offered = credentials.for_workspaces(os.environ)
    offer = steps.Offer(offered, Client(offered.value, _notice)) if offered else None
    wish: Wish = steps.Wish(own.source, offer, rotate)
    missing = False
    for step in (steps.check if check else steps.bootstrap)(Client(own.value, _notice), settings, wish):
        missing |= step.state == "missing"
        _show(step)
    if not missing:
        _what_next(settings)
    return FAILED if missing else OK


def _show(step: Step) -> None:
    say(f"  {step.state:<8} {_hidden(step.text)}")
    if step.fix:
        complain(_indented(_hidden(step.fix)))


def _what_next(settings: Settings) -> None:
    say("\nNow:")
    say(f"  1. Look at the run and confirm it: {settings.page}")
    say("  2. In each account an administrator, after `terraform login`:")
    for environment, stack in settings.local:
        say(f"       make apply ENV={environment} STACK={stack}")
    say(
        "  3. Start the first run of every other workspace by hand, packages, platform, database: docs/hcp.md"
    )
    say(f"  From then on a merge to {settings.branch} is enough.")


def _notice(text: str) -> None:
    complain(f"  ... {text}")


def _indented(text: str) -> str:
    return "\n".join(f"           {line}" for line in text.splitlines())


def _hidden(text: str) -> str:
    """Take tokens out of a text that may quote what a server answered."""
    from generator.hcp import credentials  # noqa: PLC0415  (as above)

    secrets = [os.environ.get(name, "").strip() for name in (*credentials.VARIABLES, credentials.WORKSPACES)]
    for secret in filter(None, secrets):
        text = text.replace(secret, "***")
    return text
