"""Values of the chart `edge`: what the workloads of an environment find ready."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from generator.catalog import ingress_controller

if TYPE_CHECKING:
    from generator.model import Environment, Workload

# What the spec calls it: what a ResourceQuota calls it (Kubernetes documentation, "Resource Quotas").
_QUOTA = {"cpu": "requests.cpu", "memory": "requests.memory", "pods": "pods"}

# Above 0, what a pod without a class has, and below what Kubernetes keeps for itself.
_SERVICE_PRIORITY, _JOB_PRIORITY = 1000, 100


def values(environment: Environment) -> dict[str, Any]:
    """Return the values; the chart's values.schema.json is the other half of this."""
    return {
        "partOf": environment.platform.name,
        "environment": environment.name,
        "targetGroupBinding": _binding(environment),
        "namespaces": [_namespace(environment, workload) for workload in environment.workloads],
        "priorityClasses": [
            _priority(environment.service_priority_class, _SERVICE_PRIORITY, "Answers requests."),
            _priority(environment.job_priority_class, _JOB_PRIORITY, "Can wait."),
        ],
        "storageClass": {"name": "gp3-encrypted", "default": True},
    }


def _binding(environment: Environment) -> dict[str, Any]:
    """Name the binding after the group: the group that it was made for cannot be changed later."""
    controller = ingress_controller(environment.ingress.controller)
    return {
        "name": environment.target_group_name,
        "namespace": environment.ingress_namespace,
        "targetGroupName": environment.target_group_name,
        "service": {"name": controller.service, "port": controller.port},
        "targetType": "ip",
    }


def _namespace(environment: Environment, workload: Workload) -> dict[str, Any]:
    found: dict[str, Any] = {
        "name": workload.namespace,
        "podSecurity": "restricted",
        "serviceAccounts": [workload.service_account],
    }
    if workload.settings.has_secrets:
        found["secretStore"] = {
            "name": workload.secret_store,
            "region": environment.region,
            "role": environment.role_arn(workload.secrets_role_name),
        }
    if workload.settings.quota:
        found["quota"] = {_QUOTA[key]: str(value) for key, value in workload.settings.quota.items()}
    return found


def _priority(name: str, value: int, description: str) -> dict[str, Any]:
    return {"name": name, "value": value, "description": description}
