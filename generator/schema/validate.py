"""What a schema finds wrong with a tree, in words that name the mend."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from jsonschema_rs import Draft202012Validator, ValidationError

from generator.problem import Finding, did_you_mean
from generator.schema.bundle import Kind, Schema, bundle

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from generator.problem import Path

_LAYERS = {"platform", "environment"}
_WORD = {
    "string": "a string",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "array": "a list",
    "object": "a map",
}
_LIMIT = {
    "minimum": ("{} is too small", "take {} or more"),
    "maximum": ("{} is too large", "take {} or less"),
    "minLength": ("{} is too short", "write {} characters or more"),
    "maxLength": ("{} is too long", "write {} characters or fewer"),
    "minItems": ("has too few items", "give {} or more"),
    "maxItems": ("has too many items", "give {} or fewer"),
    "minProperties": ("has too few entries", "give {} or more"),
}


def findings(kind: Kind, tree: Any) -> list[Finding]:
    """Return all that `tree` violates of the schema `kind`, with paths from the tree's top."""
    errors = [(_path(tree, error), error) for error in _validator(kind).iter_errors(tree)]
    return [f for path, e in errors if not _removes(kind, path, e) for f in _explain(kind, path, e)]


@cache
def _validator(kind: Kind) -> Draft202012Validator:
    return Draft202012Validator(bundle(kind))


def _path(tree: Any, error: ValidationError) -> Path:
    """Return where the culprit stands: jsonschema_rs gives keys that look like numbers as numbers."""
    path: list[str | int] = []
    for found in error.instance_path:
        part = found
        if isinstance(tree, dict) and isinstance(found, int):
            part = next((key for key in tree if key.isdecimal() and int(key) == found), str(found))
        path.append(part)
        try:
            tree = tree[part]
        except (LookupError, TypeError):
            tree = None  # below an empty key, which jsonschema_rs leaves out
    return tuple(path)


def _removes(kind: Kind, path: Path, error: ValidationError) -> bool:
    """Whether the culprit is a null that removes what a lower layer set, which any layer may do."""
    whole_key = bool(path) and path[0] != "platform" and not any(isinstance(part, int) for part in path)
    return kind in _LAYERS and error.instance is None and whole_key


def _explain(kind: Kind, path: Path, error: ValidationError) -> Iterator[Finding]:
    name = error.kind.name
    detail: Any = error.kind  # one class per name, each with its own fields
    schema, keyword = _culprit(bundle(kind), error.schema_path)
    match name:
        case "additionalProperties":
            for key in detail.unexpected:
                yield Finding(
                    path=(*path, key), message="unknown key", fix=did_you_mean(key, schema["properties"])
                )
        case "required":
            hint = _description(kind, schema["properties"].get(detail.property, {}))
            fix = f"add it. {hint}".strip()
            yield Finding(path=(*path, detail.property), message="missing", fix=fix)
        case "propertyNames":
            key = detail.error.instance
            yield Finding(
                path=(*path, key), message=f'"{key}" is not a name that can stand here', fix=_expected(schema)
            )
        case "type":
            yield _wrong_type(path, error.instance, detail.types)
        case "enum":
            yield Finding(
                path=path,
                message=f"{_show(error.instance)} is not one of the values",
                fix=_one_of(error.instance, detail.options),
            )
        case "pattern":
            yield Finding(path=path, message=f'"{error.instance}" does not fit', fix=_expected(schema))
        case "uniqueItems":
            yield Finding(path=path, message="has an item twice", fix="keep one of them")
        case _ if keyword in _LIMIT:
            message, fix = _LIMIT[keyword]
            message = message.format(_show(error.instance))
            yield Finding(path=path, message=message, fix=fix.format(schema[keyword]))
        case _:
            yield Finding(path=path, message=error.message)


def _wrong_type(path: Path, value: Any, types: list[str]) -> Finding:
    wanted = " or ".join(_WORD[t] for t in types)
    message = f"expected {wanted}, found {_found(value)}"
    scalar = isinstance(value, bool | int | float)
    return Finding(path=path, message=message, quote=scalar and types == ["string"])


def _found(value: Any) -> str:
    match value:
        case None:
            return "nothing"
        case bool() | int() | float():
            return f"{'a boolean' if isinstance(value, bool) else 'a number'}, {_show(value)}"
        case str():
            return f'the string "{value}"'
        case list():
            return "a list"
        case _:
            return "a map"


def _show(value: Any) -> str:
    match value:
        case bool():
            return str(value).lower()
        case str():
            return f'"{value}"'
        case int() | float():
            return str(value)
        case None:
            return "nothing"
        case _:
            return "it"


def _expected(schema: Schema) -> str:
    expected = schema.get("x-expected") or schema.get("description", "")
    return f"write {expected}" if expected else ""


def _description(kind: Kind, schema: Schema) -> str:
    """Return what a schema says of itself, or what the schema that it names says."""
    if "description" in schema or "$ref" not in schema:
        return str(schema.get("description", ""))
    return _description(kind, _at(bundle(kind), schema["$ref"].removeprefix("#/").split("/")))


def _culprit(schema: Schema, schema_path: list[str | int]) -> tuple[Schema, str]:
    """Return the subschema that was violated and the keyword that violated it."""
    *way, keyword = schema_path
    return _at(schema, way), str(keyword)


def _at(schema: Schema, way: Sequence[str | int]) -> Schema:
    node: Any = schema
    for part in way:
        node = node[part]
    return node  # type: ignore[no-any-return]  # the validator only names places that exist


def _one_of(value: Any, options: Iterable[Any]) -> str:
    """A number is no slip of another one: 545 is no help to somebody who wrote 45."""
    if isinstance(value, str):
        return did_you_mean(value, map(str, options))
    return f"one of: {', '.join(map(str, options))}"
