"""OpenAPI: which operations there are, that they validate fields, and the schemas of what they take."""

from __future__ import annotations

import functools
import json
from typing import TYPE_CHECKING, Any

from tests.cluster.emulator import discovery, schemas

if TYPE_CHECKING:
    from tests.cluster.emulator.resources import Catalogue, Resource

Json = dict[str, Any]
QUERY = ("dryRun", "fieldManager", "fieldValidation", "force")
INFO = {"title": "Kubernetes", "version": "v1.34.2"}


def index(catalogue: Catalogue) -> Json:
    """`/openapi/v3`."""
    names = ["api/v1"]
    for group, versions in discovery.groups(catalogue).items():
        names += [f"apis/{group}/{version}" for version in versions]
    return {"paths": {name: {"serverRelativeURL": f"/openapi/v3/{name}?hash=0"} for name in names}}


def swagger(catalogue: Catalogue) -> Json:
    """`/openapi/v2`, as JSON."""
    paths: dict[str, Json] = {}
    found: dict[str, Json] = {}
    for resource in catalogue:
        for version in resource.versions:
            base = f"/apis/{resource.group}/{version}" if resource.group else f"/api/{version}"
            paths |= _paths(base, resource, version)
            found |= _schemas(resource, version)
    text = json.dumps(found).replace("#/components/schemas/", "#/definitions/")
    return {"swagger": "2.0", "info": INFO, "paths": paths, "definitions": json.loads(text)}


def document(catalogue: Catalogue, group: str, version: str) -> Json:
    """`/openapi/v3/apis/<group>/<version>`."""
    paths: dict[str, Json] = {}
    found: dict[str, Json] = {}
    base = f"/apis/{group}/{version}" if group else f"/api/{version}"
    for resource in catalogue:
        if resource.group == group and version in resource.versions:
            paths |= _paths(base, resource, version)
            found |= _schemas(resource, version)
    return {"openapi": "3.0.0", "info": INFO, "paths": paths, "components": {"schemas": found}}


def _paths(base: str, resource: Resource, version: str) -> dict[str, Json]:
    kind = {"group": resource.group, "version": version, "kind": resource.kind}
    place = (
        f"{base}/namespaces/{{namespace}}/{resource.plural}"
        if resource.namespaced
        else f"{base}/{resource.plural}"
    )
    parameters = [
        {"name": name, "in": "query", "schema": {"type": "string", "uniqueItems": True}} for name in QUERY
    ]

    def operation(action: str) -> Json:
        return {
            "parameters": parameters,
            "responses": {"200": {"description": "OK"}},
            "x-kubernetes-action": action,
            "x-kubernetes-group-version-kind": kind,
        }

    return {
        place: {"post": operation("post"), "get": operation("list")},
        f"{place}/{{name}}": {verb: operation(verb) for verb in ("get", "put", "patch", "delete")},
    }


def _schemas(resource: Resource, version: str) -> dict[str, Json]:
    if not resource.custom:
        name = schemas.by_kind().get((resource.group, version, resource.kind))
        return _reachable(name) if name else {}
    reverse = ".".join(reversed(resource.group.split(".")))
    kind = {"group": resource.group, "version": version, "kind": resource.kind}
    node = resource.schema.get(version) or {"type": "object"}
    return {f"{reverse}.{version}.{resource.kind}": node | {"x-kubernetes-group-version-kind": [kind]}}


@functools.cache
def _reachable(name: str) -> dict[str, Json]:
    found: dict[str, Json] = {}
    waiting = [name]
    while waiting:
        one = waiting.pop()
        if one not in found:
            found[one] = _plain(schemas.definitions()[one])
            text = json.dumps(found[one])
            waiting += [part.split('"')[0] for part in text.split('"#/components/schemas/')[1:]]
    return found


def _plain(node: Any) -> Any:
    """As the server writes it: references into `components`, one type, no list of the values of `kind`."""
    if isinstance(node, list):
        return [_plain(inner) for inner in node]
    if not isinstance(node, dict):
        return node
    result = {}
    for key, value in node.items():
        if key == "$ref" and isinstance(value, str):  # a schema of schemas has a property of that name
            result[key] = "#/components/schemas/" + value.rpartition("/")[2]
        elif key == "type" and isinstance(value, list):
            result[key] = next(kind for kind in value if kind != "null")
        elif key != "description" or not isinstance(value, str):
            result[key] = _plain(value)
    return result
