"""Argo CD: syncs this repository into the cluster, itself included."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from generator.catalog.known import Known

if TYPE_CHECKING:
    from generator.model import Component, Environment

# Without it an Application counts as healthy at once, and sync waves between Applications do not wait
# (argo-cd docs, operator-manual/health.md, "Argocd App").
_APPLICATION_HEALTH = """\
hs = {}
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


def _values(environment: Environment, _component: Component) -> dict[str, Any]:
    return {
        "global": {"domain": f"argocd.{environment.domain}"},
        "configs": {
            "cm": {
                # Nobody logs in with a shared password; access is by kubectl until SSO is set up.
                "admin.enabled": False,
                "resource.customizations.health.argoproj.io_Application": _APPLICATION_HEALTH,
            },
        },
        "controller": {"pdb": {"enabled": True, "maxUnavailable": 1}},
        "repoServer": {"replicas": 2, "pdb": {"enabled": True, "maxUnavailable": 1}},
        "server": {"replicas": 2, "pdb": {"enabled": True, "maxUnavailable": 1}},
        "applicationSet": {"replicas": 1},
        "notifications": {"enabled": False},
        "dex": {"enabled": False},
    }


COMPONENT = Known(server_side_apply=True, values=_values)  # the Application CRD is too large otherwise
