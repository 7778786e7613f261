"""Every name is one that Kubernetes accepts for its kind, in characters and in length."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Any

from tests.manifests.pods import Pod, pods

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.manifests.model import Environment, Manifest

    Object = dict[str, Any]

# kubernetes.io, "Object Names and IDs".
LABEL = re.compile(r"[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?")
SERVICE_LABEL = re.compile(r"[a-z]([-a-z0-9]{0,61}[a-z0-9])?")
SUBDOMAIN = re.compile(r"(?=.{1,253}$)[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*")
SEGMENT = re.compile(r"(?!\.{1,2}$)[^/%]{1,253}")
RULES = {
    "Namespace": LABEL,
    "Service": SERVICE_LABEL,
    **dict.fromkeys(("Role", "ClusterRole", "RoleBinding", "ClusterRoleBinding"), SEGMENT),
}
# A Job puts its name into a label of its pods, a CronJob adds 11 characters to it, a StatefulSet the same.
LONGEST = {"Job": 63, "CronJob": 52, "StatefulSet": 52}

PORT = re.compile(r"(?=.{1,15}$)(?=.*[a-z])[a-z0-9]+(-[a-z0-9]+)*")  # RFC 6335, section 5.1
VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
KEY = re.compile(r"(?!\.{1,2}$)[-._a-zA-Z0-9]{1,253}")


def check(environment: Environment) -> Iterator[str]:
    """Yield the names that the API server refuses, and those that stand twice in one list."""
    for manifest in environment.manifests:
        yield from _object(manifest)
    for pod in pods(environment):
        yield from _pod(pod)


def _object(manifest: Manifest) -> Iterator[str]:
    if not RULES.get(manifest.kind, SUBDOMAIN).fullmatch(manifest.name):
        yield f"{manifest}: no {manifest.kind} may be called {manifest.name!r}"
    longest = LONGEST.get(manifest.kind, 253)
    if len(manifest.name) > longest:
        yield f"{manifest}: its name has {len(manifest.name)} characters, {longest} are possible"
    if manifest.namespace and not LABEL.fullmatch(manifest.namespace):
        yield f"{manifest}: no namespace may be called {manifest.namespace!r}"
    if manifest.kind == "Service":
        ports = [port["name"] for port in manifest.spec.get("ports") or [] if "name" in port]
        yield from _judge(str(manifest), "port", ports, LABEL)
    if manifest.kind in ("ConfigMap", "Secret"):
        for part in ("data", "stringData"):
            yield from _judge(str(manifest), "key", list(manifest.content.get(part) or {}), KEY)


def _pod(pod: Pod) -> Iterator[str]:
    yield from _judge(str(pod), "container", [c["name"] for c in pod.containers], LABEL)
    yield from _judge(str(pod), "volume", [v["name"] for v in pod.spec.get("volumes") or []], LABEL)
    for container in pod.containers:
        where = f"{pod}: container {container['name']}"
        ports = [port["name"] for port in container.get("ports") or [] if "name" in port]
        yield from _judge(where, "port", ports, PORT)
        yield from _judge(where, "variable", [v["name"] for v in container.get("env") or []], VARIABLE)


def _judge(where: str, what: str, found: list[str], rule: re.Pattern[str]) -> Iterator[str]:
    for name, times in Counter(found).items():
        if not rule.fullmatch(name):
            yield f"{where}: no {what} may be called {name!r}"
        if times > 1:
            yield f"{where}: {times} times {what} {name}"
