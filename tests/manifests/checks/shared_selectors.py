"""No Service sends requests to the pods of two objects, say to a job's beside those that serve."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.manifests.pods import selected

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.manifests.model import Environment


def check(environment: Environment) -> Iterator[str]:
    """Yield the Services that select too much."""
    for service in environment.of_kind("Service"):
        owners = sorted(f"{pod.owner.kind}/{pod.owner.name}" for pod in selected(environment, service))
        if len(owners) > 1:
            yield f"{service}: selects the pods of {' and '.join(owners)}"
