"""`check --watch`: check again whenever something that the verdict depends on is saved.

It looks at the files' times by name, ten times a second. So it sees what an editor saves by renaming, on
every file system, in containers and over a network too, where the system's events do not arrive; and it needs
no package for that.
"""

from __future__ import annotations

import gc
import os
import sys
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NoReturn

from generator.cli import check, machine
from generator.cli.check import Found
from generator.cli.report import say
from generator.problem import Place, Problem
from generator.render import OUTSIDE
from generator.source import environment_names

if TYPE_CHECKING:
    import argparse
    from datetime import date
    from pathlib import Path

_PAUSE = 0.1  # seconds between two looks
_SHARE = 10  # a look may take a tenth of the time: 20,000 files are looked at less often
_QUIET = 0.03  # seconds in which nothing may change: an editor that empties a file first is not done
_PATIENCE = 1.0  # seconds after which it is checked all the same

_RULE = 72
_COLOURS = {"fine": "32", "stale": "33", "wrong": "31"}

Seen = dict[str, tuple[int, ...]]
"""Files by path from the repository's root; of each what a save changes, in place or by a rename."""


def run(root: Path, options: argparse.Namespace) -> NoReturn:
    """Check at every change, for ever: Ctrl-C ends it."""
    gc.enable()  # a single run does without; this one lives for hours
    first, begun = options.today, _today()
    seen, what = look(root), "watching; Ctrl-C ends it"
    code = _generator(seen)
    while True:
        options.today = first + (_today() - begun)  # waivers end while it watches
        if _generator(seen) != code:
            what += "; the generator is another one by now: end this and start it again"
        _check(root, options, what)
        seen, what = _wait(root, seen)


def look(root: Path) -> Seen:
    """Look at the spec, the charts that it may pin, the rendered files and the generator itself."""
    seen: Seen = {}
    pending = ["environments", "argocd/charts", "rendered", "generator"]
    while pending:
        folder = pending.pop()
        try:
            with os.scandir(root / folder) as entries:
                for entry in entries:
                    _note(entry, f"{folder}/{entry.name}", seen, pending)
        except (FileNotFoundError, NotADirectoryError):
            continue  # gone in between, or never there: `check` says so
    for path in OUTSIDE:
        seen |= _times(root / path, path)
    return seen


def _note(entry: os.DirEntry[str], path: str, seen: Seen, pending: list[str]) -> None:
    if entry.name == "__pycache__" or path.startswith("rendered/.render"):
        return
    spec = (
        entry.name.lower().endswith((".yaml", ".yml")) and entry.name[0] != "."
    )  # as generator/source has it
    if path.startswith("environments/") and not spec:
        return  # an editor's own, as a swap file that it writes while somebody types
    if entry.is_dir(follow_symlinks=False):
        seen[path] = ()
        # Of charts only the versions that there are count, two levels down.
        if not path.startswith("argocd/charts/") or path.count("/") == len(("argocd", "charts")):
            pending.append(path)
        return
    seen.update(_times(entry, path))


def _times(entry: os.DirEntry[str] | Path, path: str) -> Seen:
    try:
        about = entry.stat()
    except OSError:  # gone in between, or a link to nothing
        return {path: ()}
    return {path: (about.st_mtime_ns, about.st_ctime_ns, about.st_size, about.st_ino)}


def _wait(root: Path, before: Seen) -> tuple[Seen, str]:
    """Return what is there once something has changed and all is quiet again, and what it was."""
    now = before
    while now == before:
        started = time.perf_counter()
        now = look(root)
        if now == before:
            time.sleep(max(_PAUSE, _SHARE * (time.perf_counter() - started)))
    end = time.perf_counter() + _PATIENCE
    while time.perf_counter() < end:
        time.sleep(_QUIET)
        last, now = now, look(root)
        if now == last:
            break
    return now, _named(before, now)


def _named(before: Seen, now: Seen) -> str:
    """Name what changed, a file of the spec before others, and how many more did."""
    paths = sorted(path for path in before.keys() | now.keys() if before.get(path) != now.get(path))
    if not paths:
        return "saved as it was"
    first = min(paths, key=lambda path: (not path.startswith("environments/"), path))
    more = f" and {len(paths) - 1} more" if len(paths) > 1 else ""
    return f"{first}{'' if first in now else ' is gone'}{more}"


def _generator(seen: Seen) -> Seen:
    return {path: times for path, times in seen.items() if path.startswith("generator/")}


def _check(root: Path, options: argparse.Namespace, what: str) -> None:
    started = time.perf_counter()
    found = _find(root, options)
    if options.output == "json":
        sys.stdout.write(machine.as_json_line(machine.Report(found.all, found.difference)))
    else:
        say(_coloured("2", f"{datetime.now().astimezone():%H:%M:%S} {what} ".ljust(_RULE, "-")))
        sys.stdout.flush()
        check.show(found)
        sys.stderr.flush()
        word = "fine" if found.passed else "stale" if found.difference and not found.orphans else "wrong"
        say(_coloured(_COLOURS[word], f"{word} ({1000 * (time.perf_counter() - started):.0f} ms)") + "\n")
    sys.stdout.flush()


def _find(root: Path, options: argparse.Namespace) -> Found:
    if options.env is None or options.env in environment_names(root):
        return check.find(root, options)
    place = Place(f"environments/{options.env}.yaml")
    return Found([Problem(place=place, message="there is no such file any more", fix="bring it back")])


def _coloured(colour: str, text: str) -> str:
    """Colour a line for a terminal, unless its owner wants none (https://no-color.org)."""
    plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb" or not sys.stdout.isatty()
    return text if plain else f"\033[{colour}m{text}\033[0m"


def _today() -> date:
    return datetime.now(tz=UTC).date()
