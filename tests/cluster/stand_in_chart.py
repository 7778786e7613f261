"""A chart that stands in for Argo CD's: its name, its workloads, and its kinds, which helm keeps.

The published one is on no package index. What the bootstrap looks at is called the same here.
"""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_LABELS = """\
    app.kubernetes.io/part-of: argocd
    app.kubernetes.io/instance: {{ .Release.Name }}
"""
_WORKLOADS = (
    ("StatefulSet", "argocd-application-controller"),
    ("Deployment", "argocd-repo-server"),
    ("Deployment", "argocd-server"),
    ("Deployment", "argocd-redis"),
)
_KINDS = (("Application", "applications"), ("AppProject", "appprojects"))


def build(folder: Path, helm: Path, version: str = "10.1.1", name: str = "argo-cd") -> Path:
    """Package it; return the archive."""
    chart = folder / f"{name}-{version}"
    (chart / "templates").mkdir(parents=True)
    about = {"apiVersion": "v2", "name": name, "version": version, "appVersion": "v3.4.0"}
    (chart / "Chart.yaml").write_text(json.dumps(about))
    for kind, plural in _KINDS:
        (chart / "templates" / f"crd-{plural}.yaml").write_text(_definition(kind, plural))
    for kind, workload in _WORKLOADS:
        (chart / "templates" / f"{workload}.yaml").write_text(_workload(kind, workload))
    (chart / "templates" / "role.yaml").write_text(_ROLE)
    (chart / "templates" / "redis-secret-init.yaml").write_text(_HOOK)
    (chart / "templates" / "config.yaml").write_text(_CONFIG)
    command = [helm, "package", chart, "--destination", folder]
    subprocess.run(command, check=True, capture_output=True)
    return folder / f"{name}-{version}.tgz"


def _definition(kind: str, plural: str) -> str:
    return f"""\
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: {plural}.argoproj.io
  annotations: {{helm.sh/resource-policy: keep}}
  labels:
{_LABELS}
spec:
  group: argoproj.io
  scope: Namespaced
  names: {{kind: {kind}, plural: {plural}, singular: {kind.lower()}, listKind: {kind}List}}
  versions:
    - name: v1alpha1
      served: true
      storage: true
      schema: {{openAPIV3Schema: {{type: object, x-kubernetes-preserve-unknown-fields: true}}}}
"""


def _workload(kind: str, name: str) -> str:
    service = f"  serviceName: {name}\n" if kind == "StatefulSet" else ""
    return f"""\
apiVersion: apps/v1
kind: {kind}
metadata:
  name: {name}
  labels:
{_LABELS}
spec:
  replicas: 1
{service}  selector: {{matchLabels: {{app.kubernetes.io/name: {name}}}}}
  template:
    metadata: {{labels: {{app.kubernetes.io/name: {name}}}}}
    spec:
      containers:
        - {{name: main, image: "quay.io/argoproj/argocd:v3.4.0"}}
"""


# Helm waits for it before it makes anything else, as for the published chart's.
_HOOK = """\
apiVersion: batch/v1
kind: Job
metadata:
  name: argocd-redis-secret-init
  annotations:
    helm.sh/hook: pre-install,pre-upgrade
    helm.sh/hook-delete-policy: before-hook-creation
spec:
  template:
    spec:
      restartPolicy: OnFailure
      containers:
        - {name: main, image: "quay.io/argoproj/argocd:v3.4.0"}
"""
_ROLE = f"""\
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: argocd-application-controller
  labels:
{_LABELS}
rules:
  - {{apiGroups: ["*"], resources: ["*"], verbs: ["*"]}}
"""
_CONFIG = f"""\
apiVersion: v1
kind: ConfigMap
metadata:
  name: argocd-cm
  labels:
{_LABELS}
data:
  values: {{{{ toJson .Values | quote }}}}
"""
