"""The schemas are valid, closed and described, and a second validator reads them alike."""

from __future__ import annotations

import copy
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

import jsonschema
import jsonschema_rs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.schema import findings, for_editors
from generator.schema.bundle import Kind, Schema, bundle
from generator.source import Document, parse

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

ROOT = Path(__file__).parents[1]
KINDS: tuple[Kind, ...] = get_args(Kind)
LAYERS: tuple[Kind, ...] = ("platform", "environment")
SCHEMAS = {
    **{f"bundle {kind}": bundle(kind) for kind in KINDS},
    **{f"editors {kind}": for_editors(kind) for kind in LAYERS},
}
MAPS_OF_SCHEMAS = ("properties", "$defs")
SUBSCHEMAS = ("items", "additionalProperties", "propertyNames")

every_schema = pytest.mark.parametrize("schema", SCHEMAS.values(), ids=SCHEMAS)


def below(schema: Schema, way: str = "") -> Iterator[tuple[str, Schema]]:
    """Yield a schema and all schemas inside it, each with the way to it."""
    yield way or "(top)", schema
    for keyword in MAPS_OF_SCHEMAS:
        for name, inner in schema.get(keyword, {}).items():
            yield from below(inner, f"{way}/{keyword}/{name}")
    for keyword in SUBSCHEMAS:
        if isinstance(schema.get(keyword), dict):
            yield from below(schema[keyword], f"{way}/{keyword}")
    for index, inner in enumerate(schema.get("anyOf", ())):
        yield from below(inner, f"{way}/anyOf/{index}")


def description(root: Schema, schema: Schema) -> str:
    """What a schema says of itself, or what the one says that it refers to, be it beside null."""
    if "description" in schema or "$ref" not in schema:
        inner = schema.get("anyOf", [{}])[0]
        return str(schema.get("description", "")) or (description(root, inner) if inner else "")
    target = root
    for part in schema["$ref"].removeprefix("#/").split("/"):
        target = target[part]
    return description(root, target)


@every_schema
def test_is_a_valid_schema_of_2020_12(schema: Schema) -> None:
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    jsonschema.Draft202012Validator.check_schema(schema)


@every_schema
def test_uses_no_keyword_that_this_test_does_not_look_into(schema: Schema) -> None:
    plain = {
        "$schema", "$ref", "description", "type", "enum", "pattern", "required", "uniqueItems",
        "minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems", "minProperties",
        "x-expected", "x-free",
    }  # fmt: skip
    known = plain | {*MAPS_OF_SCHEMAS, *SUBSCHEMAS, "anyOf"}
    assert [(way, set(s) - known) for way, s in below(schema) if set(s) - known] == []


@every_schema
def test_every_property_item_and_free_entry_is_described(schema: Schema) -> None:
    silent = [
        way
        for way, inner in below(schema)
        if re.search(r"/(properties/[^/]+|\$defs/[^/]+|items|additionalProperties)$", way)
        and len(description(schema, inner)) < len("A word.")
    ]
    assert silent == []


@every_schema
def test_every_map_is_closed_unless_it_is_marked_free(schema: Schema) -> None:
    open_maps = [
        way
        for way, inner in below(schema)
        if (inner.get("type") == "object" or "properties" in inner)
        and inner.get("additionalProperties", True) is True
        and not inner.get("x-free")
    ]
    assert open_maps == []


def test_only_the_values_of_a_component_are_free() -> None:
    free = {way for schema in SCHEMAS.values() for way, inner in below(schema) if inner.get("x-free")}
    assert {re.sub(r"/anyOf/0$", "", way) for way in free} == {"/$defs/component/properties/values"}


@every_schema
def test_every_pattern_has_words_for_people_and_no_words_stand_without_one(schema: Schema) -> None:
    assert [way for way, inner in below(schema) if ("pattern" in inner) != ("x-expected" in inner)] == []


def examples(expected: str) -> list[str]:
    """`a quantity, as "100m" or "128Mi"` gives both; `a tag, as 1.4.2, or more` the bare one."""
    named = re.search(r', as ("[^"]*"(?: or "[^"]*")*|[^,]+)', expected)
    if named is None:
        return []
    return re.findall(r'"([^"]*)"', named[1]) or [named[1]]


@pytest.mark.parametrize("kind", LAYERS)
def test_asking_again_gives_the_same_schema(kind: Kind) -> None:
    assert for_editors(kind) == SCHEMAS[f"editors {kind}"]


EXAMPLES = sorted(
    {
        (example, inner["pattern"])
        for schema in SCHEMAS.values()
        for _, inner in below(schema)
        for example in examples(inner.get("x-expected", ""))
    }
)


def test_examples_are_found_in_words_for_people() -> None:
    assert examples('a Kubernetes quantity, as "100m" or "128Mi"') == ["100m", "128Mi"]
    assert examples("an image tag, as 1.4.2, with or without a digest after it") == ["1.4.2"]
    assert examples("upper-case letters, digits and underscores") == []
    assert len(EXAMPLES) > 15


@pytest.mark.parametrize(("example", "pattern"), EXAMPLES)
def test_an_example_fits_the_pattern_that_it_explains(example: str, pattern: str) -> None:
    assert jsonschema_rs.is_valid({"type": "string", "pattern": pattern}, example)


