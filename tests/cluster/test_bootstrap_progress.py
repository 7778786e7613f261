"""What a person sees meanwhile: a line drawn again on a terminal, lines in a log, colours only if wanted."""

from __future__ import annotations

import contextlib
import io
import sys

import pytest

from generator.bootstrap.progress import Progress, lasting
from generator.bootstrap.step import Step
from generator.cli.bootstrap_progress import Printer


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    for name in ("NO_COLOR", "TERM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("COLUMNS", "40")
    return Terminal()


def told(*events: Step | Progress, out: Terminal | None = None) -> None:
    with contextlib.redirect_stdout(out or sys.stdout), Printer() as printer:
        for event in events:
            if isinstance(event, Progress):
                printer.progress(event)
            else:
                printer.step(event)


EVENTS = (
    Progress("asking AWS"),
    lasting("waiting for a"),
    lasting("waiting for a"),
    lasting("waiting for what has a name that does not fit on the line"),
    Step("missing", "b", "first\nsecond"),
)


def test_a_log_hears_each_change_once(capsys: pytest.CaptureFixture[str]) -> None:
    told(*EVENTS)
    assert capsys.readouterr().out == (
        "  ...      waiting for a\n"
        "  ...      waiting for what has a name that does not fit on the line\n"
        "  missing  b\n"
        "           first\n"
        "           second\n"
    )


def test_a_terminal_draws_one_line_again(terminal: Terminal) -> None:
    told(*EVENTS, out=terminal)
    clear = "\r\x1b[K"
    assert terminal.getvalue() == (
        f"{clear}  00:00    asking AWS"
        f"{clear}  00:00    waiting for a"
        f"{clear}  00:00    waiting for a"
        f"{clear}  00:00    waiting for what has a na..."
        f"{clear}  \x1b[31mmissing \x1b[0m b\n"
        "           first\n"
        "           second\n"
    )


def test_no_color(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    told(Step("ok", "a"), out=terminal)
    assert terminal.getvalue() == "  ok       a\n"


def test_a_dumb_terminal_is_a_log(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "dumb")
    told(Progress("quiet"), Step("ok", "a"), out=terminal)
    assert terminal.getvalue() == "  ok       a\n"


def test_an_end_says_where_it_was(capsys: pytest.CaptureFixture[str]) -> None:
    with Printer() as printer:
        printer.progress(lasting("waiting for a"))
        printer.failed("b", "c\nd")
        printer.interrupted("make bootstrap ENV=dev")
    assert capsys.readouterr().err == (
        "error: while waiting for a: b\n       c\n       d\n"
        "\ninterrupted while: waiting for a\nWhat is done stays; make bootstrap ENV=dev goes on from here.\n"
    )
