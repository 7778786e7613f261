"""The resolved spec: frozen, typed, every derived name a property defined once."""

from generator.model.component import Component, Waiver
from generator.model.environment import Environment
from generator.model.inventory import aws_names
from generator.model.network import Network
from generator.model.platform import Platform
from generator.model.spec import Spec
from generator.model.workload import Route, Workload

__all__ = [
    "Component",
    "Environment",
    "Network",
    "Platform",
    "Route",
    "Spec",
    "Waiver",
    "Workload",
    "aws_names",
]
