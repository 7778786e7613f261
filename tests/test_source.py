"""Texts and what they are read as, or the exact words that say what is wrong with them and where."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

import pytest

from generator.problem import Place
from generator.source import Document, load, parse
from generator.source.lines import offset_at

if TYPE_CHECKING:
    from pathlib import Path

FILE = "environments/dev.yaml"


def tree(text: str) -> dict[str, Any]:
    return document(text).tree


def document(text: str) -> Document:
    parsed = parse(FILE, text)
    assert isinstance(parsed, Document), report(text)
    return parsed


def report(text: str) -> str:
    """All problems as people read them, the file's name left out."""
    parsed = parse(FILE, text)
    assert isinstance(parsed, list), f"accepted as {parsed.tree}"
    return "\n".join(str(problem) for problem in parsed).replace(f"{FILE}:", "")


# What is read


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("no", "no"),
        ("on", "on"),
        ("y", "y"),
        ("012", "012"),
        ("08", "08"),
        ("-012", "-012"),
        ("12:30", "12:30"),
        ("12:30:45", "12:30:45"),
        ("1_000", "1_000"),
        ("1.4.2", "1.4.2"),
        ("2001-01-01", "2001-01-01"),
        ("${var}", "${var}"),
        ("'1e400'", "1e400"),
        ("'9007199254740993'", "9007199254740993"),
        ('"!x"', "!x"),
        ("a!b, c !d", "a!b, c !d"),  # doubted, and found good
        ("tom & jerry *", "tom & jerry *"),
        ('"\\U0001F600"', "\U0001f600"),
        ("true", True),
        ("FALSE", False),
        ("~", None),
        ("", None),
        ("0o17", 15),
        ("0x1f", 31),
        ("1.10", 1.1),
        ("1e3", 1000.0),
        ("9007199254740992", 2**53),
        ("-9007199254740992", -(2**53)),
        ("1e20", 1e20),
        ("[1, {a: b}]", [1, {"a": "b"}]),
    ],
)
def test_a_value_is_read_as_yaml_1_2_has_it(written: str, value: object) -> None:
    read = tree(f"key: {written}\n")["key"]
    assert read == value
    assert type(read) is type(value)


@pytest.mark.parametrize(
    "text",
    [
        "\ufeffa: 1\nb: 2\n",
        "a: 1\r\nb: 2\r\n",
        "a: 1\rb: 2",
        "---\na: 1\nb: 2\n...\n",
        "%YAML 1.2\n---\na: 1\nb: 2\n",
        "a:\t1\nb: 2\t\n",
        "# a: 3\n\n{a: 1, b: 2}",
        "a: &x 1\nb: 2",
    ],
    ids=["byte order mark", "crlf", "cr", "marks", "version", "tabs", "flow", "unused anchor"],
)
def test_spelling_of_the_file_does_not_matter(text: str) -> None:
    assert tree(text) == {"a": 1, "b": 2}


def test_aliases_repeat_their_anchor() -> None:
    assert tree("a: &x {k: [1]}\nb: *x\nc: &y k\n*y : 2\n") == {
        "a": {"k": [1]},
        "b": {"k": [1]},
        "c": "k",
        "k": 2,
    }


def test_a_quoted_merge_key_is_a_key() -> None:
    assert tree("'<<': 1") == {"<<": 1}


# What is refused

QUOTED = "put the value in quotes if it is text"
TAG_FIX = "remove it; text that begins with an exclamation mark, or is to stay text, goes in quotes"
MAP_FIX = "write keys and values, as `domain: example.com`, with a space after the colon"
DIRECTIVE = """1:{column}: a line that begins with "%" is a directive, and this is none for YAML 1.2
    fix: remove the line"""

