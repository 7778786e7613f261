"""Kubernetes' own schemas of a minor version, strict: a key that they do not know is an error."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import jsonschema_rs

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

BASE = "file:///api/"  # to it the schemas' references are relative


def validator(version: str, api_version: str, kind: str) -> jsonschema_rs.Draft202012Validator | None:
    """What judges the objects of a kind in a minor version (1.34) of Kubernetes; None for no such kind.

    Raises:
        LookupError: the version's schemas are not there.
    """
    group, slash, rest = api_version.partition("/")
    short = f"{group.partition('.')[0]}-{rest}" if slash else group
    return _validator(version, f"{kind.lower()}-{short}.json", api_version)


@cache
def _validator(version: str, file: str, api_version: str) -> jsonschema_rs.Draft202012Validator | None:
    schema_file = _folder(version) / file
    if not schema_file.is_file():
        return None
    schema = json.loads(schema_file.read_text(encoding="utf-8"))
    # The files drop a group's domain: external-secrets.io/v1 must not pass for another `external-secrets`.
    if api_version not in schema["properties"]["apiVersion"]["enum"]:
        return None
    return jsonschema_rs.Draft202012Validator({**schema, "$id": BASE + file}, registry=_definitions(version))


def _folder(version: str) -> Traversable:
    folder = files("kubernetes_validate") / "kubernetes-json-schema" / f"v{version}.0-local-strict"
    if not folder.is_dir():
        raise LookupError(f"kubernetes-validate brings no schemas of Kubernetes {version}")
    return folder


@cache
def _definitions(version: str) -> jsonschema_rs.Registry:
    definitions: Any = json.loads((_folder(version) / "_definitions.json").read_text(encoding="utf-8"))
    name = "_definitions.json"
    return jsonschema_rs.Registry([(BASE + name, {**definitions, "$id": BASE + name})])