@cache
def documents() -> list[tuple[Kind, str, dict[str, Any]]]:
    """The spec that this repository ships and the files of all golden cases that are YAML, each once."""
    files = [*ROOT.glob("environments/*.yaml"), *ROOT.glob("tests/cases/**/environments/*.yaml")]
    found: dict[str, tuple[Kind, str, dict[str, Any]]] = {}
    for file in sorted(files):
        document = parse(file.name, file.read_text())
        if isinstance(document, Document):
            kind: Kind = "platform" if file.name == "platform.yaml" else "environment"
            found.setdefault(document.text, (kind, str(file.relative_to(ROOT)), document.tree))
    return list(found.values())


@cache
def validators(name: str) -> tuple[jsonschema_rs.Draft202012Validator, jsonschema.Draft202012Validator]:
    schema = SCHEMAS[name]
    return jsonschema_rs.Draft202012Validator(schema), jsonschema.Draft202012Validator(schema)


Errors = set[tuple[tuple[str | int, ...], str]]


def told(path: Iterable[str | int]) -> tuple[str | int, ...]:
    """A path as jsonschema_rs tells it: keys that look like numbers are numbers, empty keys are left out."""
    return tuple(int(part) if str(part).isdecimal() else part for part in path if part != "")


def errors(name: str, tree: Any) -> tuple[Errors, Errors]:
    """What each validator finds: (path, violated keyword)."""
    ours, second = validators(name)
    return (
        {(told(e.instance_path), str(e.schema_path[-1])) for e in ours.iter_errors(tree)},
        {(told(e.absolute_path), str(e.validator)) for e in second.iter_errors(tree)},
    )


def test_both_validators_agree_on_every_file_there_is() -> None:
    assert len(documents()) > 80
    invalid = 0
    for kind, file, tree in documents():
        for name in (f"bundle {kind}", f"editors {kind}"):
            ours, second = errors(name, tree)
            assert ours == second, f"{file} by {name}"
            invalid += bool(ours)
    assert invalid > 20


def test_the_shipped_spec_is_valid_for_editors() -> None:
    shipped = [(kind, tree) for kind, file, tree in documents() if file.startswith("environments/")]
    assert len(shipped) == 4
    for kind, tree in shipped:
        assert errors(f"editors {kind}", tree) == (set(), set())


def places(tree: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Yield the path of every value of a tree."""
    yield path
    children = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    for key, value in children:
        yield from places(value, (*path, key))


# A line break at the end is the one thing that the two read differently: Python's $ also matches before it.
# Ours must not, which test_a_line_break_at_the_end_is_refused shows.
TEXTS = st.one_of(
    st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=8),
    st.sampled_from(["1.34", "10.0.0.0/16", "spot", "M10", "none", "orders", "/x", "1.2.3", "a" * 64, "A b"]),
)
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.sampled_from([-1, 0, 1, 2, 3, 1024, 100_000, 1.0, 2.5, 2**53]),
    TEXTS,
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=4,
)
KEYS = TEXTS | st.sampled_from(["values", "versions", "platform", "min", "path", "aws", "workloads"])


@st.composite
def mutated(draw: st.DrawFn) -> tuple[Kind, dict[str, Any]]:
    """One of the documents with one to three values deleted, replaced, inserted or moved to another key."""
    kind, _, original = draw(st.sampled_from(documents()))
    tree = copy.deepcopy(original)
    for _ in range(draw(st.integers(1, 3))):
        path = draw(st.sampled_from(list(places(tree))))
        *way, last = path or (draw(KEYS),)
        parent: Any = tree
        for part in way:
            parent = parent[part]
        action = draw(st.sampled_from(["delete", "replace", "insert", "rename"]))
        if action == "delete" and path:
            del parent[last]
        elif action == "replace" or not path:
            parent[last] = draw(VALUES)
        elif action == "insert" and isinstance(parent, list):
            parent.insert(int(last), draw(VALUES))
        elif action == "insert":
            parent[draw(KEYS)] = draw(VALUES)
        elif isinstance(parent, dict):
            parent[draw(KEYS)] = parent.pop(last)
    return kind, tree


@given(mutated())
@settings(derandomize=True, max_examples=200, deadline=None)
def test_both_validators_agree_on_mutated_files(document: tuple[Kind, dict[str, Any]]) -> None:
    kind, tree = document
    for name in (f"bundle {kind}", f"editors {kind}"):
        ours, second = errors(name, tree)
        assert ours == second, name


@given(mutated())
@settings(derandomize=True, max_examples=200, deadline=None)
def test_an_editor_accepts_exactly_what_the_command_accepts(document: tuple[Kind, dict[str, Any]]) -> None:
    kind, tree = document
    assert validators(f"editors {kind}")[0].is_valid(tree) == (not findings(kind, tree))


def test_a_line_break_at_the_end_is_refused() -> None:
    assert not findings("environment", {"account": "123456789012"})
    assert findings("environment", {"account": "123456789012\n"})


@pytest.mark.parametrize("key", ["2024", "0012", "x"])
def test_a_key_that_looks_like_a_number_stays_a_key(key: str) -> None:
    assert [f.path for f in findings("environment", {"tags": {key: 5}})] == [("tags", key)]
    assert not findings("environment", {"tags": {key: None}}), "null removes what a lower layer set"
