"""What this platform knows of the charts it installs: one module each, named after the component.

A new component needs no module: without one it is any Helm chart, and gets no computed values.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module

from generator.catalog.known import IngressController, Known

__all__ = ["Known", "ingress_controller", "known"]


@cache
def known(name: str) -> Known:
    """Return what is known of a component, by its name in the spec; an empty entry for a stranger."""
    module = f"{__name__}.{name.replace('-', '_')}"
    try:
        entry: Known = getattr(import_module(module), "COMPONENT", Known())
    except ModuleNotFoundError as missing:
        if missing.name != module:
            raise
        return Known()
    return entry


def ingress_controller(name: str) -> IngressController:
    """Return how requests reach a component that a rule has found to be an ingress controller."""
    controller = known(name).ingress
    if controller is None:
        raise ValueError(f"{name} is no ingress controller, which a rule refuses")
    return controller
