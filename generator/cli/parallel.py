"""Renders and compares large platforms on all cores: environments do not depend on each other.

The work is split before the fork, so the children share what was read without a copy; only what must be
written comes back. With few files, starting a process costs more than it saves.
"""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

from generator.writer import Difference, WriterError, compare, joined

if TYPE_CHECKING:
    from pathlib import Path

    from generator.cli.selection import Selection

_WORTH_A_FORK = 500  # releases; measured on two cores


def difference(root: Path, selection: Selection) -> Difference:
    """Return how `rendered/` differs from the selection. Raises WriterError."""
    first, *others = _split(selection)
    children = [_start(root, part) for part in others]
    try:
        own = compare(root, first.files, first.scope)
    finally:
        outcomes = [child.wait() for child in children]
    for outcome in outcomes:
        if isinstance(outcome, BaseException):
            raise outcome
    return joined([own, *(o for o in outcomes if isinstance(o, Difference))])


def _split(selection: Selection) -> list[Selection]:
    """Split a large selection, an equal part for each core; the first also has what is shared."""
    releases = sum(len(e.workloads) + len(e.components) for e in selection.environments)
    cores = _cores() if releases >= _WORTH_A_FORK else 1
    parts = [selection.environments[i::cores] for i in range(min(cores, len(selection.environments)))]
    if len(parts) < 2:  # noqa: PLR2004  (one part is the whole)
        return [selection]
    return [
        selection._replace(environments=parts[0]),
        *(selection._replace(environments=p, everything=False, removed=frozenset()) for p in parts[1:]),
    ]


def _cores() -> int:
    if not hasattr(os, "fork"):
        return 1
    affinity = getattr(os, "sched_getaffinity", None)  # Linux only; a container may be given less
    return len(affinity(0)) if affinity else os.cpu_count() or 1


class _Child(NamedTuple):
    """A process that works on a part, and the pipe its outcome comes through."""

    pid: int
    pipe: int

    def wait(self) -> Difference | BaseException:
        """Return what the child found, or the error that stopped it."""
        import pickle  # noqa: PLC0415  (only large platforms need it)

        with open(self.pipe, "rb") as pipe:  # noqa: PTH123  (a descriptor, not a path)
            try:
                outcome: Difference | BaseException = pickle.load(pipe)  # noqa: S301  (our own child's)
            except EOFError:
                outcome = WriterError("a process that rendered a part of it was ended; run it again")
        os.waitpid(self.pid, 0)
        return outcome


def _start(root: Path, part: Selection) -> _Child:
    read, write = os.pipe()
    pid = os.fork()
    if pid:
        os.close(write)
        return _Child(pid, read)
    with suppress(BaseException):  # whatever happens, a child never goes on as a second parent
        import pickle  # noqa: PLC0415  (as above)

        os.close(read)
        with open(write, "wb") as pipe:  # noqa: PTH123  (as above)
            pickle.dump(_outcome(root, part), pipe, protocol=5)
    os._exit(0)


def _outcome(root: Path, part: Selection) -> Difference | BaseException:
    try:
        return compare(root, part.files, part.scope)
    except Exception as error:  # noqa: BLE001  (the parent raises it)
        return error
