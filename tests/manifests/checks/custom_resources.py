"""Every custom resource fits its definition, closed, and no object is of a kind that nobody knows."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from tests.manifests import definitions
from tests.manifests.kubernetes_schemas import validator

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.manifests.model import Environment


def check(environment: Environment) -> Iterator[str]:
    """Yield what does not fit the definitions that the environment's own charts bring."""
    brought = [manifest.content for manifest in environment.of_kind("CustomResourceDefinition")]
    judge_of = cache(lambda version, kind: definitions.validator(brought, version, kind))
    for manifest in environment.manifests:
        api_version, kind = manifest.content["apiVersion"], manifest.kind
        if validator(environment.kubernetes_version, api_version, kind) is not None:
            continue
        judge = judge_of(api_version, kind)
        if judge is None:
            yield (
                f"{manifest}: neither Kubernetes {environment.kubernetes_version} nor a custom resource "
                f"definition of this environment knows {api_version} {kind}"
            )
            continue
        for error in judge.iter_errors(manifest.content):
            place = ".".join(str(step) for step in error.instance_path)
            yield f"{manifest}: {place}: {error.message}"
