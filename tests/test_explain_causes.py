"""What `explain` says of a line is what changing every value of the spec, one at a time, shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from generator import source
from generator.explain import causes
from generator.explain.rerun import NoSuchFile, Rerun
from generator.problem import dotted
from tests.brute_force import Effects, Remembering, effects
from tests.test_cases import CASES, lay_out

if TYPE_CHECKING:
    from pathlib import Path

SOME = slice(3, None, 12)  # of the files of a spec that has many; tests/offline/test_explain.py takes all

IDLE = {
    **dict.fromkeys((f"platform.promotion[{i}]" for i in range(3)), "promotions ask it, and a rule"),
    "defaults.peerGroup": "rules compare environments by it",
    "components.ingress-nginx.waiver.until": "rules warn by it",
    "components.ingress-nginx.waiver.reason": "for people who read the spec",
    "components.ingress-nginx.values": "an empty map: what stands in it would be new lines",
}
"""Leaves of the shipped spec that change no line of `rendered/`, and why."""


@pytest.fixture(scope="module")
def shipped(repository: Path) -> Effects:
    return effects(repository)


def small(case: str, root: Path) -> Effects:
    lay_out(root, CASES / "valid" / case)
    return effects(root)


def differences(found: Effects, some: slice = slice(None)) -> list[str]:
    """Search for the causes of all lines of files; say which are not those of the brute force."""
    wrong = []
    for path, text in list(found.files.items())[some]:
        rerun = Remembering(found.sources, path)
        candidates = causes.candidates(rerun)
        for line in range(1, text.count("\n") + 1):
            searched = set(causes.of_line(rerun, line, candidates))
            for leaf in searched ^ found.causes.get((path, line), set()):
                word = "not found" if leaf not in searched else "found"
                wrong.append(f"{path}:{line}: {word}: {leaf.file}: {dotted(leaf.path)}")
    return wrong


def test_the_search_finds_exactly_the_leaves_that_change_a_line(tmp_path: Path) -> None:
    assert differences(small("base", tmp_path)) == []


def test_the_search_finds_them_where_every_key_is_set(tmp_path: Path) -> None:
    assert differences(small("everything", tmp_path), SOME) == []


def test_the_search_finds_them_in_the_shipped_spec(shipped: Effects) -> None:
    assert differences(shipped, SOME) == []


@pytest.mark.parametrize(
    "path",
    ["production/terraform/platform.tfvars.json", "dev/README.md", "shared/terraform/workspaces.tfvars.json"],
)
def test_all_lines_at_once_are_explained_as_one_by_one(shipped: Effects, path: str) -> None:
    sources = shipped.sources
    assert sources.platform is not None
    rerun = Rerun(sources.platform, sources.environments, sources.charts, path)
    found = causes.of_all_lines(rerun)
    assert list(found) == list(range(1, shipped.files[path].count("\n") + 1))
    for line, leaves in found.items():
        assert set(leaves) == shipped.causes.get((path, line), set()), f"{path}:{line}"


def test_every_leaf_changes_a_line_or_is_known_to_change_none(shipped: Effects) -> None:
    assert {dotted(leaf.path) for leaf in shipped.idle} == set(IDLE)


def test_the_file_is_rendered_as_make_render_does(shipped: Effects) -> None:
    for path, text in shipped.files.items():
        assert Remembering(shipped.sources, path).before == text


@pytest.mark.parametrize("path", ["dev/values/nothing.yaml", "nowhere/README.md", "shared/README.md", "dev"])
def test_a_file_that_nothing_renders_is_refused(repository: Path, path: str) -> None:
    sources = source.load(repository)
    assert sources.platform is not None
    with pytest.raises(NoSuchFile):
        Rerun(sources.platform, sources.environments, sources.charts, path)
