"""What the server itself fills in when something is created: enough that clients see what they would see."""

from __future__ import annotations

import base64
import ipaddress
import itertools
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cluster.emulator.resources import Resource

Json = dict[str, Any]
PVC_FINALIZER, PV_FINALIZER = "kubernetes.io/pvc-protection", "kubernetes.io/pv-protection"
PROTECTED = {("", "persistentvolumeclaims"): PVC_FINALIZER, ("", "persistentvolumes"): PV_FINALIZER}
_addresses = itertools.count(int(ipaddress.ip_address("172.20.0.10")))


def fill(resource: Resource, content: Json) -> None:
    """Set the defaults of a kind; what is there stays."""
    function = KINDS.get(resource.key)
    if function is not None:
        function(content)


def begin(resource: Resource, content: Json) -> None:
    """What only a new object gets: the finalizers that protect it."""
    finalizer = PROTECTED.get(resource.key)
    if finalizer:
        finalizers = content["metadata"].setdefault("finalizers", [])
        if finalizer not in finalizers:
            finalizers.append(finalizer)


def _namespace(content: Json) -> None:
    meta = content["metadata"]
    meta["labels"] = (meta.get("labels") or {}) | {"kubernetes.io/metadata.name": meta["name"]}
    content.setdefault("spec", {})
    if "deletionTimestamp" not in meta:
        content["spec"].setdefault("finalizers", ["kubernetes"])
    content.setdefault("status", {}).setdefault("phase", "Active")


def secret(content: Json) -> None:
    """`stringData` becomes `data`: it is never read back."""
    plain = content.pop("stringData", None)
    if plain:
        data = content.setdefault("data", {})
        data |= {key: base64.b64encode(value.encode()).decode() for key, value in plain.items()}
    content.setdefault("type", "Opaque")


def _service(content: Json) -> None:
    spec = content.setdefault("spec", {})
    spec.setdefault("type", "ClusterIP")
    spec.setdefault("sessionAffinity", "None")
    if spec["type"] != "ExternalName":
        spec.setdefault("clusterIP", str(ipaddress.ip_address(next(_addresses))))
        spec.setdefault("clusterIPs", [spec["clusterIP"]])
        spec.setdefault("ipFamilies", ["IPv4"])
        spec.setdefault("ipFamilyPolicy", "SingleStack")
        spec.setdefault("internalTrafficPolicy", "Cluster")
    for port in spec.get("ports") or []:
        port.setdefault("protocol", "TCP")
        port.setdefault("targetPort", port.get("port"))
    content.setdefault("status", {}).setdefault("loadBalancer", {})


def pod_spec(spec: Json) -> None:
    spec.setdefault("restartPolicy", "Always")
    spec.setdefault("terminationGracePeriodSeconds", 30)
    spec.setdefault("dnsPolicy", "ClusterFirst")
    spec.setdefault("schedulerName", "default-scheduler")
    spec.setdefault("securityContext", {})
    for container in [*(spec.get("initContainers") or []), *(spec.get("containers") or [])]:
        image = container.get("image", "")
        latest = "@" not in image and (":" not in image.rpartition("/")[2] or image.endswith(":latest"))
        container.setdefault("imagePullPolicy", "Always" if latest else "IfNotPresent")
        container.setdefault("resources", {})
        container.setdefault("terminationMessagePath", "/dev/termination-log")
        container.setdefault("terminationMessagePolicy", "File")
        for port in container.get("ports") or []:
            port.setdefault("protocol", "TCP")


def _pod(content: Json) -> None:
    pod_spec(content.setdefault("spec", {}))
    content.setdefault("status", {}).setdefault("phase", "Pending")
    content["status"].setdefault("qosClass", "BestEffort")


def _template(content: Json) -> Json:
    spec: Json = content.setdefault("spec", {})
    template = spec.setdefault("template", {})
    pod_spec(template.setdefault("spec", {}))
    return spec


def _deployment(content: Json) -> None:
    spec = _template(content)
    spec.setdefault("replicas", 1)
    spec.setdefault("revisionHistoryLimit", 10)
    spec.setdefault("progressDeadlineSeconds", 600)
    strategy = spec.setdefault("strategy", {})
    if strategy.setdefault("type", "RollingUpdate") == "RollingUpdate":
        rolling = strategy.setdefault("rollingUpdate", {})
        rolling.setdefault("maxSurge", "25%")
        rolling.setdefault("maxUnavailable", "25%")


def _stateful_set(content: Json) -> None:
    spec = _template(content)
    spec.setdefault("replicas", 1)
    spec.setdefault("revisionHistoryLimit", 10)
    spec.setdefault("podManagementPolicy", "OrderedReady")
    spec.setdefault("updateStrategy", {"type": "RollingUpdate", "rollingUpdate": {"partition": 0}})


def _daemon_set(content: Json) -> None:
    _template(content).setdefault("revisionHistoryLimit", 10)


def _replica_set(content: Json) -> None:
    _template(content).setdefault("replicas", 1)


def _job(content: Json) -> None:
    spec = _template(content)
    spec.setdefault("completions", 1)
    spec.setdefault("parallelism", 1)
    spec.setdefault("backoffLimit", 6)
    spec.setdefault("completionMode", "NonIndexed")
    spec.setdefault("suspend", False)


def _claim(content: Json) -> None:
    content.setdefault("spec", {}).setdefault("volumeMode", "Filesystem")
    content.setdefault("status", {}).setdefault("phase", "Pending")


def _volume(content: Json) -> None:
    content.setdefault("spec", {}).setdefault("persistentVolumeReclaimPolicy", "Retain")
    content.setdefault("status", {}).setdefault("phase", "Pending")


KINDS: dict[tuple[str, str], Callable[[Json], None]] = {
    ("", "namespaces"): _namespace,
    ("", "secrets"): secret,
    ("", "services"): _service,
    ("", "pods"): _pod,
    ("", "persistentvolumeclaims"): _claim,
    ("", "persistentvolumes"): _volume,
    ("apps", "deployments"): _deployment,
    ("apps", "statefulsets"): _stateful_set,
    ("apps", "daemonsets"): _daemon_set,
    ("apps", "replicasets"): _replica_set,
    ("batch", "jobs"): _job,
}
