"""The closed vocabulary of the spec: JSON Schemas, and what they find."""

from generator.schema.bundle import for_editors
from generator.schema.validate import findings

__all__ = ["findings", "for_editors"]
