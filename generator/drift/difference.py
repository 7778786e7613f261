"""Where a live Application or AppProject is not as it was rendered.

What Argo CD and Kubernetes add by themselves is no difference: all of `status` and `operation`, what the API
server keeps in `metadata`, annotations of Argo CD's own book-keeping, and values that say what their absence
says (its types omit false, "", empty lists and maps when it writes an object back).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    Document = Mapping[str, Any]
    Path = tuple[str | int, ...]

_PREFIX = "argocd.argoproj.io/"
# Argo CD's own: what it tracks an object by, asks itself to do, and remembers of where it was made.
_BOOK_KEEPING = {f"{_PREFIX}{name}" for name in ("tracking-id", "refresh", "hydrate", "installation-id")}
_FINALIZERS = ("foregroundDeletion", "orphan")  # Kubernetes' own, while it deletes
# A map that means something when it is empty, and a value that its absence means, too.
_MEANT = ("spec", "syncPolicy", "automated")
_DEFAULTS: dict[Path, Any] = {(*_MEANT, "enabled"): True}
_SETS = {("spec", "sourceRepos")}  # lists in which the order says nothing


class Missing:
    """What is not there."""

    def __repr__(self) -> str:
        """Say so."""
        return "nothing"


MISSING = Missing()


class Difference(NamedTuple):
    """A field that is not as it was rendered; MISSING is a value that is not there."""

    path: Path
    wanted: Any
    found: Any

    @property
    def dotted(self) -> str:
        """`spec.sources[0].targetRevision`."""
        return dotted(self.path)


def dotted(path: Path) -> str:
    """Return a path as people write it."""
    text = ""
    for key in path:
        if isinstance(key, int):
            text += f"[{key}]"
        elif text and all(c.isalnum() or c in "-_" for c in key):
            text += f".{key}"
        else:
            text += f"[{key}]" if text else key
    return text


def differences(wanted: Document, found: Document) -> list[Difference]:
    """Return the fields that differ, in the order of the rendered document, additions after them."""
    return [
        *_values((("spec"),), wanted.get("spec") or {}, found.get("spec") or {}),
        *_metadata(wanted.get("metadata") or {}, found.get("metadata") or {}),
    ]


def _metadata(wanted: Document, found: Document) -> Iterator[Difference]:
    for key in ("labels", "annotations"):
        ours, theirs = wanted.get(key) or {}, found.get(key) or {}
        if ours and not theirs:  # as a whole: a patch cannot add to a map that is not there
            yield Difference(("metadata", key), ours, MISSING)
            continue
        for name, value in ours.items():
            if theirs.get(name) != value:
                yield Difference(("metadata", key, name), value, theirs.get(name, MISSING))
        for name, value in theirs.items():
            if name not in ours and name.startswith(_PREFIX) and name not in _BOOK_KEEPING:
                yield Difference(("metadata", key, name), MISSING, value)
    ours, theirs = list(wanted.get("finalizers") or ()), list(found.get("finalizers") or ())
    theirs = [name for name in theirs if name not in _FINALIZERS]
    if sorted(ours) != sorted(theirs) and not found.get("deletionTimestamp"):
        yield Difference(("metadata", "finalizers"), ours or MISSING, theirs or MISSING)


def _values(path: Path, wanted: Any, found: Any) -> Iterator[Difference]:
    if isinstance(wanted, dict) and isinstance(found, dict):
        for key, value in wanted.items():
            yield from _values((*path, key), value, found.get(key, MISSING))
        for key, value in found.items():
            if key not in wanted and not _absent((*path, key), value):
                yield Difference((*path, key), MISSING, value)
    elif _listed(wanted) and _listed(found) and len(wanted) == len(found):
        for index, (one, other) in enumerate(zip(wanted, found, strict=True)):
            yield from _values((*path, index), one, other)
    elif not _same(path, wanted, found):
        yield Difference(path, wanted, found)


def _listed(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, dict) for one in value)


def _same(path: Path, wanted: Any, found: Any) -> bool:
    if _absent(path, wanted) and _absent(path, found):
        return True
    if path in _SETS and isinstance(wanted, list) and isinstance(found, list):
        return sorted(map(str, wanted)) == sorted(map(str, found))
    return bool(wanted == found)


def _absent(path: Path, value: Any) -> bool:
    """Tell whether a value says what its absence says."""
    if isinstance(value, Missing) or value is None:
        return True
    if path == _MEANT:
        return False
    if path in _DEFAULTS:
        return bool(value == _DEFAULTS[path])
    if isinstance(value, dict):
        return all(_absent((*path, key), one) for key, one in value.items())
    return value in (False, "", [])
