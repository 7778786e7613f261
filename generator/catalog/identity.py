"""What makes a component wait for its AWS permissions: a Job, and before it the account that both run as.

Pod Identity puts credentials into a pod when it is created, and Terraform takes minutes where Argo CD takes
seconds: a pod that starts first stays without, until somebody restarts it. The chart `workload` does the same
for workloads, before its sync; here the account must exist for the Job, so it is the first thing of the sync.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from generator.catalog.placement import CLUSTER_CRITICAL

if TYPE_CHECKING:
    from generator.model import Component, Environment

# The same as in the chart `workload`.
IMAGE = (
    "public.ecr.aws/aws-cli/aws-cli:2.36.15"
    "@sha256:310813a7eae8fd88da1cc9c37970e3500b0ff3984479e1012f0a6fd44e453f63"
)
_NOBODY = 65532

_SCRIPT = """\
if [ -z "$AWS_CONTAINER_CREDENTIALS_FULL_URI" ]; then
  echo "no credentials: EKS knew no Pod Identity association of service account" \\
    "$SERVICE_ACCOUNT when it created this pod; is it applied?" >&2
  exit 1
fi
exec aws sts get-caller-identity --cli-connect-timeout 5 --cli-read-timeout 10
"""


def service_account(component: Component, wave: str = "-2") -> dict[str, Any]:
    """Return a chart's values for the account: the first thing of a sync."""
    annotations = {"argocd.argoproj.io/sync-wave": wave}
    return {"create": True, "name": component.service_account, "annotations": annotations}


def objects(environment: Environment, component: Component) -> list[dict[str, Any]]:
    """Return the Job: the next thing, and nothing else comes until it has succeeded."""
    name = f"{component.service_account}-identity"
    job = {
        "apiVersion": "batch/v1",
        "kind": "Job",
        "metadata": {
            "name": name,
            "namespace": component.namespace,
            "annotations": {
                "argocd.argoproj.io/hook": "Sync",
                "argocd.argoproj.io/hook-delete-policy": "BeforeHookCreation,HookSucceeded",
                "argocd.argoproj.io/sync-wave": "-1",
            },
        },
        "spec": {
            # Each try is a new pod; then the sync fails with the reason, and Argo CD's own retries go on.
            "backoffLimit": 4,
            "activeDeadlineSeconds": 300,
            "podFailurePolicy": {
                "rules": [
                    {
                        "action": "Ignore",
                        "onPodConditions": [{"type": "DisruptionTarget", "status": "True"}],
                    }
                ]
            },
            "template": {
                "metadata": {"labels": {"app.kubernetes.io/name": name}},
                "spec": _pod(environment, component),
            },
        },
    }
    return [job]


def _pod(environment: Environment, component: Component) -> dict[str, Any]:
    variables = {
        "SERVICE_ACCOUNT": component.service_account,
        "AWS_REGION": environment.region,
        "AWS_STS_REGIONAL_ENDPOINTS": "regional",
        "AWS_EC2_METADATA_DISABLED": "true",  # the node's role must not pass for the component's
        "HOME": "/tmp",  # noqa: S108  (a volume of the pod)
    }
    return {
        "restartPolicy": "Never",
        "serviceAccountName": component.service_account,
        "automountServiceAccountToken": False,
        "enableServiceLinks": False,
        "priorityClassName": CLUSTER_CRITICAL,
        "securityContext": {
            "runAsNonRoot": True,
            "runAsUser": _NOBODY,
            "runAsGroup": _NOBODY,
            "seccompProfile": {"type": "RuntimeDefault"},
        },
        "containers": [
            {
                "name": "identity",
                "image": IMAGE,
                "imagePullPolicy": "IfNotPresent",
                "command": ["/bin/sh", "-c", _SCRIPT],
                "env": [{"name": name, "value": value} for name, value in variables.items()],
                "resources": {
                    "requests": {"cpu": "50m", "memory": "128Mi"},
                    "limits": {"cpu": "500m", "memory": "256Mi"},
                },
                "securityContext": {
                    "allowPrivilegeEscalation": False,
                    "readOnlyRootFilesystem": True,
                    "capabilities": {"drop": ["ALL"]},
                },
                "volumeMounts": [{"name": "tmp", "mountPath": "/tmp"}],  # noqa: S108
            }
        ],
        "volumes": [{"name": "tmp", "emptyDir": {"sizeLimit": "64Mi"}}],
    }
