"""Prints steps and progress: on a terminal one line that is drawn again, in a log a line for each change."""
# ruff: noqa: T201  (the command line is what prints)

from __future__ import annotations

import os
import shutil
import sys
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import TracebackType
    from typing import Self

    from generator.bootstrap.progress import Progress
    from generator.bootstrap.step import Step

_COLORS = {
    **dict.fromkeys(("made", "changed", "gone", "ok"), "32"),  # green
    "warning": "33",  # yellow
    **dict.fromkeys(("missing", "unknown"), "31"),  # red
}
_LEAST = 20  # columns


class Printer:
    """Standard output. `doing` is what was last said to be going on, for whoever interrupts it."""

    def __init__(self) -> None:
        """Look whether somebody watches."""
        self.live = sys.stdout.isatty() and os.environ.get("TERM") != "dumb"
        self.colored = self.live and not os.environ.get("NO_COLOR")
        self.doing = ""
        self._drawn = False
        self._said: tuple[str, ...] = ()
        self._began = time.monotonic()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Leave no half line behind."""
        self._clear()

    def step(self, step: Step) -> None:
        """Print what came of a step."""
        self._clear()
        state = f"{step.state:<8}"
        if self.colored:
            state = f"\x1b[{_COLORS[step.state]}m{state}\x1b[0m"
        print(f"  {state} {step.text}")
        for line in step.fix.splitlines():
            print(f"           {line}")
        sys.stdout.flush()  # the next one may take a while

    def progress(self, progress: Progress) -> None:
        """Say what is going on; a log hears only news."""
        self.doing = progress.text
        if self.live:
            self._draw(progress.text)
        elif progress.news and progress.news != self._said:
            self._said = progress.news
            self._log(progress.news)

    def failed(self, message: str, fix: str) -> None:
        """Say what ended it."""
        self._clear()
        where = f"while {self.doing}: " if self.doing else ""
        print(f"error: {where}{message}", file=sys.stderr)
        for line in fix.splitlines():
            print(f"       {line}", file=sys.stderr)

    def interrupted(self, again: str) -> None:
        """Say where somebody ended it."""
        self._clear()
        where = f" while: {self.doing}" if self.doing else ""
        print(f"\ninterrupted{where}\nWhat is done stays; {again} goes on from here.", file=sys.stderr)

    def _log(self, lines: Iterable[str]) -> None:
        for line in lines:
            print(f"  ...      {line}")
        sys.stdout.flush()

    def _draw(self, text: str) -> None:
        minutes, seconds = divmod(int(time.monotonic() - self._began), 60)
        width = max(shutil.get_terminal_size().columns - 1, _LEAST)
        line = f"  {minutes:02}:{seconds:02}    {text}"
        print(f"\r\x1b[K{line if len(line) <= width else f'{line[: width - 3]}...'}", end="", flush=True)
        self._drawn = True

    def _clear(self) -> None:
        if self._drawn:
            print("\r\x1b[K", end="", flush=True)
            self._drawn = False
