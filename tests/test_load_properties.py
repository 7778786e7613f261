"""Whatever stands in the spec, it is judged without a traceback; and what is judged valid renders."""

from __future__ import annotations

import copy
import json
import re
from itertools import islice
from typing import TYPE_CHECKING, Any

import pytest
import ryaml
from hypothesis import given, settings
from hypothesis import strategies as st

from generator import load, render, source
from generator.banner import MARKER, WITHIN
from generator.emit import json_text, yaml_text
from generator.render import banner
from generator.render.values import component_values
from tests.test_cases import CASES, TODAY, lay_out
from tests.yaml_corpus import LARGEST_INT, STRINGS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from generator.model import Spec
    from generator.problem import Place, Problem

    Tree = dict[str, Any]
    Way = tuple[str | int, ...]

read = ryaml.loads  # type: ignore[attr-defined]  # it re-exports without saying so

SPEC = {
    file.stem: file.read_text(encoding="utf-8")
    for folder in ("base", "valid/everything")  # the second uses every key there is
    for file in sorted((CASES / folder / "environments").glob("*.yaml"))
}


def ways(tree: Any, way: Way = ()) -> Iterator[Way]:
    """Yield the path of everything in a tree, its top included."""
    yield way
    entries = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    for key, value in entries:
        yield from ways(value, (*way, key))


def at(tree: Any, way: Way) -> Any:
    for part in way:
        tree = tree[part]
    return tree


TREES = {name: read(text) for name, text in SPEC.items()}
WORDS = sorted({str(part) for tree in TREES.values() for way in ways(tree) for part in way})
PIECES = [at(tree, way) for tree in TREES.values() for way in ways(tree) if way]

texts = st.sampled_from(STRINGS) | st.text(max_size=8)
keys = st.sampled_from(WORDS) | st.sampled_from([s for s in STRINGS if len(s) < 100]) | st.text(max_size=8)
scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-LARGEST_INT, LARGEST_INT),
    st.floats(-LARGEST_INT, LARGEST_INT),
    texts,
)
trees = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=3),
    max_leaves=8,
)
values = trees | st.sampled_from(PIECES).map(copy.deepcopy)  # a piece of the spec, where it does not belong


