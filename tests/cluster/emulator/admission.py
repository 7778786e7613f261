"""Webhooks that must agree to a write, and do not answer: the server then refuses the write.

Those that answer (their Service has a ready endpoint in an EndpointSlice) agree to everything.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.cluster.emulator import errors

if TYPE_CHECKING:
    from tests.cluster.emulator.cluster import Cluster
    from tests.cluster.emulator.resources import Resource
    from tests.cluster.emulator.store import Stored

Json = dict[str, Any]
GROUP = "admissionregistration.k8s.io"
KINDS = ("mutatingwebhookconfigurations", "validatingwebhookconfigurations")
OPERATIONS = {"create": "CREATE", "update": "UPDATE", "patch": "UPDATE", "delete": "DELETE"}


def ask(cluster: Cluster, resource: Resource, verb: str) -> None:
    """Raise StatusError where a webhook would have to agree and does not answer, as the server words it."""
    operation = OPERATIONS.get(verb)
    if operation is None or resource.group == GROUP:  # the server exempts their own kinds
        return
    for plural in KINDS:
        for stored in _all(cluster, GROUP, plural):
            for webhook in stored.content.get("webhooks") or ():
                service = webhook["clientConfig"].get("service")
                if service and _meets(webhook, resource, operation) and not _answers(cluster, service):
                    place = f"https://{service['name']}.{service['namespace']}.svc:443"
                    why = f'no endpoints available for service "{service["name"]}"'
                    words = f'failed calling webhook "{webhook["name"]}": failed to call webhook: Post'
                    raise errors.of_code(500, f'Internal error occurred: {words} "{place}": {why}')


def _meets(webhook: Json, resource: Resource, operation: str) -> bool:
    return webhook.get("failurePolicy", "Fail") == "Fail" and any(
        {operation, "*"} & set(rule["operations"])
        and {resource.group, "*"} & set(rule["apiGroups"])
        and {resource.plural, "*"} & set(rule["resources"])
        for rule in webhook.get("rules") or ()
    )


def _answers(cluster: Cluster, service: Json) -> bool:
    return any(
        (endpoint.get("conditions") or {}).get("ready") is not False
        for stored in _all(cluster, "discovery.k8s.io", "endpointslices")
        if stored.meta.get("namespace") == service["namespace"]
        and (stored.meta.get("labels") or {}).get("kubernetes.io/service-name") == service["name"]
        for endpoint in stored.content.get("endpoints") or ()
    )


def _all(cluster: Cluster, group: str, plural: str) -> list[Stored]:
    resource = cluster.catalogue.find(group, "v1", plural)
    return cluster.store.items(resource) if resource else []
