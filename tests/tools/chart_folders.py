"""Refuse edits to a chart folder that an environment other than dev pins; run by tests/test_chart_folders.py.

A chart of this repository is a folder, argocd/charts/<chart>/<version>/, and `versions.charts` of an
environment says which one runs there. Argo CD takes the folder from the branch that it follows, so an edit
reaches every environment that pins the version, all at once. Only dev may have that: a new version grows
there. Everywhere else a change is a new folder, and reaches an environment by a pin.

    python tests/tools/chart_folders.py
"""

from __future__ import annotations

import pathlib
import subprocess
import sys
from typing import TYPE_CHECKING, NamedTuple

import yaml

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

CHARTS = "argocd/charts"
ENVIRONMENTS = "environments"
SHARED = "platform.yaml"  # what stands beside the environments
FREE = "dev"

# A commit is judged when its parent has this file. The first charts were finished under pins that were there
# before them, when nothing was deployed from this repository yet; nobody can mend those commits now.
THIS = "tests/tools/chart_folders.py"


class NotACheckoutError(Exception):
    """The folder is not the root of a git checkout: a tarball, say."""


class Commit(NamedTuple):
    """A commit on the first-parent history and the chart folders that it touches."""

    id: str
    parent: str
    folders: frozenset[str]


class Repository:
    """The questions that are asked of git."""

    def __init__(self, root: pathlib.Path) -> None:
        """Open the checkout.

        Raises:
            NotACheckoutError: there is no git, or the folder is not the root of a checkout.
        """
        self.root = root
        if not (root / ".git").exists():
            raise NotACheckoutError(f"{root} is not a git checkout")

    def git(self, *arguments: str, feed: str = "") -> str:
        command = ["git", "--no-optional-locks", "-c", "core.quotePath=false", *arguments]
        done = subprocess.run(
            command, cwd=self.root, input=feed, capture_output=True, text=True, encoding="utf-8", check=False
        )
        if done.returncode:
            raise RuntimeError(f"git {' '.join(arguments)}: {done.stderr.strip()}")
        return done.stdout

    def uncommitted(self) -> Iterator[str]:
        """The chart folders that differ from HEAD, in the index or on disk, ignored files aside."""
        output = self.git(
            "status", "--porcelain", "-z", "--no-renames", "--untracked-files=all", "--", CHARTS
        )
        for entry in filter(None, output.split("\0")):
            yield from folder_of(entry[3:])

    def commits(self) -> list[Commit]:
        """The commits on the first-parent history that touch charts, oldest first, as far as they are here.

        A merge counts as one commit with all that it brings. The oldest commit of a shallow clone says that
        it has no parent, so there is nothing to compare it with.
        """
        output = self.git(
            *("log", "--first-parent", "-m", "--name-only", "--no-renames", "--no-show-signature"),
            *("--format=commit %H %P", "HEAD", "--", f"{CHARTS}/"),
        )
        found: list[Commit] = []
        for line in output.splitlines():
            if line.startswith("commit "):
                commit, *parents = line.split()[1:]
                found.append(Commit(commit, parents[0] if parents else "", frozenset()))
            elif line:
                last = found.pop()
                found.append(last._replace(folders=last.folders.union(folder_of(line.strip('"')))))
        return [commit for commit in reversed(found) if commit.parent]

    def objects(self, names: Iterable[str]) -> dict[str, str]:
        """The ids of what is there of `<commit>:<path>`."""
        names = sorted(set(names))
        output = self.git("cat-file", "--batch-check=%(objectname)", feed="".join(f"{n}\n" for n in names))
        return {name: line for name, line in zip(names, output.splitlines(), strict=True) if " " not in line}

    def pins(self, commit: str) -> dict[str, list[str]]:
        """The environments, other than dev, by the chart folder that they pin at a commit."""
        found: dict[str, list[str]] = {}
        listed = self.git("ls-tree", "--name-only", "-z", commit, f"{ENVIRONMENTS}/").split("\0")
        for file in listed:
            name = pathlib.PurePosixPath(file)
            if name.suffix != ".yaml" or name.name == SHARED or name.stem == FREE:
                continue
            # Every scalar a string, as 1.10 is meant.
            tree = yaml.load(self.git("show", f"{commit}:{file}"), Loader=yaml.CBaseLoader)  # noqa: S506
            charts = ((tree or {}).get("versions") or {}).get("charts") or {}
            for chart, version in charts.items():
                found.setdefault(f"{CHARTS}/{chart}/{version}", []).append(name.stem)
        return found


