"""What Git has of rendered files: committed, staged, and on the other side of a merge."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from generator import git
from generator.writer.blob import blob_id
from generator.writer.disk import OUTSIDE, RENDERED
from generator.writer.errors import WriterError

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

# The commits whose files are nobody's hand edit; all but HEAD exist only while Git is in the middle.
_COMMITS = ("HEAD", "MERGE_HEAD", "CHERRY_PICK_HEAD", "REVERT_HEAD", "REBASE_HEAD")

_PLACES = (RENDERED, *sorted(OUTSIDE))
_NO_REPOSITORY = (b"not a git repository", b"must be run in a work tree")
_FATAL = 128  # how Git exits when it says "fatal: ..."


@dataclass(frozen=True, slots=True)
class Known:
    """Per path, the object names that Git has for it; and the paths in conflict."""

    blobs: dict[str, set[str]] = field(default_factory=dict)
    unmerged: set[str] = field(default_factory=set)

    def has(self, path: str, data: bytes | None) -> bool:
        """Whether these bytes of `path` are Git's: in a conflict they are, whatever was made of them."""
        blobs = self.blobs.get(path, ())
        return path in self.unmerged or any(
            data is not None and blob_id(data, len(blob)) == blob for blob in blobs
        )


def known(root: Path, paths: Collection[str]) -> Known:
    """Ask Git about `paths`. Without Git, repository or commits nothing is known.

    Raises WriterError when Git refuses to answer, as for a repository of another user.
    """
    answer = Known()
    wanted = set(paths)
    for line in _git(root, "ls-files", "-s", "-z", "--", *_PLACES).split(b"\0")[:-1]:
        about, path = _entry(line)
        if path in wanted:
            _mode, blob, stage = about
            answer.blobs.setdefault(path, set()).add(blob)
            if stage != "0":
                answer.unmerged.add(path)
    trees = "".join(f"{commit}^{{tree}}\n" for commit in _COMMITS).encode()
    for line in _git(root, "cat-file", "--batch-check=%(objectname)", ask=trees).splitlines():
        if line.endswith(b"missing"):
            continue
        for entry in _git(root, "ls-tree", "-r", "-z", line.decode(), *_PLACES).split(b"\0")[:-1]:
            about, path = _entry(entry)
            if path in wanted:
                answer.blobs.setdefault(path, set()).add(about[2])
    return answer


def changed_since(root: Path, base: str) -> list[str]:
    """Return the files that differ from where this branch left `base`: committed, edited or new, sorted.

    Raises WriterError when there is no such commit, no repository or no Git.
    """
    if not _git(root, "rev-parse", "--verify", "--quiet", f"{base}^{{commit}}"):
        raise WriterError(f"Git knows no commit {base} here")
    fork = _git(root, "merge-base", base, "HEAD").decode().strip()
    if not fork:
        raise WriterError(
            f"this branch has nothing in common with {base}: a shallow clone? git fetch --unshallow"
        )
    listed = _git(root, "diff", "--name-only", "-z", fork) + _git(
        root, "ls-files", "--others", "--exclude-standard", "-z"
    )
    return sorted({os.fsdecode(name) for name in listed.split(b"\0")[:-1]})


def _entry(line: bytes) -> tuple[list[str], str]:
    about, _, path = os.fsdecode(line).partition("\t")
    return about.split(" "), path.removeprefix(f"{RENDERED}/")


def _git(root: Path, *command: str, ask: bytes = b"") -> bytes:
    try:
        run = git.run(root, *command, ask=ask, variables=git.ENGLISH)
    except OSError:  # no git on this machine
        return b""
    if run.returncode == _FATAL and not any(text in run.stderr for text in _NO_REPOSITORY):
        raise WriterError(f"git {command[0]}: {run.stderr.decode(errors='replace').strip()}")
    return run.stdout
