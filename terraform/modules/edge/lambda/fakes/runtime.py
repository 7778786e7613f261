"""A function in a process of its own, as Lambda runs it: a folder of code, environment variables, events."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pathlib
    from collections.abc import Iterator, Mapping

# Without site-packages the interpreter knows the standard library and the folder, and nothing else.
CLEAN = ("-I", "-S", "-B")
DRIVER = """
import importlib, json, sys, time
folder, name = sys.argv[1:]
sys.path.insert(0, folder)
module, _, function = name.rpartition(".")
answers, sys.stdout = sys.stdout, sys.stderr
start = time.perf_counter()
handle = getattr(importlib.import_module(module), function)
answers.write(json.dumps(time.perf_counter() - start) + "\\n")
answers.flush()
for line in sys.stdin:
    start = time.perf_counter()
    answer = handle(json.loads(line), None)
    answers.write(json.dumps({"answer": answer, "seconds": time.perf_counter() - start}) + "\\n")
    answers.flush()
"""


@dataclass(frozen=True, kw_only=True)
class Function:
    """A running function; `started` is how many seconds its code took to load."""

    process: subprocess.Popen[str]
    started: float

    def call(self, event: Any) -> Any:
        """Return the answer to an event."""
        return self.timed(event)[0]

    def timed(self, event: Any) -> tuple[Any, float]:
        """Return the answer to an event, and the seconds that it took."""
        assert self.process.stdin  # noqa: S101 - it is a pipe
        self.process.stdin.write(json.dumps(event) + "\n")
        self.process.stdin.flush()
        found = _said(self.process)
        return found["answer"], found["seconds"]


def _said(process: subprocess.Popen[str]) -> Any:
    assert process.stdout  # noqa: S101 - as above
    line = process.stdout.readline()
    if not line:
        raise RuntimeError("the function ended: its log says why")
    return json.loads(line)


@contextmanager
def running(
    folder: pathlib.Path,
    handler: str,
    environment: Mapping[str, str],
    log: pathlib.Path,
    *,
    clean: bool = True,
) -> Iterator[Function]:
    """Start the function whose code is in `folder`; what it logs goes to a file."""
    command = [sys.executable, *(CLEAN if clean else ("-B",)), "-c", DRIVER, str(folder), handler]
    environment = {"PATH": os.environ["PATH"], **environment}
    with (
        log.open("w") as lines,
        subprocess.Popen(  # noqa: S603 - this very interpreter
            command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=lines, text=True
        ) as process,
    ):
        try:
            yield Function(process=process, started=_said(process))
        finally:
            process.kill()
