"""What the API server knows of a kind: which lists are keyed, which values are whole, which fields there are.

Built-in kinds: the definitions of the pinned Kubernetes version that `kubernetes-validate` brings. Custom
kinds: the
schema of their definition. Where nothing is known, maps are granular and lists are whole, as the server
deduces.
"""

from __future__ import annotations

import functools
import json
import pathlib
from typing import TYPE_CHECKING, Any

import kubernetes_validate  # type: ignore[import-untyped]

if TYPE_CHECKING:
    from tests.cluster.emulator.resources import Resource

Json = dict[str, Any]
FOLDER = pathlib.Path(kubernetes_validate.__file__).parent / "kubernetes-json-schema"
VERSION = "v1.34.0-local"
META = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"
FREE = ("JSON", "JSONSchemaProps", "RawExtension", "FieldsV1", "Quantity", "IntOrString", "Time", "MicroTime")


@functools.cache
def definitions() -> dict[str, Json]:
    """All definitions of the built-in kinds, by their name."""
    text = (FOLDER / VERSION / "_definitions.json").read_text(encoding="utf-8")
    found: dict[str, Json] = json.loads(text)["$defs"]
    return found


@functools.cache
def by_kind() -> dict[tuple[str, str, str], str]:
    """The name of the definition of a (group, version, kind)."""
    found = {}
    for name, schema in definitions().items():
        kinds = schema.get("x-kubernetes-group-version-kind") or []
        if len(kinds) == 1:  # many: DeleteOptions and the like
            found[kinds[0]["group"], kinds[0]["version"], kinds[0]["kind"]] = name
    return found


class Schema:
    """A place in a schema."""

    __slots__ = ("_custom", "_node")

    def __init__(self, node: Json, *, custom: bool = False) -> None:
        self._node, self._custom = node, custom

    def _of(self, node: Json) -> Schema:
        reference = node.get("$ref")
        if reference:
            name = reference.rpartition("/")[2]
            if name.rpartition(".")[2] in FREE:
                return UNKNOWN
            keyword = {key: value for key, value in node.items() if key.startswith("x-kubernetes-")}
            return Schema(definitions()[name] | keyword)
        return Schema(node, custom=self._custom)

    @property
    def known(self) -> bool:
        """Whether the fields are known, so that another one is an error."""
        return "properties" in self._node and not self._node.get("x-kubernetes-preserve-unknown-fields")

    def declares(self, name: str) -> bool:
        """Whether it is a field of a struct, and no key of a map."""
        return name in self._node.get("properties", ())

    def child(self, name: str) -> Schema:
        declared = self._node.get("properties", {}).get(name)
        if declared is not None:
            return self._of(declared)
        if self._custom and name == "metadata" and "properties" in self._node:
            return Schema(definitions()[META])
        more = self._node.get("additionalProperties")
        return self._of(more) if isinstance(more, dict) else UNKNOWN

    def item(self) -> Schema:
        items = self._node.get("items")
        return self._of(items) if isinstance(items, dict) else UNKNOWN

    @property
    def atomic_map(self) -> bool:
        return self._node.get("x-kubernetes-map-type") == "atomic"

    @property
    def list_type(self) -> str:
        """`map`, `set` or `atomic`."""
        return str(self._node.get("x-kubernetes-list-type", "atomic"))

    @property
    def list_keys(self) -> list[str]:
        return list(self._node.get("x-kubernetes-list-map-keys") or ())

    @property
    def merge_key(self) -> str:
        """Of a strategic merge patch; empty for lists of plain values."""
        return str(self._node.get("x-kubernetes-patch-merge-key", ""))

    @property
    def strategy(self) -> list[str]:
        return str(self._node.get("x-kubernetes-patch-strategy", "")).split(",")


UNKNOWN = Schema({})
WITH_META = Schema(
    {"properties": {"metadata": {"$ref": f"#/$defs/{META}"}}, "x-kubernetes-preserve-unknown-fields": 1}
)


def of(resource: Resource, version: str) -> Schema:
    """The schema of a resource at a version."""
    if resource.custom:
        node = resource.schema.get(version) or {}
        if "properties" not in node:
            return WITH_META
        root = {"apiVersion": {}, "kind": {}, "metadata": {}} | node["properties"]
        root["metadata"] = {"$ref": f"#/$defs/{META}"}
        return Schema(node | {"properties": root}, custom=True)
    name = by_kind().get((resource.group, version, resource.kind))
    return Schema(definitions()[name]) if name else WITH_META


def unknown_fields(value: Any, schema: Schema, path: str = "") -> list[str]:
    """Paths of fields that the schema does not have, as `spec.containers[0].nam`."""
    found = []
    if isinstance(value, dict):
        for name, inner in value.items():
            here = f"{path}.{name}" if path else name
            if schema.known and not schema.declares(name):
                found.append(here)
            else:
                found += unknown_fields(inner, schema.child(name), here)
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            found += unknown_fields(inner, schema.item(), f"{path}[{index}]")
    return found


def prune(value: Any, schema: Schema) -> Any:
    """Without what the schema does not have: the server keeps no such thing."""
    if isinstance(value, dict):
        return {
            name: prune(inner, schema.child(name))
            for name, inner in value.items()
            if not schema.known or schema.declares(name)
        }
    if isinstance(value, list):
        return [prune(inner, schema.item()) for inner in value]
    return value
