"""What is wrong with a YAML text: the slow and exact half of checking, with the place of each mistake."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

from generator.problem import Problem, in_order
from generator.source import nodes, scalar
from generator.source.lines import offset_at
from generator.source.locate import DEEPEST, Composition, compose
from generator.source.mistake import Mistake
from generator.source.syntax import explain

if TYPE_CHECKING:
    from collections.abc import Iterator

# What YAML does not let a file consist of (libyaml: yaml_parser_update_buffer).
_FORBIDDEN = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_SHOWN = 10  # forbidden characters reported; a binary file has thousands

_POSITION = re.compile(r" at line (\d+) column (\d+)")


_CONFLICT = re.compile(r"^(<{7}|>{7}) ", re.MULTILINE)  # as git writes them


def diagnose(file: str, text: str) -> list[Problem]:
    """List all that is wrong with a text; nothing when only the doubt was wrong."""
    mistakes = [*islice(_forbidden(text), _SHOWN), *_conflict(text)]
    if not mistakes:  # the parser stops at such a character, so what it says then is of no use
        composition = compose(text)
        mistakes = [*_shape(text, composition), *nodes.check(text, composition)]
    return in_order(mistake.problem(file, text) for mistake in mistakes)


def unexplained(file: str, text: str, refusal: str) -> Problem:
    """Report a refusal of ryaml's in which `diagnose` found nothing wrong: at its place, if it names one."""
    found = _POSITION.search(refusal)
    offset = offset_at(text, int(found[1]), int(found[2])) if found else 0
    if "recursion limit" in refusal:  # by way of aliases
        return _too_deep(offset, ", counting what aliases repeat").problem(file, text)
    return Mistake(offset, f"not valid YAML: {_POSITION.sub('', refusal)}").problem(file, text)


def _forbidden(text: str) -> Iterator[Mistake]:
    for found in _FORBIDDEN.finditer(text):
        yield Mistake(
            found.start(),
            f"the character U+{ord(found[0]):04X} cannot stand in a YAML file",
            'remove it; where it is meant, write it in double quotes, as "\\x07"',
        )


def _conflict(text: str) -> Iterator[Mistake]:
    found = _CONFLICT.search(text)
    if found:
        yield Mistake(
            found.start(),
            "a merge conflict is not resolved here",
            "choose between the two sides and remove the lines <<<<<<<, ======= and >>>>>>>",
        )


def _shape(text: str, composition: Composition) -> Iterator[Mistake]:
    """Judge the text as a whole: it must be one document, readable to its end, with a map at the top."""
    if composition.error:
        yield explain(text, composition.error)
    if composition.too_deep:
        yield _too_deep(composition.too_deep.start)
    if composition.second_document is not None:
        yield Mistake(
            composition.second_document,
            "a second document begins here",
            'remove the "---" or "..." between them; a file is one document',
        )
    root = composition.root
    empty = root is None or (root.plain and scalar.kind(root.text) == "null")
    if (root is not None and root.kind == "map") or (empty and composition.error):
        return
    found = "nothing" if root is None or empty else "a list" if root.kind == "list" else "text"
    yield Mistake(
        root.start if root else 0,
        f"expected a map, found {found}",
        "write keys and values, as `domain: example.com`, with a space after the colon",
    )


def _too_deep(offset: int, how: str = "") -> Mistake:
    return Mistake(offset, f"nested more than {DEEPEST} deep{how}", "write it flatter")
