"""Who owns which field: `managedFields` after updates, and server-side apply with its conflicts."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

from tests.cluster.emulator import fields
from tests.cluster.emulator.errors import apply_conflict
from tests.cluster.emulator.store import now

if TYPE_CHECKING:
    from tests.cluster.emulator.fields import Path
    from tests.cluster.emulator.schemas import Schema

Json = dict[str, Any]
Manager = tuple[str, str, str]  # name, operation, subresource


def _entries(content: Json) -> dict[Manager, tuple[Json, set[Path]]]:
    found = {}
    for entry in content["metadata"].get("managedFields") or []:
        manager = (entry.get("manager", ""), entry.get("operation", "Update"), entry.get("subresource", ""))
        found[manager] = (entry, fields.decode(entry.get("fieldsV1") or {}))
    return found


def _write(content: Json, owned: dict[Manager, tuple[Json, set[Path]]]) -> None:
    entries = []
    for (name, operation, subresource), (entry, paths) in owned.items():
        if paths:
            fresh = entry | {"manager": name, "operation": operation, "fieldsType": "FieldsV1"}
            fresh["fieldsV1"] = fields.encode(paths)
            entries.append(fresh | ({"subresource": subresource} if subresource else {}))
    meta = content["metadata"]
    meta.pop("managedFields", None)
    if entries:
        meta["managedFields"] = entries


def _entry(content: Json) -> Json:
    return {"apiVersion": content["apiVersion"], "time": now()}


def after_update(before: Json | None, content: Json, schema: Schema, manager: str, subresource: str) -> None:
    """Let `manager` own what it changed; nobody owns what it removed. Sending no managedFields keeps them.

    What is sent counts: "necessary to allow directly updating managed fields" (apimachinery,
    util/managedfields/internal/fieldmanager.go).
    """
    old = fields.leaves(before, schema) if before else {}
    new = fields.leaves(content, schema)
    changed = {path for path, value in new.items() if path not in old or old[path] != value}
    removed = old.keys() - new.keys()
    sent = content["metadata"].get("managedFields")
    reset = sent in ([], [{}])
    owned = {} if reset or before is None else _entries(content if sent else before)
    if not changed and not removed and not reset:
        _write(content, owned)
        return
    key = (manager, "Update", subresource)
    for other, (entry, paths) in list(owned.items()):
        owned[other] = (entry, paths - removed - (changed if other != key else set()))
    if changed:
        _, mine = owned.get(key, ({}, set()))
        owned[key] = (_entry(content), mine | changed)
    _write(content, owned)


def apply(
    live: Json | None, config: Json, schema: Schema, *, manager: str, force: bool, subresource: str = ""
) -> Json:
    """What server-side apply makes of `live`.

    Raises:
        StatusError: 409, others own fields that get another value, and `force` is not said.
    """
    config = copy.deepcopy(config)
    config["metadata"].pop("managedFields", None)
    wanted = fields.leaves(config, schema)
    key = (manager, "Apply", subresource)
    owned = _entries(live) if live else {}
    merged = _merge(copy.deepcopy(live), config, schema) if live else config
    before = fields.leaves(live, schema) if live else {}
    after = fields.leaves(merged, schema)
    different = {path for path in wanted if path in before and before[path] != after.get(path)}
    conflicts = []
    for other, (entry, paths) in owned.items():
        if other != key:
            conflicts += [(_printed(other, entry), path) for path in sorted(paths & different)]
    if conflicts and not force:
        conflicts.sort()
        raise apply_conflict([(printed, fields.printed(path)) for printed, path in conflicts])
    for other, (entry, paths) in list(owned.items()):
        if other != key:
            owned[other] = (entry, paths - different)
    _, mine = owned.get(key, ({}, set()))
    others = set().union(*(paths for other, (_, paths) in owned.items() if other != key))
    gone = {
        path
        for path in mine - wanted.keys()
        if path not in others and not any(other[: len(path)] == path for other in others)
    }
    merged = dict(fields.without(merged, schema, gone))
    same = live is not None and mine == wanted.keys() and fields.leaves(merged, schema) == before
    stamp = owned[key][0] if same else _entry(config)
    owned[key] = (stamp, set(wanted))
    _write(merged, owned)
    return merged


def _printed(manager: Manager, entry: Json) -> str:
    name, operation, subresource = manager
    text = f'"{name}"' + (f' with subresource "{subresource}"' if subresource else "")
    if operation == "Update":
        text += f" using {entry.get('apiVersion')}" + (f" at {entry['time']}" if "time" in entry else "")
    return text


def _merge(live: Any, config: Any, schema: Schema) -> Any:
    if isinstance(config, dict) and isinstance(live, dict) and not schema.atomic_map:
        for name, value in config.items():
            live[name] = _merge(live[name], value, schema.child(name)) if name in live else value
        return live
    if isinstance(config, list) and isinstance(live, list) and schema.list_type in {"map", "set"}:
        known = {fields.item_step(item, schema): index for index, item in enumerate(live)}
        for item in config:
            step = fields.item_step(item, schema)
            if step in known:
                live[known[step]] = _merge(live[known[step]], item, schema.item())
            else:
                live.append(item)
        return live
    return config
