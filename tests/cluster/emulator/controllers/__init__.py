"""What acts in a cluster. Each is a module; `running(controllers=[...])` takes names or instances."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.cluster.emulator.controllers.garbage import Garbage
from tests.cluster.emulator.controllers.namespaces import Namespaces

if TYPE_CHECKING:
    from tests.cluster.emulator.controllers.base import Controller

KINDS: dict[str, type[Controller]] = {kind.name: kind for kind in (Namespaces, Garbage)}
ALWAYS = ("namespaces", "garbage")


def chosen(wanted: list[Controller | str]) -> list[Controller]:
    """Instances of those wanted, and of those that no cluster is without."""
    found = [KINDS[one]() if isinstance(one, str) else one for one in wanted]
    names = {controller.name for controller in found}
    return [KINDS[name]() for name in ALWAYS if name not in names] + found
