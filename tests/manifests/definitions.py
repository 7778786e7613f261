"""Schemas of custom resources, closed: the API server drops a key that they do not know without a word."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import jsonschema_rs

if TYPE_CHECKING:
    from collections.abc import Iterable

    Object = dict[str, Any]


def validator(
    definitions: Iterable[Object], api_version: str, kind: str
) -> jsonschema_rs.Draft202012Validator | None:
    """What judges a kind of custom resource in a version; None when no definition serves it."""
    group, _, wanted = api_version.partition("/")
    for definition in definitions:
        spec = definition["spec"]
        if (spec["group"], spec["names"]["kind"]) == (group, kind):
            for version in spec["versions"]:
                if version["name"] == wanted and version["served"]:
                    return _judge(version["schema"]["openAPIV3Schema"])
    return None


def _judge(schema: Object) -> jsonschema_rs.Draft202012Validator:
    whole = closed(schema)
    # What every object has; the definition itself says nothing of these.
    whole["properties"] |= {"apiVersion": {}, "kind": {}, "metadata": {"type": "object"}}
    return jsonschema_rs.Draft202012Validator(whole)


def closed(node: Any) -> Any:
    """A schema in which every object that lists its keys has no others, as the API server prunes."""
    if isinstance(node, list):
        return [closed(item) for item in node]
    if not isinstance(node, dict):
        return node
    schema = {key: closed(value) for key, value in node.items()}
    if node.get("x-kubernetes-int-or-string"):
        schema["type"] = ["integer", "string"]
    elif isinstance(node.get("properties"), dict) and not node.get("x-kubernetes-preserve-unknown-fields"):
        schema["additionalProperties"] = False
    return schema
