"""Tags that AWS refuses, or that the platform sets itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.problem import Finding
from generator.rules.registry import Context, Findings, environment_rule

if TYPE_CHECKING:
    from generator.model import Environment, Spec

_OWN = ("Platform", "Environment", "ManagedBy")


@environment_rule
def tag_is_taken(environment: Environment, _spec: Spec, _context: Context) -> Findings:
    """The platform's own tags are how its resources are found; aws: is AWS's (Tagging AWS resources)."""
    for key in environment.tags:
        if key in _OWN or key.lower().startswith("aws:"):
            owner = "the platform" if key in _OWN else "AWS"
            yield Finding(path=("tags", key), message=f"{owner} sets this tag itself", fix="take another key")
