"""Documents with their banner on top."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from generator.banner import json_banner, yaml_banner
from generator.emit import json_text, yaml_text

if TYPE_CHECKING:
    from collections.abc import Mapping


def yaml(source: str, *documents: Mapping[str, Any]) -> str:
    """Return YAML documents; `source` says where a person edits instead."""
    return yaml_banner(source) + "---\n".join(map(yaml_text, documents))


def json(source: str, document: Mapping[str, Any]) -> str:
    """Return JSON whose first key is the banner, which Terraform and JSON Schema ignore."""
    return json_text({"//": json_banner(source), **document})
