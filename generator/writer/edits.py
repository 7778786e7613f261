"""Which files somebody edited by hand, though they are generated."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from generator.writer import disk, state
from generator.writer.errors import explained

if TYPE_CHECKING:
    from pathlib import Path

    from generator.writer.plan import Difference


def hand_edited(root: Path, difference: Difference) -> tuple[str, ...]:
    """The files that `apply` would replace or prune although nobody else has their bytes.

    That is: not the new rendering (or they would not differ), not what the last render wrote, not what
    Git has for that path (HEAD, index, the other side of a merge; a file in conflict is Git's whatever
    it holds). Links and pipes are always somebody's. Git, which takes 10 ms and more, is asked only
    about what the state does not explain. Raises WriterError.
    """
    suspects = (*difference.changed, *difference.stale)
    if not suspects:
        return ()
    from generator.writer.blob import blob_id  # noqa: PLC0415  (3 ms that only a difference should cost)

    base = os.fspath(root)
    edited, unknown = [], []
    with explained(root):
        written = state.load(root)
        for path in suspects:
            data = disk.read(f"{base}/{disk.from_root(path)}")
            if data is None:
                edited.append(path)
            elif blob_id(data) not in written.get(path, ()):
                unknown.append(path)
        if unknown:
            from generator.writer import git  # noqa: PLC0415  (4 ms, as above)

            answer = git.known(root, unknown)
            # read again: after a big change the old bytes of 20,000 files are better not kept
            edited += [
                path for path in unknown if not answer.has(path, disk.read(f"{base}/{disk.from_root(path)}"))
            ]
    return tuple(sorted(edited))
