"""Every namespace with something in it is made by somebody."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.manifests import cluster

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.manifests.model import Environment


def check(environment: Environment) -> Iterator[str]:
    """Yield the objects whose namespace neither the cluster, an Application nor a manifest makes."""
    made = {a.namespace for a in environment.applications if "CreateNamespace=true" in a.options}
    made |= {namespace.name for namespace in environment.of_kind("Namespace")} | cluster.NAMESPACES
    for manifest in environment.manifests:
        if manifest.namespace and manifest.namespace not in made:
            yield f"{manifest}: nobody makes namespace {manifest.namespace}"
