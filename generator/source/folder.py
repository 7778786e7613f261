"""The files of a spec: platform.yaml, a file for each environment, and which own charts there are."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from generator.problem import Place, Problem, in_order
from generator.source.document import Document, parse
from generator.source.lines import place_at

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FOLDER = "environments"
CHARTS = "argocd/charts"
PLATFORM = "platform"
RESERVED = frozenset({PLATFORM, "shared", "all"})
"""No environment's names: a file of its own, a folder of `rendered/`, a way to say every environment."""

_NAME = re.compile(r"[a-z]([a-z0-9-]*[a-z0-9])?")


class Sources(NamedTuple):
    """All that the generator reads: environments by name, sorted; chart versions on disk by chart.

    What could not be read is missing and stands in `problems`, so that the rest can be judged as well.
    """

    platform: Document | None
    environments: dict[str, Document]
    charts: dict[str, frozenset[str]]
    problems: list[Problem]


def load(root: Path) -> Sources:
    """Read the spec of the repository at `root`, and all that is wrong with its files."""
    documents: dict[str, Document] = {}
    problems: list[Problem] = []
    for found in _spec(root):
        if isinstance(found, Document):
            documents[found.file.removeprefix(f"{FOLDER}/").removesuffix(".yaml")] = found
        else:
            problems.append(found)
    charts = _charts(root)
    if isinstance(charts, Problem):
        problems.append(charts)
        charts = {}
    return Sources(
        platform=documents.pop(PLATFORM, None),
        environments=dict(sorted(documents.items())),
        charts=charts,
        problems=in_order(problems),
    )


def environment_names(root: Path) -> list[str]:
    """Name the environments that have a file, valid or not."""
    return sorted(f.stem for f in (root / FOLDER).glob("*.yaml") if f.stem != PLATFORM)


def is_name(name: str) -> bool:
    """Tell whether an environment may be called so."""
    return bool(_NAME.fullmatch(name)) and name not in RESERVED


def _spec(root: Path) -> Iterator[Document | Problem]:
    """Yield what each file of the folder holds or what is wrong with it; hidden files are an editor's."""
    try:
        present = sorted(entry.name for entry in (root / FOLDER).iterdir())
    except FileNotFoundError:
        yield _problem(
            FOLDER,
            "there is no such folder",
            f"create it, with {PLATFORM}.yaml and a file for each environment",
        )
        return
    except OSError as error:
        yield _unreadable(FOLDER, error)
        return
    names = [name for name in present if name.lower().endswith((".yaml", ".yml")) and name[0] != "."]
    stems = {_stem(name).lower() for name in names}  # a file with a wrong name is not missed as well
    if PLATFORM not in stems:
        yield _problem(
            f"{FOLDER}/{PLATFORM}.yaml", "there is no such file", "create it: all environments share it"
        )
    if not stems - {PLATFORM}:
        yield _problem(FOLDER, "there is no environment", "create one, as dev.yaml")
    for name in names:
        misnamed = _misnamed(name, names)
        if misnamed:
            yield misnamed
        else:
            yield from _read(root, f"{FOLDER}/{name}")


def _misnamed(name: str, names: list[str]) -> Problem | None:
    stem = _stem(name)
    right = stem == PLATFORM or is_name(stem)
    if right and name.endswith(".yaml"):
        return None
    file = f"{FOLDER}/{name if name.isprintable() else ascii(name)[1:-1]}"
    better = re.sub(r"[^a-z0-9]+", "-", stem.lower()).strip("-")
    if better in RESERVED - {PLATFORM}:
        return _problem(file, f'the name "{better}" is reserved', "give the environment another name")
    if not _NAME.fullmatch(better):
        better = f"env-{better}".rstrip("-")
    if f"{better}.yaml" in names:
        return _problem(file, f"not read, and {better}.yaml is there too", "remove one of the two")
    return _problem(
        file,
        "a file here is named <environment>.yaml, with lower-case letters, digits and dashes",
        f"rename it, as {better}.yaml",
    )


def _read(root: Path, file: str) -> list[Problem] | list[Document]:
    path = root / file
    try:
        if not path.is_file():
            return [_problem(file, f"expected a file, found {_kind(path)}", "put a file there, or remove it")]
        data = path.read_bytes()
    except OSError as error:
        return [_unreadable(file, error)]
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        before = data[: error.start].decode().lstrip("\ufeff")
        place = place_at(file, before, len(before))
        message = f"not UTF-8: the byte 0x{data[error.start]:02X}"
        return [Problem(place=place, message=message, fix="save the file in the encoding UTF-8")]
    parsed = parse(file, text)
    return [parsed] if isinstance(parsed, Document) else parsed


def _kind(path: Path) -> str:
    if path.is_dir():
        return "a folder"
    return "a link to nothing" if path.is_symlink() else "a device or pipe"


def _charts(root: Path) -> dict[str, frozenset[str]] | Problem:
    try:
        return {
            chart.name: frozenset(version.name for version in _folders(chart))
            for chart in _folders(root / CHARTS)
        }
    except FileNotFoundError:
        return {}
    except OSError as error:
        return _unreadable(CHARTS, error)


def _folders(path: Path) -> list[Path]:
    return sorted(entry for entry in path.iterdir() if entry.name[0] != "." and entry.is_dir())


def _stem(name: str) -> str:
    return name.rpartition(".")[0]


def _unreadable(file: str, error: OSError) -> Problem:
    fix = "see with `ls -l` what it is and who may read it"
    return _problem(file, f"cannot be read: {error.strerror}", fix)


def _problem(file: str, message: str, fix: str) -> Problem:
    return Problem(place=Place(file), message=message, fix=fix)
