"""What a change of the spec says to a person: which files changed, or would, and what to do next."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from generator.cli.report import complain, counted, listed, print_paths, say, to_commit

if TYPE_CHECKING:
    from generator.cli.spec_change import Commit, Outcome


def show(outcome: Outcome) -> None:
    """Print which rendered files changed, or would, and what to do next; or what is wrong."""
    for problem in outcome.problems:
        complain(str(problem))
    if outcome.difference is None:
        complain(f"error: {outcome.stop}" if outcome.stop else "")
        complain("Nothing was changed.")
        return
    found = outcome.difference
    for title, mark, paths in (
        ("new files", "+", found.added),
        ("changed files", "~", found.changed),
        ("deleted files", "-", found.stale),
    ):
        print_paths(title, mark, paths)
    count = counted(len(found.added) + len(found.changed) + len(found.stale), "rendered file")
    files = ", ".join(change.file for change in outcome.wish.changes)
    title = outcome.wish.commit.message.partition("\n")[0] if outcome.wish.commit else ""
    if outcome.wish.dry:
        say(f"Would change {files} and {count}. Nothing was changed.")
    elif outcome.made and outcome.wish.commit:
        branch = outcome.wish.commit.branch
        say(f"Committed {files} and {count} on the new branch {branch}; the work tree is as it was. Now:")
        say(f"  git push -u origin {branch}")
    else:
        commit = to_commit((*found.added, *found.changed, *found.stale))
        say(f"Changed {files} and {count}. Commit {listed(commit)} together{':' if title else '.'}")
        if title:
            say(f"  git add {' '.join(commit)} && git commit{_messages(title, outcome.wish.commit)}")


def _messages(title: str, commit: Commit | None) -> str:
    """Return the message as options of `git commit`, for a shell."""
    reason = commit.reason.strip() if commit else ""
    return "".join(f" -m {shlex.quote(part)}" for part in (title, reason) if part)
