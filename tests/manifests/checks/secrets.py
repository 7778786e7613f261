"""Every Secret that something needs is made by somebody, with the keys that are read, before it is needed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from tests.manifests.pods import Pod, pods

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.manifests.model import Environment, Manifest

    Object = dict[str, Any]

EXCEPTIONS = {
    "argo-cd: *: nobody makes Secret argocd-redis in *": "its hook argocd-redis-secret-init makes it, once",
    "ingress-nginx: *: nobody makes Secret ingress-nginx-admission in *": "its hook "
    "ingress-nginx-admission-create makes it, once",
}


class Need(NamedTuple):
    """A Secret and a key in it, "" for whatever is in it."""

    secret: str
    key: str


def check(environment: Environment) -> Iterator[str]:
    """Yield the Secrets, and the keys, that nobody makes, and those that come after who reads them."""
    for pod in pods(environment):
        for need in sorted(set(_needs(pod))):
            yield from _missing(environment, pod, need)
    for ingress in environment.of_kind("Ingress"):
        for entry in ingress.spec.get("tls") or []:
            if _maker(environment, entry.get("secretName", ""), ingress.namespace) is None:
                yield f"{ingress}: nobody makes Secret {entry.get('secretName')} for {entry.get('hosts')}"


def _missing(environment: Environment, pod: Pod, need: Need) -> Iterator[str]:
    maker = _maker(environment, need.secret, pod.namespace)
    if maker is None:
        yield f"{pod}: nobody makes Secret {need.secret} in namespace {pod.namespace}"
        return
    who = f"{maker.kind}/{maker.name}"
    if need.key and need.key not in _keys(maker):
        yield f"{pod}: {who} makes Secret {need.secret} without the key {need.key}"
    # A Secret comes before pods in one wave, an ExternalSecret after them: Argo CD knows no better.
    late = maker.turn >= pod.owner.turn if maker.kind == "ExternalSecret" else maker.turn > pod.owner.turn
    if late and maker.release == pod.owner.release:
        yield f"{pod}: {who}, which makes a Secret for it, comes in no earlier wave"


def _maker(environment: Environment, name: str, namespace: str) -> Manifest | None:
    for maker in environment.of_kind("ExternalSecret"):
        made = (maker.spec.get("target") or {}).get("name", maker.name)
        if (made, maker.namespace) == (name, namespace):
            return maker
    return environment.find("Secret", name, namespace)


def _keys(maker: Manifest) -> set[str]:
    if maker.kind == "Secret":
        return {*(maker.content.get("data") or {}), *(maker.content.get("stringData") or {})}
    return {entry["secretKey"] for entry in maker.spec.get("data") or []}


def _needs(pod: Pod) -> Iterator[Need]:
    for reference in pod.spec.get("imagePullSecrets") or []:
        yield Need(reference["name"], "")
    for container in pod.containers:
        for variable in container.get("env") or []:
            reference = (variable.get("valueFrom") or {}).get("secretKeyRef")
            if reference and not reference.get("optional"):
                yield Need(reference["name"], reference["key"])
        for source in container.get("envFrom") or []:
            if "secretRef" in source and not source["secretRef"].get("optional"):
                yield Need(source["secretRef"]["name"], "")
    for volume in pod.spec.get("volumes") or []:
        yield from _of_volume(volume)


def _of_volume(volume: Object) -> Iterator[Need]:
    projected = [s["secret"] for s in (volume.get("projected") or {}).get("sources") or [] if "secret" in s]
    whole = [{**volume["secret"], "name": volume["secret"]["secretName"]}] if "secret" in volume else []
    for secret in [*whole, *projected]:
        if not secret.get("optional"):
            yield from (Need(secret["name"], item["key"]) for item in secret.get("items") or [{"key": ""}])
