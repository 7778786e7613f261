"""Every pod fits the Pod Security level of its namespace; that of a workload is `restricted`, and more."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.manifests.pods import Pod, pods

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.manifests.model import Environment

    Object = dict[str, Any]

# kubernetes.io, "Pod Security Standards", the level `restricted` with all of `baseline`.
VOLUMES = {
    *(
        "configMap",
        "csi",
        "downwardAPI",
        "emptyDir",
        "ephemeral",
        "persistentVolumeClaim",
        "projected",
        "secret",
    ),
}
SYSCTLS = {
    "kernel.shm_rmid_forced",
    "net.ipv4.ip_local_port_range",
    "net.ipv4.ip_local_reserved_ports",
    "net.ipv4.ip_unprivileged_port_start",
    "net.ipv4.ping_group_range",
    "net.ipv4.tcp_fin_timeout",
    "net.ipv4.tcp_keepalive_intvl",
    "net.ipv4.tcp_keepalive_probes",
    "net.ipv4.tcp_keepalive_time",
    "net.ipv4.tcp_rmem",
    "net.ipv4.tcp_syncookies",
    "net.ipv4.tcp_wmem",
}
PROFILES = ("RuntimeDefault", "Localhost")


def check(environment: Environment) -> Iterator[str]:
    """Yield what a pod may not do, in the workloads' project and wherever a namespace demands it."""
    labels = {a.namespace: a.namespace_labels for a in environment.applications}
    labels |= {namespace.name: namespace.labels for namespace in environment.of_kind("Namespace")}
    for pod in pods(environment):
        level = labels.get(pod.namespace, {}).get("pod-security.kubernetes.io/enforce")
        if level == "restricted":
            yield from (f"{pod}: {complaint}" for complaint in [*_pod(pod.spec), *_containers(pod)])
        if pod.owner.project == "workloads":
            yield from (f"{pod}: {complaint}" for complaint in _beyond(pod))
            if level != "restricted":
                yield f"{pod}: namespace {pod.namespace} does not enforce the level restricted"


def _pod(spec: Object) -> Iterator[str]:
    context = spec.get("securityContext") or {}
    for key in ("hostNetwork", "hostPID", "hostIPC"):
        if spec.get(key):
            yield f"{key} is true"
    for volume in spec.get("volumes") or []:
        kinds = volume.keys() - {"name"} - VOLUMES
        if kinds:
            yield f"volume {volume['name']} is a {', '.join(sorted(kinds))}"
    for sysctl in context.get("sysctls") or []:
        if sysctl["name"] not in SYSCTLS:
            yield f"sets {sysctl['name']} of the kernel"


def _containers(pod: Pod) -> Iterator[str]:
    shared = pod.spec.get("securityContext") or {}
    for container in pod.containers:
        own = container.get("securityContext") or {}
        complaints = [*_identity({**shared, **own}), *_rights(own), *_surroundings(container)]
        yield from (f"container {container['name']}: {complaint}" for complaint in complaints)


def _identity(context: Object) -> Iterator[str]:
    if context.get("runAsNonRoot") is not True:
        yield "runAsNonRoot is not true"
    if context.get("runAsUser") == 0:
        yield "runAsUser is 0"
    if (context.get("seccompProfile") or {}).get("type") not in PROFILES:
        yield "seccompProfile is not RuntimeDefault"
    if (context.get("appArmorProfile") or {}).get("type") == "Unconfined":
        yield "appArmorProfile is Unconfined"
    if (context.get("windowsOptions") or {}).get("hostProcess"):
        yield "windowsOptions.hostProcess is true"
    options = context.get("seLinuxOptions") or {}
    if options.get("user") or options.get("role"):
        yield "seLinuxOptions names a user or a role"


def _rights(context: Object) -> Iterator[str]:
    capabilities = context.get("capabilities") or {}
    if context.get("privileged"):
        yield "privileged is true"
    if context.get("allowPrivilegeEscalation") is not False:
        yield "allowPrivilegeEscalation is not false"
    if "ALL" not in (capabilities.get("drop") or []):
        yield "capabilities.drop is without ALL"
    if set(capabilities.get("add") or []) - {"NET_BIND_SERVICE"}:
        yield f"capabilities.add is {', '.join(capabilities['add'])}"
    if context.get("procMount", "Default") != "Default":
        yield "procMount is not Default"


def _surroundings(container: Object) -> Iterator[str]:
    if any("hostPort" in port for port in container.get("ports") or []):
        yield "a port has a hostPort"
    calls = [container.get(f"{kind}Probe") or {} for kind in ("startup", "liveness", "readiness")]
    calls += list((container.get("lifecycle") or {}).values())
    if any((call.get(means) or {}).get("host") for call in calls for means in ("httpGet", "tcpSocket")):
        yield "a probe or hook names a host"


def _beyond(pod: Pod) -> Iterator[str]:
    """What no level asks for, and a workload has all the same."""
    if pod.spec.get("automountServiceAccountToken") is not False:
        yield "automountServiceAccountToken is not false"
    for container in pod.containers:
        where = f"container {container['name']}"
        if (container.get("securityContext") or {}).get("readOnlyRootFilesystem") is not True:
            yield f"{where}: readOnlyRootFilesystem is not true"
        resources = container.get("resources") or {}
        for part, resource in (("requests", "cpu"), ("requests", "memory"), ("limits", "memory")):
            if resource not in (resources.get(part) or {}):
                yield f"{where}: resources.{part}.{resource} is not set"
