"""The laws of merging: maps merge, lists replace, null removes, and nobody changes what others share."""

from __future__ import annotations

import copy
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from hypothesis import given, settings
from hypothesis import strategies as st

from generator.merge import Merger, Tree, merge, merge_values

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

COMPONENT = ("components", "x")  # where `values` belongs to Helm
SECTIONS = ("workloadDefaults", "components", "workloads")

# Few keys, so that layers meet; `values` also stands where it means nothing special.
KEYS = st.sampled_from(["a", "b", "c", "values"])
LEAVES = st.one_of(st.integers(0, 9), st.booleans(), st.sampled_from(["", "s"]), st.lists(st.integers(0, 2)))


def trees(leaves: st.SearchStrategy[Any]) -> st.SearchStrategy[Tree]:
    def maps(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Tree]:
        return st.dictionaries(KEYS, inner, max_size=4)

    return maps(st.recursive(leaves, maps, max_leaves=8))


FULL = trees(LEAVES)
WITH_NULLS = trees(LEAVES | st.none())

law = settings(derandomize=True, max_examples=80, deadline=None)


def entries(tree: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Yield (path, value) of everything in a tree, maps before what is in them."""
    if isinstance(tree, dict):
        for key, value in tree.items():
            yield (*path, key), value
            yield from entries(value, (*path, key))


def leaves(tree: Any) -> Iterator[tuple[tuple[str, ...], Any]]:
    return ((path, value) for path, value in entries(tree) if not isinstance(value, dict))


def at(tree: Any, path: tuple[str, ...]) -> Any:
    """The value at a path; an error where there is none."""
    for key in path:
        assert isinstance(tree, dict)
        tree = tree[key]
    return tree


def has(tree: Any, path: tuple[str, ...]) -> bool:
    return path in {found for found, _ in entries(tree)}


def nulls(tree: Any) -> list[tuple[str, ...]]:
    return [path for path, value in leaves(tree) if value is None]


@given(FULL)
@law
def test_an_empty_layer_changes_nothing(tree: Tree) -> None:
    assert merge({}, tree) == tree
    assert merge(tree, {}) == tree
    assert merge(tree, tree) == tree


@given(FULL, WITH_NULLS)
@law
def test_the_upper_layer_wins_on_every_leaf_and_lists_replace_as_a_whole(lower: Tree, upper: Tree) -> None:
    merged = merge(lower, upper)
    for path, value in leaves(upper):
        if value is not None:
            assert at(merged, path) is value


@given(FULL, WITH_NULLS)
@law
def test_null_removes_whatever_the_lower_layer_has(lower: Tree, upper: Tree) -> None:
    merged = merge(lower, upper)
    for path in nulls(upper):
        assert not has(merged, path)


@given(FULL, WITH_NULLS)
@law
def test_what_the_upper_layer_does_not_speak_of_stays(lower: Tree, upper: Tree) -> None:
    decided = {path for path, _ in leaves(upper)}
    for path, value in leaves(lower):
        ways = {path[: n + 1] for n in range(len(path))}
        if not ways & decided and not has(upper, path):
            assert at(merge(lower, upper), path) is value
            assert at(merge_values(lower, upper), path) is value


@given(FULL, WITH_NULLS)
@law
def test_nothing_appears_that_no_layer_wrote(lower: Tree, upper: Tree) -> None:
    assert {p for p, _ in entries(merge(lower, upper))} <= {p for t in (lower, upper) for p, _ in entries(t)}


@given(FULL, WITH_NULLS)
@law
def test_no_null_survives_except_below_a_components_values(lower: Tree, upper: Tree) -> None:
    assert nulls(merge(lower, upper)) == []
    values = upper.get("values")
    kept = {("values", *path) for path in nulls(values)} if isinstance(values, dict) else set()
    assert set(nulls(merge(lower, upper, COMPONENT))) == kept


@given(WITH_NULLS, WITH_NULLS)
@law
def test_values_keep_every_null_for_helm(lower: Tree, upper: Tree) -> None:
    merged = merge_values(lower, upper)
    for path, value in leaves(upper):
        assert at(merged, path) is value
    assert merge_values({}, upper) == upper
    assert merge_values(upper, {}) == upper


@given(WITH_NULLS, WITH_NULLS)
@law
def test_only_a_components_own_values_merge_as_values(lower: Tree, upper: Tree) -> None:
    below, above = {"values": lower}, {"values": upper}
    assert merge(below, above, COMPONENT) == {"values": merge_values(lower, upper)}
    for path in ((), ("workloads", "x"), (*COMPONENT, "values")):
        assert merge(below, above, path) == {"values": merge(lower, upper)}


@given(WITH_NULLS, WITH_NULLS)
@law
def test_the_layers_are_never_changed(lower: Tree, upper: Tree) -> None:
    before = copy.deepcopy((lower, upper))
    merge(lower, upper, COMPONENT, [])
    merge_values(lower, upper)
    assert (lower, upper) == before


def test_a_null_that_removes_nothing_is_told_and_no_other() -> None:
    lower = {"a": 1, "b": {"c": 2}}
    misses: list[Any] = []
    merge(lower, {"a": None, "b": {"c": None, "d": None}, "e": {"f": None}}, ("top",), misses)
    assert [miss.path for miss in misses] == [("top", "b", "d"), ("top", "e", "f")]


# Layers are folded from the base up. Grouping them the other way round gives the same when the topmost
# layer (1) has no null, because merging it first would use the null up, and (2) puts a map only where the
# middle layer has a map or nothing, because the middle layer's leaf or null would no longer hide the base.


@given(FULL, WITH_NULLS, FULL)
@law
def test_merging_is_associative_when_the_top_removes_nothing_and_replaces_leaves_by_leaves(
    base: Tree, middle: Tree, top: Tree
) -> None:
    top = without_maps_over_leaves(top, middle)
    assert merge(merge(base, middle), top) == merge(base, merge(middle, top))


@given(WITH_NULLS, WITH_NULLS, WITH_NULLS)
@law
def test_merging_values_is_associative_when_leaves_are_replaced_by_leaves(
    base: Tree, middle: Tree, top: Tree
) -> None:
    top = without_maps_over_leaves(top, middle)
    assert merge_values(merge_values(base, middle), top) == merge_values(base, merge_values(middle, top))


def without_maps_over_leaves(upper: Tree, lower: Tree) -> Tree:
    """Return `upper` less its maps where `lower` has a leaf or null."""
    kept: Tree = {}
    for key, value in upper.items():
        if not isinstance(value, dict) or key not in lower:
            kept[key] = value
        elif isinstance(lower[key], dict):
            kept[key] = without_maps_over_leaves(value, lower[key])
    return kept


def test_merging_is_not_associative_otherwise() -> None:
    for base, middle, top in (
        ({"a": 1}, {}, {"a": None}),
        ({"a": {"b": 1}}, {"a": 2}, {"a": {"c": 3}}),
        ({"a": {"b": 1}}, {"a": None}, {"a": {"c": 3}}),
    ):
        assert merge(merge(base, middle), top) != merge(base, merge(middle, top))


# A second implementation of Merger.environment, written from the sentences in environments/platform.yaml:
# it copies everything, and writes the leaves of each layer one by one onto what the layers below left.


def write(tree: Tree, layer: Tree, *, helm: Callable[[tuple[str, ...]], bool] = lambda _path: False) -> None:
    """Write a layer onto a tree; `helm` says below which paths null is a value."""
    for path, value in entries(layer):
        *way, last = path
        parent = tree
        for key in way:
            parent = parent.get(key, {})
        if value is None and not any(helm(path[:n]) for n in range(len(path))):
            parent.pop(last, None)
        elif not isinstance(value, dict):
            parent[last] = copy.deepcopy(value)
        elif not isinstance(parent.get(last), dict):
            parent[last] = {}


def naive(platform: Tree, environment: Tree) -> tuple[Tree, Tree, Tree, Tree]:
    """Return settings, components, workloads and what every workload starts from."""
    named = environment.get("profile")
    profile = platform.get("profiles", {}).get(named, {}) if named else {}
    layers = [platform, profile, environment]
    settings: Tree = {}
    other = {*SECTIONS, "profile", "versions"}
    for layer in (
        platform.get("defaults", {}),
        *({k: v for k, v in x.items() if k not in other} for x in layers[1:]),
    ):
        write(settings, layer)
    start: Tree = {}
    for layer in layers:
        write(start, layer.get("workloadDefaults", {}))
    components: Tree = {}
    workloads: Tree = {}
    for layer in layers:
        write_releases(components, layer.get("components", {}), {}, helm=lambda path: path == ("values",))
        write_releases(workloads, layer.get("workloads", {}), start, helm=lambda _path: False)
    return settings, components, workloads, start


def write_releases(
    releases: Tree, layer: Tree, start: Tree, *, helm: Callable[[tuple[str, ...]], bool]
) -> None:
    for name, entry in layer.items():
        if entry is None:
            releases.pop(name, None)
        else:
            write(releases.setdefault(name, copy.deepcopy(start)), entry, helm=helm)


NAMES = st.sampled_from(["x", "y", "z"])


COMPONENTS = st.fixed_dictionaries(
    {}, optional={"a": LEAVES | st.none(), "b": WITH_NULLS, "values": WITH_NULLS}
)
SECTION_TREES: dict[str, st.SearchStrategy[Any]] = {
    "workloadDefaults": WITH_NULLS,
    "components": st.dictionaries(NAMES, st.none() | COMPONENTS, max_size=3),
    "workloads": st.dictionaries(NAMES, st.none() | WITH_NULLS, max_size=3),
}
PROFILES = st.fixed_dictionaries({}, optional={"a": LEAVES, "b": WITH_NULLS, **SECTION_TREES})
PLATFORMS = st.fixed_dictionaries(
    {"defaults": FULL, "profiles": st.fixed_dictionaries({"p": PROFILES, "q": PROFILES})},
    optional=SECTION_TREES,
)
ENVIRONMENTS = st.fixed_dictionaries(
    {},
    optional={
        "profile": st.sampled_from(["p", "q"]),
        "versions": FULL,
        "a": st.none() | LEAVES,
        "b": WITH_NULLS,
        **SECTION_TREES,
    },
)


@given(PLATFORMS, st.lists(ENVIRONMENTS, min_size=1, max_size=3))
@law
def test_environments_come_out_as_a_naive_merge_gives_them(platform: Tree, environments: list[Tree]) -> None:
    before = copy.deepcopy((platform, environments))
    merger = Merger(platform)
    for environment in environments:
        merged = merger.environment(environment)
        assert (merged.settings, merged.components, merged.workloads) == naive(platform, environment)[:3]
        assert merged.versions == environment.get("versions", {})
    assert (platform, environments) == before, "the documents are shared: nobody may change them"


@given(PLATFORMS, st.lists(ENVIRONMENTS, min_size=2, max_size=3))
@law
def test_nulls_that_remove_nothing_are_told_of_each_environment(
    platform: Tree, environments: list[Tree]
) -> None:
    merger = Merger(platform)
    for environment in environments:
        told = {finding.path for finding in merger.environment(environment).findings}
        useless = useless_nulls(platform, environment)
        lower_layers = [platform, platform["profiles"].get(environment.get("profile"), {})]
        assert useless <= told
        assert told <= useless | {path for layer in lower_layers for path in nulls(layer)}


def useless_nulls(platform: Tree, environment: Tree) -> set[tuple[str, ...]]:
    """The nulls of an environment's file without which the naive merge gives the same."""
    written = naive(platform, environment)
    found = set()
    for path in nulls(environment):
        without = copy.deepcopy(environment)
        del at(without, path[:-1])[path[-1]]
        helms = path[0] == "components" and path[2:3] == ("values",) and len(path) > 3
        if naive(platform, without) == written and not helms:
            found.add(path)
    return found


@given(PLATFORMS, st.lists(ENVIRONMENTS, min_size=2, max_size=3), st.sampled_from(["p", "q"]))
@law
def test_environments_share_what_they_do_not_change(
    platform: Tree, environments: list[Tree], profile: str
) -> None:
    merger = Merger(platform)
    alike = [
        {k: v for k, v in environment.items() if k != "workloadDefaults"} | {"profile": profile}
        for environment in environments
    ]
    merged = [merger.environment(environment) for environment in alike]
    for (one, first), (two, second) in pairwise(zip(alike, merged, strict=True)):
        for section, ours, theirs in (
            ("components", first.components, second.components),
            ("workloads", first.workloads, second.workloads),
        ):
            overridden = {*one.get(section, {}), *two.get(section, {})}
            for name in ours.keys() - overridden:
                assert ours[name] is theirs[name]


def test_the_same_workload_is_the_same_object_in_two_environments_that_leave_it_alone() -> None:
    platform = {
        "workloadDefaults": {"replicas": 2},
        "workloads": {"orders": {"port": 8080}, "payments": {"port": 8080}},
        "profiles": {"big": {"workloadDefaults": {"replicas": 3}}},
    }
    merger = Merger(platform)
    first = merger.environment({"profile": "big"})
    second = merger.environment({"profile": "big", "workloads": {"payments": {"replicas": 4}}})
    other = merger.environment({})
    assert first.workloads["orders"] == {"replicas": 3, "port": 8080}
    assert second.workloads["orders"] is first.workloads["orders"]
    assert second.workloads["payments"] == {"replicas": 4, "port": 8080}
    assert other.workloads["orders"] == {"replicas": 2, "port": 8080}
