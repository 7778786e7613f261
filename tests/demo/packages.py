"""The packages of the functions for this machine, built when they are missing or old."""

from __future__ import annotations

import re
import subprocess
import sys
import zipfile
from typing import TYPE_CHECKING

import build
from tests.demo.environment import DemoError

if TYPE_CHECKING:
    from pathlib import Path

TARGET = "local"
PINNED = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", re.MULTILINE)


class NoPackagesError(DemoError):
    """The wheels cannot be had."""


def ready(folder: Path = build.OUTPUT) -> dict[str, Path]:
    """Return the packages by function, built from today's source.

    Raises:
        NoPackagesError: one must be built, and no package index has its wheels.
    """
    archives = {name: folder / TARGET / f"{name}.zip" for name in build.FUNCTIONS}
    for name, archive in archives.items():
        if not _current(build.FUNCTIONS[name], archive):
            _build(name, folder)
    return archives


def unpack(archive: Path, folder: Path) -> Path:
    """Unpack a package to an empty folder, as Lambda does."""
    with zipfile.ZipFile(archive) as files:
        files.extractall(folder)
    return folder


def _current(function: build.Function, archive: Path) -> bool:
    if not archive.is_file():
        return False
    with zipfile.ZipFile(archive) as files:
        names = set(files.namelist())
        sources = {
            file.relative_to(build.HERE).as_posix(): file.read_bytes()
            for package in function.packages
            for file in (build.HERE / package).rglob("*.py")
        }
        ours = {name for name in names if name.partition("/")[0] in function.packages}
        wheels = {name.partition("/")[0] for name in names if name.partition("/")[0].endswith(".dist-info")}
        locked = {
            f"{name.replace('-', '_')}-{version}.dist-info"
            for name, version in PINNED.findall(function.lock.read_text())
        }
        return (
            ours == sources.keys()
            and {wheel.lower() for wheel in wheels} == locked
            and all(files.read(name) == data for name, data in sources.items())
        )


def _build(name: str, folder: Path) -> None:
    """Run build.py, which writes a package whole or not at all."""
    command = [
        sys.executable,
        build.__file__,
        "--target",
        TARGET,
        "--function",
        name,
        "--output",
        str(folder),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        last = done.stderr.strip().splitlines()[-1:] or ["no reason given"]
        raise NoPackagesError(
            f"the function {name} cannot be built: pip must reach a package index for its wheels; "
            f"make lambdas says more: {last[0]}"
        )
