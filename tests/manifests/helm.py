"""The real helm, and what it said before to the same chart and values."""

from __future__ import annotations

import hashlib
import os
import subprocess
import tempfile
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml
from ryaml import loads_all  # type: ignore[attr-defined]  # re-exported without __all__

if TYPE_CHECKING:
    from collections.abc import Sequence

    Object = dict[str, Any]


class HelmRefusedError(Exception):
    """Helm does not render a release; the text is what it says."""


class ChartMissingError(Exception):
    """An archive of a component's chart that nobody fetched; the text is its name."""


class Helm:
    """Renders releases. What came out stands in `folder` by what went in, for other processes too."""

    def __init__(self, binary: Path, folder: Path) -> None:
        self.binary = binary
        self.folder = folder

    def template(
        self, name: str, chart: Path, values: Sequence[Path], *, namespace: str, kubernetes_version: str
    ) -> tuple[Object, ...]:
        """All objects of a release, custom resource definitions and hooks included.

        Raises:
            ChartMissingError: the chart is an archive that is not there.
            HelmRefusedError: helm fails, for instance because the values do not fit the chart's schema.
        """
        if not chart.exists():
            raise ChartMissingError(chart.name)
        for file in values:
            if not file.is_file():
                raise HelmRefusedError(f"{file.name}: no such file of values")
        options = [name, "--namespace", namespace, "--include-crds", "--kube-version", kubernetes_version]
        key = hashlib.sha256(repr([options, _digest(chart), [f.read_bytes() for f in values]]).encode())
        file = self.folder / f"{key.hexdigest()}.yaml"
        if not file.exists():
            files = [argument for f in values for argument in ("--values", str(f))]
            text = self._run("template", *options[:1], str(chart), *options[1:], *files)
            _appear(file, text)
        return read(file)

    def lint(self, chart: Path, values: Sequence[Path]) -> None:
        """Lint a chart with a release's values.

        Raises:
            HelmRefusedError: helm finds something, even if only worth a warning.
        """
        self._run("lint", "--strict", str(chart), *(a for f in values for a in ("--values", str(f))))

    def _run(self, *arguments: str) -> str:
        done = subprocess.run([self.binary, *arguments], capture_output=True, text=True, check=False)
        if done.returncode:
            raise HelmRefusedError((done.stdout if arguments[0] == "lint" else "") + done.stderr)
        return done.stdout


def _digest(chart: Path) -> str:
    """What a chart holds: of an archive, which nobody edits, remembered."""
    if chart.is_file():
        return _digest_of_archive(chart)
    files = sorted(file for file in chart.rglob("*") if file.is_file())
    parts = [(file.relative_to(chart).as_posix(), file.read_bytes()) for file in files]
    return hashlib.sha256(repr(parts).encode()).hexdigest()


@cache
def _digest_of_archive(archive: Path) -> str:
    return hashlib.sha256(archive.read_bytes()).hexdigest()


def _appear(file: Path, text: str) -> None:
    """Write a file that others may be writing too: it is whole as soon as it is there."""
    descriptor, staged = tempfile.mkstemp(dir=file.parent)
    with os.fdopen(descriptor, "w", encoding="utf-8") as out:
        out.write(text)
    Path(staged).replace(file)


@cache
def read(file: Path) -> tuple[Object, ...]:
    """The objects of a file that never changes, as Go's YAML reads it; its readers change nothing in them.

    Raises:
        ValueError: a key is given twice, which PyYAML and helm let pass.
    """
    text = file.read_text(encoding="utf-8")
    loads_all(text)
    return tuple(d for d in yaml.load_all(text, Loader=yaml.CSafeLoader) if d)
