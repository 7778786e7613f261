"""`completion`: what the shell needs to complete `make ...` and `python -m generator ...`.

script      the text that a shell reads, from script.bash, script.zsh and script.fish beside it
arguments   what may follow in a command line of `python -m generator`
targets     what may follow in a command line of `make`
values      environments, keys, files: what an option or a variable may be

The scripts hold no knowledge: at every Tab they run this command again, with the words typed so far, so they
need no update when the generator gets one. Own code, though argcomplete exists: it completes no `make`, and
`python -m` only by taking over every command's completion; what it would save is `arguments`.
"""

from __future__ import annotations

import argparse
from contextlib import suppress
from typing import TYPE_CHECKING

from generator.cli.command import command
from generator.cli.report import OK, say

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from generator.cli.command import Commands
    from generator.cli.completion.values import Candidate

SHELLS = ("bash", "zsh", "fish")
DESCRIPTION = """\
`completion`: print a script that lets the shell complete, in this checkout, the targets and variables of
`make` and the command line of `python -m generator`: environments, stacks, keys of the spec, rendered files.
Anywhere else both complete as before.

To have it now:
  bash   source <(.venv/bin/python -m generator completion bash)
  zsh    source <(.venv/bin/python -m generator completion zsh)
  fish   .venv/bin/python -m generator completion fish | source

To have it always, write it to a file, and read that file at the end of ~/.bashrc or, after compinit, of
~/.zshrc; for fish the file is ~/.config/fish/conf.d/generator.fish. bash must be 4.4 or newer.
"""
EXAMPLES = """\
examples:
  python -m generator completion bash > ~/.generator.bash   # then, in ~/.bashrc: source ~/.generator.bash
  python -m generator completion zsh > ~/.generator.zsh     # then, in ~/.zshrc: source ~/.generator.zsh
  python -m generator completion fish > ~/.config/fish/conf.d/generator.fish
"""


def register(commands: Commands) -> None:
    """Add the command to the parser."""
    summary = "print a script that completes commands in your shell"
    parser = command(commands, "completion", summary, DESCRIPTION, EXAMPLES)
    parser.add_argument("shell", choices=SHELLS, help="the shell that reads it")
    # After --, the line up to the cursor, as the scripts give it; some argparse keep the --.
    parser.add_argument("words", nargs=argparse.REMAINDER, help=argparse.SUPPRESS)
    parser.set_defaults(run=run)


def run(root: Path, options: argparse.Namespace) -> int:
    """Print the script, or what may stand for the last of the words; return the exit code."""
    words = options.words[options.words[:1] == ["--"] :]
    if not words:
        from generator.cli.completion.script import script  # noqa: PLC0415  (no other command needs it)

        say(script(options.shell, root))
        return OK
    with suppress(Exception):  # in the middle of a line nobody can be told what is wrong
        for candidate in candidates(root, words):
            about = "" if options.shell == "bash" else f"\t{candidate.about}"
            say(f"{candidate.text}{about}")
    return OK


def candidates(root: Path, words: Sequence[str]) -> Iterable[Candidate]:
    """Return what may stand for the last of `words`; the first is the command."""
    from generator.cli.completion import arguments, targets  # noqa: PLC0415  (as above)

    *before, current = words
    if "make" in before[0].rpartition("/")[2]:
        found = targets.candidates(root, before[1:], current)
    else:
        found = arguments.candidates(root, before[before.index("generator") + 1 :], current)
    return sorted({c.text: c for c in found if c.text.startswith(current)}.values())
