"""The values that `explain` tries instead of those in the spec."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from generator import schema, source
from generator.explain.leaves import Leaf, leaves, replaced
from generator.explain.others import KNOWN, MOST, Others
from generator.problem import dotted
from generator.schema.bundle import bundle
from generator.source import Document, parse
from tests.test_cases import CASES, lay_out

if TYPE_CHECKING:
    from pathlib import Path

    from generator.schema.bundle import Kind
    from generator.source import Sources


@pytest.fixture(params=["shipped", "everything"])
def sources(request: pytest.FixtureRequest, repository: Path, tmp_path: Path) -> Sources:
    if request.param == "shipped":
        return source.load(repository)
    lay_out(tmp_path, CASES / "valid" / request.param)
    return source.load(tmp_path)


def document(text: str, file: str = "environments/dev.yaml") -> Document:
    found = parse(file, text)
    assert isinstance(found, Document)
    return found


def others(text: str) -> dict[str, list[Any]]:
    """What is tried in an environment, by path."""
    platform = document(
        "profiles: {a: {}, b: {}, c: {}}\nworkloads: {x: {}, y: {}, z: {}}\n", "environments/platform.yaml"
    )
    dev = document(text)
    return {dotted(leaf.path): values for leaf, values in Others(platform, [dev]).of(dev).items()}


def test_every_value_is_another_one_and_valid(sources: Sources) -> None:
    assert sources.platform is not None
    known = Others(sources.platform, sources.environments.values())
    for file in (sources.platform, *sources.environments.values()):
        kind: Kind = "platform" if file is sources.platform else "environment"
        for leaf, values in known.of(file).items():
            assert len(values) <= MOST
            for value in values:
                assert value != leaf.value or type(value) is not type(leaf.value)
                assert schema.findings(kind, replaced(file.tree, [(leaf.path, value)])) == [], leaf


NONE = {"environments/dev.yaml: profile"}  # of "everything", which has a single profile


def test_every_leaf_has_another_value(sources: Sources) -> None:
    assert sources.platform is not None
    known = Others(sources.platform, sources.environments.values())
    documents = [sources.platform, *sources.environments.values()]
    found = [(leaf, values) for file in documents for leaf, values in known.of(file).items()]
    assert {f"{leaf.file}: {dotted(leaf.path)}" for leaf, values in found if not values} <= NONE


def test_of_a_text_with_many_lines_each_is_another_one() -> None:
    text = 'workloads: {x: {env: {CONF: "a: 1\\nb: 2\\n\\nc: 3\\nd: 4\\n"}}}'
    every, *_ = others(text)["workloads.x.env.CONF"]
    assert every == "a: 1x\nb: 2x\nx\nc: 3x\nd: 4x\n"


@pytest.mark.parametrize(
    ("text", "tried"),
    [
        ("profile: b", ["a", "c"]),
        ("network: {nat: single}", ["perZone"]),
        ("registry: true", [False]),
        ("network: {zones: 3}", [2]),
        ("network: {cidr: 10.30.0.0/16}", ["10.31.0.0/16", "10.29.0.0/16", "10.30.0.0/17"]),
        ("cluster: {kubernetesVersion: '1.34'}", ["1.35", "1.44"]),
        ("region: eu-west-1", ["us-east-2", "cn-north-1"]),
        ("syncWindows: [{schedule: '* * * * *'}]", ["7 * * * *", "* 5 * * *"]),
        ("syncWindows: [{duration: 3h}]", ["4h"]),
        ("workloads: {x: {calls: [y]}}", ["z", "x"]),
        ("workloads: {x: {probes: null}}", [{}, {"startup": {"path": "/x"}}]),
        ("workloads: {x: {env: {A: null}}}", ["x"]),
        ("workloads: {x: {env: {}}}", [{"X": "x"}]),
        ("cluster: {publicAccessCidrs: []}", [["10.9.0.0/16"]]),
        ("components: {x: {values: {a: {b: 1}}}}", [2, 0]),
        ("components: {x: {values: {profile: b}}}", ["c", "bx"]),
        ("tags: {A: ''}", ["x"]),
    ],
)
def test_a_value_is_tried_that_the_key_may_have(text: str, tried: list[Any]) -> None:
    assert list(others(text).values()) == [tried]


def test_what_an_alias_repeats_is_one_leaf() -> None:
    found = leaves(document("tags: {A: &a x, B: *a, C: x}\n"))
    file = "environments/dev.yaml"
    assert found == [Leaf(file, ("tags", "A"), "x", (("tags", "B"),)), Leaf(file, ("tags", "C"), "x")]


def test_an_empty_map_or_list_is_a_leaf() -> None:
    found = leaves(document("tags: {}\nalerts: {emails: []}\nsync: null\n"))
    assert [(dotted(leaf.path), leaf.value) for leaf in found] == [
        ("tags", {}),
        ("alerts.emails", []),
        ("sync", None),
    ]


@pytest.mark.parametrize("expected", KNOWN)
def test_what_is_known_of_a_key_is_what_its_schema_says(expected: str) -> None:
    assert f'"x-expected": {json.dumps(expected)}' in json.dumps(bundle("platform"))
