"""What the tests of our charts share: helm and what it prints, schemas of values and custom resources."""

from __future__ import annotations

import copy
import json
import subprocess
from typing import TYPE_CHECKING, Any

import yaml
from jsonschema import Draft202012Validator
from ryaml import loads_all  # type: ignore[attr-defined]  # re-exported without __all__

from tests.manifests.definitions import closed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    Objects = dict[str, dict[str, Any]]


def scenario(chart: Path, name: str) -> dict[str, Any]:
    """The values of a file in the chart's ci/ folder."""
    values: dict[str, Any] = yaml.safe_load(
        (chart / "ci" / f"{name}-values.yaml").read_text(encoding="utf-8")
    )
    return values


def changed(values: dict[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """A copy with some values set by their dotted path (`a.0.b` for a list), or taken out with None."""
    result = copy.deepcopy(values)
    for path, value in changes.items():
        steps: list[Any] = [int(step) if step.isdigit() else step for step in path.split(".")]
        *parents, last = steps
        target: Any = result
        for parent in parents:
            target = target[parent] if isinstance(target, list) else target.setdefault(parent, {})
        if value is None:
            del target[last]
        else:
            target[last] = value
    return result


def lint(helm: Path, chart: Path, values: Path) -> subprocess.CompletedProcess[str]:
    return _run(helm, "lint", "--strict", chart, "-f", values)


def template(
    helm: Path, chart: Path, folder: Path, values: Mapping[str, Any]
) -> subprocess.CompletedProcess[str]:
    """What `helm template the-release` says to the values, which are written to the folder."""
    file = folder / "values.json"
    file.write_text(json.dumps(values, ensure_ascii=False), encoding="utf-8")
    return _run(helm, "template", "the-release", chart, "-f", file)


def _run(helm: Path, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([helm, *arguments], capture_output=True, text=True, check=False)


def objects(output: str) -> Objects:
    """The objects by `Kind/name`, with `namespace/` before it where they name one.

    Go reads YAML 1.1 and others 1.2: both must see the same.
    """
    documents = [document for document in yaml.load_all(output, Loader=yaml.CSafeLoader) if document]
    # ryaml refuses a key that is given twice, which PyYAML and helm let pass.
    assert documents == [document for document in loads_all(output) if document]
    found = {identity(document): document for document in documents}
    assert len(found) == len(documents)
    return found


def identity(document: Mapping[str, Any]) -> str:
    metadata = document["metadata"]
    name = f"{document['kind']}/{metadata['name']}"
    return f"{metadata['namespace']}/{name}" if "namespace" in metadata else name


# --- Schemas ---


def custom_resource(folder: Path, file: str, kind: str) -> dict[str, Any]:
    """The schema of the stored version of a custom resource, closed as the API server prunes."""
    for document in yaml.load_all((folder / file).read_text(encoding="utf-8"), Loader=yaml.CSafeLoader):
        if document and document["spec"]["names"]["kind"] == kind:
            [version] = [version for version in document["spec"]["versions"] if version["storage"]]
            schema: dict[str, Any] = closed(version["schema"]["openAPIV3Schema"])
            schema["properties"] |= {
                "apiVersion": {"const": f"{document['spec']['group']}/{version['name']}"},
                "metadata": {"type": "object"},
            }
            return schema
    raise LookupError(f"{kind} is not in {file}")


def misfits(schema: Mapping[str, Any], document: Mapping[str, Any]) -> list[str]:
    return [
        f"{error.json_path}: {error.message}" for error in Draft202012Validator(schema).iter_errors(document)
    ]


def value_schema(chart: Path) -> dict[str, Any]:
    schema: dict[str, Any] = json.loads((chart / "values.schema.json").read_text(encoding="utf-8"))
    return schema


def parts(schema: Any, path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every schema of a value in it by where it stands, but not the conditions."""
    if not isinstance(schema, dict):
        return
    yield path, schema
    for key in ("properties", "$defs"):
        for name, child in schema.get(key, {}).items():
            yield from parts(child, f"{path}/{key}/{name}")
    yield from parts(schema.get("items"), f"{path}/items")


def check_schema(schema: dict[str, Any], *, maps: set[str]) -> None:
    """It is valid, every value is described and every object closed but the maps, whose keys it checks."""
    Draft202012Validator.check_schema(schema)
    found = dict(parts(schema))
    opened = {
        path
        for path, part in found.items()
        if part.get("type") == "object" and part.get("additionalProperties") is not False
    }
    assert opened == maps
    assert [path for path in maps if "propertyNames" not in found[path]] == []
    undescribed = [
        path
        for path, part in found.items()
        if "/properties/" in path and not path.endswith("/items") and not part.get("description")
    ]
    assert undescribed == []


def readme_rows(schema: Mapping[str, Any]) -> list[str]:
    """The table of the values that belongs into the chart's README."""
    return [
        f"| `{name}`{' *' if name in schema['required'] else ''} | {part['description']} |"
        for name, part in schema["properties"].items()
    ]
