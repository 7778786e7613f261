"""`status --watch` as a process of its own: it goes on through all that happens, and ends with Ctrl-C."""

from __future__ import annotations

import contextlib
import json
import os
import pty
import re
import select
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.cluster import stage
from tests.cluster.emulator import Fault

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.cluster.emulator import Emulator
    from tests.cluster.stage import Stage

REPOSITORY = Path(__file__).parents[2]
# The real entry, in another checkout, with watches that are given up and begun again at once.
ENTRY = """\
import datetime, pathlib, runpy, sys
import generator.cli, generator.cluster.follow, generator.cluster.retry
generator.cli.main.__defaults__ = (pathlib.Path(sys.argv.pop(1)), datetime.date(2026, 11, 24))
generator.cluster.follow._AGAIN = 0.1
generator.cluster.retry._FIRST = 0.02
runpy.run_module("generator", run_name="__main__", alter_sys=True)
"""
PATIENCE = 30.0


class Watching:
    """A process, and all that it has printed so far."""

    def __init__(self, process: subprocess.Popen[bytes], out: int) -> None:
        self.process, self._out, self.text = process, out, ""

    def sees(self, pattern: str) -> str:
        """Wait until something new is printed that matches; return it."""
        start, end = len(self.text), time.monotonic() + PATIENCE
        while time.monotonic() < end:
            found = re.search(pattern, self.text[start:])
            if found:
                return found[0]
            if select.select([self._out], [], [], 0.2)[0]:
                with contextlib.suppress(OSError):  # a terminal whose other end is closed
                    self.text += os.read(self._out, 1 << 16).decode()
        raise AssertionError(f"no {pattern!r} in:\n{self.text[start:]}")

    def interrupt(self) -> int:
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(PATIENCE)


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Stage]:
    with stage.staged({}, tmp_path) as staged:
        yield staged


@contextlib.contextmanager
def watching(
    here: Stage, *more: str, terminal: bool = False, watch: bool = True, colour: bool = False
) -> Iterator[Watching]:
    words = [
        sys.executable,
        "-c",
        ENTRY,
        str(here.root),
        "status",
        "--env",
        "dev",
        *more,
        *(["--watch"] if watch else []),
    ]
    variables = {
        **os.environ,
        "KUBECONFIG": str(here.kubeconfig),
        "PYTHONPATH": str(REPOSITORY),
        "NO_COLOR": "" if colour else "1",
        "TERM": "xterm",
    }
    ours, theirs = pty.openpty() if terminal else os.pipe()
    process = subprocess.Popen(words, env=variables, stdout=theirs, stderr=theirs, cwd=here.root)
    os.close(theirs)
    try:
        yield Watching(process, ours)
    finally:
        process.kill()
        process.wait()
        os.close(ours)


def health(api: Emulator, name: str, status: str) -> None:
    def change(application: dict[str, Any]) -> None:
        application["status"]["health"]["status"] = status

    api.change("argoproj.io/v1alpha1", "Application", name, "argocd", change)


def test_changes_are_added_through_lost_connections_and_forgotten_versions(here: Stage) -> None:
    api = here.clusters["dev"]
    with watching(here) as process:
        assert "everything is as the spec has it" in process.sees(r"(?s)dev: .*  web .*\n")
        health(api, "web", "Degraded")
        assert re.match(r"\d\d:\d\d:\d\d dev web: broken: Degraded", process.sees(r"\S+ dev web: .*\n"))
        health(api, "web", "Healthy")
        assert process.sees(r"dev web: .*\n") == "dev web: fine\n"
        api.down()
        api.compact()  # whoever was watching is told that its version is gone: 410
        api.up()
        health(api, "cleanup", "Degraded")
        assert "broken" in process.sees(r"dev cleanup: .*\n")
        api.remove("argoproj.io/v1alpha1", "Application", "cleanup", "argocd")
        assert "missing" in process.sees(r"dev cleanup: .*\n")
        assert process.interrupt() == 130
        assert "Traceback" not in process.text


def test_a_cluster_that_goes_away_is_said_once_and_so_is_its_return(here: Stage) -> None:
    api = here.clusters["dev"]
    with watching(here, "--timeout", "1") as process:
        process.sees(r"dev: everything")
        api.down()
        process.sees(r"does\s+not\s+answer")
        time.sleep(0.5)
        api.up()
        process.sees(r"dev: everything")
        assert process.text.count("Connection refused") == 1
        assert process.interrupt() == 130


def test_nobody_waits_for_an_answer_after_ctrl_c(here: Stage) -> None:
    api = here.clusters["dev"]
    api.fault(Fault(path="applications", delay=20))
    with watching(here, watch=False) as process:
        end = time.monotonic() + PATIENCE
        while not any("applications" in r.path for r in api.requests) and time.monotonic() < end:
            time.sleep(0.05)
        start = time.monotonic()
        assert process.interrupt() == 130
        assert time.monotonic() - start < 5
    api.mend()


def test_documents_come_one_a_line(here: Stage) -> None:
    api = here.clusters["dev"]
    with watching(here, "--output", "json") as process:
        assert json.loads(process.sees(r"\{.*\}\n"))["code"] == 0
        health(api, "web", "Degraded")
        assert json.loads(process.sees(r"\{.*\}\n"))["code"] == 1
        assert process.interrupt() == 130


def test_a_terminal_is_drawn_anew(here: Stage) -> None:
    api = here.clusters["dev"]
    with watching(here, terminal=True) as process:
        process.sees(r"\x1b\[H\x1b\[J\d\d:\d\d:\d\d watching; Ctrl-C ends it\r\n")
        health(api, "web", "Degraded")
        process.sees(r"\x1b\[H\x1b\[J(?s:.*)1 broken")
        assert process.interrupt() == 130


@pytest.mark.parametrize("colour", [True, False])
def test_a_terminal_has_colours_unless_its_owner_wants_none_and_hears_why_it_waits(
    here: Stage, *, colour: bool
) -> None:
    api = here.clusters["dev"]
    health(api, "web", "Degraded")
    api.fault(Fault(path="applications", status=503, times=2))
    with watching(here, terminal=True, watch=False, colour=colour) as process:
        process.sees(r"(?s)dev: 1 broken.*LAST SYNC.*cleanup")
        assert process.process.wait(PATIENCE) == 1
    assert "\r\x1b[K... the API of context shop-dev answers 503" in process.text
    assert ("\x1b[31mdev: 1 broken" in process.text) == colour
    assert ("\x1b[31m" in process.text) == colour
