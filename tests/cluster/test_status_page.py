"""docs/status.md shows what the commands really print."""

from __future__ import annotations

import re
from pathlib import Path

from generator.drift.finding import CODES

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "status.md").read_text()
SHOWN = re.compile(r"<!-- (\S+) -->\n```console\n(.*?)```\n", re.DOTALL)


def test_every_output_on_the_page_is_that_of_a_situation() -> None:
    shown = SHOWN.findall(PAGE)
    assert len(shown) == PAGE.count("```console") == 3
    for folder, text in shown:
        expected = (ROOT / folder / "expected.txt").read_text()
        assert text == re.sub(r"exit code \d+\n$", "", expected), f"copy it anew from {folder}/expected.txt"


def test_every_kind_of_drift_is_explained() -> None:
    explained = re.findall(r"^\| (`.*`) \|", PAGE, re.MULTILINE)
    assert sorted(
        re.findall(r"`([\w-]+)`", " ".join(row for row in explained if not row.startswith("`make")))
    ) == sorted(CODES)
