"""docs/bootstrap.md shows what the commands say: the stored output of real runs."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from tests.cluster.recorded import FOLDER

if TYPE_CHECKING:
    import pytest

PAGE = Path(__file__).parents[2] / "docs" / "bootstrap.md"
_BLOCK = re.compile(r"(<!-- recorded: ([a-z-]+) -->\n)(?:\n```text\n.*?```\n)?", re.DOTALL)


def shown(match: re.Match[str]) -> str:
    text = (FOLDER / f"{match[2]}.txt").read_text().rpartition("exit code")[0]
    return f"{match[1]}\n```text\n{text.rstrip()}\n```\n"


def test_the_page_shows_what_was_recorded(request: pytest.FixtureRequest) -> None:
    text = PAGE.read_text()
    expected, number = _BLOCK.subn(shown, text)
    assert number == 2
    if request.config.getoption("--update-cases"):
        PAGE.write_text(expected)
    assert text == expected or PAGE.read_text() == expected