def exactly(data: Any) -> str:
    """Tell 1, 1.0 and True apart, and the order of keys, which == does not; tuples are lists."""
    return json.dumps(data)


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository whose spec every example writes anew."""
    folder = tmp_path_factory.mktemp("repository")
    lay_out(folder, CASES / "valid" / "base")
    return folder


def judge(root: Path, changed: Mapping[str, bytes]) -> Spec | None:
    """Judge a spec in which some files are changed; what is wrong must have a place that exists."""
    for name, text in SPEC.items():
        (root / "environments" / f"{name}.yaml").write_bytes(changed.get(name, text.encode()))
    loaded = load.load(source.load(root), TODAY)
    for problem in loaded.problems:
        assert_told(root, problem)
    assert loaded.spec or any(p.severity == "error" for p in loaded.problems)
    return loaded.spec


def assert_told(root: Path, problem: Problem) -> None:
    assert problem.message
    for place in filter(None, (problem.place, problem.other)):
        assert_exists(root, place)


def assert_exists(root: Path, place: Place) -> None:
    file = root / place.file
    text = file.read_bytes().decode(errors="replace").lstrip("\ufeff") if file.is_file() else ""
    assert file.exists()
    lines = re.split("\r\n|\r|\n", text)
    assert 1 <= place.line <= len(lines)
    assert 1 <= place.column <= len(lines[place.line - 1]) + 1


def assert_renders(spec: Spec) -> None:
    """Render everything; every file must be read back as the data that it was made from."""
    made: list[Any] = []

    def remember(write: Callable[[Any], str]) -> Callable[[Any], str]:
        def remembering(data: Any) -> str:
            made.append(data)
            return write(data)

        return remembering

    paths = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(banner, "yaml_text", remember(yaml_text))
        patch.setattr(banner, "json_text", remember(json_text))
        for stream in (*map(render.environment, spec.environments), render.shared(spec)):
            for path, content in stream:
                assert MARKER.encode() in content[:WITHIN]
                paths.append(path)
                if path.endswith(".yaml"):
                    documents = re.split("^---\n", content.decode(), flags=re.MULTILINE)
                    assert exactly([read(text) for text in documents]) == exactly(made)
                elif path.endswith(".json"):
                    assert exactly([json.loads(content)]) == exactly(made)
                made.clear()
    assert len(set(paths)) == len(paths)


def near_misses(value: Any) -> Iterator[Any]:
    """Yield what is nearly that value: it finds what a pattern lets through and a calendar does not."""
    if isinstance(value, str):
        for part in islice(re.finditer("[0-9]+|[A-Za-z]+|[^0-9A-Za-z]", value), 9):
            for new in ("", "0", "77", "foo", "\u0663") if part[0].isalnum() else ("", "-"):
                yield value[: part.start()] + new + value[part.end() :]
    elif type(value) is int:
        yield from (0, -value, value + 1, value + 10**9)
    elif isinstance(value, dict | list):
        yield type(value)()
    yield from (None, "", True)


def edit(data: st.DataObject, tree: Tree) -> None:
    """Delete, replace, tweak or insert something somewhere in a tree."""
    way = data.draw(st.sampled_from(list(ways(tree))))
    here = at(tree, way)
    action = data.draw(st.sampled_from(["near miss", "delete", "replace", "insert"]))
    if action == "insert" or not way:
        if isinstance(here, dict):
            here[data.draw(keys)] = data.draw(values)
        elif isinstance(here, list):
            here.insert(data.draw(st.integers(0, len(here))), data.draw(values))
        return
    parent, key = at(tree, way[:-1]), way[-1]
    if action == "delete":
        del parent[key]
    else:
        near = st.sampled_from(list(near_misses(here)))
        parent[key] = data.draw(near if action == "near miss" else values)


@settings(derandomize=True, deadline=None, max_examples=300)
@given(st.data())
def test_no_tree_gives_a_traceback(root: Path, data: st.DataObject) -> None:
    trees = copy.deepcopy(TREES)
    for _ in range(data.draw(st.integers(1, 4))):
        edit(data, trees[data.draw(st.sampled_from(sorted(trees)))])
    spec = judge(root, {name: yaml_text(tree).encode() for name, tree in trees.items()})
    if spec:
        assert_renders(spec)


@pytest.mark.parametrize("name", ["dev", "platform"])
def test_no_near_miss_gives_a_traceback(root: Path, name: str) -> None:
    for way in ways(TREES[name]):
        for value in near_misses(at(TREES[name], way)) if way else ():
            tree = copy.deepcopy(TREES[name])
            at(tree, way[:-1])[way[-1]] = value
            judge(root, {name: yaml_text(tree).encode()})


@settings(derandomize=True, deadline=None, max_examples=300)
@given(st.data())
def test_no_text_gives_a_traceback(root: Path, data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(SPEC)))
    text = SPEC[name].encode()
    for _ in range(data.draw(st.integers(1, 3))):
        start = data.draw(st.integers(0, len(text)))
        end = data.draw(st.integers(start, min(start + 8, len(text))))
        new = data.draw(texts.map(str.encode) | st.binary(max_size=2))
        text = text[:start] + new + text[end:]
    spec = judge(root, {name: text})
    if spec:
        assert_renders(spec)


def test_whatever_stands_where_anything_may_is_rendered_as_it_is(root: Path) -> None:
    valid = []

    @settings(derandomize=True, deadline=None, max_examples=100)
    @given(
        st.dictionaries(keys, trees, max_size=4),
        st.dictionaries(st.from_regex("[A-Z][A-Z0-9_]{0,8}", fullmatch=True), texts, max_size=4),
        st.lists(texts, min_size=1, max_size=3),
    )
    def examine(helm: Tree, variables: dict[str, str], arguments: list[str]) -> None:
        trees = copy.deepcopy(TREES)
        trees["dev"]["components"]["queue"]["values"] = helm
        trees["dev"]["workloads"]["worker"] |= {"env": variables, "args": arguments, "command": arguments}
        spec = judge(root, {name: yaml_text(tree).encode() for name, tree in trees.items()})
        valid.append(spec is not None)
        if spec:
            [dev] = (e for e in spec.environments if e.name == "dev")
            [queue] = (c for c in dev.components if c.name == "queue")
            [worker] = (w for w in dev.workloads if w.name == "worker")
            assert exactly(component_values(dev, queue)) == exactly(helm)
            assert exactly(worker.settings.args) == exactly(arguments)
            assert_renders(spec)

    examine()
    assert sum(valid) > len(valid) / 2, "too few examples were valid to show anything"
