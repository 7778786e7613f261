"""The three kinds of patches that say what to change: JSON patch, merge patch, strategic merge patch."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

import jsonpatch

from tests.cluster.emulator.errors import REASONS, StatusError, bad_request

if TYPE_CHECKING:
    from tests.cluster.emulator.schemas import Schema

Json = dict[str, Any]
JSON, MERGE, STRATEGIC, APPLY = (
    "application/json-patch+json",
    "application/merge-patch+json",
    "application/strategic-merge-patch+json",
    "application/apply-patch+yaml",
)


def json_patch(document: Json, patch: Any) -> Json:
    """RFC 6902.

    Raises:
        StatusError: 422, a test fails or a path is not there; 400, it is no patch.
    """
    try:
        patched: Json = jsonpatch.apply_patch(document, patch)
    except (
        jsonpatch.JsonPatchConflict,
        jsonpatch.JsonPatchTestFailed,
        jsonpatch.JsonPointerException,
    ):
        raise StatusError(422, "Invalid", REASONS[422][1]) from None  # the server says no more either
    except (jsonpatch.InvalidJsonPatch, TypeError, AttributeError) as problem:
        raise bad_request(f"error decoding patch: {problem}") from None
    return patched


def merge_patch(document: Any, patch: Any) -> Any:
    """RFC 7386."""
    if not isinstance(patch, dict):
        return copy.deepcopy(patch)
    merged = dict(document) if isinstance(document, dict) else {}
    for key, value in patch.items():
        if value is None:
            merged.pop(key, None)
        else:
            merged[key] = merge_patch(merged.get(key), value)
    return merged


def strategic(document: Any, patch: Any, schema: Schema) -> Any:
    """k8s.io/apimachinery/pkg/util/strategicpatch: maps merge, keyed lists merge by their key, with
    directives."""
    if isinstance(patch, dict):
        return _merge_map(document if isinstance(document, dict) else {}, patch, schema)
    return copy.deepcopy(patch)


def _merge_map(document: Json, patch: Json, schema: Schema) -> Any:  # noqa: C901 - a branch a directive
    directive = patch.get("$patch")
    if directive == "replace":
        return {key: copy.deepcopy(value) for key, value in patch.items() if key != "$patch"}
    if directive == "delete":
        return {}
    merged = dict(document)
    if isinstance(kept := patch.get("$retainKeys"), list):
        merged = {key: value for key, value in merged.items() if key in kept}
    for key, value in patch.items():
        if key.startswith("$deleteFromPrimitiveList/"):
            name = key.partition("/")[2]
            merged[name] = [item for item in merged.get(name) or [] if item not in value]
        elif key.startswith("$"):
            continue
        elif value is None:
            merged.pop(key, None)
        elif isinstance(value, list) and "merge" in schema.child(key).strategy:
            merged[key] = _merge_list(merged.get(key) or [], value, schema.child(key))
        else:
            merged[key] = strategic(merged.get(key), value, schema.child(key))
    for key, order in patch.items():
        if key.startswith("$setElementOrder/"):
            name = key.partition("/")[2]
            if isinstance(merged.get(name), list):
                merged[name] = _ordered(merged[name], order, schema.child(name).merge_key)
    return merged


def _merge_list(document: list[Any], patch: list[Any], schema: Schema) -> list[Any]:
    key = schema.merge_key
    if not key:
        return document + [item for item in patch if item not in document]
    if any(item.get("$patch") == "replace" for item in patch):
        return [copy.deepcopy(item) for item in patch if "$patch" not in item]
    merged = list(document)
    for item in patch:
        if key not in item:
            raise bad_request(f"map: {item} does not contain declared merge key: {key}")
        same = [index for index, existing in enumerate(merged) if existing.get(key) == item[key]]
        if item.get("$patch") == "delete":
            merged = [existing for existing in merged if existing.get(key) != item[key]]
        elif same:
            merged[same[0]] = strategic(merged[same[0]], item, schema.item())
        else:
            merged.append(strategic({}, item, schema.item()))
    return merged


def _ordered(items: list[Any], order: list[Any], key: str) -> list[Any]:
    wanted = [entry[key] if key else entry for entry in order]
    position = {str(value): index for index, value in enumerate(wanted)}
    identity = [str(item.get(key) if key else item) for item in items]
    listed = iter(
        sorted(
            (i for i, name in enumerate(identity) if name in position), key=lambda i: position[identity[i]]
        )
    )
    return [items[next(listed)] if name in position else items[i] for i, name in enumerate(identity)]
