"""Every line of every file of `rendered/`: what `explain` finds is what the brute force shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.brute_force import effects
from tests.test_explain_causes import differences, small

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.offline  # not for what it needs, but for its minute


def test_the_search_finds_exactly_the_leaves_that_change_a_line(repository: Path) -> None:
    assert differences(effects(repository)) == []


def test_the_search_finds_them_where_every_key_is_set(tmp_path: Path) -> None:
    assert differences(small("everything", tmp_path)) == []
