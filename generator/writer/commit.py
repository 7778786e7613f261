"""A branch with one commit, made beside the work tree, which stays as it is.

Git's plumbing builds the commit with an index of its own. Until the last step, which makes the branch, nobody
sees any of it: interrupted anywhere, the repository is what it was. No hook runs; a commit is signed when
the person's configuration (commit.gpgSign) says so.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from generator import git
from generator.writer.errors import WriterError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_USUAL_MODE = "100644"
_SHOWN = 5


def refuse_uncommitted(root: Path, folders: Sequence[str]) -> None:
    """Raise WriterError when something below the folders is not committed."""
    listed = _git(root, "status", "--porcelain=v1", "-z", "--untracked-files=all", "--", *folders)
    files = sorted(entry[3:] for entry in listed.split("\0") if entry[2:3] == " ")
    if files:
        shown = "".join(f"\n  {file}" for file in files[:_SHOWN])
        more = f"\n  ... and {len(files) - _SHOWN} more" if len(files) > _SHOWN else ""
        raise WriterError(
            f"the commit would be made from the last one, and these files are not committed:{shown}{more}\n"
            "commit them, or put them away with `git stash -u`, then run again"
        )


def refuse_branch(root: Path, branch: str) -> None:
    """Raise WriterError when the branch is there, or cannot be."""
    _git(root, "check-ref-format", "--branch", branch)
    if _git(root, "for-each-ref", f"refs/heads/{branch}"):
        raise WriterError(
            f"the branch {branch} is there already: push it, or delete it with `git branch -D {branch}`"
        )


def commit(root: Path, branch: str, message: str, files: Mapping[str, bytes | None]) -> str:
    """Make a branch from HEAD with one commit of these files, and return the commit's name.

    `files` are paths from `root` and their bytes; None removes one. Raises WriterError.
    """
    prefix = _git(root, "rev-parse", "--show-prefix").rstrip("\n")
    head = _git(root, "rev-parse", "--verify", "HEAD^{commit}").strip()
    modes = _modes(root, head, files)
    entries = []
    for file, data in sorted(files.items()):
        if data is None:
            entries.append(f"0 {'0' * len(head)}\t{prefix}{file}\0")
        else:
            blob = _git(root, "hash-object", "-w", f"--path={file}", "--stdin", ask=data).strip()
            entries.append(f"{modes.get(file, _USUAL_MODE)} {blob}\t{prefix}{file}\0")
    with tempfile.TemporaryDirectory() as folder:
        index = {"GIT_INDEX_FILE": str(Path(folder) / "index")}
        _git(root, "read-tree", head, more=index)
        _git(root, "update-index", "-z", "--index-info", ask="".join(entries).encode(), more=index)
        tree = _git(root, "write-tree", more=index).strip()
    signed = (
        ["-S"]
        if _git(root, "config", "--default=false", "--bool", "commit.gpgSign").strip() == "true"
        else []
    )
    made = _git(root, "commit-tree", *signed, "-p", head, "-F", "-", tree, ask=message.encode()).strip()
    _git(root, "update-ref", "-m", "generator: new branch", f"refs/heads/{branch}", made, "")
    return made


def _modes(root: Path, head: str, files: Mapping[str, bytes | None]) -> dict[str, str]:
    listed = _git(root, "ls-tree", "-r", "-z", head, "--", *sorted({f.partition("/")[0] for f in files}))
    found = {}
    for entry in listed.split("\0")[:-1]:
        about, _, path = entry.partition("\t")
        found[path] = about.split(" ")[0]
    return found


def _git(root: Path, *command: str, ask: bytes = b"", more: Mapping[str, str] | None = None) -> str:
    try:
        run = git.run(root, *command, ask=ask, variables=more or {})
    except OSError as error:
        raise WriterError(f"git does not run here: {error.strerror}") from error
    if run.returncode:
        raise WriterError(f"git {command[0]}: {run.stderr.decode(errors='replace').strip()}")
    return os.fsdecode(run.stdout)