def folder_of(path: str) -> Iterator[str]:
    """The chart folder that a file is in, if it is in one."""
    parts = path.split("/")
    if len(parts) > len(("argocd", "charts", "chart", "version")):
        yield "/".join(parts[:4])


# --- The two rules ---


def uncommitted_edits(repository: Repository) -> list[str]:
    """What differs from HEAD in a folder that is pinned at HEAD."""
    changed = set(repository.uncommitted())
    pins = repository.pins("HEAD") if changed else {}
    return [
        _refusal(folder, pins[folder], "has uncommitted changes", f"git checkout HEAD -- {folder}")
        for folder in sorted(changed & pins.keys())
    ]


def committed_edits(repository: Repository) -> list[str]:
    """Folders that a commit edited although its parent had them, and an environment pinned them there.

    Settled when the folder is again what it was before, or when it is gone and nobody pins it.
    """
    commits = repository.commits()
    there = repository.objects(
        name
        for commit in commits
        for name in (
            f"{commit.parent}:{THIS}",
            *(f"{c}:{folder}" for c in (commit.parent, "HEAD") for folder in commit.folders),
        )
    )
    problems: dict[str, str] = {}
    settled: set[str] = set()
    now = repository.pins("HEAD")
    for commit in commits:
        edited = {f for f in commit.folders if f"{commit.parent}:{f}" in there} - problems.keys() - settled
        if not edited or f"{commit.parent}:{THIS}" not in there:
            continue
        pins = repository.pins(commit.parent)
        for folder in sorted(edited & pins.keys()):
            head = there.get(f"HEAD:{folder}")
            if head == there[f"{commit.parent}:{folder}"] or (head is None and folder not in now):
                settled.add(folder)
                continue
            changed = f"was changed by commit {commit.id[:12]}"
            undo = f"git checkout {commit.parent[:12]} -- {folder}"
            problems[folder] = _refusal(folder, pins[folder], changed, undo)
    return list(problems.values())


def _refusal(folder: str, environments: list[str], changed: str, undo: str) -> str:
    pinned, chart = " and ".join(environments), folder.split("/")[2]
    verb = "pin" if len(environments) > 1 else "pins"
    return (
        f"{folder}: {pinned} {verb} it, so it may not change, but it {changed}. To change the chart, "
        f"copy the folder to {CHARTS}/{chart}/<new version>, set that version in its Chart.yaml, and pin it "
        f"in {ENVIRONMENTS}/{FREE}.yaml under versions.charts. To put this one back: {undo}"
    )


def misnamed(root: pathlib.Path) -> list[str]:
    """Chart folders whose Chart.yaml says another name or version, or that have none."""
    problems = []
    for folder in sorted((root / CHARTS).glob("*/*/")):
        file = folder / "Chart.yaml"
        where = file.relative_to(root).as_posix()
        if not file.is_file():
            problems.append(f"{where}: is missing")
            continue
        chart = yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.CBaseLoader)  # noqa: S506
        for key, expected in (("name", folder.parent.name), ("version", folder.name)):
            if chart.get(key) != expected:
                problems.append(f"{where}: {key} is {chart.get(key)}, its folder says {expected}")
    return problems


def problems_of(root: pathlib.Path) -> list[str]:
    """All of the above.

    Raises:
        NotACheckoutError: there is no history to ask.
    """
    repository = Repository(root)
    return [*misnamed(root), *uncommitted_edits(repository), *committed_edits(repository)]


def main() -> int:
    try:
        problems = problems_of(pathlib.Path(__file__).parents[2])
    except NotACheckoutError as error:
        problems = [str(error)]
    for problem in problems:
        sys.stderr.write(f"{problem}\n")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
