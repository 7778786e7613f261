"""`check --watch` as a person has it beside the editor: a real process, real saves, real Ctrl-C."""

from __future__ import annotations

import json
import os
import pty
import re
import selectors
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from generator.cli import main, watch
from tests.test_cases import CASES, TODAY, lay_out

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROOT = Path(__file__).parents[1]
PATIENCE = 20.0  # seconds for one verdict, on a machine that is busy with other tests
SCRIPT = """
import sys
from datetime import date
from pathlib import Path
import generator.cli
import generator.cli.watch
generator.cli.watch._PAUSE, generator.cli.watch._QUIET = {pause}, {quiet}
main = generator.cli.main
generator.cli.main = lambda words: main(words, Path({root!r}), date({today}))
import generator.__main__
"""


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A repository that is rendered and current."""
    lay_out(tmp_path / "shop", CASES / "valid" / "base")
    assert main(["render", "--output", "github"], tmp_path / "shop", TODAY) == 0
    return tmp_path / "shop"


class Watch:
    """The process, and what it says."""

    def __init__(self, process: subprocess.Popen[bytes], out: int) -> None:
        self.process, self._out, self._text = process, out, ""
        self._selector = selectors.DefaultSelector()
        self._selector.register(out, selectors.EVENT_READ)

    def until(self, pattern: str) -> str:
        """Return what it says up to the end of a line with `pattern`."""
        end = time.monotonic() + PATIENCE
        while not (found := re.search(rf"{pattern}.*\n", self._text)):
            assert self._selector.select(max(0, end - time.monotonic())), f"no {pattern} in: {self._text}"
            data = os.read(self._out, 65536)
            assert data, f"it ended, and had said: {self._text}"
            self._text += data.decode().replace("\r\n", "\n")
        said, self._text = self._text[: found.end()], self._text[found.end() :]
        return said

    def verdict(self, word: str = "fine") -> str:
        """Wait for a verdict: a save that a busy machine makes in two steps may have one before it."""
        return self.until(rf"{word} \(")

    def said_more(self, seconds: float) -> str:
        """Return what it says within a while, without empty lines."""
        end = time.monotonic() + seconds
        while self._selector.select(max(0, end - time.monotonic())):
            data = os.read(self._out, 65536)
            if not data:
                break
            self._text += data.decode()
        said, self._text = self._text, ""
        return said.strip()

    def memory(self) -> int:
        """Resident memory in kB."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        found = re.search(r"VmRSS:\s+(\d+) kB", status)
        assert found
        return int(found[1])


@contextmanager
def watching(
    shop: Path, *arguments: str, tty: bool = False, pause: float = 0.1, quiet: float = 0.03, **more: str
) -> Iterator[Watch]:
    today = f"{TODAY.year}, {TODAY.month}, {TODAY.day}"
    script = SCRIPT.format(root=str(shop), today=today, pause=pause, quiet=quiet)
    read, write = pty.openpty() if tty else os.pipe()
    process = subprocess.Popen(
        [sys.executable, "-c", script, "check", "--watch", *arguments],
        env={**os.environ, "PYTHONPATH": str(ROOT), "TERM": "xterm", **more},
        stdin=subprocess.DEVNULL,
        stdout=write,
        stderr=write,
    )
    os.close(write)
    try:
        yield Watch(process, read)
    finally:
        process.kill()
        process.wait()
        os.close(read)


def save(file: Path, old: str, new: str) -> None:
    """Save in place, as some editors do."""
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))


def save_by_rename(file: Path, old: str, new: str) -> None:
    """Write beside it and rename, as most editors do; the time may even be an old one."""
    about = file.stat()
    other = file.with_name(f".{file.name}.swp")
    other.write_text(file.read_text().replace(old, new))
    os.utime(other, ns=(about.st_atime_ns, about.st_mtime_ns))
    other.rename(file)


@pytest.mark.parametrize("by", [save, save_by_rename])
def test_every_save_has_a_verdict(by: Callable[[Path, str, str], None], shop: Path) -> None:
    live = shop / "environments/live.yaml"
    with watching(shop) as watch:
        first = watch.verdict()
        assert re.match(r"\d\d:\d\d:\d\d watching; Ctrl-C ends it -+\n", first)
        assert "The spec is valid and rendered/ is current: dev, live.\nfine (" in first
        by(live, "replicas: 3", "replicas: four")
        wrong = watch.verdict("wrong")
        assert re.match(r"\n\d\d:\d\d:\d\d environments/live.yaml -+\n", wrong)
        assert "environments/live.yaml:9:9: workloads.web.replicas: expected a whole number" in wrong
        assert "\n1 error in the spec.\nwrong (" in wrong
        by(live, "replicas: four", "replicas: 4")
        stale = watch.verdict("stale")
        assert "  ~ rendered/live/values/web.yaml\n" in stale
        assert "\nstale (" in stale
        by(live, "replicas: 4", "replicas: 3")
        watch.verdict()
        watch.said_more(0.3)
        assert watch.said_more(0.5) == "", "nothing changed"
        assert "\033" not in first + wrong + stale, "no colours in a file or pipe"


