"""What is written as YAML is read as the same data, by parsers of YAML 1.1 and of YAML 1.2."""

from __future__ import annotations

import copy
import io
import json
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import pytest
import ruamel.yaml
import ryaml
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.emit import yaml_text
from generator.emit.as_yaml import Memo
from tests.yaml_corpus import FLOATS, INTEGERS, LARGEST_INT, STRINGS, WORDS, short_strings

if TYPE_CHECKING:
    from collections.abc import Callable


def ruamel_load(version: str) -> Callable[[str], Any]:
    def load(text: str) -> Any:
        parser = ruamel.yaml.YAML(typ="safe", pure=True)
        parser.version = version
        return parser.load(io.StringIO(text))

    return load


FAST_READERS = {
    "ryaml (1.2)": ryaml.loads,  # type: ignore[attr-defined]  # it re-exports without saying so
    "PyYAML in C (1.1)": lambda text: yaml.load(text, yaml.CSafeLoader),
}
READERS = {
    **FAST_READERS,
    "PyYAML (1.1)": lambda text: yaml.load(text, yaml.SafeLoader),
    "ruamel (1.1)": ruamel_load("1.1"),
    "ruamel (1.2)": ruamel_load("1.2"),
}


def exactly(tree: Any) -> str:
    """Tell 1, 1.0, True, "1" and the order of keys apart, which == does not."""
    return json.dumps(tree)


def assert_read_back(tree: dict[str, Any], readers: dict[str, Callable[[str], Any]]) -> None:
    text = yaml_text(tree)
    for name, read in readers.items():
        assert exactly(read(text)) == exactly(tree), f"misread by {name}:\n{text}"


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("place", ["value", "key", "item", "deep"])
def test_every_trap_is_read_as_the_string_it_is(reader: str, place: str) -> None:
    if place == "key":  # a key has one line of up to 1,024 bytes
        tree: dict[str, Any] = {text: i for i, text in enumerate(STRINGS) if len(text) < 200}
    elif place == "value":
        tree = {f"k{i}": text for i, text in enumerate(STRINGS)}
    elif place == "item":
        tree = {"list": STRINGS}
    else:
        tree = {"list": [[[{"a": text, "b": [text, {"c": text}]}, text]] for text in STRINGS]}
    assert_read_back(tree, {reader: READERS[reader]})


@pytest.mark.parametrize("text", STRINGS)
def test_a_trap_ends_where_it_ends_at_the_end_of_a_document(text: str) -> None:
    assert_read_back({"a": text}, FAST_READERS)


def test_no_short_string_is_plain_that_a_parser_takes_for_something_else() -> None:
    strings = short_strings()
    plain = [text for text in strings if yaml_text({"a": text}) == f"a: {text}\n"]
    assert 1000 < len(plain) < len(strings) / 2
    assert_read_back({"plain": plain}, FAST_READERS)


@pytest.mark.parametrize(
    "text",
    [
        *("info", "orders", "/orders/v2", "100m", "128Mi", "10s", "10.30.0.0/16", "São Paulo", "it's", "a b"),
        *(
            "https://api.example/orders?a=b",
            "ghcr.io/a/b:1.4.2@sha256:0a",
            "arn:aws:sqs:*:*:orders",
            "日本語",
            "😀",
        ),
    ],
)
def test_what_is_clearly_text_stays_plain_for_people(text: str) -> None:
    assert yaml_text({text: text}) == f"{text}: {text}\n"


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("1.4.2", '"1.4.2"'),
        ("on", '"on"'),
        ("", '""'),
        ('a"\\b #', r'"a\"\\b #"'),
        ("\t\r\n", r'"\t\r\n"'),
        ("\x00\x7f\x85\u2028\ufeff", r'"\u0000\u007f\u0085\u2028\ufeff"'),
        ("\U000e0041", r'"\U000e0041"'),
        ("a\u200bb\u202e", r'"a\u200bb\u202e"'),
        ("é😀: ", '"é😀: "'),
        ("a \nb", r'"a \nb"'),
        (" a\nb", r'" a\nb"'),
        ("\na", r'"\na"'),
        ("a\n\tb", r'"a\n\tb"'),
    ],
)
def test_what_is_doubtful_or_unseen_is_quoted_and_escaped(text: str, written: str) -> None:
    assert yaml_text({"a": text}) == f"a: {written}\n"


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("a\nb", "|-\n    a\n    b"),
        ("a\nb\n", "|\n    a\n    b"),
        ("a\n\n", "|+\n    a\n"),
        ('# "a": \\\n\n  - b: c\n', '|\n    # "a": \\\n\n      - b: c'),
    ],
)
def test_lines_that_are_exact_in_a_literal_block_are_reviewed_there(text: str, written: str) -> None:
    assert yaml_text({"top": {"a": text, "b": 1}}) == f"top:\n  a: {written}\n  b: 1\n"
    assert yaml_text({"top": [{"a": text}, text]}).endswith(f"  - {written}\n")


