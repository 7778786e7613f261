"""What differs between two texts, as lines of a page that nothing in the texts can break out of.

Whoever opens a pull request decides about the texts, and the page is published in our name.
"""

from __future__ import annotations

import re
from difflib import unified_diff
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.diff.change import File

_CONTEXT = 3
_LONGEST = 500  # characters of a line
_LINES = 4000  # of a text: beyond it comparing takes longer than anybody reads

# What a reader does not see, or sees elsewhere than it is: controls, and marks that turn the direction of
# writing (CVE-2021-42574).
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]")


def unified(file: File) -> Iterator[str]:
    """Yield the lines of the difference of a file, without the two that name it; a word if it is no text."""
    before, after = _lines(file.before), _lines(file.after)
    if before is None or after is None:
        yield "(no text, or too long to be shown)"
        return
    for number, line in enumerate(unified_diff(before, after, lineterm="", n=_CONTEXT)):
        if number > 1:
            yield line if len(line) <= _LONGEST else f"{line[:_LONGEST]} ..."


def _lines(data: bytes | None) -> list[str] | None:
    if data is None:
        return []
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return None
    lines = [clean(line) for line in text.split("\n")]
    if lines[-1] == "":
        lines.pop()
    return lines if len(lines) <= _LINES else None


def clean(text: str) -> str:
    """Make visible what a reader would not see, and what is no Unicode."""
    seen = _UNSEEN.sub(lambda match: f"\\u{ord(match[0]):04x}", text)
    return seen.encode(errors="backslashreplace").decode()


def line(text: str) -> str:
    """Return text as one line."""
    return clean(text).replace("\n", "\\n").replace("\t", "\\t")


def code(text: str) -> str:
    """Return text as code in a line of Markdown, also in a table: no mention, no link, no HTML."""
    return f"`{re.sub('[`|]', chr(39), line(text))}`"


def fence(lines: str) -> str:
    """Return a fence that no line inside can end (CommonMark 0.31, "Fenced code blocks")."""
    longest = max((len(run) for run in re.findall("`+", lines)), default=0)
    return "`" * max(3, longest + 1)
