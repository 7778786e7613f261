"""Whatever the text, it is read or refused with a place; and a place is where the thing stands."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from generator.problem import Place
from generator.source import Document, parse
from generator.source.locate import compose
from generator.source.scalar import kind

if TYPE_CHECKING:
    from collections.abc import Sequence
    from random import Random

    from generator.problem import Path
    from generator.source.locate import Node

KINDS = {"null": type(None), "bool": bool, "int": int, "float": float, "text": str}

VALID = """\
# what all environments share
platform: {name: techchallenge, repository: {url: "https://github.com/x/y.git", branch: main}}
defaults: &defaults
  network: {zones: 3, nat: single, cidr: 10.30.0.0/16}
  database:
    version: "8.0"
    backup: {retentionDays: 7}
  sync: {automated: true, prune: ~}
workloads:
  orders:
    image: ghcr.io/techchallenge/orders
    routes: [{path: /orders, auth: identified}, {path: /health}]
    env: {LOG_LEVEL: info, RATIO: 0.5, MASK: 0o17, EMPTY: ''}
    command:
    - sh
    - -c
    - |
      echo "a: b" # no comment
      exit 0
    notes: >-
      folded
      text
again: *defaults
"""
PIECES = [
    *("a", "b ", "c: ", "a: 1\n", ": ", ":", "- ", "? ", "[", "]", "{", "}", ", ", "{{ x }}", "'", '"'),
    *("|\n", ">\n", "&x ", "*x", "&y ", "*y ", "!t ", "! ", "!!str ", "<<: ", "# ", "\\x41", "\\", "@", "%"),
    *("1", "1.0", "012", "0x1f", "true", "~", "null", ".inf", "1e400", "9007199254740993", "=", "`"),
    *("\n", "\n  ", "\n    ", "\n- ", "\n  - ", " ", "\t", "\r\n", "\r", "---\n", "...\n", "%YAML 1.2\n"),
    *("é", "\U0001f600", "\x85", "\u2028", "\ufeff", "\x00", "\ud800"),
]

pieces = st.sampled_from(PIECES)
like_yaml = st.lists(pieces, max_size=30).map("".join)


@st.composite
def mutated(draw: st.DrawFn) -> str:
    """Make a valid text with parts of it removed, repeated or moved, and with pieces put in."""
    text = VALID
    for _ in range(draw(st.integers(1, 4))):
        start, to = draw(st.integers(0, len(text))), draw(st.integers(0, len(text)))
        end = start + draw(st.sampled_from([0, 1, 5, 60]))
        part = draw(st.one_of(pieces, st.just(text[start:end])))
        text = text[:start] + text[end:] if draw(st.booleans()) else text
        text = text[:to] + part + text[to:]
    return text


@settings(derandomize=True, max_examples=1000, deadline=None)
@given(st.one_of(mutated(), like_yaml, st.text()))
def test_any_text_is_read_or_refused_with_places_in_it(text: str) -> None:
    parsed = parse("f", text)
    if isinstance(parsed, Document):
        assert type(parsed.tree) is dict
        return
    assert parsed
    lines = re.split(r"\r\n|\r|\n", text.lstrip("\ufeff"))
    for problem in parsed:
        assert str(problem).startswith(f"f:{problem.place.line}:")
        for place in filter(None, (problem.place, problem.other)):
            assert 1 <= place.line <= len(lines)
            assert 1 <= place.column <= len(lines[place.line - 1]) + 1


@settings(derandomize=True, max_examples=500, deadline=None)
@given(
    st.one_of(
        st.from_regex(r"[-+]?(0[xob])?[0-9a-f_]{1,40}(\.[0-9]{0,3})?([eE][-+]?[0-9]{1,4})?", fullmatch=True),
        st.from_regex(r"[-+]?\.?(inf|Inf|INF|nan|NaN|NAN|null|NULL|True|tRUE|~)", fullmatch=True),
        st.text("+-.0123456789eExob_:", min_size=1, max_size=8),
    )
)
def test_a_plain_scalar_is_of_the_kind_that_ryaml_finds(plain: str) -> None:
    parsed = parse("f", f"key: {plain}\n")
    if isinstance(parsed, Document):
        assert type(parsed.tree["key"]) is KINDS[kind(plain)]
    elif kind(plain) in ("int", "float"):
        assert [problem.fix for problem in parsed] == [f'quote it: "{plain}"']
    else:
        assert re.match(r"[-?:]( |$)|.*:$", plain), "only what is syntax may be refused"


Shape = tuple[str, list[Any]] | None
"""A map or list of shapes, or None for a scalar."""

shapes: st.SearchStrategy[Shape] = st.recursive(
    st.none(), lambda inner: st.tuples(st.sampled_from(["map", "list"]), st.lists(inner, max_size=4))
)
tops = st.tuples(st.just("map"), st.lists(shapes, min_size=1, max_size=4))


class Writer:
    """Writes a shape in styles drawn at random, and notes the offset of each entry and of each value."""

    def __init__(self, shape: Shape, random: Random, scalars: Sequence[str] = ()) -> None:
        self.text = ""
        self.entries: dict[Path, int] = {}
        self.values: dict[Path, int] = {}
        self.scalars: list[Path] = []
        self.random = random
        self._given = scalars
        self._names = 0
        self._block(shape, (), 0)
        self.entries[()] = self.values[()]

    def _word(self) -> str:
        """Make a word unlike any other, at times in quotes, at times beyond ASCII or beyond 16 bits."""
        self._names += 1
        word = self.random.choice("ké\U0001f600") + str(self._names)
        return self.random.choice([word, f"'{word}'", f'"{word}"'])

    def _block(self, shape: Shape, path: Path, column: int, *, on_this_line: bool = False) -> None:
        assert shape
        for number, child in enumerate(shape[1]):
            if number or not on_this_line:
                comment = " " * self.random.randint(0, 5) + "# é: \U0001f600\n"
                self.text += self.random.choice(["", "", "\n", comment]) + " " * column
            if number == 0:
                self.values[path] = len(self.text)
            where = self._entry(shape[0], path, number)
            self._rest(child, where, column, after_dash=shape[0] == "list")
            self.entries.setdefault(where, self.values[where])

    def _entry(self, kind: str, path: Path, number: int) -> Path:
        if kind == "list":
            self.text += "-"
            return (*path, number)
        word = self._word()
        where = (*path, word.strip("'\""))
        self.entries[where] = len(self.text)
        self.text += word + ":"
        return where

    def _rest(self, shape: Shape, path: Path, column: int, *, after_dash: bool) -> None:
        """Write what follows a dash or colon, to the end of the line or of a block below."""
        if not shape or not shape[1] or self.random.random() < 0.3:
            self.text += " " * self.random.randint(1, 3)
            self._flow(shape, path)
            self.text += self.random.choice(["\n", "  # é\n", " \n"])
        elif after_dash and self.random.random() < 0.7:
            gap = self.random.randint(1, 3)
            self.text += " " * gap
            self._block(shape, path, column + 1 + gap, on_this_line=True)
        else:
            self.text += "\n"
            least = 0 if shape[0] == "list" and not after_dash else 1
            self._block(shape, path, column + self.random.randint(least, 4))

    def _flow(self, shape: Shape, path: Path) -> None:
        self.values[path] = len(self.text)
        if not shape:
            self.scalars.append(path)
            self.text += self.random.choice(self._given) if self._given else self._word()
            return
        self.text += "{" if shape[0] == "map" else "["
        for number, child in enumerate(shape[1]):
            if number:
                self.text += ", "
            if shape[0] == "map":
                where = self._entry("map", path, number)
                self.text += " "
            else:
                where = (*path, number)
            self._flow(child, where)
            self.entries.setdefault(where, self.values[where])
        self.text += "}" if shape[0] == "map" else "]"


def place(text: str, offset: int) -> Place:
    return Place("f", text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset))


@settings(derandomize=True, max_examples=150, deadline=None)
@given(tops, st.randoms(use_true_random=False), st.sampled_from(["\n", "\r\n"]))
def test_every_path_has_the_place_where_it_is_written(shape: Shape, random: Random, line_break: str) -> None:
    written = Writer(shape, random)
    document = parse("f", written.text.replace("\n", line_break))
    assert isinstance(document, Document)
    for path, offset in written.entries.items():
        assert document.has(path)
        assert document.place(path) == place(written.text, offset)
        assert document.value_place(path) == place(written.text, written.values[path])
        assert document.place((*path, "missing")) == document.place(path)
    for path in written.scalars:
        raw = document.raw(path)
        quote = written.text[written.values[path]] in "'\""
        assert document.quoted(path) is quote
        assert raw is not None
        assert written.text.startswith(raw, written.values[path] + quote)


@settings(derandomize=True, max_examples=100, deadline=None)
@given(tops, st.randoms(use_true_random=False))
def test_a_tag_is_refused_wherever_it_stands(shape: Shape, random: Random) -> None:
    written = Writer(shape, random)
    assume(written.scalars)
    path = random.choice(written.scalars)
    offset = written.values[path]
    parsed = parse("f", written.text[:offset] + "!t " + written.text[offset:])
    assert isinstance(parsed, list)
    assert [(p.place, p.path, p.message) for p in parsed] == [
        (place(written.text, offset), path, 'tags are not supported: "!t"')
    ]


FAR = "\n" + " " * 200  # deeper than any key
SCALARS = [
    *(
        "a",
        "a b",
        "no",
        "on",
        "012",
        "08",
        "0o17",
        "0x1f",
        "0b11",
        "1",
        "-1",
        "+1",
        "1.0",
        "1.10",
        ".5",
        "5.",
    ),
    *("1e3", "1_000", "12:30", "2001-01-01", "true", "False", "~", "null", "nUll", "9007199254740992", "="),
    *("'it''s'", "' '", "'1'", '"1"', '"\\x41\\n"', "a:b", "a#b", "é\U0001f600"),
    *(f'"a{FAR}b"', f"'a\n{FAR}b'", f"a{FAR}b"),
]


@settings(derandomize=True, max_examples=100, deadline=None)
@given(tops, st.randoms(use_true_random=False))
def test_both_parsers_read_the_same(shape: Shape, random: Random) -> None:
    parsed = parse("f", Writer(shape, random, SCALARS).text)
    assert isinstance(parsed, Document)
    assert_both_read_the_same(parsed)


@settings(derandomize=True, max_examples=600, deadline=None)
@given(st.one_of(mutated(), like_yaml.map("a: ".__add__)))
def test_both_parsers_read_the_same_of_a_mutated_text(text: str) -> None:
    """About every seventh is accepted; a tag or merge key let through would show here."""
    parsed = parse("f", text)
    if isinstance(parsed, Document):
        assert_both_read_the_same(parsed)


def assert_both_read_the_same(document: Document) -> None:
    composition = compose(document.text)
    assert composition.root is not None
    assert composition.error is None
    assert composition.second_document is None
    assert_same(composition.root, document.tree)


def assert_same(node: Node, tree: Any) -> None:
    node = node.actual
    if node.kind == "scalar":
        assert type(tree) is KINDS[kind(node.text) if node.plain else "text"]
        if isinstance(tree, str):
            assert tree == node.text
        elif isinstance(tree, float):
            assert tree == float(node.text)
        elif type(tree) is int:
            assert tree == int(node.text, 0)
        elif isinstance(tree, bool):
            assert str(tree).lower() == node.text.lower()
        return
    assert list(node.children) == (list(tree) if node.kind == "map" else list(range(len(tree))))
    for part, (_, child) in node.children.items():
        assert_same(child, tree[part])
