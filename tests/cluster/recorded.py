"""Stored output: the very text that somebody sees, as files that a reviewer reads."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from tests.cluster.situation import plain

if TYPE_CHECKING:
    from tests.cluster.situation import Outcome, Situation

FOLDER = Path(__file__).parent / "recorded"


class Recorded:
    """Compares, or stores when asked to."""

    def __init__(self, *, update: bool) -> None:
        self.update = update

    def __call__(self, name: str, found: Outcome, situation: Situation) -> None:
        text = plain(f"{found.out}{found.err}exit code {found.code}\n", situation)
        file = FOLDER / f"{name}.txt"
        if self.update:
            FOLDER.mkdir(exist_ok=True)
            file.write_text(text)
        assert text == file.read_text()
