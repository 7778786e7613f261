"""Argo CD: syncs this repository into the cluster, itself included.

Highly available where the environment is protected from deletion (`deletionProtection`): two of everything
that answers, and a Redis that survives a node. Elsewhere one of each is enough, for syncs wait, they are
not lost.

Nobody logs in until somebody sets up single sign-on; until then access is by kubectl (`argocd --core`).
There is no shared admin password, in Git or elsewhere. Single sign-on and notifications are yours to set, in
components.argo-cd.values of environments/platform.yaml, the secrets by reference ($<secret>:<key>):

    values:
      configs:
        cm:
          oidc.config: |
            name: Company
            issuer: https://login.example.com
            clientID: argocd
            clientSecret: $argocd-oidc:client-secret
        rbac: {policy.default: "", policy.csv: "g, platform-team, role:admin"}
      notifications:
        enabled: true
        notifiers: {service.slack: "token: $slack-token"}
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from generator.catalog.known import Known
from generator.catalog.placement import CLUSTER_CRITICAL, resources, spread

if TYPE_CHECKING:
    from generator.model import Component, Environment

# Without it an Application counts as healthy at once, and sync waves between Applications do not wait
# (argo-cd docs, operator-manual/health.md, "Argocd App").
_APPLICATION_HEALTH = """\
hs = {}
local annotations = obj.metadata.annotations
if annotations ~= nil and annotations["platform/awaited"] == "false" then
  hs.status = "Healthy"
  hs.message = "Nothing waits for it; look at the Application itself"
  return hs
end
hs.status = "Progressing"
hs.message = ""
if obj.status ~= nil and obj.status.health ~= nil then
  hs.status = obj.status.health.status
  if obj.status.health.message ~= nil then
    hs.message = obj.status.health.message
  end
end
return hs
"""

_HA_REDIS_NODES = 3  # Redis and its proxy are three pods each


def _values(environment: Environment, _component: Component) -> dict[str, Any]:
    # The root and the chart `edge` are Applications too.
    applications = len(environment.components) + len(environment.workloads) + 2
    high, load = environment.deletion_protection, _load(applications)
    return {
        "fullnameOverride": "argocd",  # the names that the documentation uses, as argocd-server
        "global": {
            "domain": f"argocd.{environment.domain}",
            "logging": {"format": "json"},
            "priorityClassName": CLUSTER_CRITICAL,
            "topologySpreadConstraints": spread(None),
        },
        "configs": {
            "cm": {
                "admin.enabled": False,
                "resource.customizations.health.argoproj.io_Application": _APPLICATION_HEALTH,
            },
            "params": {
                **load["params"],
                # Otherwise a sync waits for ever for what does not become healthy, and a commit that mends it
                # is not looked at meanwhile. Longer than all retries of a release that waits for Terraform.
                "controller.sync.timeout.seconds": 3 * 60 * 60,
            },
        },
        # More than one of it only share clusters among them, and there is one cluster.
        "controller": {"replicas": 1, "resources": load["controller"]},
        "repoServer": {
            **_replicas(high=high),
            "resources": load["repoServer"],
            "copyutil": {"resources": resources("10m", "32Mi", "128Mi")},
        },
        "server": {**_replicas(high=high), "resources": resources("50m", "128Mi", "512Mi")},
        # Every Application is rendered into Git; nothing here makes them from a template.
        "applicationSet": {"replicas": 0, "resources": resources("20m", "64Mi", "256Mi")},
        "notifications": {"enabled": False, "resources": resources("20m", "64Mi", "256Mi")},
        "dex": {"enabled": False},
        "redis": {
            "resources": load["redis"],
            "livenessProbe": {"enabled": True},
            "readinessProbe": {"enabled": True},
            "automountServiceAccountToken": False,  # it asks Kubernetes nothing
        },
        "redisSecretInit": {"resources": resources("10m", "64Mi", "256Mi")},
        **({"redis-ha": _redis(environment, load["redis"])} if high else {}),
    }


def _load(applications: int) -> dict[str, Any]:
    """Return limits and resources by the number of Applications.

    argo-cd docs, operator-manual/high_availability.md: 20 and 10 processors are the defaults, 50 and 25 fit
    1000 Applications. A repo server without a limit renders everything at once after a push, and each
    rendering is a process of its own. The memory figures are starting points for these numbers, not
    measurements: watch them, and set your own in `values`.
    """
    status = max(20, applications // 20)
    parallel = min(4 + applications // 25, 20)
    return {
        "params": {
            "controller.status.processors": status,
            "controller.operation.processors": max(10, status // 2),
            "reposerver.parallelism.limit": parallel,
        },
        "controller": resources(
            f"{250 + applications}m", f"{512 + 4 * applications}Mi", f"{1024 + 8 * applications}Mi"
        ),
        "repoServer": resources(f"{25 * parallel}m", f"{128 + 32 * parallel}Mi", f"{512 + 128 * parallel}Mi"),
        "redis": resources("50m", f"{64 + applications // 4}Mi", f"{256 + applications}Mi"),
    }


def _replicas(*, high: bool) -> dict[str, Any]:
    return {"replicas": 2, "pdb": {"enabled": True, "maxUnavailable": 1}} if high else {"replicas": 1}


def _redis(environment: Environment, size: dict[str, Any]) -> dict[str, Any]:
    """Return the values of the chart that argo-cd brings along; one pod a node where nodes suffice."""
    nodes = sum(g.minimum for g in environment.cluster.node_groups if not g.taints)
    small, apart = resources("20m", "64Mi", "128Mi"), nodes >= _HA_REDIS_NODES
    budget = {"maxUnavailable": 1}
    return {
        "enabled": True,
        "hardAntiAffinity": apart,
        "topologySpreadConstraints": {"enabled": True},  # over zones, of Redis and of its proxy
        "podDisruptionBudget": budget,
        "priorityClassName": CLUSTER_CRITICAL,
        "redis": {"resources": size},
        "sentinel": {"resources": small},
        "splitBrainDetection": {"resources": small},
        "init": {"resources": small},
        "haproxy": {
            "hardAntiAffinity": apart,
            "podDisruptionBudget": budget,
            "priorityClassName": CLUSTER_CRITICAL,
            "resources": small,
            "init": {"resources": small},
        },
    }


COMPONENT = Known(
    server_side_apply=True,  # the Application CRD is too large otherwise
    pod_security="restricted",
    values=_values,
)
