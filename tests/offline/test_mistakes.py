"""Each mistake of tests/mistakes/mistakes.yaml is noticed by the layer that it names, and by none before."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from tests.manifests.checks import CHECKS
from tests.mistakes.table import ENVIRONMENT, Mistake, caught, lay_out, make, mistakes

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.manifests.model import Environment

    Load = Callable[[Path, str], Environment]

pytestmark = pytest.mark.offline


@pytest.fixture(scope="session")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository without a mistake."""
    root = tmp_path_factory.mktemp("sound")
    lay_out(root)
    return root


def test_without_a_mistake_nothing_complains(sound: Path, load: Load) -> None:
    environment = load(sound, ENVIRONMENT)
    assert [complaint for check in CHECKS.values() for complaint in check.complaints(environment)] == []


@pytest.mark.parametrize("mistake", mistakes(), ids=lambda mistake: mistake.mistake)
def test_the_mistake_is_noticed(mistake: Mistake, sound: Path, tmp_path: Path, load: Load) -> None:
    root = tmp_path / "repository"
    shutil.copytree(sound, root)
    make(mistake, root)
    said = caught(mistake, root, load)
    assert mistake.caught in said, said
    assert mistake.says in said[mistake.caught]
