"""What there is to know of a component's chart."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

    from generator.model import Component, Environment


def _no_values(_environment: Environment, _component: Component) -> dict[str, Any]:
    return {}


# On an Application: Argo CD's health check of Applications (the argo-cd module) lets it pass.
NOT_AWAITED = {"platform/awaited": "false"}


class Retired(NamedTuple):
    """The project behind a chart gave it up: since when (ISO date), and what that means."""

    since: str
    consequence: str


class IngressController(NamedTuple):
    """How requests reach a controller, and how an Ingress names it.

    `service` and `port` are the chart's Service that the load balancer's target group is bound to;
    `pod_labels` select the pods that send the requests on; `annotations` go on every Ingress. `metrics_port`
    is where each pod answers with its metrics, zero for nowhere, and `metrics` are those worth keeping, with
    their labels.
    """

    class_name: str
    service: str
    port: str
    pod_labels: dict[str, str]
    annotations: dict[str, str]
    metrics_port: int = 0
    metrics: tuple[tuple[str, tuple[str, ...]], ...] = ()


class Known(NamedTuple):
    """Facts of a chart and its computed values; the user's `values` go on top of these.

    `kubernetes` is the supported range of minor versions, "" for open. `service_account` is the chart's,
    where its pods need the IAM role; `aws_policy` says that Terraform keeps the role's policy under the
    component's name. `ingress` is set for a component that can be an environment's ingress controller.
    `before_edge` says that the release `edge` has objects of a kind that the chart brings. `pod_security` is
    the level of the Pod Security Standards that the pods bear, for a namespace of their own. What is not
    `awaited` holds back no later wave when it is not healthy.

    `ignore_differences` are entries of an Application's `spec.ignoreDifferences`, for fields that something
    in the cluster owns; they only help together with the sync option `RespectIgnoreDifferences=true`,
    without which a sync writes these fields all the same (argo-cd docs, user-guide/sync-options.md).
    `objects` are Kubernetes objects that belong to the release and that its chart has no way to make.
    """

    kubernetes: tuple[str, str] = ("", "")
    service_account: str = ""
    aws_policy: bool = False
    server_side_apply: bool = False
    before_edge: bool = False
    pod_security: str = ""
    awaited: bool = True
    retired: Retired | None = None
    ingress: IngressController | None = None
    ignore_differences: tuple[dict[str, Any], ...] = ()
    values: Callable[[Environment, Component], dict[str, Any]] = _no_values
    objects: Callable[[Environment, Component], list[dict[str, Any]]] | None = None