@pytest.mark.parametrize("word", WORDS)
def test_a_word_of_any_yaml_is_quoted(word: str) -> None:
    assert yaml_text({word: [word]}) == f'"{word}":\n  - "{word}"\n'


def test_long_lines_are_never_folded() -> None:
    assert yaml_text({"a": "word " * 500 + "end"}).count("\n") == 1
    assert yaml_text({"a": "word: " * 500}).count("\n") == 1


def test_containers_are_written_in_the_block_style_of_kubernetes() -> None:
    tree = {
        "map": {"b": 1, "a": {"c": True}},
        "list": ["a", 1, None, [], {}, ["b", ["c"]], {"name": "x", "ports": [{"port": 80}, {"port": 443}]}],
        "empty": {},
        "none": [],
        "nothing": None,
        "tuple": ("a", ()),
    }
    assert yaml_text(tree) == (
        "map:\n"
        "  b: 1\n"
        "  a:\n"
        "    c: true\n"
        "list:\n"
        "  - a\n"
        "  - 1\n"
        "  - null\n"
        "  - []\n"
        "  - {}\n"
        "  - - b\n"
        "    - - c\n"
        "  - name: x\n"
        "    ports:\n"
        "      - port: 80\n"
        "      - port: 443\n"
        "empty: {}\n"
        "none: []\n"
        "nothing: null\n"
        "tuple:\n"
        "  - a\n"
        "  - []\n"
    )
    assert yaml_text({}) == "{}\n"


def test_a_shared_subtree_is_written_in_full_each_time() -> None:
    shared = {"cpu": "100m", "list": ["a"]}
    assert yaml_text({"a": shared, "b": shared}) == yaml_text({"a": shared, "b": copy.deepcopy(shared)})


@pytest.mark.parametrize("reader", READERS)
def test_numbers_keep_their_type_and_value(reader: str) -> None:
    assert_read_back({"list": [*INTEGERS, *FLOATS, True, False, None]}, {reader: READERS[reader]})


@pytest.mark.parametrize(
    ("number", "written"), [(1e20, "1.0e+20"), (1e-7, "1.0e-07"), (0.5, "0.5"), (2.0, "2.0")]
)
def test_a_float_has_a_point_or_yaml_1_1_reads_a_string(number: float, written: str) -> None:
    assert yaml_text({"a": number}) == f"a: {written}\n"


@pytest.mark.parametrize(
    "number", [LARGEST_INT + 1, -LARGEST_INT - 1, float("nan"), float("inf"), float("-inf")]
)
def test_a_number_that_helm_would_change_is_refused_by_value(number: float) -> None:
    for tree in ({"a": number}, {"a": [number]}):
        with pytest.raises(ValueError, match=f"cannot write the (integer|number) {number} as YAML"):
            yaml_text(tree)


@pytest.mark.parametrize("text", ["\ud800", "a\udfffb", "a\n\ud83d", "\ude00\ud83d"])
def test_half_of_a_surrogate_pair_is_refused(text: str) -> None:
    for tree in ({"a": text}, {text: "a"}, {"a": [text]}):
        with pytest.raises(ValueError, match="half of a surrogate pair"):
            yaml_text(tree)


