"""The checks of an environment's manifests: a module in this folder is one, found by lying there.

A module has a docstring whose first line says what it demands, a pure function `check` that yields what is
wrong as `release: Kind/name: ...`, and where an upstream chart cannot do better `EXCEPTIONS`: the reason by
a pattern of messages (fnmatch). An exception that no environment needs is an error.
"""

from __future__ import annotations

import importlib
import pkgutil
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from tests.manifests.model import Environment


class Check(NamedTuple):
    """A check, as its module says it."""

    name: str
    demand: str
    find: Callable[[Environment], Iterator[str]]
    exceptions: Mapping[str, str]

    def complaints(self, environment: Environment) -> list[str]:
        """What is wrong in an environment and no exception excuses, as `environment/release: ...`."""
        found = {m for m in self.find(environment) if not any(fnmatchcase(m, e) for e in self.exceptions)}
        return [f"{environment.name}/{message}" for message in sorted(found)]

    def idle_exceptions(self, environments: Iterable[Environment]) -> list[str]:
        """The exceptions that excuse nothing in any of the environments."""
        found = [message for environment in environments for message in self.find(environment)]
        return [e for e in self.exceptions if not any(fnmatchcase(m, e) for m in found)]


def _read(name: str) -> Check:
    module = importlib.import_module(f"{__name__}.{name}")
    demand = str(module.__doc__).partition("\n")[0].removesuffix(".")
    return Check(name, demand, module.check, getattr(module, "EXCEPTIONS", {}))


CHECKS = {module.name: _read(module.name) for module in pkgutil.iter_modules(__path__)}

# Kubernetes refuses what does not fit its schemas before anything else looks at it.
SCHEMAS = ("kubernetes_schemas", "custom_resources")
