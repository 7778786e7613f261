"""Why a key has its value in an environment: every layer that says something of it, and which one wins."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from generator.merge import Merger, merge

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from generator.layers import Layers
    from generator.problem import Path, Place

NOTHING: Any = object()
"""The value of a key that no layer sets, or that one removes."""

Effect = Literal["wins", "merges", "removes", "overruled"]


class Layer(NamedTuple):
    """What one layer says: where, the value that it has there, and what comes of it.

    A map that others merge with `merges`; one in a list does not, for lists replace as a whole. `path` is
    where the layer says it, above the key when it replaces or removes more than the key alone.
    """

    place: Place
    path: Path
    value: Any
    effect: Effect


class Explanation(NamedTuple):
    """A key's value in one environment, and its layers, the winning one first."""

    path: Path
    value: Any
    layers: tuple[Layer, ...]


def explain(layers: Layers, environment: str, path: Path) -> Explanation:
    """Explain a path of an environment's merged tree; the documents must be valid against their schemas."""
    tree = merged_tree(layers, environment)
    return Explanation(path, _at(tree, path), tuple(_say(layers, environment, path)))


def merged_tree(layers: Layers, environment: str) -> dict[str, Any]:
    """Return all that the spec says of an environment after the merge, as one tree."""
    shared, own = layers.platform.tree, layers.environments[environment].tree
    merged = Merger(shared).environment(own)
    name = own.get("profile")
    profile = (shared.get("profiles") or {}).get(name) or {}
    defaults: dict[str, Any] = {}
    for layer in (shared, profile, own):
        above = layer.get("workloadDefaults", {})
        defaults = {} if above is None else merge(defaults, above)
    return {
        "platform": shared.get("platform") or {},
        **({} if name is None else {"profile": name}),
        **merged.settings,
        "workloadDefaults": defaults,
        "versions": merged.versions,
        "components": merged.components,
        "workloads": merged.workloads,
    }


def read_path(text: str, tree: Mapping[str, Any]) -> Path:
    """Read `workloads.orders.routes[0].path`; a key may have dots when the tree has it so."""
    found: list[str | int] = []
    here: Any = tree
    while text:
        index = re.match(r"\[(\d+)\]\.?", text)
        if index:
            part: str | int = int(index[1])
            text = text[index.end() :]
        else:
            keys = here if isinstance(here, dict) else ()
            known = [k for k in keys if re.match(rf"{re.escape(k)}(?=[.\[]|$)", text)]
            part = max(known, key=len, default=re.split(r"[.\[]", text, maxsplit=1)[0])
            text = text[len(part) :].removeprefix(".")
        found.append(part)
        here = _at(here, (part,))
    return tuple(found)


def _say(layers: Layers, environment: str, path: Path) -> Iterator[Layer]:
    """Yield what each layer says, the winning one first; below one that replaces, all is overruled."""
    release = path[:2] if path[0] == "workloads" else ()
    if not any(document.has(where) for document, where in layers.candidates(environment, release)):
        return  # workloadDefaults speak of every workload, but not of one that there is not
    decided = False
    for document, where in layers.candidates(environment, path):
        above = len(where) - len(path)  # a layer may hold the path deeper, as below defaults
        for length in range(max(above + 1, 1), len(where) + 1):
            if not document.has(where[:length]):
                break
            value = _at(document.tree, where[:length])
            if length < len(where) and isinstance(value, dict):
                continue
            if length < len(where) and isinstance(value, list) and document.has(where):
                continue
            merges = isinstance(value, dict) and not any(isinstance(part, int) for part in where[:length])
            effect: Effect = "overruled" if decided else "removes" if value is None else "wins"
            if not decided and merges:
                effect = "merges"
            decided = decided or not merges
            yield Layer(document.place(where[:length]), where[:length], value, effect)
            break


def _at(tree: Any, path: Path) -> Any:
    for part in path:
        if isinstance(part, int):
            if not (isinstance(tree, list) and part < len(tree)):
                return NOTHING
        elif not (isinstance(tree, dict) and part in tree):
            return NOTHING
        tree = tree[part]
    return tree
