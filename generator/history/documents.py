"""The spec as a commit has it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.history.blobs import contents, listed
from generator.problem import Place, Problem
from generator.source import Document, parse
from generator.source.folder import FOLDER

if TYPE_CHECKING:
    from pathlib import Path


def documents(root: Path, commit: str) -> tuple[dict[str, Document], list[Problem]]:
    """Return the files of `environments/` as `commit` has them, by name, and what is wrong with others.

    Raises HistoryError.
    """
    blobs = {path: blob for path, blob in listed(root, commit, FOLDER).items() if path.endswith(".yaml")}
    data = contents(root, blobs.values())
    found: dict[str, Document] = {}
    problems: list[Problem] = []
    for path, blob in sorted(blobs.items()):
        try:
            parsed = parse(path, data[blob].decode())
        except (KeyError, UnicodeDecodeError):
            problems.append(Problem(place=Place(path), message=f"{commit[:10]} has it in no readable form"))
            continue
        if isinstance(parsed, Document):
            found[path.removeprefix(f"{FOLDER}/").removesuffix(".yaml")] = parsed
        else:
            problems += parsed
    return found, problems
