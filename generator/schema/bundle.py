"""Assembles the closed JSON Schemas (2020-12) from `definitions/`.

One text per concept serves three readers. `platform` and `environment` are what people write: layers,
so nothing in them is required. `settings`, `versions`, `workload` and `component` are what must be
complete after the merge. `for_editors` additionally accepts null, which removes what a lower layer set.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Callable

Schema = dict[str, Any]
Kind = Literal["platform", "environment", "settings", "versions", "workload", "component"]

_DRAFT = "https://json-schema.org/draft/2020-12/schema"


@cache
def bundle(kind: Kind) -> Schema:
    """Return one self-contained schema: what is named by `$ref` stands under `$defs`."""
    layers = _LAYERS.get(kind)
    if layers:
        partial = {name: _partial(definition) for name, definition in _definitions().items()}
        # The one thing that is written once, as a whole.
        partial["platform"] = _definitions()["platform"]
        return {"$schema": _DRAFT, **layers(), "$defs": partial}
    return {"$schema": _DRAFT, "$ref": f"#/$defs/{kind}", "$defs": _definitions()}


def for_editors(kind: Kind) -> Schema:
    """Return the schema that the modeline of a spec file names: as `bundle`, and null removes."""
    schema = bundle(kind)
    definitions = {k: v if k == "platform" else _nullable(v) for k, v in schema["$defs"].items()}
    return _nullable({k: v for k, v in schema.items() if k != "$defs"}) | {"$defs": definitions}


def _platform() -> Schema:
    profile = _map("What this kind of environment changes.", _settings() | _sections())
    defaults = _map("Every environment starts from this.", _settings())
    return _map(
        "The spec that all environments share.",
        {
            "platform": {"$ref": "#/$defs/platform"},
            "defaults": defaults,
            "profiles": _named("Named sets of differences; an environment may name one.", profile),
            **_sections(),
        },
    ) | {"required": ["platform", "defaults"]}


def _environment() -> Schema:
    profile = {
        "description": "The profile of platform.yaml that this environment starts from.",
        "type": "string",
    }
    return _map(
        "One environment: what it is and how it differs. The file's name is its name.",
        {"profile": profile, **_settings(), "versions": {"$ref": "#/$defs/versions"}, **_sections()},
    )


_LAYERS: dict[str, Callable[[], Schema]] = {"platform": _platform, "environment": _environment}


def _settings() -> Schema:
    """The settings by name, for the objects that have other properties beside them."""
    names = _definitions()["settings"]["properties"]
    return {name: {"$ref": f"#/$defs/settings/properties/{name}"} for name in names}


def _sections() -> Schema:
    workload, component = {"$ref": "#/$defs/workload"}, {"$ref": "#/$defs/component"}
    return {
        "workloadDefaults": workload | {"description": "Every workload starts from this."},
        "components": _named("Third-party Helm charts that the platform needs, by name.", component),
        "workloads": _named("The team's services and scheduled jobs, by name.", workload),
    }


def _map(description: str, properties: dict[str, Schema]) -> Schema:
    return {
        "description": description,
        "type": "object",
        "additionalProperties": False,
        "properties": properties,
    }


def _named(description: str, value: Schema) -> Schema:
    names = {"propertyNames": {"$ref": "#/$defs/name"}, "additionalProperties": value}
    return {"description": description, "type": "object", **names}


def _each_value(schema: Schema, change: Callable[[Schema], Schema]) -> Schema:
    """Return a map's schema with the schemas of its values changed; lists replace as a whole."""
    if schema.get("x-free"):
        return schema
    changed = dict(schema)
    if "properties" in changed:
        changed["properties"] = {k: change(v) for k, v in changed["properties"].items()}
    if isinstance(changed.get("additionalProperties"), dict):
        changed["additionalProperties"] = change(changed["additionalProperties"])
    return changed


def _partial(schema: Schema) -> Schema:
    """Drop what a layer need not say."""
    kept = {k: v for k, v in schema.items() if k not in {"required", "minProperties"}}
    return _each_value(kept, _partial)


def _nullable(schema: Schema) -> Schema:
    return _each_value(schema, _or_null)


def _or_null(schema: Schema) -> Schema:
    if schema == {"$ref": "#/$defs/platform"}:
        return schema
    inner = dict(_nullable(schema))  # a copy: what is free comes back as it is, and bundles are kept
    description = inner.pop("description", None)
    return {**({"description": description} if description else {}), "anyOf": [inner, {"type": "null"}]}


@cache
def _definitions() -> dict[str, Schema]:
    found: dict[str, Schema] = {}
    for file in sorted((Path(__file__).parent / "definitions").glob("*.json")):
        found |= json.loads(file.read_bytes())
    return found
