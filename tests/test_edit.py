"""Edits of the spec: what they change, and what they leave alone or refuse."""
# ruff: noqa: E501  (a case is a line)

from __future__ import annotations

import pytest

from generator.edit import Refused, Written, add, insert, remove, set_value
from generator.edit.scalars import is_plain, written
from generator.emit import yaml_text
from generator.source import Document, parse
from tests.yaml_corpus import NUMBERS, WORDS

FILE = "environments/dev.yaml"
VERSIONS = ("versions", "workloads")


def set_to(text: str, value: str = "1.5.0", name: str = "orders") -> str:
    return set_value(FILE, text, (*VERSIONS, name), value)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("versions:\n  workloads:\n    orders: 1.4.2 # c\n", "versions:\n  workloads:\n    orders: 1.5.0 # c\n"),
        ("versions:\n  workloads:\n    orders: 1.4.2", "versions:\n  workloads:\n    orders: 1.5.0"),
        ("versions: {workloads: {orders: 1.4.2, x: 1.0.0}}\n", "versions: {workloads: {orders: 1.5.0, x: 1.0.0}}\n"),
        ("versions: {workloads: {\n  orders: 1.4.2, # c\n}}\n", "versions: {workloads: {\n  orders: 1.5.0, # c\n}}\n"),
        ("versions:\r\n  workloads:\r\n    orders:   '1.4.2'\r\n", "versions:\r\n  workloads:\r\n    orders:   '1.5.0'\r\n"),
        ('"versions":\n "workloads":\n  "orders": "1.4.2"\n', '"versions":\n "workloads":\n  "orders": "1.5.0"\n'),
        ("\ufeffversions: {workloads: {orders: 1.4.2}}\n", "\ufeffversions: {workloads: {orders: 1.5.0}}\n"),
        ("versions:\n  workloads:\n    orders: &v 1.4.2\n", "versions:\n  workloads:\n    orders: &v 1.5.0\n"),
        ("versions:\n  workloads:\n    orders: # c\n", "versions:\n  workloads:\n    orders: 1.5.0 # c\n"),
        ("versions:\n  workloads:\n    ? orders\n    : 1.4.2\n", "versions:\n  workloads:\n    ? orders\n    : 1.5.0\n"),
        ("x: &x 1\ny: *x\nversions: {workloads: {orders: 1.4.2}}", "x: &x 1\ny: *x\nversions: {workloads: {orders: 1.5.0}}"),
    ],
)  # fmt: skip
def test_setting_a_value(before: str, after: str) -> None:
    assert set_to(before) == after


@pytest.mark.parametrize(
    ("text", "report"),
    [
        (
            "x: &v 1.4.2\nversions: {workloads: {orders: *v}}\n",
            (
                "environments/dev.yaml:2:32: versions.workloads.orders: the alias *v stands for what is written "
                "elsewhere\n    see environments/dev.yaml:1:4\n    fix: write the value out in its place"
            ),
        ),
        (
            "versions: &v {workloads: {orders: 1.4.2}}\nx: *v\n",
            (
                "environments/dev.yaml:1:27: versions.workloads.orders: an alias repeats this elsewhere: *v\n"
                "    see environments/dev.yaml:2:4\n    fix: write the value out there"
            ),
        ),
        (
            "versions: {workloads: {orders: &v 1.4.2, web: *v}}\n",
            (
                "environments/dev.yaml:1:24: versions.workloads.orders: an alias repeats this elsewhere: *v\n"
                "    see environments/dev.yaml:1:47\n    fix: write the value out there"
            ),
        ),
        (
            'versions: {workloads: {orders: "1.4\n  .2"}}\n',
            (
                "environments/dev.yaml:1:32: versions.workloads.orders: the value stands over several lines\n"
                "    fix: write it on one line"
            ),
        ),
        (
            "versions:\n  workloads:\n    orders: |\n      1.4.2\n",
            (
                "environments/dev.yaml:3:13: versions.workloads.orders: the value stands over several lines\n"
                "    fix: write it on one line"
            ),
        ),
        (
            "versions:\n  workloads: {orders: {}}\n",
            (
                "environments/dev.yaml:2:23: versions.workloads.orders: expected one value, found a map\n"
                "    fix: edit the line by hand, then run `make render`"
            ),
        ),
        (
            "versions:\n  workloads: {web: 1.0.0}\n",
            "environments/dev.yaml:2:3: versions.workloads.orders: there is no such key\n    fix: add it",
        ),
        (
            "# nothing yet\n",
            "environments/dev.yaml:1:1: versions.workloads.orders: there is no such key\n    fix: add it",
        ),
    ],
)
def test_what_cannot_be_set_says_why_and_where(text: str, report: str) -> None:
    with pytest.raises(Refused) as refusal:
        set_to(text)
    assert str(refusal.value) == report


