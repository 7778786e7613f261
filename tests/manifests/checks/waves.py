"""Every Application comes after those that make what it needs: kinds, namespaces, accounts, classes."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from tests.manifests.pods import pods

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.manifests.model import Environment, Manifest


class Need(NamedTuple):
    """An object, and another that must be there before."""

    user: Manifest
    provider: Manifest | None  # None: nobody makes it, which is another check's matter
    why: str


def check(environment: Environment) -> Iterator[str]:
    """Yield who comes before, or together with, what another Application makes for it."""
    for user, provider, why in _needs(environment):
        if provider and provider.release != user.release and provider.wave >= user.wave:
            yield (
                f"{user}: needs {why} of {provider.release}, whose wave is {provider.wave}; "
                f"its own, {user.wave}, must be higher"
            )


def _needs(environment: Environment) -> Iterator[Need]:
    yield from _kinds(environment)
    for manifest in environment.manifests:
        namespace = environment.find("Namespace", manifest.namespace)
        yield Need(manifest, namespace, f"namespace {manifest.namespace}")
    for pod in pods(environment):
        account = pod.spec.get("serviceAccountName", "default")
        priority = pod.spec.get("priorityClassName", "")
        found = environment.find("ServiceAccount", account, pod.namespace)
        yield Need(pod.owner, found, f"ServiceAccount {account}")
        yield Need(pod.owner, environment.find("PriorityClass", priority), f"PriorityClass {priority}")
    for external in environment.of_kind("ExternalSecret"):
        store = external.spec["secretStoreRef"]["name"]
        found = environment.find("SecretStore", store, external.namespace)
        yield Need(external, found, f"SecretStore {store}")
    for ingress in environment.of_kind("Ingress"):
        name = ingress.spec.get("ingressClassName", "")
        yield Need(ingress, environment.find("IngressClass", name), f"IngressClass {name}")
    for binding in environment.of_kind("TargetGroupBinding"):
        service = binding.spec["serviceRef"]["name"]
        found = environment.find("Service", service, binding.namespace)
        yield Need(binding, found, f"Service {service}")


def _kinds(environment: Environment) -> Iterator[Need]:
    """Whoever makes an object, and who defines its kind or must be asked before it is made."""
    definitions = {
        (definition.spec["group"], definition.spec["names"]["kind"]): definition
        for definition in environment.of_kind("CustomResourceDefinition")
    }
    for manifest in environment.manifests:
        kind = (manifest.group, manifest.kind)
        if manifest.release != "root":  # its own kinds are there before it: somebody applied it by hand
            yield Need(manifest, definitions.get(kind), f"the kind {manifest.kind}")
            yield from (Need(manifest, hook, "the webhook") for hook in _hooks(environment, manifest))


def _hooks(environment: Environment, manifest: Manifest) -> Iterator[Manifest]:
    """The webhooks that the API server must ask about an object, and without which it refuses it."""
    for hooks in environment.of_kind("ValidatingWebhookConfiguration", "MutatingWebhookConfiguration"):
        for hook in hooks.content.get("webhooks") or []:
            must = hook.get("failurePolicy", "Fail") == "Fail"
            everything = not hook.get("objectSelector") and not hook.get("namespaceSelector")
            if must and everything and any(_is_about(rule, manifest) for rule in hook.get("rules") or []):
                yield hooks


def _is_about(rule: dict[str, list[str]], manifest: Manifest) -> bool:
    one = manifest.kind.lower()
    several = (
        f"{one}es" if one.endswith("s") else f"{one.removesuffix('y')}ies" if one[-1] == "y" else f"{one}s"
    )
    return manifest.group in rule["apiGroups"] and several in rule["resources"]
