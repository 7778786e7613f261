"""The manifests that an Application's directory source has in a checkout."""

from __future__ import annotations

import fnmatch
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    import pathlib

Json = dict[str, Any]
LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Checkout:
    """A folder as of now; files are read again only when they change."""

    def __init__(self, folder: pathlib.Path) -> None:
        self._folder = folder
        self._read: dict[pathlib.Path, tuple[int, list[Json]]] = {}

    def manifests(self, source: Json) -> list[Json]:
        """What the source says, unordered.

        Raises:
            FileNotFoundError: the path is not there, worded as the repository server does.
            ValueError: a file cannot be read.
        """
        base = self._folder / source["path"]
        if not base.is_dir():
            raise FileNotFoundError(f"{source['path']}: app path does not exist")
        options = source.get("directory") or {}
        found: list[Json] = []
        for path in sorted(base.rglob("*") if options.get("recurse") else base.glob("*")):
            name = path.relative_to(base).as_posix()
            if path.suffix not in {".yaml", ".yml", ".json"} or not path.is_file():
                continue
            if options.get("exclude") and _matches(name, options["exclude"]):
                continue
            if options.get("include") and not _matches(name, options["include"]):
                continue
            found += self._load(path)
        return found

    def _load(self, path: pathlib.Path) -> list[Json]:
        stamp = path.stat().st_mtime_ns
        known = self._read.get(path)
        if known is None or known[0] != stamp:
            try:
                documents = yaml.load_all(path.read_text(encoding="utf-8"), LOADER)
                known = self._read[path] = (stamp, [d for d in documents if d])
            except yaml.YAMLError as problem:
                raise ValueError(f'Failed to unmarshal "{path.name}": {problem}') from None
        return known[1]


def _matches(name: str, pattern: str) -> bool:
    patterns = pattern[1:-1].split(",") if pattern.startswith("{") and pattern.endswith("}") else [pattern]
    return any(fnmatch.fnmatchcase(name, one.strip()) for one in patterns)
