"""Kubernetes objects that belong to a component and that its chart has no way to make."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.catalog import known
from generator.render import banner

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.model import Component, Environment


def folder(component: Component) -> str:
    """Return the folder of a component's objects, below the environment's; its Application reads it."""
    return f"objects/{component.name}"


def render(environment: Environment) -> Iterator[tuple[str, str]]:
    """Yield `objects/<component>/objects.yaml` for the components that have any."""
    for component in environment.components:
        objects = known(component.name).objects
        if objects:
            source = f"generator/catalog/{component.name.replace('-', '_')}.py"
            yield f"{folder(component)}/objects.yaml", banner.yaml(source, *objects(environment, component))
