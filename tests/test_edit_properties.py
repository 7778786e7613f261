"""However a file is written: an edit changes the bytes it is asked to and no others, or it is refused."""

from __future__ import annotations

import copy
import json
import re
from typing import TYPE_CHECKING, Any, NamedTuple

from hypothesis import given, settings
from hypothesis import strategies as st

from generator.edit import Refused, add, insert, remove, set_value
from generator.source import Document, parse
from tests.test_source_properties import Writer, like_yaml, mutated, tops

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

    from generator.problem import Path
    from tests.test_source_properties import Shape

FILE = "environments/dev.yaml"
NAMES = ["audit", "customers", "kitchen", "menu", "orders", "payments", "web"]
VALUES = [
    "1.5.0",
    "1e3",
    "012",
    "1.10",
    "2.0.0-rc.1",
    "no",
    "1.4.2@sha256:" + "ab" * 32,
    "it's",
    "a: b #",
    "0",
]
randoms = st.randoms(use_true_random=False)


class Versions(NamedTuple):
    """A file with a `versions` block, and which of its workloads are in it."""

    text: str
    names: list[str]
    flow: bool


def versions_file(random: Random) -> Versions:
    """Write an environment as nobody should: comments and blank lines anywhere, styles mixed."""
    names = random.sample(NAMES, random.randint(1, 5))
    if random.random() < 0.7:
        names.sort()
    outer, inner = " " * random.randint(1, 4), " " * random.randint(1, 5)
    flow = random.random() < 0.3

    def noise(indent: str) -> str:
        return random.choice(
            ["", "", "", "\n", f"{indent}# orders: 0.0.0\n", "   \n", f"\n{indent}# a {{ b\n", "# out\n"]
        )

    def key(name: str) -> str:
        return random.choice([name, name, name, f'"{name}"', f"'{name}'"])

    def value() -> str:
        return random.choice(["1.4.2", "'1.4.2'", '"1.10"', "&v1 1.0.0", "0.9.0-rc.1", "null", "~"])

    text = random.choice(["", "\ufeff", "# yaml-language-server: x\n", "---\n"]) + noise("")
    text += random.choice(
        ["shared: &shared {a: 1}\nagain: *shared\n", "account: '111111111111'\n", ""]
    ) + noise("")
    text += key("versions") + ":" + random.choice(["", " # what runs", "  "]) + "\n" + noise(outer)
    if random.random() < 0.5:
        text += f"{outer}components:\n{outer}{inner}orders: 4.15.1 # not this one\n" + noise(outer)
    if flow:
        parts = ", ".join(f"{key(name)}: {value()}" for name in names)
        text += f"{outer}workloads: {{{random.choice(['', ' '])}{parts}}}" + random.choice(["", " # all\n"])
        text = text if text.endswith("\n") else text + "\n"
    else:
        text += f"{outer}workloads:{random.choice(['', ' # ours'])}\n"
        for name in names:
            gap, after = (
                " " * random.randint(1, 3),
                random.choice(["", "", " # orders: 9.9.9", "  ", " # é \U0001f600"]),
            )
            text += noise(outer + inner) + f"{outer}{inner}{key(name)}:{gap}{value()}{after}\n"
    text += noise(outer)
    text += random.choice(
        ["", f"{outer}charts: {{edge: 1.0.0}}\n", "workloads:\n  orders: {replicas: 2}\n"]
    ) + noise("")
    text = text if random.random() < 0.7 else text.rstrip("\n")
    return Versions(text.replace("\n", random.choice(["\n", "\n", "\r\n"])), names, flow)


def tree(text: str) -> Any:
    document = parse(FILE, text)
    assert isinstance(document, Document), f"{document}\n{text}"
    return document.tree


def assert_same(one: Any, other: Any) -> None:
    """Types and all, whatever the order of keys."""
    assert same(one, other)


def same(one: Any, other: Any) -> bool:
    return json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)


def with_value(before: Any, path: Path, value: object) -> Any:
    if not path:
        return value
    after = copy.deepcopy(before)
    node = after
    for part in path[:-1]:
        node = node[part]
    node[path[-1]] = value
    return after


def without(before: Any, path: Path) -> Any:
    after = copy.deepcopy(before)
    node = after
    for part in path[:-1]:
        node = node[part]
    del node[path[-1]]
    return after


def between(old: str, new: str) -> tuple[str, str]:
    """What stands in the place of what, once the longest common beginning and end are taken away."""
    start = next(
        (i for i, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new))
    )
    end = 0
    while end < min(len(old), len(new)) - start and old[-1 - end] == new[-1 - end]:
        end += 1
    return old[start : len(old) - end], new[start : len(new) - end]