REFUSED = {
    # keys
    "duplicate key": (
        "network: {}\nname: x\nnetwork: {}\n",
        """3:1: network: this key is there already
    see 1:1
    fix: keep one of them""",
    ),
    "three duplicates in different maps": (
        "a:\n  b: 1\n  'b': 2\n  b: 3\nc: {d: 1, d: 2}\n",
        """3:3: a.b: this key is there already
    see 2:3
    fix: keep one of them
4:3: a.b: this key is there already
    see 2:3
    fix: keep one of them
5:11: c.d: this key is there already
    see 5:5
    fix: keep one of them""",
    ),
    "duplicate key by alias": (
        "a: &x b\nb: 1\n*x : 2\n",
        """3:1: b: this key is there already
    see 2:1
    fix: keep one of them""",
    ),
    "merge key without an alias": (
        "<<: {a: 1}\n",
        """1:1: <<: merge keys are not supported
    fix: use profiles or defaults""",
    ),
    "merge key": (
        "x: &a {b: 1}\ny:\n  <<: *a\n",
        """3:3: y.<<: merge keys are not supported
    fix: use profiles or defaults""",
    ),
    "integer key": (
        "ports:\n  8080: http\n",
        """2:3: ports.8080: the key is read as a number, not as text
    fix: write "8080" in quotes""",
    ),
    "float, bool and null keys": (
        "1.5: a\ntrue: b\n~: c\n",
        """1:1: 1.5: the key is read as a number, not as text
    fix: write "1.5" in quotes
2:1: true: the key is read as true or false, not as text
    fix: write "true" in quotes
3:1: ~: the key is read as nothing, not as text
    fix: write "~" in quotes""",
    ),
    "key of 30 digits": (
        "123456789012345678901234567890: a\n",
        """1:1: 123456789012345678901234567890: the key is read as a number, not as text
    fix: write "123456789012345678901234567890" in quotes""",
    ),
    "empty key": (
        "a:\n  ? \n  : b\n",
        """2:4: a: a key is missing here
    fix: write it before the ":\"""",
    ),
    "nothing before the colon": (
        ": a\n",
        """1:1: a key is missing here
    fix: write it before the ":\"""",
    ),
    "map as key": (
        "a: {{ template }}\n",
        """1:5: a: a map cannot be a key
    fix: put text that begins with a brace or bracket, as a {{ template }}, in quotes""",
    ),
    "list as key": (
        "[a]: b\n",
        """1:1: a list cannot be a key
    fix: put text that begins with a brace or bracket, as a {{ template }}, in quotes""",
    ),
    "list as key by alias": (
        "a: &x [1]\n*x : 1\n",
        """2:1: a list cannot be a key
    fix: put text that begins with a brace or bracket, as a {{ template }}, in quotes""",
    ),
    # tags
    "two tags": (
        "a: !foo 1\nb:\n  - !!str 2\n",
        f"""1:4: a: tags are not supported: "!foo"
    fix: {TAG_FIX}
3:5: b[0]: tags are not supported: "!!str"
    fix: {TAG_FIX}""",
    ),
    "tag with an invisible character": (
        "a: !\u200bx 1\n",
        f"""1:5: an unquoted "!" begins a tag, and tags are not supported
    see 1:4
    fix: {QUOTED}""",
    ),
    "tag without a name": ("a: ! 1\n", f'1:4: a: tags are not supported: "!"\n    fix: {TAG_FIX}'),
    "tag of an empty value": ("a: !\nb: 1\n", f'1:4: a: tags are not supported: "!"\n    fix: {TAG_FIX}'),
    "tag in full": (
        "a: !<tag:x> 1\n",
        f'1:4: a: tags are not supported: "!<tag:x>"\n    fix: {TAG_FIX}',
    ),
    "tag after an anchor": (
        "a: &x !foo\n  b: 1\n",
        f'1:7: a: tags are not supported: "!foo"\n    fix: {TAG_FIX}',
    ),
    "tag of a key after a missing value": (
        "? a\n!x b: 1\n",
        f'2:1: b: tags are not supported: "!x"\n    fix: {TAG_FIX}',
    ),
    "tag with an unknown handle": (
        "a: !e!x 1\n",
        f"""1:4: an unquoted "!" begins a tag, and tags are not supported
    fix: {QUOTED}""",
    ),
    "tag that cannot be one": (
        "a: !<b\nc: !%d\n",
        f"""1:7: an unquoted "!" begins a tag, and tags are not supported
    see 1:4
    fix: {QUOTED}""",
    ),
    "tag with a wrong escape": (
        "a: !%d\n",
        f"""1:5: an unquoted "!" begins a tag, and tags are not supported
    see 1:4
    fix: {QUOTED}""",
    ),
    # numbers
    "integer beyond 2^53": (
        "account: 9007199254740993\n",
        """1:10: account: an integer beyond 2^53 loses its last digits in Helm
    fix: quote it: "9007199254740993\"""",
    ),
    "integers of 30, 40 and 310 digits": (
        f"a: {'1' * 30}\nb: -{'2' * 40}\nc: {'3' * 310}\n",
        f"""1:4: a: an integer beyond 2^53 loses its last digits in Helm
    fix: quote it: "{"1" * 30}"
2:4: b: an integer beyond 2^53 loses its last digits in Helm
    fix: quote it: "-{"2" * 40}"
3:4: c: an integer beyond 2^53 loses its last digits in Helm
    fix: quote it: "{"3" * 60}...\"""",
    ),
    "hexadecimal integer too large for any reader": (
        f"a: 0x{'f' * 33}\n",
        f"""1:4: a: an integer beyond 2^53 loses its last digits in Helm
    fix: quote it: "0x{"f" * 33}\"""",
    ),
    "infinite, not a number, too large": (
        "a: [.inf, -.Inf, .NaN, 1e400]\n",
        """1:5: a[0]: ".inf" is no number that JSON can hold
    fix: quote it: ".inf"
1:11: a[1]: "-.Inf" is no number that JSON can hold
    fix: quote it: "-.Inf"
1:18: a[2]: ".NaN" is no number that JSON can hold
    fix: quote it: ".NaN"
1:24: a[3]: "1e400" is no number that JSON can hold
    fix: quote it: "1e400\"""",
    ),
    # anchors and aliases
    "unknown alias": (
        "a: *x\n",
        """1:4: a: no anchor "&x" stands before this alias
    fix: put it in quotes if it is text: "*x\"""",
    ),
    "misspelt alias": (
        "a: &small {}\nb: *smal\n",
        """2:4: b: no anchor "&smal" stands before this alias
    fix: did you mean "small"?""",
    ),
    "alias inside its anchor": (
        "a: &x\n  - *x\n",
        """2:5: a[0]: the alias stands inside its own anchor
    fix: write the value out""",
    ),
    "alias that cannot be one": (
        "files: *.txt\n",
        f"""1:9: an unquoted "*" begins an alias
    see 1:8
    fix: {QUOTED}""",
    ),
    "anchor that cannot be one": (
        "a: & b\n",
        f"""1:5: an unquoted "&" begins an anchor
    see 1:4
    fix: {QUOTED}""",
    ),
    "aliases nested deeply": (
        "a: &x0 [1]\n" + "".join(f"k{i}: &x{i} [*x{i - 1}]\n" for i in range(1, 200)),
        """1:4: nested more than 128 deep, counting what aliases repeat
    fix: write it flatter""",
    ),
    # the file as a whole
    "empty": ("", f"1:1: expected a map, found nothing\n    fix: {MAP_FIX}"),
    "only comments": ("# a\n# b\n", f"1:1: expected a map, found nothing\n    fix: {MAP_FIX}"),
    "list": ("# a\n- a\n", f"2:1: expected a map, found a list\n    fix: {MAP_FIX}"),
    "text": ("a:b", f"1:1: expected a map, found text\n    fix: {MAP_FIX}"),
    "null": ("--- ~", f"1:5: expected a map, found nothing\n    fix: {MAP_FIX}"),
    "second document": (
        "a: 1\n---\nb: 2\n",
        """2:1: a second document begins here
    fix: remove the "---" or "..." between them; a file is one document""",
    ),
    "empty second document": (
        "a: 1\n---\n",
        """2:1: a second document begins here
    fix: remove the "---" or "..." between them; a file is one document""",
    ),
    "goes on after its end": (
        "a: 1\n...\nb: 2\n",
        """3:1: the line belongs to nothing above it
    fix: indent it like the file's first key; remove a "..." above it""",
    ),
    "directives": ("%YAML 2.0\n---\na: 1\n", DIRECTIVE.format(column=1)),
    "unknown directive": (
        "%FOO\n---\na: 1\n",
        DIRECTIVE.format(column=5).replace("\n", "\n    see 1:1\n", 1),
    ),
    "directive without a version": (
        "%YAML\n---\na: 1\n",
        DIRECTIVE.format(column=6).replace("\n", "\n    see 1:1\n", 1),
    ),
    "directive for tags": (
        "%TAG !\n---\na: 1\n",
        DIRECTIVE.format(column=7).replace("\n", "\n    see 1:1\n", 1),
    ),
    "directive for tags twice": (
        "%TAG ! !a\n%TAG ! !b\n---\na: 1\n",
        DIRECTIVE.format(column=1).replace("1", "2", 1),
    ),
    "directive twice": ("%YAML 1.2\n%YAML 1.2\n---\na: 1\n", DIRECTIVE.format(column=1).replace("1", "2", 1)),
    # characters
    "control characters": (
        "a: é\x07\nb: \x00\n",
        """1:5: the character U+0007 cannot stand in a YAML file
    fix: remove it; where it is meant, write it in double quotes, as "\\x07"
2:4: the character U+0000 cannot stand in a YAML file
    fix: remove it; where it is meant, write it in double quotes, as "\\x07\"""",
    ),
    "lone surrogate": (
        "a: \ud800\n",
        """1:4: the character U+D800 cannot stand in a YAML file
    fix: remove it; where it is meant, write it in double quotes, as "\\x07\"""",
    ),
    "surrogate as an escape": (
        'a: "\\ud83d"\n',
        """1:7: this escape names no character
    see 1:4
    fix: write the character itself, or an emoji as "\\U0001F600", not as two "\\ud83d\"""",
    ),
    "escape without digits": (
        'a: "\\xyz"\n',
        """1:7: in double quotes this escape needs hexadecimal digits
    see 1:4
    fix: use single quotes, or double the backslash""",
    ),
    "unknown escape": (
        'a: "C:\\dir"\n',
        """1:7: in double quotes a backslash begins an escape, and this is none
    see 1:4
    fix: use single quotes, or double the backslash""",
    ),
    # lines
    "tab": ("a:\n\tb: 1\n", "2:1: a tab indents this line\n    fix: indent with spaces"),
    "tab in a text block": (
        "a: |\n\ttext\n",
        "2:1: a tab indents this line\n    see 1:4\n    fix: indent with spaces",
    ),
    "tab after a value": (
        "a: b\n\tc: d\n",
        "2:1: a tab indents this line\n    see 1:4\n    fix: indent with spaces",
    ),
    "indented too little": (
        "  a: 1\nb: 2\n",
        """2:1: the line belongs to nothing above it
    fix: indent it like the file's first key; remove a "..." above it""",
    ),
    "indented too much": (
        "a: 1\n b: 2\n",
        """2:3: a ":" that belongs to no key
    fix: quote the value if it holds ": ", else indent the line like the keys beside it""",
    ),
    "indented in between": (
        "a:\n    b: 1\n  c: 2\n",
        """3:3: expected a key of the map that began above
    see 1:1
    fix: indent the line like that map's other keys""",
    ),
    "key among items": (
        "a:\n  - x\n  y: 1\n",
        """3:3: expected the next item of the list that began above
    see 2:3
    fix: begin the line with "- ", or indent it like what it belongs to""",
    ),
    "line without a colon": (
        "a: 1\nb\nc: 3\n",
        """2:1: a line without ":"
    fix: write it as `key: value`; indent it further if it continues the text above""",
    ),
    "two colons": (
        "a: b: c\n",
        """1:5: a ":" that belongs to no key
    fix: quote the value if it holds ": ", else indent the line like the keys beside it""",
    ),
    "colon in a value in braces": (
        "a: {b:[]}\n",
        """1:6: a ":" in the middle of a value
    see 1:5
    fix: put a space after it, or the value in quotes""",
    ),
    "list on the key's line": (
        "a: - b\n",
        """1:4: a list cannot begin here with "- "
    fix: begin it on a line of its own, indented; put text that begins with a dash in quotes""",
    ),
    "text on the line of a block": (
        "a: |x\n",
        """1:5: nothing but a comment may follow "|" or ">" on its line
    see 1:4
    fix: begin the text on the next line, indented, or put it in quotes""",
    ),
    # quotes and brackets
    "unterminated quote": (
        "a: 1\nb: 'x\nc: 2\n",
        """2:4: the quote opened here is never closed
    fix: close it, or remove it""",
    ),
    "apostrophe in single quotes": (
        "a: 'it's'\n",
        """1:8: more text after a closing quote
    see 1:1
    fix: quote the value as a whole; in single quotes a ' is written twice""",
    ),
    "reserved character": ("a: @x\n", f'1:4: a value cannot begin with "@"\n    fix: {QUOTED}'),
    "question mark": ("a: ? b\n", f'1:4: "?" cannot begin a value\n    fix: {QUOTED}'),
    "unterminated list": (
        "a: [1, 2\nb: 3\n",
        """2:2: the list is not closed here, or a comma is missing
    see 1:4
    fix: close it with "]", or put "," between its items; quote an item that holds brackets or braces""",
    ),
    "unterminated map": (
        "a: {b: 1",
        """1:9: the map is not closed here, or a comma is missing
    see 1:4
    fix: close it with "}", or put "," between its entries; quote a value that holds brackets or braces""",
    ),
    "bracket too many": (
        "a: ]\n",
        f"""1:4: a value is expected here, not "]"
    fix: write it; {QUOTED}""",
    ),
    "ends after a bracket": (
        "a: [",
        """1:5: the file ends where a value is expected
    fix: write it, and close what is open""",
    ),
    # together
    "mistakes of every kind before one that stops the parser": (
        "a: 1\na: !x 2\n3: 9007199254740993\nb: *c\nd: [1\n",
        f"""2:1: a: this key is there already
    see 1:1
    fix: keep one of them
2:4: a: tags are not supported: "!x"
    fix: {TAG_FIX}
3:1: 3: the key is read as a number, not as text
    fix: write "3" in quotes
3:4: 3: an integer beyond 2^53 loses its last digits in Helm
    fix: quote it: "9007199254740993"
4:4: b: no anchor "&c" stands before this alias
    fix: put it in quotes if it is text: "*c"
6:1: the list is not closed here, or a comma is missing
    see 5:4
    fix: close it with "]", or put "," between its items; quote an item that holds brackets or braces""",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_bad_text_is_refused_with_place_and_fix(name: str) -> None:
    text, expected = REFUSED[name]
    assert report(text) == expected


def test_forbidden_characters_are_not_listed_by_the_thousand() -> None:
    assert report("a: " + "\x07" * 1000).count("U+0007") == 10


def test_places_are_those_of_an_editor() -> None:
    """libyaml counts U+2028 and U+0085 as line breaks, editors do not, nor do they show a BOM."""
    assert report("\ufeffa: '\u2028 \x85 é\U0001f600'\r\n\r\n\U0001f600b: \U0001f600\r\U0001f600b: 1") == (
        "4:1: \U0001f600b: this key is there already\n    see 3:1\n    fix: keep one of them"
    )


@pytest.mark.parametrize(
    "text",
    [
        "!!str a: 1",
        "!!map\na: 1",
        "a:\t!!str 1",
        "a:\n  !!str b: 1",
        "a:\r\n  !!str b: 1",
        "- !!str a",
        "a: [!!str 1]",
        "a: [1,!!str 2]",
        "a: {!!str b: 1}",
        "a: {?!!str b: 1}",
        'a: {"b":!!str 1}',
        "a: &x !!str 1",
        "\ufeff!!str a: 1",
    ],
)
def test_a_tag_is_found_wherever_it_can_begin(text: str) -> None:
    assert 'tags are not supported: "!!' in report(text)


def test_integers_of_any_length_are_refused() -> None:
    for digits in (17, 100, 310, 5000):  # ryaml: an integer, a float, text; Python's int(): an error
        assert "loses its last digits" in report(f"a: {'9' * digits}")


def test_places_that_only_ryaml_names_stay_in_the_text() -> None:
    assert offset_at("a\x85b\r\nc", 2, 1) == 2
    assert offset_at("a\x85b\r\nc", 3, 1) == 5
    assert offset_at("a\x85b\r\nc", 3, 9) == 6
    assert offset_at("a\x85b\r\nc", 9, 1) == 6


# What would take for ever, or all memory

BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{name}: &{name} [{', '.join([f'*{before}'] * 9)}]\n"
    for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)
DEEP = "nested more than 128 deep\n    fix: write it flatter"
LIST = f"1:1: expected a map, found a list\n    fix: {MAP_FIX}\n"
OFTEN = (
    "up to this alias, aliases repeat more than {} values\n    fix: write the values out, or use {}".format
)
ENDLESS = {
    "brackets": ("[" * 100_000, f"{LIST}1:129: {DEEP}"),
    "closed brackets": ("[" * 100_000 + "]" * 100_000, f"{LIST}1:129: {DEEP}"),
    "brackets on many lines": ("a: " + "[\n" * 100_000, f"128:1: {DEEP}"),
    "brackets that seem closed": ("[ #]\n" * 100_000, f"{LIST}129:1: {DEEP}"),
    "braces": ("{a: " * 100_000, f"1:513: {DEEP}"),
    "dashes": ("- " * 100_000, f"{LIST}1:257: {DEEP}"),
    "question marks": ("? " * 100_000, f"1:257: {DEEP}"),
    "nine aliases of nine aliases": (
        BOMB,
        f"5:8: e[0]: {OFTEN('10,000', 'profiles and defaults')}",
    ),
    "many aliases of a long list": (
        f"a: &a [{'x, ' * 10_000}]\nb: [{'*a, ' * 10_000}]\n",
        f"2:41: b[9]: {OFTEN('100,000', 'profiles and defaults')}",
    ),
}


@pytest.mark.parametrize("name", ENDLESS)
def test_deep_nesting_and_multiplying_aliases_are_refused_at_once(name: str) -> None:
    text, expected = ENDLESS[name]
    start = time.perf_counter()
    assert report(text) == expected
    assert time.perf_counter() - start < 5  # ryaml alone: 17 s for the brackets, 37 s for the braces


def test_the_deepest_nesting_allowed_can_be_asked_for_places() -> None:
    deep = document("a: " + "[" * 127 + "]" * 127)
    assert deep.place(("a", *[0] * 126)) == Place(FILE, 1, 4 + 126)


# Places

SPEC = """\
# a comment
network:
  cidr: 10.0.0.0/16
  "zones": 3
workloads:
- name: orders   # comment
  ports: [80, 0o17, "1.10", 1.10]
-   name: 'kitchen'
shared: &shared
  é: {deep: [x, {y: z}]}
  text: |
    line
again: *shared
nothing:
"""


@pytest.mark.parametrize(
    ("path", "key", "value"),
    [
        ((), (2, 1), (2, 1)),
        (("network",), (2, 1), (3, 3)),
        (("network", "cidr"), (3, 3), (3, 9)),
        (("network", "zones"), (4, 3), (4, 12)),
        (("workloads", 0), (6, 3), (6, 3)),
        (("workloads", 0, "ports", 1), (7, 15), (7, 15)),
        (("workloads", 1, "name"), (8, 5), (8, 11)),
        (("shared",), (9, 1), (9, 9)),
        (("shared", "é", "deep", 1, "y"), (10, 18), (10, 21)),
        (("again",), (13, 1), (13, 8)),
        (("again", "é", "deep", 0), (10, 14), (10, 14)),
        (("nothing",), (14, 1), (14, 9)),
    ],
)
def test_a_path_has_the_place_of_its_key_and_of_its_value(
    path: tuple[str | int, ...], key: tuple[int, int], value: tuple[int, int]
) -> None:
    spec = document(SPEC)
    assert spec.has(path)
    assert spec.place(path) == Place(FILE, *key)
    assert spec.value_place(path) == Place(FILE, *value)


@pytest.mark.parametrize(
    ("path", "nearest"),
    [
        (("missing",), (2, 1)),
        (("network", "missing", "deeper"), (2, 1)),
        (("network", "cidr", "missing"), (3, 3)),
        (("network", 0), (2, 1)),
        (("workloads", 2), (5, 1)),
        (("workloads", -1), (5, 1)),
        (("workloads", "0"), (5, 1)),
        (("again", "é", "missing"), (10, 3)),
    ],
)
def test_a_missing_path_has_the_place_of_its_nearest_parent(
    path: tuple[str | int, ...], nearest: tuple[int, int]
) -> None:
    spec = document(SPEC)
    assert not spec.has(path)
    assert spec.place(path) == spec.value_place(path) == Place(FILE, *nearest)
    assert spec.raw(path) is None
    assert not spec.quoted(path)


@pytest.mark.parametrize(
    ("path", "raw", "quoted"),
    [
        (("workloads", 0, "ports", 1), "0o17", False),
        (("workloads", 0, "ports", 2), "1.10", True),
        (("workloads", 0, "ports", 3), "1.10", False),
        (("workloads", 1, "name"), "kitchen", True),
        (("shared", "text"), "line\n", True),
        (("again", "é", "deep", 1, "y"), "z", False),
        (("nothing",), "", False),
        (("network",), None, False),
        (("workloads",), None, False),
        (("again",), None, False),
    ],
)
def test_a_scalar_is_given_as_written(path: tuple[str | int, ...], raw: str | None, quoted: bool) -> None:  # noqa: FBT001  (pytest passes by name)
    spec = document(SPEC)
    assert spec.raw(path) == raw
    assert spec.quoted(path) is quoted


def test_a_good_file_costs_no_import_of_pyyaml() -> None:
    code = (
        "import sys; from generator.source import parse; "
        "document = parse('f', 'a: 1'); assert document.has(('a',)); assert 'yaml' not in sys.modules; "
        "document.place(('a',)); assert 'yaml' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


# The folder


def write(root: Path, files: dict[str, str | bytes]) -> None:
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())


GOOD: dict[str, str | bytes] = {
    "environments/platform.yaml": "platform: {}\n",
    "environments/dev.yaml": "domain: dev.example\n",
}
NAMED = "a file here is named <environment>.yaml, with lower-case letters, digits and dashes"


def problems(root: Path) -> str:
    return "\n".join(str(problem) for problem in load(root).problems)


def test_the_folder_is_read_with_the_charts_on_disk(tmp_path: Path) -> None:
    write(
        tmp_path,
        GOOD
        | {
            "environments/dev-2.yaml": "\ufeffdomain: dev-2.example\n",
            "environments/README.md": "for people",
            "environments/.#dev.yaml": "\x00 an editor's",
            "environments/notes/qa.yaml": "not: directly there",
            "argocd/charts/workload/0.1.0/Chart.yaml": "",
            "argocd/charts/workload/1.0.0/Chart.yaml": "",
            "argocd/charts/edge/0.1.0/Chart.yaml": "",
            "argocd/charts/README.md": "",
            "argocd/charts/edge/.cache/x": "",
        },
    )
    loaded = load(tmp_path)
    assert loaded.problems == []
    assert loaded.platform == Document("environments/platform.yaml", "platform: {}\n", {"platform": {}})
    assert [(name, d.file, d.tree) for name, d in loaded.environments.items()] == [
        ("dev", "environments/dev.yaml", {"domain": "dev.example"}),
        ("dev-2", "environments/dev-2.yaml", {"domain": "dev-2.example"}),
    ]
    assert loaded.charts == {"edge": frozenset({"0.1.0"}), "workload": frozenset({"0.1.0", "1.0.0"})}


def test_there_need_be_no_charts(tmp_path: Path) -> None:
    write(tmp_path, GOOD)
    loaded = load(tmp_path)
    assert loaded.problems == []
    assert loaded.charts == {}


FOLDERS: dict[str, tuple[dict[str, str | bytes], str]] = {
    "no folder": (
        {"README.md": ""},
        """environments:1:1: there is no such folder
    fix: create it, with platform.yaml and a file for each environment""",
    ),
    "a file for a folder": (
        {"environments": ""},
        """environments:1:1: cannot be read: Not a directory
    fix: see with `ls -l` what it is and who may read it""",
    ),
    "empty folder": (
        {"environments/README.md": ""},
        """environments:1:1: there is no environment
    fix: create one, as dev.yaml
environments/platform.yaml:1:1: there is no such file
    fix: create it: all environments share it""",
    ),
    "only misnamed files": (
        {"environments/Platform.yaml": "", "environments/qa.yml": ""},
        f"""environments/Platform.yaml:1:1: {NAMED}
    fix: rename it, as platform.yaml
environments/qa.yml:1:1: {NAMED}
    fix: rename it, as qa.yaml""",
    ),
    "misnamed beside good files": (
        GOOD
        | {
            "environments/dev.yml": "",
            "environments/Shared.yaml": "",
            "environments/all.yaml": "",
            "environments/qa_2.yaml": "",
            "environments/-.yaml": "",
            "environments/2.yaml": "",
            "environments/a\nb.yaml": "",
        },
        f"""environments/-.yaml:1:1: {NAMED}
    fix: rename it, as env.yaml
environments/2.yaml:1:1: {NAMED}
    fix: rename it, as env-2.yaml
environments/Shared.yaml:1:1: the name "shared" is reserved
    fix: give the environment another name
environments/a\\nb.yaml:1:1: {NAMED}
    fix: rename it, as a-b.yaml
environments/all.yaml:1:1: the name "all" is reserved
    fix: give the environment another name
environments/dev.yml:1:1: not read, and dev.yaml is there too
    fix: remove one of the two
environments/qa_2.yaml:1:1: {NAMED}
    fix: rename it, as qa-2.yaml""",
    ),
    "not UTF-8": (
        GOOD
        | {
            "environments/dev.yaml": "a: 1\nb: é ".encode() + b"\xe9\n",
            "environments/qa.yaml": "a: 1".encode("utf-16"),
            "environments/marked.yaml": b"\xef\xbb\xbfa: \xff",
        },
        """environments/dev.yaml:2:6: not UTF-8: the byte 0xE9
    fix: save the file in the encoding UTF-8
environments/marked.yaml:1:4: not UTF-8: the byte 0xFF
    fix: save the file in the encoding UTF-8
environments/qa.yaml:1:1: not UTF-8: the byte 0xFF
    fix: save the file in the encoding UTF-8""",
    ),
    "problems of all files": (
        {
            "environments/platform.yaml": "a: 1\na: 2\n",
            "environments/dev.yaml": "b: !x 1\n",
            "environments/QA.yaml": "c: 1\n",
            "argocd/charts": "",
        },
        f"""argocd/charts:1:1: cannot be read: Not a directory
    fix: see with `ls -l` what it is and who may read it
environments/QA.yaml:1:1: {NAMED}
    fix: rename it, as qa.yaml
environments/dev.yaml:1:4: b: tags are not supported: "!x"
    fix: {TAG_FIX}
environments/platform.yaml:2:1: a: this key is there already
    see environments/platform.yaml:1:1
    fix: keep one of them""",
    ),
}


@pytest.mark.parametrize("name", FOLDERS)
def test_what_is_wrong_with_a_folder_is_reported_all_at_once(name: str, tmp_path: Path) -> None:
    files, expected = FOLDERS[name]
    write(tmp_path, files)
    assert problems(tmp_path) == expected


def test_only_regular_files_are_read(tmp_path: Path) -> None:
    write(tmp_path, GOOD)
    folder = tmp_path / "environments"
    (folder / "a.yaml").mkdir()
    (folder / "b.yaml").symlink_to("nowhere")
    (folder / "c.yaml").symlink_to("c.yaml")
    os.mkfifo(folder / "d.yaml")  # reading it would wait for ever
    (folder / "e.yaml").symlink_to("dev.yaml")  # a link to a file is a file
    fix = "\n    fix: put a file there, or remove it"
    assert problems(tmp_path) == "\n".join(
        f"environments/{name}.yaml:1:1: expected a file, found {what}{fix}"
        for name, what in [
            ("a", "a folder"),
            ("b", "a link to nothing"),
            ("c", "a link to nothing"),
            ("d", "a device or pipe"),
        ]
    )


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has a file that fails when it is read")
def test_a_file_that_cannot_be_read_is_reported(tmp_path: Path) -> None:
    """Permissions would not do: root reads all."""
    write(tmp_path, GOOD)
    (tmp_path / "environments/qa.yaml").symlink_to("/proc/self/mem")
    assert problems(tmp_path) == (
        "environments/qa.yaml:1:1: cannot be read: Input/output error\n"
        "    fix: see with `ls -l` what it is and who may read it"
    )
