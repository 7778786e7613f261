"""Assembles the closed JSON Schemas (2020-12) from `definitions/`.

One text per concept serves three readers. `platform` and `environment` are what people write: layers,
so nothing in them is required. `settings`, `workload` and `component` are what must be complete after
the merge. `for_editors` additionally accepts null, which removes what a lower layer set.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any, Literal

Schema = dict[str, Any]
Kind = Literal["platform", "environment", "settings", "versions", "workload", "component"]

_DRAFT = "https://json-schema.org/draft/2020-12/schema"


@cache
def bundle(kind: Kind) -> Schema:
    """Return one self-contained schema, every `$ref` replaced by what it names."""
    return {"$schema": _DRAFT, **_BUILD[kind]()} if kind in _BUILD else _definition(kind)


def for_editors(kind: Kind) -> Schema:
    """Return the schema that the modeline of a spec file names: as `bundle`, and null removes."""
    schema = bundle(kind)
    properties = {k: v if k == "platform" else _nullable(v) for k, v in schema["properties"].items()}
    return schema | {"properties": properties}


def _platform() -> Schema:
    layers = _layers()
    profile = layers["settings"]["properties"] | _pick(layers, "workloadDefaults", "components", "workloads")
    return _map(
        "The spec that all environments share.",
        {
            "platform": _definition("platform"),
            "defaults": layers["settings"] | {"description": "Every environment starts from this."},
            "profiles": {
                "description": "Named sets of differences; an environment may name one.",
                "type": "object",
                "propertyNames": _definition("name"),
                "additionalProperties": _map("What this kind of environment changes.", profile),
            },
            **_pick(layers, "workloadDefaults", "components", "workloads"),
        },
        required=["platform", "defaults"],
    )


def _environment() -> Schema:
    layers = _layers()
    profile = {
        "description": "The profile of platform.yaml that this environment starts from.",
        "type": "string",
    }
    return _map(
        "One environment: what it is and how it differs. The file's name is its name.",
        {
            "profile": profile,
            **layers["settings"]["properties"],
            "versions": _partial(_definition("versions")),
            **_pick(layers, "workloadDefaults", "components", "workloads"),
        },
    )


_BUILD = {"platform": _platform, "environment": _environment}


def _layers() -> dict[str, Schema]:
    workload, component = _partial(_definition("workload")), _partial(_definition("component"))
    return {
        "settings": _partial(_definition("settings")),
        "workloadDefaults": workload | {"description": "Every workload starts from this."},
        "workloads": _named("The team's services and scheduled jobs, by name.", workload),
        "components": _named("Third-party Helm charts that the platform needs, by name.", component),
    }


def _pick(layers: dict[str, Schema], *names: str) -> dict[str, Schema]:
    return {name: layers[name] for name in names}


def _map(description: str, properties: dict[str, Schema], required: list[str] | None = None) -> Schema:
    schema = {"description": description, "type": "object", "additionalProperties": False}
    return schema | ({"required": required} if required else {}) | {"properties": properties}


def _named(description: str, value: Schema) -> Schema:
    names = {"propertyNames": _definition("name"), "additionalProperties": value}
    return {"description": description, "type": "object", **names}


def _partial(schema: Schema) -> Schema:
    """Drop what a layer need not say. Lists replace as a whole, so their items stay complete."""
    if schema.get("x-free"):
        return schema
    partial = {k: v for k, v in schema.items() if k not in {"required", "minProperties"}}
    if "properties" in partial:
        partial["properties"] = {k: _partial(v) for k, v in partial["properties"].items()}
    if isinstance(partial.get("additionalProperties"), dict):
        partial["additionalProperties"] = _partial(partial["additionalProperties"])
    return partial


def _nullable(schema: Schema) -> Schema:
    if schema.get("x-free"):
        return schema
    inner = dict(schema)
    if "properties" in inner:
        inner["properties"] = {k: _nullable(v) for k, v in inner["properties"].items()}
    if isinstance(inner.get("additionalProperties"), dict):
        inner["additionalProperties"] = _nullable(inner["additionalProperties"])
    description = inner.pop("description", "")
    return {"description": description, "anyOf": [inner, {"type": "null"}]}


@cache
def _definitions() -> dict[str, Schema]:
    folder = Path(__file__).parent / "definitions"
    found: dict[str, Schema] = {}
    for file in sorted(folder.glob("*.json")):
        found |= json.loads(file.read_bytes())
    return found


def _definition(name: str) -> Schema:
    return _inline(_definitions()[name])  # type: ignore[no-any-return]  # a definition is a map


def _inline(node: Any) -> Any:
    if isinstance(node, list):
        return [_inline(item) for item in node]
    if not isinstance(node, dict):
        return node
    if "$ref" in node:
        target = _definition(node["$ref"].removeprefix("#/$defs/"))
        return target | {k: v for k, v in node.items() if k != "$ref"}
    return {key: _inline(value) for key, value in node.items()}
