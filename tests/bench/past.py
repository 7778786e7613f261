"""How long the matrix of versions takes over a long history."""
# ruff: noqa: T201  (prints a table; runs the project's own scripts)

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

import platforms

if TYPE_CHECKING:
    from collections.abc import Iterator

SIZES = ((3, 5), (20, 50))  # environments x workloads
COMMITS = 1_000
ROUNDS = 5
VERSIONS = [sys.executable, "-m", "generator", "versions", "--output", "json"]


def main() -> None:
    """Measure and print a row for each size."""
    from run import REPOSITORY, Series  # noqa: PLC0415  (that module calls this one)

    print(f"\nversions, over {COMMITS:,} commits that each move one workload")
    for size in SIZES:
        with tempfile.TemporaryDirectory() as scratch:
            root = Path(scratch)
            platforms.write(root, *size)
            commit(root)
            (root / "generator").symlink_to(REPOSITORY / "generator")
            series, bare = Series(), Series()
            for _ in range(ROUNDS):
                series.run(VERSIONS, root)
                bare.run(["git", "log", "--first-parent", "--raw", "--", "environments"], root)
            print(
                f"{'x'.join(map(str, size)):24} {median(series.seconds) * 1e3:7.0f} ms, "
                f"git log alone {median(bare.seconds) * 1e3:.0f} ms, peak {series.peak:.0f} MB"
            )


def commit(root: Path) -> None:
    """Make the repository, with everything in its first commit."""
    files = {f.name: f.read_text() for f in sorted((root / "environments").iterdir())}
    names = [name for name in files if name != "platform.yaml"]
    subprocess.run(["git", "init", "--quiet", "--initial-branch=main", str(root)], check=True)
    stream = "".join(_stream(files, names))
    subprocess.run(
        ["git", "-C", str(root), "fast-import", "--quiet", "--force"], input=stream.encode(), check=True
    )
    subprocess.run(["git", "-C", str(root), "reset", "--quiet", "--hard"], check=True)


def _stream(files: dict[str, str], names: list[str]) -> Iterator[str]:
    """Yield what `git fast-import` reads."""
    for number in range(COMMITS):
        name = names[number % len(names)]
        files[name], moved = re.subn(
            r"(versions:.*?workloads:.*?-\d+: ?\"?)[\w.-]+",
            rf"\g<1>1.{number}.0",
            files[name],
            count=1,
            flags=re.DOTALL,
        )
        if not moved:
            raise SystemExit(f"nothing to move in {name}")
        when = 1_780_000_000 + number * 3600
        yield f"commit refs/heads/main\ncommitter A <a@example.com> {when} +0000\ndata 4\nmove\n"
        for changed in files if number == 0 else [name]:
            text = files[changed]
            yield f"M 100644 inline environments/{changed}\ndata {len(text.encode())}\n{text}\n"
