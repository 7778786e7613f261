"""The JSON Schemas that the modelines in `environments/` name, for editors."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator import schema
from generator.render import banner

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.model import Spec


def render(_spec: Spec) -> Iterator[tuple[str, str]]:
    """Yield `schemas/platform.schema.json` and `schemas/environment.schema.json`."""
    for kind in ("platform", "environment"):
        text = banner.json("generator/schema/definitions/", schema.for_editors(kind))
        yield f"schemas/{kind}.schema.json", text
