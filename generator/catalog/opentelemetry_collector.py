"""OpenTelemetry Collector: the logs of all containers and the kubelets' metrics, to Amazon CloudWatch.

One chart for both, kept by a CNCF project with a release about every two weeks, and nothing in it belongs to
a vendor: sending elsewhere is another exporter, not another agent. The alternatives are two charts (Fluent
Bit and the CloudWatch agent or a Prometheus), or AWS's add-on, which is configured outside of Git.

One pod on every node. It runs as root because the kubelet keeps the logs for root only; it can do nothing
else with that: no capabilities, a read-only root file system, the logs mounted read-only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from generator.catalog import identity, ingress_controller
from generator.catalog.known import Known
from generator.catalog.placement import NODE_CRITICAL, resources

if TYPE_CHECKING:
    from generator.catalog.known import IngressController
    from generator.model import Component, Environment

# All that the chart opens on every node's own address by default; nobody sends anything here.
_PORTS = ("otlp", "otlp-http", "jaeger-compact", "jaeger-thrift", "jaeger-grpc", "zipkin")

# A metric costs per distinct set of dimensions, so only what alarms and graphs need becomes one. The rest
# stays in the log group and can be queried there.
_METRICS = [
    {
        "dimensions": [["k8s.node.name"]],
        "metric_name_selectors": [
            r"^k8s\.node\.cpu\.usage$",
            r"^k8s\.node\.memory\.(available|working_set)$",
            r"^k8s\.node\.filesystem\.(available|capacity)$",
        ],
    },
    {
        "dimensions": [["k8s.namespace.name"]],
        "metric_name_selectors": [r"^k8s\.pod\.(cpu\.usage|memory\.working_set)$"],
    },
]


def _values(environment: Environment, component: Component) -> dict[str, Any]:
    return {
        "mode": "daemonset",
        # The distribution with the exporters for AWS; the chart's version decides the tag.
        "image": {"repository": "otel/opentelemetry-collector-contrib"},
        "serviceAccount": identity.service_account(component),
        "presets": {
            # Checkpoints on the node: a restarted pod continues where the last one stopped.
            "logsCollection": {"enabled": True, "storeCheckpoints": True},
            "kubeletMetrics": {"enabled": True},
            "kubernetesAttributes": {"enabled": True},
        },
        # Instead of the chart's configuration, which receives from everybody and merges with what is set.
        "alternateConfig": _config(environment),
        "ports": {port: {"enabled": False} for port in _PORTS},
        "securityContext": {
            "runAsUser": 0,
            "runAsGroup": 0,
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
            "seccompProfile": {"type": "RuntimeDefault"},
        },
        "tolerations": [{"operator": "Exists"}],  # every node has logs
        "priorityClassName": NODE_CRITICAL,
        "resources": resources("50m", "128Mi", "384Mi"),
    }


def _config(environment: Environment) -> dict[str, Any]:
    """The Collector's configuration; the presets add their receivers and processors to its pipelines."""
    controller = ingress_controller(environment.ingress.controller)
    destination = {"region": environment.region, "log_stream_name": "${env:K8S_NODE_NAME}"}
    processors = ["memory_limiter", "k8s_attributes", "resource", "batch"]  # in this order
    return {
        "extensions": {"health_check": {"endpoint": "${env:MY_POD_IP}:13133"}},
        "receivers": {
            "kubeletstats": {"collection_interval": "60s", "metric_groups": ["node", "pod"]},
            **({"prometheus": _ingress(environment, controller)} if controller.metrics_port else {}),
        },
        "processors": {
            "memory_limiter": {
                "check_interval": "5s",
                "limit_percentage": 80,
                "spike_limit_percentage": 25,
            },
            "resource": {
                "attributes": [
                    {"key": "k8s.cluster.name", "value": environment.cluster_name, "action": "upsert"}
                ]
            },
            "batch": {},
        },
        "exporters": {
            "awscloudwatchlogs": {**destination, "log_group_name": environment.log_groups["applications"]},
            "awsemf": {
                **destination,
                "log_group_name": environment.log_groups["metrics"],
                "namespace": environment.cluster_name,
                "dimension_rollup_option": "NoDimensionRollup",
                "resource_to_telemetry_conversion": {"enabled": True},
                "metric_declarations": [*_METRICS, *_ingress_metrics(controller)],
            },
        },
        "service": {
            "extensions": ["health_check"],
            "pipelines": {
                "logs": {"receivers": [], "processors": processors, "exporters": ["awscloudwatchlogs"]},
                "metrics": {
                    "receivers": ["prometheus"] if controller.metrics_port else [],
                    "processors": processors,
                    "exporters": ["awsemf"],
                },
            },
        },
    }


def _ingress(environment: Environment, controller: IngressController) -> dict[str, Any]:
    """Ask the ingress controller's pods on this pod's own node, so that none is asked twice."""
    labels = ",".join(f"{name}={value}" for name, value in sorted(controller.pod_labels.items()))
    names = "|".join(name for name, _ in controller.metrics)
    scrape = {
        "job_name": "ingress",
        "scrape_interval": "60s",
        "kubernetes_sd_configs": [
            {
                "role": "pod",
                "namespaces": {"names": [environment.ingress_namespace]},
                "selectors": [
                    {"role": "pod", "field": "spec.nodeName=${env:K8S_NODE_NAME}", "label": labels}
                ],
            }
        ],
        "relabel_configs": [
            {
                "source_labels": ["__meta_kubernetes_pod_container_port_number"],
                "regex": str(controller.metrics_port),
                "action": "keep",
            }
        ],
        "metric_relabel_configs": [{"source_labels": ["__name__"], "regex": names, "action": "keep"}],
    }
    return {"config": {"scrape_configs": [scrape]}}


def _ingress_metrics(controller: IngressController) -> list[dict[str, Any]]:
    return [
        {"dimensions": [list(labels)], "metric_name_selectors": [f"^{name}$"]}
        for name, labels in controller.metrics
    ]


COMPONENT = Known(
    service_account="opentelemetry-collector",
    aws_policy=True,
    awaited=False,  # nobody needs it to start, and a DaemonSet is not healthy while any node is not
    pod_security="privileged",  # it reads the logs of all containers from the node
    values=_values,
    objects=identity.objects,
)
