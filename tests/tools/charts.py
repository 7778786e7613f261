"""Fill `.tools/charts/` with the component charts that the environments pin; run by `make charts`.

Every archive is compared with its SHA-256 in charts.sha256 beside this file, before it enters the cache and
again when it is there already. A version that stands nowhere in it is an error, unless `--accept` says to
trust what the repository serves now and to write it down; the diff of that file is for the reviewer.
"""

from __future__ import annotations

import argparse
import datetime as dt
import hashlib
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
from typing import NamedTuple

ROOT = pathlib.Path(__file__).parents[2]
CACHE = ROOT / ".tools" / "charts"
PINS = pathlib.Path(__file__).with_name("charts.sha256")

# As `sha256sum` writes it, so that it can check the cache too.
_PIN = re.compile(r"(?P<digest>[0-9a-f]{64})  (?P<file>\S+\.tgz)")


class Chart(NamedTuple):
    """A chart at a version. `repository` is a Helm repository's URL, or an OCI path without oci://."""

    repository: str
    name: str
    version: str

    @property
    def file(self) -> str:
        """The archive's name in the cache and in the pins."""
        return f"{self.name}-{self.version}.tgz"


class ChartError(Exception):
    """A chart that cannot be had or is not what it was; the text says what to do."""


def pinned_charts(root: pathlib.Path) -> list[Chart]:
    """Return the charts that the environments of a repository pin, as the generator reads them."""
    sys.path.insert(0, str(root))
    from generator import load, source  # noqa: PLC0415  (a script: its package lies at the root)

    loaded = load.load(source.load(root), dt.date.today())  # noqa: DTZ011  (a waiver's end is local)
    if loaded.spec is None:
        raise ChartError("the spec has errors: run `make check`")
    components = [c for e in loaded.spec.environments for c in e.components]
    return sorted({Chart(c.repository, c.chart, c.version) for c in components})


def read_pins(file: pathlib.Path) -> dict[str, str]:
    """Return the SHA-256 of each archive by its name."""
    pins = {}
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
        if line and not line.startswith("#"):
            match = _PIN.fullmatch(line)
            if match is None:
                raise ChartError(f"{file}:{number}: expected <sha256>  <chart>-<version>.tgz")
            pins[match["file"]] = match["digest"]
    return pins


def write_pins(file: pathlib.Path, pins: dict[str, str]) -> None:
    """Replace the pins below the comment at the top of the file."""
    comment = [line for line in file.read_text(encoding="utf-8").splitlines() if line.startswith("#")]
    lines = [f"{digest}  {name}" for name, digest in sorted(pins.items())]
    file.write_text("\n".join([*comment, *lines, ""]), encoding="utf-8")


def digest_of(archive: pathlib.Path) -> str:
    return hashlib.sha256(archive.read_bytes()).hexdigest()


def pull(helm: str, chart: Chart, folder: pathlib.Path) -> pathlib.Path:
    """Download a chart with helm, which sees neither this person's repositories nor their credentials."""
    if chart.repository.startswith(("https://", "http://")):
        source = ["--repo", chart.repository, chart.name]
    else:
        source = [f"oci://{chart.repository}/{chart.name}"]
    home = {name: str(folder / "home") for name in ("HELM_CACHE_HOME", "HELM_CONFIG_HOME", "HELM_DATA_HOME")}
    done = subprocess.run(
        [helm, "pull", *source, "--version", chart.version, "--destination", str(folder)],
        env={**os.environ, **home},
        capture_output=True,
        text=True,
        check=False,
    )
    archives = list(folder.glob("*.tgz"))
    if done.returncode or len(archives) != 1:
        raise ChartError(f"{chart.file}: helm cannot pull it from {chart.repository}: {done.stderr.strip()}")
    return archives[0]


def fetch(chart: Chart, cache: pathlib.Path, pins: dict[str, str], *, helm: str, accept: bool) -> str:
    """Bring a chart into the cache and return what was done; with `accept`, pin it in `pins` first.

    The archive appears whole or not at all.

    Raises:
        ChartError: it cannot be had, is not pinned, or is not what the pin says.
    """
    cached, pin = cache / chart.file, pins.get(chart.file)
    if cached.exists() and pin is not None:
        if digest_of(cached) != pin:
            raise ChartError(f"{cached} is not what {PINS.name} pins: delete it and run `make charts` again")
        return f"is there: {chart.file}"
    if pin is None and not accept:
        raise ChartError(
            f"{chart.file} has no checksum in tests/tools/{PINS.name}: add it there from a source that you "
            "trust, or run `make charts ACCEPT=1` to trust what the repository serves now"
        )
    with tempfile.TemporaryDirectory(dir=cache, prefix=".pull-") as folder:
        archive = pull(helm, chart, pathlib.Path(folder))
        found = digest_of(archive)
        if pin is None:
            pins[chart.file] = found
        elif found != pin:
            raise ChartError(
                f"{chart.file}: {chart.repository} serves sha256 {found}, {PINS.name} pins {pin}. "
                "A published version never changes: find out why this one did before you trust it"
            )
        archive.replace(cached)
    return f"{'accepted' if pin is None else 'fetched'}: {chart.file}"


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--accept", action="store_true", help="pin what has no checksum yet as it comes now")
    accept = parser.parse_args().accept
    packaged = ROOT / ".tools" / "bin" / "helm"
    helm = str(packaged) if packaged.exists() else shutil.which("helm")
    if helm is None:
        return complain("helm is missing: run `make tools`, or install it on PATH")
    try:
        charts, pins = pinned_charts(ROOT), read_pins(PINS)
    except ChartError as error:
        return complain(error)
    CACHE.mkdir(parents=True, exist_ok=True)
    failed = 0
    for chart in charts:
        try:
            sys.stdout.write(f"{fetch(chart, CACHE, pins, helm=helm, accept=accept)}\n")
        except ChartError as error:
            failed = complain(error)
    if accept:
        write_pins(PINS, pins)
    return failed


def complain(error: object) -> int:
    sys.stderr.write(f"make charts: {error}\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
