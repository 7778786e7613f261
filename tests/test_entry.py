"""`python -m generator` as a shell runs it: a closed pipe and Ctrl-C are no accidents."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
CHECK = [sys.executable, "-m", "generator", "check"]


def test_a_reader_that_leaves_early_is_no_error() -> None:
    with subprocess.Popen(CHECK, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as run:
        assert run.stdout is not None
        assert run.stderr is not None
        run.stdout.close()
        assert run.stderr.read() == ""
    assert run.returncode == 0


def test_ctrl_c_ends_quietly(tmp_path: Path) -> None:
    script = tmp_path / "wait.py"
    script.write_text(
        "import sys, time\n"
        "import generator.cli\n"
        "generator.cli.main = lambda _: (print('running', flush=True), time.sleep(60))\n"
        "import generator.__main__\n"
    )
    command = [sys.executable, str(script)]
    environment = {"PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as run:
        assert run.stdout is not None
        assert run.stderr is not None
        assert run.stdout.readline() == b"running\n"
        time.sleep(0.05)
        run.send_signal(signal.SIGINT)
        assert run.stderr.read() == b""
    assert run.returncode == 130
