"""`dev` pins the packages that the functions' source makes now: whoever changes it sees it run there.

The other environments are promoted: they pin what they ran before, until somebody writes the new hash there.
"""

from __future__ import annotations

import functools
import pathlib
from typing import TYPE_CHECKING, Any

import pytest
import yaml

import build

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.offline

SPEC = pathlib.Path(__file__).parents[2] / "environments" / "dev.yaml"


@pytest.fixture(scope="module")
def made() -> Callable[[str], str]:
    """The hash of what the source makes for AWS, by function; needs a package index."""

    @functools.cache
    def call(function: str) -> str:
        try:
            return build.build(build.FUNCTIONS[function], build.TARGETS["aws"]).sha256
        except build.NoIndexError:
            pytest.skip("no package index can be reached, so the Lambda packages cannot be built")

    return call


@pytest.fixture(scope="module")
def pinned() -> dict[str, Any]:
    """What dev pins, by function."""
    spec = yaml.safe_load(SPEC.read_text(encoding="utf-8"))
    functions: dict[str, Any] = spec["versions"].get("functions", {})
    return functions


def test_every_function_is_pinned_and_nothing_else(pinned: dict[str, Any]) -> None:
    assert pinned.keys() == build.FUNCTIONS.keys()


@pytest.mark.parametrize("function", build.FUNCTIONS)
def test_dev_pins_what_the_source_makes(
    made: Callable[[str], str], pinned: dict[str, Any], function: str
) -> None:
    assert pinned.get(function) == made(function), (
        f"the source of the function {function} makes another package than environments/dev.yaml pins.\n"
        f"Write there\n\nversions:\n  functions:\n    {function}: {made(function)}\n\n"
        "run make render, and commit both with the change of the source (docs/packages.md)"
    )