@pytest.mark.parametrize(
    "value", ["1e3", "012", "1.10", "1234567", "no", "12:30", "2026-11-24", "0x1f", "1_0", ""]
)
def test_a_value_that_some_reader_takes_for_another_gets_quotes(value: str) -> None:
    text = "versions:\n  workloads:\n    orders: 1.4.2\n"
    assert set_to(text, value) == f'versions:\n  workloads:\n    orders: "{value}"\n'


@pytest.mark.parametrize(
    "value",
    ["1.5.0-rc.1", "v2.0.0", "1.4.2@sha256:" + "0a" * 32, "9c91be2f1b900ed422e7ad0e", "build-77", "1.0.0+build.5"],
)  # fmt: skip
def test_versions_and_hashes_need_no_quotes(value: str) -> None:
    assert (
        set_to("versions: {workloads: {orders: x}}", value) == f"versions: {{workloads: {{orders: {value}}}}}"
    )


@pytest.mark.parametrize(
    "text", [*WORDS, *NUMBERS, "a: b", "a #b", "- a", "[a", "it's", 'a "b"', "a\\b", "*a", ""]
)
@pytest.mark.parametrize("before", ["", "1.0.0", "'1.0.0'", '"1.0.0"'])
def test_what_is_written_is_read_as_that_text(text: str, before: str) -> None:
    quoted = written(text, before)
    for line in (f"k: {quoted}\n", f"k: {{k: {quoted}, l: 1}}\n"):
        document = parse(FILE, line)
        assert isinstance(document, Document)
        value = document.tree["k"]
        assert (value["k"] if isinstance(value, dict) else value) == text


def test_what_is_plain_here_is_plain_in_rendered_files_or_a_version() -> None:
    """The renderer quotes more, for it does not know that `1.4.2` is no number to anybody."""
    allowed = {"1.4.2", "1.4.2-rc.1", "1.2.3.4"}
    plain = {text for text in [*WORDS, *NUMBERS] if is_plain(text)}
    assert {text for text in plain if yaml_text({"k": text}) != f"k: {text}\n"} <= allowed | {
        "0x1p-2",
        "3d",
        "7f",
        "1-2",
    }


def test_only_text_on_one_line_is_a_scalar() -> None:
    with pytest.raises(ValueError, match="over several lines"):
        set_to("versions: {workloads: {orders: x}}", "a\nb")
    assert set_value(FILE, "a: 1\n", ("a",), None) == "a: null\n"
    assert set_value(FILE, "a: 1\n", ("a",), value=True) == "a: true\n"
    assert set_value(FILE, "a: 'x'\n", ("a",), 5) == "a: 5\n"


