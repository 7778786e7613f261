"""Which lines count as changed, wherever they stand after a change."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.emit import json_text, yaml_text
from generator.explain.lines import changed


def lines(path: str, before: str, after: str) -> list[str]:
    """The text of the lines that changed."""
    texts = before.split("\n")
    found = changed(path, before, after)
    for line in range(1, before.count("\n") + 1):
        assert changed(path, before, after, line) == found & {line}
    return [texts[line - 1].strip() for line in sorted(found)]


def as_yaml(before: Any, after: Any) -> list[str]:
    return lines("a.yaml", yaml_text(before), yaml_text(after))


def as_json(before: Any, after: Any) -> list[str]:
    return lines("a.json", json_text(before), json_text(after))


CASES: dict[str, tuple[Any, Any, list[str], list[str]]] = {
    "a value": ({"a": 1, "b": 2}, {"a": 1, "b": 3}, ["b: 2"], ['"b": 2']),
    "a key before it comes": ({"b": 2}, {"a": 1, "b": 2}, [], []),
    "a key behind it goes, and with it the comma": ({"a": 1, "b": 2}, {"a": 1}, ["b: 2"], ['"b": 2']),
    "a child": ({"a": {"b": 1, "c": 2}}, {"a": {"b": 1, "c": 3}}, ["c: 2"], ['"c": 2']),
    "the last child": ({"a": {"b": 1}}, {"a": {}}, ["a:", "b: 1"], ['"a": {', '"b": 1', "}"]),
    "the same key elsewhere": (
        {"a": {"k": 1}, "b": {"k": 1}},
        {"a": {"k": 1}, "b": {"k": 2}},
        ["k: 1"],
        ['"k": 1'],
    ),
    "an item moves": ({"a": ["p", "q"]}, {"a": ["q", "p"]}, [], []),
    "an item goes": ({"a": ["p", "q", "r"]}, {"a": ["p", "r"]}, ["- q"], ['"q",']),
    "an item that is twice goes once": ({"a": ["p", "q", "p"]}, {"a": ["p", "q"]}, ["- p"], ['"p"']),
    "a key of an item": (
        {"a": [{"k": 1, "m": 1}, {"k": 2, "m": 1}]},
        {"a": [{"k": 1, "m": 1}, {"k": 2, "m": 3}]},
        ["m: 1"],
        ['"m": 1'],
    ),
    "the first key of an item, which moves for it": (
        {"a": [{"k": 1, "m": 1}, {"k": 2, "m": 1}]},
        {"a": [{"k": 2, "m": 1}, {"k": 5, "m": 1}]},
        ["- k: 1"],
        ['"k": 1,'],
    ),
    "an item goes while all others change": (
        {"a": [{"k": "p", "m": 1}, {"k": "q", "m": 1}, {"k": "r", "m": 1}]},
        {"a": [{"k": "q", "m": 2}, {"k": "r", "m": 2}]},
        ["- k: p", "m: 1", "m: 1", "m: 1"],
        ["{", '"k": "p",', '"m": 1', "},", '"m": 1', '"m": 1'],
    ),
    "a key has another name above what stays": (
        {"a": {"k": 1, "m": {"x": 1}}, "c": {"k": 1}},
        {"b": {"k": 1, "m": {"x": 2}}, "c": {"k": 1}},
        ["a:", "x: 1"],
        ['"a": {', '"x": 1'],
    ),
    "a map becomes text": ({"a": {"b": 1}}, {"a": "b"}, ["a:", "b: 1"], ['"a": {', '"b": 1', "}"]),
    "lists in lists": ({"a": [["p"], ["q"]]}, {"a": [["p"], ["r"]]}, ["- - q"], ['"q"']),
    "keys that look like values": ({"a: b": 1, '"': 2}, {"a: b": 1, '"': 3}, ['"\\"": 2'], ['"\\"": 2']),
    "items that look like keys": ({"a": ["b: 1", "c:"]}, {"a": ["b: 2", "c:"]}, ['- "b: 1"'], ['"b: 1",']),
}


@pytest.mark.parametrize("name", CASES)
def test_a_line_changes_with_its_text_or_when_it_goes(name: str) -> None:
    before, after, in_yaml, in_json = CASES[name]
    assert as_yaml(before, after) == in_yaml
    assert as_json(before, after) == in_json


def test_the_lines_of_a_text_are_items() -> None:
    before = {"a": "if\n  x\nend\n", "b": 1}
    assert as_yaml(before, {"a": "if\n  y\nend\n", "b": 1}) == ["x"]
    assert as_yaml(before, {"a": "new\nif\n  x\nend\n", "b": 1}) == []
    assert as_yaml({"a": ["p\nq\n"]}, {"a": ["p\nr\n"]}) == ["q"]
    assert as_yaml(before, {"a": "if\n  x\nend", "b": 1}) == ["a: |"]


def _joined(*documents: str) -> str:
    return "---\n".join(documents)


def test_a_document_of_several_is_known_by_what_is_in_it() -> None:
    one, two, three = (yaml_text({"kind": "A", "name": name, "k": 1}) for name in "pqr")
    banner = "# Generated.\n# change it\n"
    before = banner + _joined(one, two, three)
    assert lines("a.yaml", before, banner + _joined(one, three)) == [
        "---",
        "kind: A",
        "name: q",
        "k: 1",
    ]
    assert lines("a.yaml", before, banner + _joined(three, two, one)) == []
    assert lines("a.yaml", before, before.replace("name: q", "name: s")) == ["name: q"]
    assert lines("a.yaml", before, before.replace("change it", "change that")) == ["# change it"]


def test_a_line_of_prose_is_known_by_its_text() -> None:
    before = "# dev\n\n| a | 1 |\n| b | 2 |\n"
    assert lines("a.md", before, "# dev\n\n| b | 2 |\n| c | 3 |\n") == ["| a | 1 |"]
    assert lines("a.md", before, before) == []


KEYS = st.text(alphabet='ab:- #"|{}[]', min_size=1, max_size=4)
SCALARS = st.one_of(
    st.text(alphabet='ab:- #"|,{}[]\n', max_size=6), st.integers(0, 3), st.booleans(), st.none()
)
TREES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(KEYS, inner, max_size=3)),
    max_leaves=8,
)
MAPS = st.dictionaries(KEYS, TREES, min_size=1, max_size=4)


@given(MAPS, MAPS)
def test_no_tree_confuses_it(before: dict[str, Any], after: dict[str, Any]) -> None:
    """Equal trees have equal lines; a key that stays with its value keeps its lines."""
    for write, path in ((yaml_text, "a.yaml"), (json_text, "a.json")):
        old = write(before)
        found = changed(path, old, write(after))
        assert found <= set(range(1, old.count("\n") + 1))
        assert changed(path, old, write({**after, **before})) == set()
        for line in found:
            assert changed(path, old, write(after), line) == {line}


@given(MAPS, KEYS, SCALARS, SCALARS)
def test_another_value_changes_its_line_alone(tree: dict[str, Any], key: str, value: Any, other: Any) -> None:
    before, after = {**tree, key: value}, {**tree, key: other}
    if isinstance(value, str) and "\n" in value:
        return  # several lines
    for write, path in ((yaml_text, "a.yaml"), (json_text, "a.json")):
        old, new = write(before), write(after)
        found = changed(path, old, new)
        assert len(found) == (1 if old != new else 0), (old, new)
