"""Make `rendered/` what was rendered: stage everything, record it, swap it in, prune.

A `kill -9` between any two steps leaves each file whole, old or new; the next render sees the rest as
a difference like any other and clears the staging folder. Not synced to the disk: after a power cut
Git and `make render --force` have everything.
"""
# ruff: noqa: PTH102, PTH103, PTH105, PTH106, PTH108, PTH112, PTH114  (pathlib takes three times as long as os)

from __future__ import annotations

import errno
import os
from contextlib import suppress
from typing import TYPE_CHECKING

from generator.writer import disk, state
from generator.writer.errors import explained

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from generator.writer.plan import Difference

_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC


def apply(root: Path, difference: Difference) -> None:
    """Write what is added or changed, prune what is stale. Call it inside `locked(root)`.

    Overwrites hand edits: ask `hand_edited` first. Raises WriterError, and then no file is half
    written; what was already replaced stays, and the next render goes on from there.
    """
    base = os.fspath(root)
    rendered = f"{base}/{disk.RENDERED}"
    staging = f"{os.fspath(root)}/{disk.OWN}/staging"
    with explained(root):
        _clear(root)
        if difference.current and not difference.emptied:
            return
        os.mkdir(staging)
        try:
            from generator.writer.blob import blob_id  # noqa: PLC0415  (3 ms that only a difference costs)

            inside = {path: data for path, data in difference.contents.items() if path not in disk.OUTSIDE}
            outside = {path: data for path, data in difference.contents.items() if path in disk.OUTSIDE}
            _stage(f"{staging}/files", inside)
            _stage(f"{staging}/outside", outside)
            before = state.load(root)
            names = {path: (blob_id(data),) for path, data in difference.contents.items()}
            state.save(root, before | {path: before.get(path, ()) + new for path, new in names.items()})
            _swap_in(f"{staging}/files", rendered)
            _swap_in(f"{staging}/outside", base)
            _prune(base, difference)
            after = before | names
            for path in difference.stale:
                after.pop(path, None)
            state.save(root, after)
        finally:
            _clear(root)


def _stage(staging: str, contents: Mapping[str, bytes]) -> None:
    """Write all files first: a full disk is found out before anything is replaced."""
    os.mkdir(staging)
    made = set()
    for path, data in contents.items():
        folder = path.rpartition("/")[0]
        if folder not in made:
            os.makedirs(f"{staging}/{folder}", exist_ok=True)
            made.add(folder)
        descriptor = os.open(f"{staging}/{path}", _NEW, 0o666)
        try:
            rest = memoryview(data)
            while rest:
                rest = rest[os.write(descriptor, rest) :]
        finally:
            os.close(descriptor)


def _swap_in(staged: str, target: str) -> None:
    """Rename to its place what is staged: a folder that is new there whole, else file by file."""
    with os.scandir(staged) as found:
        entries = sorted(found, key=lambda entry: entry.name)
    for entry in entries:
        goal = f"{target}/{entry.name}"
        if entry.is_dir(follow_symlinks=False) and _is_folder(goal):
            _swap_in(entry.path, goal)
        else:
            os.replace(entry.path, goal)


def _is_folder(name: str) -> bool:
    return os.path.isdir(name) and not os.path.islink(name)


def _prune(base: str, difference: Difference) -> None:
    for path in difference.stale:
        with suppress(FileNotFoundError):
            os.unlink(f"{base}/{disk.from_root(path)}")
    for folder in difference.emptied:
        try:
            os.rmdir(f"{base}/{disk.RENDERED}/{folder}")
        except OSError as error:
            # a foreign file inside, or just filled again: then it stays
            if error.errno not in (errno.ENOTEMPTY, errno.EEXIST, errno.ENOENT):
                raise


def _clear(root: Path) -> None:
    if disk.is_folder(root, f"{disk.OWN}/staging"):
        import shutil  # noqa: PLC0415  (3 ms that only a difference should cost)

        shutil.rmtree(f"{os.fspath(root)}/{disk.OWN}/staging")