def test_files_that_come_and_go_are_noticed(shop: Path) -> None:
    live = shop / "environments/live.yaml"
    with watching(shop) as watch:
        watch.verdict()
        live.rename(shop / "live.yaml")
        gone = watch.verdict("wrong")
        assert "environments/live.yaml is gone -" in gone
        assert "there is no environments/live.yaml for this environment" in gone
        (shop / "live.yaml").rename(live)
        watch.verdict()
        (shop / "environments").rename(shop / "elsewhere")
        assert "environments:1:1: there is no such folder" in watch.verdict("wrong")
        (shop / "elsewhere").rename(shop / "environments")
        watch.verdict()


def test_what_else_the_verdict_depends_on_is_watched(shop: Path) -> None:
    readme = shop / "rendered/dev/README.md"
    with watching(shop) as watch:
        watch.verdict()
        save(readme, "dev", "development")
        assert "  ~ rendered/dev/README.md\n" in watch.verdict("stale")
        assert main(["render", "--force", "--output", "github"], shop, TODAY) == 0
        watch.verdict()
        (shop / "argocd/charts/workload").rename(shop / "argocd/charts/workload-old")
        watch.verdict("wrong")


def test_an_environment_that_goes_away_does_not_end_it(shop: Path) -> None:
    live = shop / "environments/live.yaml"
    with watching(shop, "--env", "live") as watch:
        watch.verdict()
        live.rename(shop / "live.yaml")
        assert "environments/live.yaml:1:1: there is no such file any more" in watch.verdict("wrong")
        (shop / "live.yaml").rename(live)
        watch.verdict()


def test_half_a_save_is_waited_for(shop: Path) -> None:
    live = shop / "environments/live.yaml"
    text = live.read_text()
    with watching(shop, quiet=0.3) as watch:
        watch.verdict()
        with live.open("w") as file:  # empties it
            for line in text.splitlines(keepends=True):
                file.write(line)
                file.flush()
                time.sleep(0.01)
        said = watch.verdict() + watch.said_more(0.5)
        assert "wrong" not in said, "no verdict on half a file"


def test_a_program_reads_a_document_a_line(shop: Path) -> None:
    with watching(shop, "--output", "json") as watch:
        first: Any = json.loads(watch.until("^"))
        assert first["problems"] == []
        save(shop / "environments/live.yaml", "replicas: 3", "replicas: three")
        [problem] = json.loads(watch.until("^"))["problems"]
        assert problem["path"] == "workloads.web.replicas"


@pytest.mark.parametrize(
    ("variables", "coloured"),
    [({"NO_COLOR": ""}, True), ({"NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False)],
)
def test_only_a_terminal_is_coloured(variables: dict[str, str], coloured: bool, shop: Path) -> None:  # noqa: FBT001
    with watching(shop, tty=True, **variables) as watch:
        said = watch.verdict()
        assert ("\033[32mfine" in said) == coloured
        assert ("\033" in said) == coloured


def test_ctrl_c_ends_it(shop: Path) -> None:
    with watching(shop) as watch:
        watch.verdict()
        watch.process.send_signal(signal.SIGINT)
        assert watch.process.wait(PATIENCE) == 130
        assert watch.said_more(0) == ""


def test_annotations_of_a_pull_request_are_not_watched(
    shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", "--watch", "--output", "github"], shop, TODAY) == 2
    assert "--output github is for one run" in capsys.readouterr().err


@pytest.mark.skipif(sys.platform != "linux", reason="memory is read from /proc, which only Linux has")
def test_it_does_not_grow(shop: Path) -> None:
    live = shop / "environments/live.yaml"
    with watching(shop, "--output", "json", pause=0.01) as watch:
        watch.until("^")

        def saves(number: int) -> int:
            for index in range(number):
                # Valid and not, each text another one: nothing that remembers texts may remember all.
                live.write_text(f"{text}# {index}\n" if index % 4 else f"{text}nonsense{index}: 1\n")
                watch.until("^")
            return watch.memory()

        text = live.read_text()
        warm = saves(40)
        assert saves(160) < warm + 12_000, "kB"


def test_what_changed_is_named() -> None:
    before = {"environments/dev.yaml": (1,), "rendered/dev/README.md": (1,), "argocd/charts/edge": ()}
    assert watch._named(before, before | {"rendered/dev/README.md": (2,)}) == "rendered/dev/README.md"
    both = before | {"rendered/dev/README.md": (2,), "environments/dev.yaml": (2,)}
    assert watch._named(before, both) == "environments/dev.yaml and 1 more"
    assert watch._named(both, {}) == "environments/dev.yaml is gone and 2 more"
    assert watch._named(both, both) == "saved as it was"
