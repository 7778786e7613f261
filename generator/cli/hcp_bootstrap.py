"""`hcp-bootstrap`: set up HCP Terraform once, so that it can run the stack that makes all workspaces."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from generator.cli.command import add_output, command
from generator.cli.report import FAILED, OK, Usage, complain, read_spec, say
from generator.render import workspaces

if TYPE_CHECKING:
    import argparse

    from generator.cli.command import Commands
    from generator.hcp.credentials import Token
    from generator.hcp.settings import Settings

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
    tokens: list[Token] = []
    try:
        tokens += credentials.found(os.environ, Path.home())
        return _run(document, tokens, check=options.check, rotate=options.rotate_token)
    except Trouble as trouble:
        complain(f"error: {_without(tokens, trouble.message)}")
        complain(_indented(_without(tokens, trouble.fix)))
        return FAILED


def _run(document: dict[str, object], tokens: list[Token], *, check: bool, rotate: bool) -> int:
    """Set up, or look, with the person's token and the one that the workspace is to have, if there is one."""
    from generator.hcp import steps  # noqa: PLC0415  (as above)
    from generator.hcp.client import Client  # noqa: PLC0415
    from generator.hcp.settings import settings as read_settings  # noqa: PLC0415

    settings = read_settings(document)
    own, *offered = tokens
    offers = [steps.Offer(token, Client(token.value, _notice)) for token in offered]
    wish = steps.Wish(own.source, next(iter(offers), None), rotate)
    states = set()
    for step in (steps.check if check else steps.bootstrap)(Client(own.value, _notice), settings, wish):
        states.add(step.state)
        say(f"  {step.state:<8} {_without(tokens, step.text)}")
        if step.fix:
            say(_indented(_without(tokens, step.fix)))
        sys.stdout.flush()  # a step may take a while, and notices are not buffered
    if "missing" in states:
        if check:
            say("\nmake hcp-bootstrap makes what needs no person.")
        return FAILED
    if states == {"ok"}:
        say("\nHCP Terraform is set up.")
    else:
        _what_next(settings)
    return OK


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


def _without(tokens: list[Token], text: str) -> str:
    """Take tokens out of a text that may quote what a server answered."""
    for token in tokens:
        text = text.replace(token.value, "***")
    return text