@settings(derandomize=True, max_examples=200, deadline=None)
@given(randoms, st.sampled_from(VALUES))
def test_setting_a_version_changes_its_line_alone(random: Random, value: str) -> None:
    file = versions_file(random)
    for name in file.names:
        path = ("versions", "workloads", name)
        new = set_value(FILE, file.text, path, value)
        assert_same(tree(new), with_value(tree(file.text), path, value))
        pairs = zip(file.text.splitlines(keepends=True), new.splitlines(keepends=True), strict=True)
        lines = [(old, line) for old, line in pairs if old != line]
        assert len(lines) <= 1
        for old, line in lines:
            pattern = rf"(.*?['\"]?{name}['\"]?:\s+(?:&v1 )?)('[^']*'|\"[^\"]*\"|[^ ,}}\r\n]+)(.*)"
            found = re.fullmatch(pattern, old, re.DOTALL)
            assert found, old
            assert line.startswith(found[1])
            assert line.endswith(found[3])


@settings(derandomize=True, max_examples=200, deadline=None)
@given(randoms, st.sampled_from(VALUES))
def test_adding_a_version_adds_a_line_in_its_place(random: Random, value: str) -> None:
    file = versions_file(random)
    for name in [name for name in NAMES if name not in file.names]:
        path = ("versions", "workloads", name)
        new = add(FILE, file.text, path, value)
        assert_same(tree(new), with_value(tree(file.text), path, value))
        gone, came = between(file.text, new)
        assert gone == "", "every byte that was there is there"
        assert came.count("\n") <= 2
        assert ("\r\n" in came) >= ("\n" in came and "\r\n" in file.text), "line ends are the file's"
        assert new.endswith(("\n", "\r\n")) == file.text.endswith("\n")
        order = list(tree(new)["versions"]["workloads"])
        if file.names == sorted(file.names) and len(file.names) > 1:
            assert order == sorted(order)
        else:
            assert order == [*file.names, name]


@settings(derandomize=True, max_examples=200, deadline=None)
@given(randoms)
def test_removing_a_version_takes_its_line_and_its_comment(random: Random) -> None:
    file = versions_file(random)
    for name in file.names:
        path = ("versions", "workloads", name)
        new = remove(FILE, file.text, path)
        assert_same(tree(new), without(tree(file.text), path))
        if not file.flow:
            gone = file.text.splitlines()
            for line in new.splitlines():
                if line in gone:
                    gone.remove(line)
                else:
                    assert "workloads: {}" in line
            for line in gone:
                assert re.fullmatch(rf"\s*|\s*#.*|\s*['\"]?({name}|workloads)['\"]?:.*", line)
            assert "# out" not in gone


@settings(derandomize=True, max_examples=200, deadline=None)
@given(randoms)
def test_adding_and_removing_again_gives_the_same_bytes(random: Random) -> None:
    file = versions_file(random)
    if "'" not in file.text and not re.search(r"^ +#", file.text, re.MULTILINE):
        for name in [name for name in NAMES if name not in file.names]:
            path = ("versions", "workloads", name)
            assert remove(FILE, add(FILE, file.text, path, "1.0.0"), path) == file.text


@settings(derandomize=True, max_examples=200, deadline=None)
@given(tops, randoms, st.sampled_from(VALUES), st.sampled_from(["\n", "\r\n"]))
def test_in_any_shape_a_scalar_is_set_in_its_place(
    shape: Shape, random: Random, value: str, stop: str
) -> None:
    written = Writer(shape, random)
    text = written.text.replace("\n", stop)
    for path in written.scalars:
        new = set_value(FILE, text, path, value)
        assert_same(tree(new), with_value(tree(text), path, value))
        line = written.text.count("\n", 0, written.values[path])
        pairs = zip(text.split(stop), new.split(stop), strict=True)
        assert [i for i, (old, changed) in enumerate(pairs) if old != changed] in ([line], [])


def paths(tree: Any, path: Path = ()) -> list[Path]:
    below = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    return [path, *(found for part, value in below for found in paths(value, (*path, part)))]


@settings(derandomize=True, max_examples=500, deadline=None)
@given(st.one_of(mutated(), like_yaml.map("a: ".__add__)), randoms)
def test_whatever_the_text_an_edit_does_what_it_says_or_is_refused(text: str, random: Random) -> None:
    document = parse(FILE, text)
    if not isinstance(document, Document):
        return
    before, every = document.tree, paths(document.tree)
    for path in random.sample(every, min(6, len(every))):
        new = attempt(set_value, text, path, "1e3")
        assert new is None or same(tree(new), with_value(before, path, "1e3"))
        new = attempt(remove, text, path)
        assert new is None or same(tree(new), without(before, path))
        items = at(before, path)
        if isinstance(items, list):
            place = random.randint(0, len(items))
            new = attempt(insert, text, path, place, "1e3")
            assert new is None or same(
                tree(new), with_value(before, path, [*items[:place], "1e3", *items[place:]])
            )
        new = attempt(add, text, (*path, "n"), "1e3")
        if new is not None:
            above = at(before, path)
            assert same(tree(new), with_value(before, path, {**(above or {}), "n": "1e3"}))


def attempt(edit: Callable[..., str], *given: object) -> str | None:
    try:
        return edit(FILE, *given)
    except Refused as refusal:
        assert refusal.problem.place.file == FILE  # noqa: PT017  (refusing is fine, but not without these)
        assert refusal.problem.fix  # noqa: PT017  (as above)
        return None


def at(tree: Any, path: Path) -> Any:
    for part in path:
        tree = tree[part]
    return tree
