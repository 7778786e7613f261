"""Webhooks that nobody answers any more: the API server asks them all the same, and then refuses.

External Secrets' own has to agree to deletions, the load balancer controller's to finalizers that are taken
away (failurePolicy: Fail). Where their pods are gone, as without nodes, nothing of those kinds could go.
https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/#failure-policy
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from generator.teardown.kinds import Kind
from generator.teardown.waiting import Removal

if TYPE_CHECKING:
    from generator.cluster.client import Cluster

    Document = dict[str, Any]

_CONFIGURATIONS = (
    Kind(
        "admissionregistration.k8s.io/v1", "validatingwebhookconfigurations", "ValidatingWebhookConfiguration"
    ),
    Kind("admissionregistration.k8s.io/v1", "mutatingwebhookconfigurations", "MutatingWebhookConfiguration"),
)
_ENDPOINTS = Kind("discovery.k8s.io/v1", "endpointslices", "EndpointSlice")
_SERVICE = "kubernetes.io/service-name"


def unanswered(cluster: Cluster, text: str = "webhooks that nobody answers") -> Removal:
    """Return the removal of the configurations that would refuse because nobody answers.

    One that answers stays: whoever made it deletes it.
    """

    def find() -> list[tuple[Kind, Document]]:
        found = [(kind, one) for kind in _CONFIGURATIONS for one in kind.all(cluster)]
        asked = [(kind, one) for kind, one in found if any(_services(one))]
        answering = _answering(cluster) if asked else set()
        return [(kind, one) for kind, one in asked if not _services(one) <= answering]

    return Removal(text, find, lambda kind, thing: kind.delete(cluster, thing))


def _services(configuration: Document) -> set[tuple[str, str]]:
    """Return the Services whose answer is needed; what is reached by a URL is outside, as EKS's own."""
    return {
        (service["namespace"], service["name"])
        for webhook in configuration.get("webhooks") or ()
        if webhook.get("failurePolicy", "Fail") == "Fail"
        and (service := (webhook.get("clientConfig") or {}).get("service"))
    }


def _answering(cluster: Cluster) -> set[tuple[str, str]]:
    """Return the Services with an endpoint that is ready; not said is ready (EndpointSlice, conditions)."""
    return {
        (one["metadata"]["namespace"], (one["metadata"].get("labels") or {}).get(_SERVICE, ""))
        for one in _ENDPOINTS.all(cluster)
        if any((e.get("conditions") or {}).get("ready") is not False for e in one.get("endpoints") or ())
    }
