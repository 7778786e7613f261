"""Compare a rendering with what stands in `rendered/`: what to write, what to prune. Never writes."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

from generator.banner import MARKER, WITHIN
from generator.writer import disk
from generator.writer.errors import explain, explained, in_the_way

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from pathlib import Path

_MARKER = MARKER.encode()


class Scope(NamedTuple):
    """Which part of `rendered/` a run owns: pruning and comparing never look outside.

    `folders` are the top-level folders that were rendered, as `dev` and `shared`; `remove` are the
    environments to remove whole (`render --remove-environment qa`). `outside` are files of `disk.OUTSIDE`.
    """

    folders: frozenset[str]
    remove: frozenset[str] = frozenset()
    outside: frozenset[str] = frozenset()


class Difference(NamedTuple):
    """What to do to `rendered/`; the paths are sorted.

    `stale` are generated files that nobody renders any more. `contents` has the new bytes of what is
    added or changed, and `emptied` the folders that may hold nothing afterwards, deepest first.
    """

    added: tuple[str, ...]
    changed: tuple[str, ...]
    stale: tuple[str, ...]
    contents: Mapping[str, bytes]
    emptied: tuple[str, ...] = ()

    @property
    def current(self) -> bool:
        """Whether `rendered/` is what the spec says."""
        return not (self.added or self.changed or self.stale)


def compare(root: Path, files: Iterable[tuple[str, bytes]], scope: Scope) -> Difference:
    """Compare the stream of rendered `files` with the disk; only bytes that must be written are kept.

    Raises WriterError for what no render may replace (a file where a folder must be and the reverse; outside
    of `rendered/` what no render made) or cannot read, and ValueError for a stream that breaks its own
    rules: a path outside the scope, a path twice, a file without banner (it could never be pruned).
    """
    _check_scope(scope)
    base = os.fspath(root)
    with explained(root):
        tree = disk.look(root, scope.folders | scope.remove, scope.outside)
    left = set(tree.files)
    contents: dict[str, bytes] = {}
    added, changed = [], []
    fine: set[str] = set()  # folders already checked
    for path, data in files:
        folder = path.rpartition("/")[0]
        if folder not in fine and path not in scope.outside:
            _check_folder(folder, tree, scope)
            fine.add(folder)
        if path in left:
            left.remove(path)
            if _holds(root, f"{base}/{disk.from_root(path)}", data):
                continue
            if path in scope.outside:
                _refuse_foreign(root, path)
            changed.append(path)
        elif path in tree.folders:
            raise in_the_way(disk.from_root(path), "a file", "a folder")
        elif path in tree.files or path in contents:
            raise ValueError(f"rendered twice: {path}")
        elif path in tree.others:
            changed.append(path)
        else:
            added.append(path)
        if _MARKER not in data[:WITHIN]:
            raise ValueError(f"rendered without a banner: {path}")
        contents[path] = data
    with explained(root):
        stale = sorted(path for path in left if disk.bannered(f"{base}/{disk.from_root(path)}"))
    return Difference(
        added=tuple(sorted(added)),
        changed=tuple(sorted(changed)),
        stale=tuple(stale),
        contents=contents,
        emptied=_emptied(tree, stale, scope),
    )


def joined(parts: Sequence[Difference]) -> Difference:
    """Join the differences of scopes that do not overlap."""
    contents: dict[str, bytes] = {}
    for part in parts:
        contents |= part.contents
    return Difference(
        added=tuple(sorted(path for part in parts for path in part.added)),
        changed=tuple(sorted(path for part in parts for path in part.changed)),
        stale=tuple(sorted(path for part in parts for path in part.stale)),
        contents=contents,
        emptied=tuple(sorted((path for part in parts for path in part.emptied), reverse=True)),
    )


def orphans(root: Path, environments: Collection[str]) -> tuple[str, ...]:
    """Name the folders of `rendered/` with generated files whose environment is gone from the spec."""
    rendered = f"{os.fspath(root)}/{disk.RENDERED}"
    with explained(root):
        if not disk.is_folder(root, disk.RENDERED):
            return ()
        with os.scandir(rendered) as entries:
            names = sorted(
                entry.name
                for entry in entries
                if entry.is_dir(follow_symlinks=False)
                and not entry.name.startswith(".")
                and entry.name != "shared"
                and entry.name not in environments
            )
        return tuple(
            name
            for name in names
            if any(disk.bannered(f"{rendered}/{path}") for path in disk.look(root, [name]).files)
        )


def _holds(root: Path, name: str, data: bytes) -> bool:
    try:  # not `with explained`: 20,300 times
        return disk.holds(name, data)
    except OSError as error:
        raise explain(root, error) from error


def _refuse_foreign(root: Path, path: str) -> None:
    """Raise WriterError for a file that a person made: only inside `rendered/` everything is ours."""
    with explained(root):
        if not disk.bannered(f"{os.fspath(root)}/{path}"):
            raise in_the_way(path, "what `make render` makes", "a file that somebody wrote")


def _check_scope(scope: Scope) -> None:
    """Refuse what cannot be a folder of an environment: a caller's mistake, so ValueError."""
    for name in scope.folders | scope.remove:
        if not name or name.startswith(".") or "/" in name:
            raise ValueError(f"not a top-level folder of rendered/: {name!r}")
    if other := scope.outside - disk.OUTSIDE:
        raise ValueError(f"no place for a rendered file: {sorted(other)}")
    if both := scope.folders & scope.remove:
        raise ValueError(f"rendered and removed in one run: {sorted(both)}")


def _check_folder(folder: str, tree: disk.Tree, scope: Scope) -> None:
    parts = folder.split("/")
    if parts[0] not in scope.folders or not {"", ".", ".."}.isdisjoint(parts):
        raise ValueError(f"outside of what this run renders: {folder}/")
    for above in _upwards(folder):
        if above in tree.files:
            raise in_the_way(f"{disk.RENDERED}/{above}", "a folder", "a file")
        if above in tree.others:
            raise in_the_way(f"{disk.RENDERED}/{above}", "a folder", "a symbolic link or a special file")


def _emptied(tree: disk.Tree, stale: Collection[str], scope: Scope) -> tuple[str, ...]:
    """Folders around stale files, and those a killed render left empty; no environment unless removed."""
    kept = set(scope.folders)
    for path in (tree.files | tree.others).difference(stale):
        folder = path.rpartition("/")[0]
        if folder not in kept:
            kept.update(_upwards(folder))
    return tuple(sorted(tree.folders - kept, reverse=True))


def _upwards(path: str) -> Iterable[str]:
    """`a/b/c` -> `a/b/c`, `a/b`, `a`."""
    while path:
        yield path
        path = path.rpartition("/")[0]
