"""The packages of the functions for this machine, built when they are missing or old."""

from __future__ import annotations

import os
import re
import zipfile
from typing import TYPE_CHECKING

import build
from tests.demo.environment import DemoError

if TYPE_CHECKING:
    from pathlib import Path

TARGET = "local"
PINNED = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", re.MULTILINE)


class NoPackagesError(DemoError):
    """No package index has the wheels, because none answers."""


def ready(folder: Path = build.OUTPUT) -> dict[str, Path]:
    """Return the packages by function, built from today's source.

    Raises:
        NoPackagesError: one must be built, and no package index answers.
        DemoError: one cannot be built.
    """
    archives = {name: folder / TARGET / f"{name}.zip" for name in build.FUNCTIONS}
    for name, archive in archives.items():
        if not _current(build.FUNCTIONS[name], archive):
            _build(name, archive)
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


def _build(name: str, archive: Path) -> None:
    """Build a package, and write it whole or not at all."""
    try:
        package = build.build(build.FUNCTIONS[name], build.TARGETS[TARGET])
    except build.NoIndexError as error:
        raise NoPackagesError(str(error)) from error
    except build.BuildError as error:
        raise DemoError(f"{' '.join(str(error).split())[:300]}; make lambdas says more") from error
    archive.parent.mkdir(parents=True, exist_ok=True)
    part = archive.with_suffix(f".{os.getpid()}")
    part.write_bytes(package.data)
    part.replace(archive)
