"""docs/mistakes.md is what tests/mistakes/mistakes.yaml says; `--update-cases` writes it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from tests.manifests.checks import CHECKS
from tests.mistakes.page import page
from tests.mistakes.table import LAYERS, MADE, mistakes

if TYPE_CHECKING:
    import pytest

PAGE = Path(__file__).parents[1] / "docs" / "mistakes.md"


def test_the_page_is_current(request: pytest.FixtureRequest) -> None:
    text = page(mistakes())
    if request.config.getoption("--update-cases"):
        PAGE.parent.mkdir(exist_ok=True)
        PAGE.write_text(text, encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == text


def test_every_layer_and_every_check_has_a_mistake_that_it_catches() -> None:
    assert {mistake.caught for mistake in mistakes()} == LAYERS.keys() | CHECKS.keys()


def test_every_way_to_make_a_mistake_is_known_and_used() -> None:
    assert {mistake.made for mistake in mistakes()} == MADE.keys()


def test_no_mistake_stands_twice() -> None:
    texts = [mistake.mistake for mistake in mistakes()]
    assert len(set(texts)) == len(texts)
