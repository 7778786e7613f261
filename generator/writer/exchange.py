"""Files of the spec, changed all or not at all."""
# ruff: noqa: PTH103, PTH105, PTH108  (paths are strings in the writer, see disk.py)

from __future__ import annotations

import os
import shutil
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, NamedTuple

from generator.writer import disk
from generator.writer.errors import WriterError, explained

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

_FOLDER = f"{disk.OWN}/exchange"


class Change(NamedTuple):
    """A file, from the repository's root: its bytes as read, and as they are to be. None: no file."""

    file: str
    before: bytes | None
    after: bytes | None


@contextmanager
def exchanged(root: Path, changes: Sequence[Change]) -> Iterator[None]:
    """Put every file's new bytes in its place, then run the block; when that fails, put the old ones back.

    Call it inside `locked(root)`. All new bytes are on the disk before the first file is replaced, each file
    in one step. Raises WriterError, and then nothing has changed: also when somebody saved a file meanwhile.
    """
    folder = f"{os.fspath(root)}/{_FOLDER}"
    done: list[Change] = []
    try:
        with explained(root):
            _clear(folder)
            os.makedirs(folder)
            for number, change in enumerate(changes):
                _refuse_other(root, change)
                _stage(root, f"{folder}/{number}", change.file, change.after)
            for number, change in enumerate(changes):
                done.append(change)
                _place(root, f"{folder}/{number}", change.file, change.after)
        yield
    except BaseException:
        for change in reversed(done):
            _stage(root, f"{folder}/back", change.file, change.before)
            _place(root, f"{folder}/back", change.file, change.before)
        raise
    finally:
        _clear(folder)


def _refuse_other(root: Path, change: Change) -> None:
    if _read(root, change.file) != change.before:
        raise WriterError(f"{change.file}: somebody changed it just now; run again")


def _read(root: Path, file: str) -> bytes | None:
    try:
        with open(_target(root, file), "rb") as opened:  # noqa: PTH123  (as above)
            return opened.read()
    except FileNotFoundError:
        return None


def _stage(root: Path, staged: str, file: str, data: bytes | None) -> None:
    if data is None:
        return
    with open(staged, "wb") as opened:  # noqa: PTH123  (as above)
        opened.write(data)
    with suppress(FileNotFoundError):  # a new file has the usual mode
        shutil.copymode(_target(root, file), staged)


def _place(root: Path, staged: str, file: str, data: bytes | None) -> None:
    if data is None:
        with suppress(FileNotFoundError):
            os.unlink(_target(root, file))
    else:
        os.replace(staged, _target(root, file))


def _target(root: Path, file: str) -> str:
    """Follow a symbolic link: it stays one."""
    return os.path.realpath(f"{os.fspath(root)}/{file}")


def _clear(folder: str) -> None:
    with suppress(FileNotFoundError):
        shutil.rmtree(folder)
