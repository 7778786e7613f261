"""`make bench`: how long rendering takes, next to the floor and the usual way, on this machine, now.

Everything is measured interleaved and on tmpfs where there is one; medians, and ratios of medians within
this one run. Numbers inform, nothing gates on them.
"""
# ruff: noqa: T201  (prints a table; runs the project's own scripts)

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

HERE = Path(__file__).parent
REPOSITORY = HERE.parents[1]
sys.path[:0] = [str(HERE), str(REPOSITORY)]

import lambdas  # noqa: E402
import past  # noqa: E402
import platforms  # noqa: E402  (the path is set above)
import status  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SIZES = {(3, 5): 15, (20, 50): 7, (100, 100): 5}  # environments x workloads: rounds
TMPFS = Path("/dev/shm")  # noqa: S108  (a file system, not a predictable file)
RENDER = [sys.executable, "-m", "generator", "render"]
EXPLAIN = [sys.executable, "-m", "generator", "explain"]


class Series:
    """Measurements of one kind of run: wall seconds, and the peak memory of the process in MB."""

    def __init__(self) -> None:
        """Start empty."""
        self.seconds: list[float] = []
        self.peak = 0.0

    def run(self, command: list[str], root: Path) -> None:
        """Run a command in `root` and take its time."""
        # As on a person's machine, where Python keeps the modules it compiled.
        environment = os.environ | {"PYTHONPATH": str(root), "PYTHONDONTWRITEBYTECODE": ""}
        start = time.perf_counter()
        process = subprocess.Popen(command, cwd=root, env=environment, stdout=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        self.seconds.append(time.perf_counter() - start)
        if status:
            raise SystemExit(f"{' '.join(command)} failed in {root}")
        self.peak = max(self.peak, usage.ru_maxrss / (1024 if sys.platform == "linux" else 1024**2))

    @property
    def median(self) -> float:
        """The median time in seconds."""
        return median(self.seconds)


def main() -> None:
    """Measure every size and print one table, then a long history and the Lambda functions."""
    with tempfile.TemporaryDirectory(dir=TMPFS if TMPFS.is_dir() else None) as scratch:
        print(
            "environments x workloads   files  spec kB |    floor   render  naive  | unchanged  one value |"
        )
        for size, rounds in SIZES.items():
            measure(Path(scratch) / "x".join(map(str, size)), size, rounds)
    past.main()
    lambdas.main()
    status.main()


def measure(root: Path, size: tuple[int, int], rounds: int) -> None:
    """Measure one size and print its row."""
    platforms.write(root, *size)
    shutil.copytree(REPOSITORY / "generator", root / "generator")
    spec = sum(f.stat().st_size for f in (root / "environments").iterdir())
    rendered, out, archive = root / "rendered", root / "out", root / "archive"
    Series().run(RENDER, root)
    files = pack(rendered, archive)
    values = next(f for f in sorted(rendered.glob("*/values/orders-*.yaml")))
    line = f"{values.relative_to(root)}:7"  # its image
    nobodys = str(hardest(rendered)).removeprefix(f"{root}/")
    change = one_value(next(f for f in sorted((root / "environments").iterdir()) if "-" in f.name))
    series = {
        name: Series() for name in ("bare", "floor", "full", "naive", "unchanged", "one", "line", "nobodys")
    }
    floor = [sys.executable, str(HERE / "floor.py"), str(root), str(archive), str(out)]
    naive = [sys.executable, str(HERE / "naive.py"), str(root), str(out)]
    for _ in range(rounds):
        series["bare"].run([sys.executable, "-c", "pass"], root)
        for name, command in (("floor", floor), ("naive", naive)):
            series[name].run(command, root)
            shutil.rmtree(out)
        shutil.rmtree(rendered)
        series["full"].run(RENDER, root)
        series["unchanged"].run(RENDER, root)
        series["line"].run([*EXPLAIN, line], root)
        series["nobodys"].run([*EXPLAIN, nobodys], root)
        change()
        series["one"].run(RENDER, root)
    report(size, files, spec, series)


def pack(rendered: Path, archive: Path) -> int:
    """Pack the finished files for the floor; return how many there are."""
    files = [f for f in rendered.rglob("*") if f.is_file() and ".render" not in f.parts]
    index = "".join(f"{f.relative_to(rendered)}\t{f.stat().st_size}\n" for f in files)
    archive.write_bytes(index.encode() + b"\0" + b"".join(f.read_bytes() for f in files))
    return len(files)


def hardest(rendered: Path) -> str:
    """Return the kind of line that takes longest: no value makes it, in the file that most of the spec does.

    That is the one that lists the images of all environments, of the environment that holds the registry.
    """
    files = sorted(rendered.glob("*/terraform/platform.tfvars.json"))
    file = max(files, key=lambda f: len(json.loads(f.read_text())["registry"] or ()))
    number = file.read_text().splitlines().index('  "identities": {') + 1
    return f"{file}:{number}"


def one_value(file: Path) -> Callable[[], None]:
    """Return a function that changes one value of an environment's file each time it is called."""
    text = file.read_text()

    def tiers() -> Iterator[str]:
        while True:
            yield "M20"
            yield "M40"

    tier = tiers()

    def change() -> None:
        file.write_text(f"{text}database: {{tier: {next(tier)}}}\n")

    return change


def report(size: tuple[int, int], files: int, spec: int, series: dict[str, Series]) -> None:
    """Print the times of one size in ms, and beneath them the ratios that matter."""
    ms = {name: f"{s.median * 1e3:7.0f}" for name, s in series.items()}
    title = f"{size[0]}x{size[1]}"
    row = "  ".join(ms[name] for name in ("floor", "full", "naive"))
    other = f"{ms['unchanged']}    {ms['one']}         {ms['line']}"
    print(f"{title:24} {files:7} {spec / 1e3:8.0f} | {row} | {other} | ms")
    full, floor, naive = (series[name].median for name in ("full", "floor", "naive"))
    bare, unchanged, line = (series[name].median for name in ("bare", "unchanged", "line"))
    print(
        f"{'':24} render {full / floor:.1f} x floor, naive {naive / full:.1f} x render, "
        f"unchanged {unchanged / bare:.1f} x bare Python ({bare * 1e3:.0f} ms), "
        f"explain a line {line / bare:.1f} x, one of no value {series['nobodys'].median * 1e3:.0f} ms; "
        f"{full / files * 1e6:.0f} us a file, peak {series['full'].peak:.0f} MB"
    )


if __name__ == "__main__":
    main()
