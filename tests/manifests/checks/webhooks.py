"""Every Service behind a webhook or an aggregated API exists, with the port that the API server calls."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.manifests.pods import selected, service_port

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.manifests.model import Environment, Manifest

    Object = dict[str, Any]

HTTPS = 443


def check(environment: Environment) -> Iterator[str]:
    """Yield what the API server would call in vain; an object that waits for such a call is never made."""
    for hooks in environment.of_kind("ValidatingWebhookConfiguration", "MutatingWebhookConfiguration"):
        for hook in hooks.content.get("webhooks") or []:
            if "service" in hook["clientConfig"]:
                yield from _call(environment, hooks, hook["clientConfig"]["service"])
    for api in environment.of_kind("APIService"):
        if api.spec.get("service"):
            yield from _call(environment, api, api.spec["service"])
    for definition in environment.of_kind("CustomResourceDefinition"):
        config = ((definition.spec.get("conversion") or {}).get("webhook") or {}).get("clientConfig") or {}
        if "service" in config:
            yield from _call(environment, definition, config["service"])


def _call(environment: Environment, caller: Manifest, to: Object) -> Iterator[str]:
    service = environment.find("Service", to["name"], to["namespace"])
    port = to.get("port", HTTPS)
    if service is None:
        yield f"{caller}: there is no Service {to['name']} in namespace {to['namespace']}"
    elif service_port(service, port) is None or not _answering(environment, service):
        yield f"{caller}: nobody answers at port {port} of Service {to['name']}"


def _answering(environment: Environment, service: Manifest) -> bool:
    return any(pod.owner.spec.get("replicas", 1) for pod in selected(environment, service))