class Colour(StrEnum):
    RED = "red"


@pytest.mark.parametrize("value", [{1}, b"a", object(), Colour.RED, range(2)])
def test_a_value_of_another_type_is_refused(value: object) -> None:
    for tree in ({"a": value}, {"a": [value]}):
        with pytest.raises(TypeError, match=f"cannot write a {type(value).__name__} as YAML"):
            yaml_text(tree)


@pytest.mark.parametrize("key", [1, 1.5, True, None, ("a",)])
def test_a_key_that_is_no_string_is_refused(key: Any) -> None:
    with pytest.raises(TypeError, match="only strings are keys here"):
        yaml_text({"a": {key: "b"}})


@pytest.mark.parametrize("letter", ["k", "é", "日", "😀"])
def test_a_key_may_be_as_long_as_every_parser_reads_it(letter: str) -> None:
    longest = letter * (1024 // len(letter.encode()))
    assert_read_back({"a": [{longest: "b"}]}, READERS)
    with pytest.raises(ValueError, match=r"over 1,024 bytes"):
        yaml_text({longest + letter: "b"})


def test_a_quoted_key_counts_with_its_quotes_and_escapes() -> None:
    assert_read_back({"a": [{"\x00" * 170: "b"}]}, READERS)
    with pytest.raises(ValueError, match=r"over 1,024 bytes"):
        yaml_text({"\x00" * 171: "b"})


def test_the_memory_of_written_strings_is_bounded_and_harmless() -> None:
    asked: list[str] = []

    def upper(text: str) -> str:
        asked.append(text)
        return text.upper()

    memo = Memo(upper, size=2)
    assert [memo[text] for text in ("a", "a", "b", "c", "a")] == ["A", "A", "B", "C", "A"]
    assert asked == ["a", "b", "c", "a"]
    assert len(memo) == 2


# Every sign of Unicode but surrogates; strings near YAML's syntax; the corpus.
TEXTS = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=30),
    st.text(st.sampled_from("\n\n  ab0:#-|>\t\r\x85\u2028\ufeff'\"\\{}[],&*!%@`?=<~"), max_size=12),
    st.text(st.sampled_from("0123456789eExXobB_.:+-TZ finakm/"), max_size=8),
    st.sampled_from(STRINGS),
)
TREES = st.dictionaries(
    TEXTS.filter(lambda text: len(text) < 150),
    st.recursive(
        st.one_of(
            st.none(),
            st.booleans(),
            st.integers(-LARGEST_INT, LARGEST_INT),
            st.floats(allow_nan=False, allow_infinity=False),
            TEXTS,
        ),
        lambda node: (
            st.lists(node, max_size=4)
            | st.dictionaries(TEXTS.filter(lambda text: len(text) < 150), node, max_size=4)
        ),
        max_leaves=12,
    ),
    max_size=4,
)


@settings(derandomize=True, max_examples=500, deadline=None)
@given(tree=TREES)
def test_any_tree_is_read_back_by_every_parser(tree: dict[str, Any]) -> None:
    assert_read_back(tree, {**FAST_READERS, "PyYAML (1.1)": READERS["PyYAML (1.1)"]})


@settings(derandomize=True, max_examples=300, deadline=None)
@given(tree=TREES)
def test_any_text_is_the_same_each_time_and_has_no_unseen_signs(tree: dict[str, Any]) -> None:
    text = yaml_text(tree)
    assert text == yaml_text(copy.deepcopy(tree))
    assert text.endswith("\n")
    assert "\t" not in text
    assert not [line for line in text.split("\n") if line != line.rstrip()]


@settings(derandomize=True, max_examples=300, deadline=None)
@given(text=st.text(st.sampled_from("ab \n:#-'\"\\é"), max_size=15))
def test_any_lines_are_read_back_wherever_they_stand(text: str) -> None:
    assert_read_back({"a": text, "b": [text, {"c": text, "d": [[text]]}, text], "e": text}, FAST_READERS)
