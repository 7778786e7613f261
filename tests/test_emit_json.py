"""What is written as JSON is read as the same data, and looks as Terraform's own files do."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.emit import json_text
from tests.yaml_corpus import FLOATS, INTEGERS, STRINGS


def test_the_layout_is_two_spaces_the_given_order_and_a_last_line_end() -> None:
    tree = {"//": "banner", "b": {"z": [1, {"a": None}], "y": True}, "a": {}, "c": [], "city": "São Paulo 😀"}
    assert json_text(tree) == (
        "{\n"
        '  "//": "banner",\n'
        '  "b": {\n'
        '    "z": [\n'
        "      1,\n"
        "      {\n"
        '        "a": null\n'
        "      }\n"
        "    ],\n"
        '    "y": true\n'
        "  },\n"
        '  "a": {},\n'
        '  "c": [],\n'
        '  "city": "São Paulo 😀"\n'
        "}\n"
    )
    assert json_text({}) == "{}\n"


def test_strings_and_numbers_are_read_back() -> None:
    tree = {"keys": dict.fromkeys(STRINGS, 1), "values": STRINGS, "numbers": [*INTEGERS, *FLOATS, 2**100]}
    assert repr(json.loads(json_text(tree))) == repr(tree)


@pytest.mark.parametrize("number", [float("nan"), float("inf"), float("-inf")])
def test_a_number_that_json_lacks_is_refused(number: float) -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        json_text({"a": number})


def test_half_of_a_surrogate_pair_is_refused_with_its_text() -> None:
    with pytest.raises(ValueError, match=r"cannot write 'x\\ud800' as JSON: .* surrogate pair"):
        json_text({"a": "\n", "b": "x\ud800"})


def test_a_key_that_is_no_string_is_refused() -> None:
    with pytest.raises(TypeError, match="cannot write the key 1 as JSON"):
        json_text({"a": {1: "b"}})


def test_a_value_of_another_type_is_refused() -> None:
    with pytest.raises(TypeError):
        json_text({"a": {1}})


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


@settings(derandomize=True, max_examples=200, deadline=None)
@given(
    tree=st.dictionaries(
        TEXTS,
        st.recursive(
            st.none()
            | st.booleans()
            | st.integers()
            | st.floats(allow_nan=False, allow_infinity=False)
            | TEXTS,
            lambda node: st.lists(node, max_size=4) | st.dictionaries(TEXTS, node, max_size=4),
            max_leaves=12,
        ),
        max_size=4,
    )
)
def test_any_tree_is_read_back(tree: dict[str, Any]) -> None:
    assert repr(json.loads(json_text(tree))) == repr(tree)
