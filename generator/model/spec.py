"""The whole: the platform and all its environments."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from generator.model.environment import Environment
    from generator.model.platform import Platform


@dataclass(frozen=True, slots=True, kw_only=True)
class Spec:
    """The resolved spec. `charts` maps each own chart on disk to its versions."""

    platform: Platform
    environments: tuple[Environment, ...]
    charts: Mapping[str, frozenset[str]]
