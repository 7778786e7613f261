"""The order in which versions move through the environments."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.problem import Finding, did_you_mean
from generator.rules.registry import Context, spec_rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.model import Spec


@spec_rule
def promotion_through_nothing(spec: Spec, context: Context) -> Iterator[tuple[str, Finding]]:
    """What the order names must be there, or promotions past it would skip nothing."""
    for i, name in enumerate(spec.platform.promotion):
        if name not in context.environments:
            fix = did_you_mean(name, context.environments - set(spec.platform.promotion))
            yield (
                "",
                Finding(
                    path=("platform", "promotion", i),
                    message=f'there is no environment "{name}"',
                    fix=fix or "take it out of the order",
                ),
            )
