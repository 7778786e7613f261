"""What the Pod Security levels say of a pod (kubernetes.io, "Pod Security Standards")."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.manifests.pods import Pod

    Object = dict[str, Any]

PROBES = ("startupProbe", "livenessProbe", "readinessProbe")
CAPABILITIES = {
    *("AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "MKNOD", "NET_BIND_SERVICE"),
    *("SETFCAP", "SETGID", "SETPCAP", "SETUID", "SYS_CHROOT"),
}
SYSCTLS = {
    *("kernel.shm_rmid_forced", "net.ipv4.ip_local_port_range", "net.ipv4.ip_local_reserved_ports"),
    *("net.ipv4.ip_unprivileged_port_start", "net.ipv4.ping_group_range", "net.ipv4.tcp_fin_timeout"),
    *("net.ipv4.tcp_keepalive_intvl", "net.ipv4.tcp_keepalive_probes", "net.ipv4.tcp_keepalive_time"),
    *("net.ipv4.tcp_rmem", "net.ipv4.tcp_syncookies", "net.ipv4.tcp_wmem"),
}
VOLUMES = {
    *("configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "persistentVolumeClaim", "projected"),
    "secret",
}


def baseline(pod: Pod) -> Iterator[str]:
    """Yield what gives a pod a way to the node or to others' pods."""
    for key in ("hostNetwork", "hostPID", "hostIPC"):
        if pod.spec.get(key):
            yield f"{key} is true"
    for volume in pod.spec.get("volumes") or []:
        if "hostPath" in volume:
            yield f"volume {volume['name']} is a hostPath"
    for sysctl in _shared(pod).get("sysctls") or []:
        if sysctl["name"] not in SYSCTLS:
            yield f"sets {sysctl['name']} of the kernel"
    for container in pod.containers:
        context = {**_shared(pod), **_own(container)}
        complaints = [*_isolation(context), *_surroundings(container)]
        yield from (f"container {container['name']}: {complaint}" for complaint in complaints)


def restricted(pod: Pod) -> Iterator[str]:
    """Yield what is more than a pod needs: all of `baseline` too."""
    yield from baseline(pod)
    for volume in pod.spec.get("volumes") or []:
        kinds = volume.keys() - {"name", "hostPath"} - VOLUMES
        if kinds:
            yield f"volume {volume['name']} is a {', '.join(sorted(kinds))}"
    for container in pod.containers:
        context = {**_shared(pod), **_own(container)}
        yield from (f"container {container['name']}: {complaint}" for complaint in _rights(context))


def _shared(pod: Pod) -> Object:
    return pod.spec.get("securityContext") or {}


def _own(container: Object) -> Object:
    return container.get("securityContext") or {}


def _isolation(context: Object) -> Iterator[str]:
    if context.get("privileged"):
        yield "privileged is true"
    if context.get("procMount", "Default") != "Default":
        yield "procMount is not Default"
    for key in ("appArmorProfile", "seccompProfile"):
        if (context.get(key) or {}).get("type") == "Unconfined":
            yield f"{key} is Unconfined"
    if (context.get("windowsOptions") or {}).get("hostProcess"):
        yield "windowsOptions.hostProcess is true"
    if (context.get("seLinuxOptions") or {}).keys() & {"user", "role"}:
        yield "seLinuxOptions names a user or a role"
    added = set((context.get("capabilities") or {}).get("add") or []) - CAPABILITIES
    if added:
        yield f"capabilities.add has {', '.join(sorted(added))}"


def _surroundings(container: Object) -> Iterator[str]:
    if any("hostPort" in port for port in container.get("ports") or []):
        yield "a port has a hostPort"
    calls = [container.get(kind) or {} for kind in PROBES]
    calls += list((container.get("lifecycle") or {}).values())
    if any((call.get(means) or {}).get("host") for call in calls for means in ("httpGet", "tcpSocket")):
        yield "a probe or hook names a host"


def _rights(context: Object) -> Iterator[str]:
    capabilities = context.get("capabilities") or {}
    if context.get("runAsNonRoot") is not True:
        yield "runAsNonRoot is not true"
    if context.get("runAsUser") == 0:
        yield "runAsUser is 0"
    if context.get("allowPrivilegeEscalation") is not False:
        yield "allowPrivilegeEscalation is not false"
    if not context.get("seccompProfile"):
        yield "seccompProfile is not set"
    if "ALL" not in (capabilities.get("drop") or []):
        yield "capabilities.drop is without ALL"
    added = set(capabilities.get("add") or []) & CAPABILITIES - {"NET_BIND_SERVICE"}
    if added:
        yield f"capabilities.add has {', '.join(sorted(added))}"
