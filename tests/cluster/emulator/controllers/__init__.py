"""What acts in a cluster. Each is a module; `running(controllers=[...])` takes names or instances."""

from __future__ import annotations

from tests.cluster.emulator.controllers.argo_cd import ArgoCd, Outcome
from tests.cluster.emulator.controllers.base import Controller
from tests.cluster.emulator.controllers.garbage import Garbage
from tests.cluster.emulator.controllers.load_balancers import LoadBalancers
from tests.cluster.emulator.controllers.namespaces import Namespaces
from tests.cluster.emulator.controllers.volumes import Volumes
from tests.cluster.emulator.controllers.workloads import Workloads

__all__ = [
    "ArgoCd",
    "Controller",
    "Garbage",
    "LoadBalancers",
    "Namespaces",
    "Outcome",
    "Volumes",
    "Workloads",
    "chosen",
]

KINDS: dict[str, type[Controller]] = {
    kind.name: kind for kind in (Namespaces, Garbage, Workloads, ArgoCd, LoadBalancers, Volumes)
}
ALWAYS = ("namespaces", "garbage")


def chosen(wanted: list[Controller | str]) -> list[Controller]:
    """Instances of those wanted, and of those that no cluster is without."""
    found = [KINDS[one]() if isinstance(one, str) else one for one in wanted]
    names = {controller.name for controller in found}
    return [KINDS[name]() for name in ALWAYS if name not in names] + found
