"""The spec of an environment and what the generator makes of it, as it is and after edits."""

from __future__ import annotations

import copy
import json
import pathlib
from datetime import date
from typing import TYPE_CHECKING, Any

from generator import load, render, source

if TYPE_CHECKING:
    from collections.abc import Callable

    from generator.model import Environment

ROOT = pathlib.Path(__file__).parents[2]
STACK = "terraform/platform.tfvars.json"


class EditedSpec:
    """An environment's spec in memory, edited one change after the other."""

    def __init__(self, name: str) -> None:
        """Start with what the repository has."""
        self.name = name
        self.sources = source.load(ROOT)
        self.tree = copy.deepcopy(self.sources.environments[name].tree)

    def edit(self, change: Callable[[dict[str, Any]], None]) -> dict[str, Any]:
        """Edit the environment's file and return the variables that are rendered then."""
        change(self.tree)
        return values(self.environment())

    def with_edit(self, change: Callable[[dict[str, Any]], None]) -> dict[str, Any]:
        """Return the variables that an edit would come to, and leave the file as it is."""
        kept = copy.deepcopy(self.tree)
        try:
            return self.edit(change)
        finally:
            self.tree = kept

    def environment(self) -> Environment:
        """Return the model of the environment.

        Raises:
            ValueError: the spec is invalid.
        """
        document = source.parse(f"environments/{self.name}.yaml", json.dumps(self.tree))
        if not isinstance(document, source.Document):
            raise ValueError(document)  # noqa: TRY004 - what the text says is wrong, not its type
        environments = {**self.sources.environments, self.name: document}
        loaded = load.load(self.sources._replace(environments=environments), date(2026, 11, 24))
        if loaded.spec is None:
            raise ValueError(loaded.problems)
        return next(e for e in loaded.spec.environments if e.name == self.name)


def values(environment: Environment) -> dict[str, Any]:
    """Return the rendered variables of the platform stack."""
    files = dict(render.environment(environment))
    rendered: dict[str, Any] = json.loads(files[f"{environment.name}/{STACK}"])
    return rendered
