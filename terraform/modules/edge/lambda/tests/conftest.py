"""The keys of these tests, and the time at which they happen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from fakes import world

if TYPE_CHECKING:
    from fakes.world import World


@pytest.fixture
def world_() -> World:
    """Both functions over the world in memory."""
    return world.new()