@pytest.mark.parametrize(
    ("before", "path", "after"),
    [
        ("a: 1\nc: 2\n", ("b",), "a: 1\nb: new\nc: 2\n"),
        ("a: 1\nc: 2", ("d",), "a: 1\nc: 2\nd: new"),
        ("c: 1\na: 2\n", ("b",), "c: 1\na: 2\nb: new\n"),
        ("a: 1\r\nc: 2\r\n", ("b",), "a: 1\r\nb: new\r\nc: 2\r\n"),
        ("b: 1 # b\n# c\nc: 2\n", ("a",), "a: new\nb: 1 # b\n# c\nc: 2\n"),
        ("a: 1\n\n# c\nc: 2\n", ("b",), "a: 1\n\nb: new\n\n# c\nc: 2\n"),
        ("# b\nb: 1\n\nc: 2\n", ("a",), "a: new\n\n# b\nb: 1\n\nc: 2\n"),
        ("x:\n   a: 1\n   # c\n\ny: 2\n", ("x", "b"), "x:\n   a: 1\n   b: new\n   # c\n\ny: 2\n"),
        ("x:\n  a:\n    l: [1,\n      2] # l\n  c: 1\n", ("x", "b"), "x:\n  a:\n    l: [1,\n      2] # l\n  b: new\n  c: 1\n"),
        ("x: {a: 1, c: 2}\n", ("x", "b"), "x: {a: 1, b: new, c: 2}\n"),
        ("x: {a: 1, c: 2 }\n", ("x", "d"), "x: {a: 1, c: 2, d: new }\n"),
        ("x: {} # c\n", ("x", "b"), "x: {b: new} # c\n"),
        ("x: # c\ny: 1\n", ("x", "b"), "x: # c\n  b: new\ny: 1\n"),
        ("x: null # c\ny: 1\n", ("x", "b"), "x: # c\n  b: new\ny: 1\n"),
        ("x:", ("x", "b"), "x:\n  b: new"),
        ("x: {a: 1}\n", ("w", "z", "b"), "x: {a: 1}\nw:\n  z:\n    b: new\n"),
        ("x:\n- a: 1\n  c: 2\n", ("x", 0, "0"), "x:\n- 0: new\n  a: 1\n  c: 2\n".replace("0:", '"0":')),
        ("a: |\n  x\n\n  y\nc: 1\n", ("b",), "a: |\n  x\n\n  y\nb: new\nc: 1\n"),
        ("a:\n  x: 1\n  # of a\n# of c\nc: 1\n", ("b",), "a:\n  x: 1\n  # of a\nb: new\n# of c\nc: 1\n"),
    ],
)  # fmt: skip
def test_adding_a_key(before: str, path: tuple[str | int, ...], after: str) -> None:
    assert add(FILE, before, path, "new") == after


def test_adding_what_has_lines_and_comments() -> None:
    yaml = "image: x # where it lies\nprobes:\n  liveness: {path: /healthz}\n"
    text = "workloads:\n  a:\n    image: y\n\n  c:\n    image: z\n"
    assert add(FILE, text, ("workloads", "b"), Written(yaml), "New here.\nMind it.") == (
        "workloads:\n  a:\n    image: y\n\n  # New here.\n  # Mind it.\n  b:\n    image: x # where it lies\n"
        "    probes:\n      liveness: {path: /healthz}\n\n  c:\n    image: z\n"
    )
    assert add(FILE, "a: 1\n", ("b",), {"c": {"d": "1.10"}, "e": ["f", "g"], "h": {}}) == (
        'a: 1\nb:\n  c:\n    d: "1.10"\n  e: [f, g]\n  h: {}\n'
    )


@pytest.mark.parametrize(
    ("text", "path", "message"),
    [
        ("a: {\n  b: 1\n}\n", ("a", "c"), "it stands in braces or brackets over several lines"),
        ("a: &x {b: 1}\nc: *x\n", ("c", "d"), "the alias *x stands for what is written elsewhere"),
        ("a: &x {b: 1}\nc: *x\n", ("a", "d"), "an alias repeats this elsewhere: *x"),
        ("a: [1]\n", ("a", "b"), "expected a map, found a list"),
        ("a: 1\n", ("a", "b"), "expected a map, found a scalar"),
        ("a: 1\n", ("a",), "the key is there already"),
        ("# nothing\n", ("a",), "the file is empty"),
        ("a: {b: , c: 1}\n", ("a", "b", "d"), "nothing stands here to add to"),
        ("a: 1\na: 2\n", ("b",), "the file has a mistake"),
    ],
)
def test_what_cannot_be_added(text: str, path: tuple[str, ...], message: str) -> None:
    with pytest.raises(Refused, match=message.replace("*", r"\*")):
        add(FILE, text, path, "new")


