"""What may follow in a command line of `make`, read from the lines of the Makefile that `make help` shows."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from generator.cli.command import OUTPUTS
from generator.cli.completion.values import Candidate, values

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

_TARGET = re.compile(r"^([a-z -]+):.*## (.*)", re.MULTILINE)
_VARIABLE = re.compile(r"\b([A-Z]+)=")


def candidates(root: Path, before: Sequence[str], current: str) -> Iterator[Candidate]:
    """Yield targets, the variables of a target that is there, or the values of a variable."""
    documented = {
        target: about
        for targets, about in _TARGET.findall((root / "Makefile").read_text(encoding="utf-8"))
        for target in targets.split()
    }
    given = dict(word.split("=", 1) for word in before if "=" in word)
    name, equals, value = current.partition("=")
    if equals:
        about = " ".join(documented.get(word, "") for word in before)
        revision = name == "TO" and "rollback" in before  # of promote it is an environment
        kind = "REVISION" if revision else name
        found = _outputs(about) if name == "OUTPUT" else values(root, kind, value, given)
        yield from (c._replace(text=f"{name}={c.text}") for c in found)
        return
    variables = {
        variable: f"of {word}"
        for word in before
        for variable in _VARIABLE.findall(documented.get(word, ""))
        if variable not in given
    }
    yield from (Candidate(f"{variable}=", about) for variable, about in variables.items())
    if current or not variables:
        yield from (Candidate(target, about) for target, about in documented.items())


def _outputs(about: str) -> Iterator[Candidate]:
    """Yield the formats that a target's line names, as `OUTPUT=json or github`, else the usual ones."""
    named = re.search(r"\bOUTPUT=(\w+)(?: or (\w+))?", about)
    yield from map(Candidate, ("text", *filter(None, named.groups())) if named else OUTPUTS)
