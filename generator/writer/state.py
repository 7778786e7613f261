"""What the last render wrote: `.render/state`, one line a file, `name[,name...] path`.

A name is Git's for the bytes (`blob.py`). A file has several while a render is under way: what
it was and what it becomes, recorded before anything is replaced, so that after a `kill -9` neither
is taken for a hand edit. The state is replaced whole, so it is never torn; a line that makes no
sense matches no file.
"""
# ruff: noqa: PTH105, PTH123  (paths are strings in the writer, see disk.py)

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from generator.writer.disk import OWN

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

State = dict[str, tuple[str, ...]]


def load(root: Path) -> State:
    """Read the names per path; empty before the first render."""
    try:
        with open(f"{os.fspath(root)}/{OWN}/state", encoding="utf-8", errors="surrogateescape") as file:
            text = file.read()
    except FileNotFoundError:
        return {}
    lines = (line.partition(" ") for line in text.split("\n"))
    return {path: tuple(names.split(",")) for names, _, path in lines if path}


def save(root: Path, state: Mapping[str, tuple[str, ...]]) -> None:
    """Replace the state whole."""
    text = "".join(f"{','.join(names)} {path}\n" for path, names in state.items())
    own = f"{os.fspath(root)}/{OWN}"
    with open(f"{own}/staging/state", "w", encoding="utf-8", errors="surrogateescape", newline="\n") as file:
        file.write(text)
    os.replace(f"{own}/staging/state", f"{own}/state")