@pytest.mark.parametrize(
    ("before", "path", "after"),
    [
        ("a: 1\nb: 2\n# c\nc: 3\n", ("b",), "a: 1\n# c\nc: 3\n"),
        ("a: 1\n# b\n# more\nb: 2 # 2\nc: 3\n", ("b",), "a: 1\nc: 3\n"),
        ("a: 1\n\n# b\nb: 2\n\nc: 3\n", ("b",), "a: 1\n\nc: 3\n"),
        ("a: 1\n\nb: 2\n", ("b",), "a: 1\n"),
        ("a: 1\nb: 2", ("b",), "a: 1"),
        ("a: 1\r\nb: 2", ("b",), "a: 1"),
        ("a: 1\n\nb: 2\n", ("a",), "b: 2\n"),
        ("x:\n  a: 1\n\ny: 2\n", ("x", "a"), "x: {}\n\ny: 2\n"),
        ("x: &x # c\n  a: 1\n", ("x", "a"), "x: &x {} # c\n"),
        ("x:\n  a:\n    b:\n    - 1\n    # end\n  c: 1\n", ("x", "a"), "x:\n  c: 1\n"),
        ("x: {a: 1, b: 2, c: 3}\n", ("x", "b"), "x: {a: 1, c: 3}\n"),
        ("x: {a: 1, b: 2}\n", ("x", "b"), "x: {a: 1}\n"),
        ("x: {a: 1} # c\n", ("x", "a"), "x: {} # c\n"),
        ("a: |\n  x\n\nb: 1\n", ("a",), "b: 1\n"),
        ("x: &v 1\na: *v\n", ("a",), "x: &v 1\n"),
        ("x: [a, b, c] # d\n", ("x", 0), "x: [b, c] # d\n"),
        ("x: [a, b]\n", ("x", 1), "x: [a]\n"),
        ("x: [a]\n", ("x", 0), "x: []\n"),
        ("x:\n- a\n# b\n- b\n- c\n", ("x", 1), "x:\n- a\n- c\n"),
        ("x: # x\n  - {a: 1}\ny: 1\n", ("x", 0), "x: [] # x\ny: 1\n"),
    ],
)
def test_removing_a_key(before: str, path: tuple[str, ...], after: str) -> None:
    assert remove(FILE, before, path) == after


@pytest.mark.parametrize(
    ("before", "index", "after"),
    [
        ("x: [a, b] # c\n", 0, "x: [new, a, b] # c\n"),
        ("x: [a, b] # c\n", 1, "x: [a, new, b] # c\n"),
        ("x: [a, b ]\n", 2, "x: [a, b, new ]\n"),
        ("x: []\n", 0, "x: [new]\n"),
        ("x:\n- a # a\n- b\n", 1, "x:\n- a # a\n- new\n- b\n"),
        ("x:\r\n  -  a\r\n  -  b", 2, "x:\r\n  -  a\r\n  -  b\r\n  -  new"),
        ("x:\n  - {a: 1} # c\ny: 1\n", 1, "x:\n  - {a: 1} # c\n  - new\ny: 1\n"),
    ],
)
def test_putting_an_item_into_a_list(before: str, index: int, after: str) -> None:
    assert insert(FILE, before, ("x",), index, "new") == after


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("x: [a,\n b]\n", "it stands in braces or brackets over several lines"),
        ("x: {a: 1}\n", "expected a list, found a map"),
        ("y: &y [a]\nx: *y\n", r"the alias \*y stands for what is written elsewhere"),
        ("x: &x [a]\ny: *x\n", r"an alias repeats this elsewhere: \*x"),
        ("y: 1\n", "there is no such key"),
        ("x:\n- - a\n", "it shares its line|the item shares its line"),
    ],
)
def test_what_cannot_be_put_into_a_list(text: str, message: str) -> None:
    with pytest.raises(Refused, match=message):
        insert(FILE, text, ("x",), 1, "new") if "- -" not in text else insert(FILE, text, ("x", 0), 0, "new")


@pytest.mark.parametrize(
    ("text", "path", "message"),
    [
        ("a: 1\n", ("b",), "there is no such key"),
        ("a: 1\n", ("a",), "it is all that the file has"),
        ("a:\n- b: 1\n  c: 2\n", ("a", 0, "b"), "it shares its line with something else"),
        ("a: &x 1\nb: *x\n", ("a",), r"an alias repeats this elsewhere: \*x"),
        ("a: {b: 1,\n  c: 2}\n", ("a", "b"), "it stands in braces or brackets over several lines"),
    ],
)
def test_what_cannot_be_removed(text: str, path: tuple[str | int, ...], message: str) -> None:
    with pytest.raises(Refused, match=message):
        remove(FILE, text, path)
