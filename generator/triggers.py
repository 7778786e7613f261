"""Which runs of Terraform a set of changed files starts: the trigger patterns of workspaces, applied.

HCP Terraform docs, workspaces/settings/vcs, "Automatic run triggering": a pattern starts at the repository's
root; `*` and `?` stay in a folder, `**` goes through any number.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

# From so many changed files on, merging a GitHub pull request starts a run in every connected workspace
# (hashicorp/terraform-docs-common#158).
ALL_FROM = 300


def started(patterns: Mapping[str, Sequence[str]], files: Iterable[str]) -> list[str]:
    """Return the keys of `patterns` that some file matches, in their order; all for very many files.

    Files are paths from the repository's root, without a slash at the start.
    """
    changed = {f"/{file}" for file in files}
    if len(changed) >= ALL_FROM:
        return list(patterns)
    return [key for key, globs in patterns.items() if any(_matches(globs, file) for file in changed)]


def _matches(globs: Sequence[str], file: str) -> bool:
    return any(_regex(glob).fullmatch(file) for glob in globs)


@cache
def _regex(glob: str) -> re.Pattern[str]:
    pieces = {"**/": "(?:[^/]+/)*", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    words = re.split(r"(\*\*/|\*\*|\*|\?)", glob)
    return re.compile("".join(pieces.get(word, re.escape(word)) for word in words))
