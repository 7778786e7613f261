"""The whole: the platform and all its environments."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from generator.model.environment import Environment
    from generator.model.platform import Platform


class Spec(NamedTuple):
    """The resolved spec. `charts` maps each own chart on disk to its versions."""

    platform: Platform
    environments: tuple[Environment, ...]
    charts: Mapping[str, frozenset[str]]
