"""Field sets: which paths an object has, and how `managedFields` writes them (structured-merge-diff,
fieldpath)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.cluster.emulator.schemas import Schema

Json = dict[str, Any]
Path = tuple[str, ...]  # steps as fieldsV1 writes them: f:name, k:{"name":"x"}, v:"x"
PRESENT = object()  # the value of a path that is only there

# What nobody owns (managedfields/internal/stripmeta.go).
STRIPPED: frozenset[Path] = frozenset(
    {
        ("f:apiVersion",),
        ("f:kind",),
        ("f:metadata",),
        *(
            ("f:metadata", f"f:{name}")
            for name in (
                "name",
                "namespace",
                "creationTimestamp",
                "selfLink",
                "uid",
                "clusterName",
                "generation",
                "managedFields",
                "resourceVersion",
            )
        ),
    }
)
DEFAULT_KEYS = {"protocol": "TCP"}  # a list key may have a default; this is the only one


def item_step(item: Any, schema: Schema) -> str:
    """How an item of a keyed list or a set is told from the others."""
    if schema.list_type == "map" and isinstance(item, dict):
        keys = {key: item.get(key, DEFAULT_KEYS.get(key)) for key in sorted(schema.list_keys)}
        keys = {key: value for key, value in keys.items() if value is not None}
        return "k:" + json.dumps(keys, separators=(",", ":"))
    return "v:" + json.dumps(item, separators=(",", ":"))


def leaves(value: Any, schema: Schema, path: Path = ()) -> dict[Path, Any]:
    """The paths that somebody who sets `value` owns, with their values."""
    found: dict[Path, Any] = {}
    if isinstance(value, dict) and not schema.atomic_map:
        for name, inner in value.items():
            here = (*path, f"f:{name}")
            if here[:2] == ("f:metadata", "f:managedFields"):
                continue
            found |= leaves(inner, schema.child(name), here)
            if inner == {} or (not schema.declares(name) and here not in found):
                found[here] = PRESENT
    elif isinstance(value, list) and schema.list_type in {"map", "set"}:
        for item in value:
            here = (*path, item_step(item, schema))
            if schema.list_type == "map":
                found |= leaves(item, schema.item(), here)
            found[here] = PRESENT
    elif path:
        found[path] = value
    return {key: inner for key, inner in found.items() if key not in STRIPPED} if not path else found


def encode(paths: Iterable[Path]) -> Json:
    """As `fieldsV1`."""
    owned = set(paths)
    root: Json = {}
    for path in sorted(owned):
        node = root
        for depth, step in enumerate(path, 1):
            node = node.setdefault(step, {})
            if path[:depth] in owned and depth < len(path):
                node.setdefault(".", {})
    return root


def decode(tree: Json, path: Path = ()) -> set[Path]:
    """The paths of a `fieldsV1`."""
    found: set[Path] = set()
    for step, inner in tree.items():
        if step == ".":
            found.add(path)
        elif inner:
            found |= decode(inner, (*path, step))
        else:
            found.add((*path, step))
    return found


def printed(path: Path) -> str:
    """As conflicts name it: `.spec.containers[name="web"].image`."""
    parts = []
    for step in path:
        kind, _, rest = step.partition(":")
        if kind == "f":
            parts.append(f".{rest}")
        elif kind == "k":
            keys = json.loads(rest)
            parts.append("[" + ",".join(f"{key}={json.dumps(value)}" for key, value in keys.items()) + "]")
        else:
            parts.append(f"[={rest}]")
    return "".join(parts)


def without(value: Any, schema: Schema, gone: set[Path], path: Path = ()) -> Any:
    """`value` without the paths in `gone`; a map that this empties goes too."""
    if isinstance(value, dict) and not schema.atomic_map:
        kept = {}
        for name, inner in value.items():
            here = (*path, f"f:{name}")
            if here in gone:
                continue
            left = without(inner, schema.child(name), gone, here)
            if left in ({}, []) and inner not in ({}, []):
                continue
            kept[name] = left
        return kept
    if isinstance(value, list) and schema.list_type in {"map", "set"}:
        kept_items = []
        for item in value:
            here = (*path, item_step(item, schema))
            if here not in gone:
                kept_items.append(without(item, schema.item(), gone, here))
        return kept_items
    return value
