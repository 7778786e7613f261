"""What may follow in a command line of `python -m generator`, read from the parser itself."""
# ruff: noqa: SLF001  (argparse has no public way to ask what a parser knows)

from __future__ import annotations

import argparse
import re
from typing import TYPE_CHECKING

from generator.cli.completion.values import Candidate, values

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

# The names that metavars have beside those of the Makefile's variables.
_ALSO = {"GONE": "REMOVE"}


def candidates(root: Path, before: Sequence[str], current: str) -> Iterator[Candidate]:
    """Yield what may stand for `current`, after the words `before`, of which the first is the command."""
    from generator.cli import parser  # noqa: PLC0415  (the package that this one belongs to)

    line = _Line(root, parser())
    for word in before:
        line.read(word)
    return line.candidates(current)


class _Line:
    """The words so far, read against a parser."""

    def __init__(self, root: Path, parser: argparse.ArgumentParser) -> None:
        self.root, self.given = root, dict[str, str]()
        self._enter(parser)

    def _enter(self, parser: argparse.ArgumentParser) -> None:
        self.parser, self.used = parser, set[argparse.Action]()
        self.positionals = [
            a for a in parser._actions if not a.option_strings and a.help != argparse.SUPPRESS
        ]
        self.waiting: argparse.Action | None = None

    def read(self, word: str) -> None:
        """Take a word that is complete."""
        if self.waiting:
            self._take(self.waiting, word)
            self.waiting = None
        elif word.startswith("-"):
            name, _, value = word.partition("=")
            action = self.parser._option_string_actions.get(name)
            if action:
                self.used.add(action)
                if value:
                    self._take(action, value)
                elif action.nargs != 0:
                    self.waiting = action
        elif self.positionals:
            action = self.positionals.pop(0)
            if isinstance(action, argparse._SubParsersAction) and word in action.choices:
                self._enter(action.choices[word])
            else:
                self._take(action, word)

    def _take(self, action: argparse.Action, value: str) -> None:
        for name in _names(action):
            self.given.setdefault(name, value)

    def candidates(self, current: str) -> Iterator[Candidate]:
        """Yield what may stand for a word that begins with `current`."""
        name, equals, value = current.partition("=")
        action = self.parser._option_string_actions.get(name) if equals else None
        if self.waiting:
            yield from self._values(self.waiting, current)
        elif action:
            yield from (c._replace(text=f"{name}={c.text}") for c in self._values(action, value))
        elif current.startswith("-") or not self.positionals:
            yield from self._options(long=not current.startswith("-") or current.startswith("--"))
        else:
            yield from self._values(self.positionals[0], current)

    def _options(self, *, long: bool) -> Iterator[Candidate]:
        for action in self.parser._actions:
            again = isinstance(action, argparse._AppendAction) or action not in self.used
            for option in action.option_strings if again else ():
                if not long or (option.startswith("--") and option != "--help"):
                    yield Candidate(option, (action.help or "") % {"default": action.default})

    def _values(self, action: argparse.Action, current: str) -> Iterator[Candidate]:
        if isinstance(action, argparse._SubParsersAction):
            yield from (Candidate(c.dest, c.help or "") for c in action._choices_actions)
        elif action.choices:
            yield from map(Candidate, action.choices)
        for name in self._meant(action):
            yield from values(self.root, name, current, self.given)

    def _meant(self, action: argparse.Action) -> list[str]:
        """Name what the value is in this line: a flag before it may say in its help which of several."""
        names = _names(action)
        flags = [a.help or "" for a in self.used if a.nargs == 0] if not action.option_strings else []
        return [name for name in names if any(re.search(rf"\b{name}\b", about) for about in flags)] or names


def _names(action: argparse.Action) -> list[str]:
    """Name what the value of an argument is; the help of one that has no option may name another thing."""
    metavar = action.metavar if isinstance(action.metavar, str) else action.dest.upper()
    more = "" if action.option_strings else action.help or ""
    return [_ALSO.get(name, name) for name in re.findall(r"\b[A-Z]{2,}\b", f"{metavar} {more}")]
