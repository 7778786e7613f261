"""From merged trees to the model. The trees are valid; only values that no schema can read may fail."""

from generator.resolve.environment import Resolver
from generator.resolve.platform import platform
from generator.resolve.registry import with_registries

__all__ = ["Resolver", "platform", "with_registries"]
