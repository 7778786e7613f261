"""Every object of Kubernetes fits the strict schema of the environment's version."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.manifests.kubernetes_schemas import validator

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.manifests.model import Environment


def check(environment: Environment) -> Iterator[str]:
    """Yield what does not fit; custom resources have a check of their own."""
    for manifest in environment.manifests:
        judge = validator(environment.kubernetes_version, manifest.content["apiVersion"], manifest.kind)
        if judge is not None:
            for error in judge.iter_errors(manifest.content):
                place = ".".join(str(step) for step in error.instance_path)
                yield f"{manifest}: {place}: {error.message}"
