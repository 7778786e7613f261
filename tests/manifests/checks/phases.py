"""Within an Application everything comes after what it needs: its namespace, its account, its policies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.manifests.pods import Pod, pods
from tests.manifests.selectors import selects

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.manifests.model import Environment, Manifest


def check(environment: Environment) -> Iterator[str]:
    """Yield what Argo CD would apply too early."""
    for pod in pods(environment):
        for provider in _providers(environment, pod):
            if provider.release == pod.owner.release and provider.turn > pod.owner.turn:
                yield f"{pod}: comes before {provider.kind}/{provider.name}, which it needs"
    for manifest in environment.manifests:
        namespace = environment.find("Namespace", manifest.namespace)
        if namespace and namespace.release == manifest.release and namespace.turn >= manifest.turn:
            yield f"{manifest}: comes no later than its namespace {namespace.name}"


def _providers(environment: Environment, pod: Pod) -> Iterator[Manifest]:
    """The account of a pod; and its policies: where all is refused, it would wait for an answer in vain."""
    account = environment.find("ServiceAccount", pod.spec.get("serviceAccountName", "default"), pod.namespace)
    if account is not None:
        yield account
    for policy in environment.of_kind("NetworkPolicy"):
        if policy.namespace == pod.namespace and selects(policy.spec["podSelector"], pod.labels):
            yield policy
