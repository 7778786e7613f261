"""Elastic Load Balancing: the ARN of a Network Load Balancer."""

from __future__ import annotations

from contextvars import ContextVar
from typing import Any

from moto.elbv2 import models

KINDS = {"network": "net", "gateway": "gwy"}


def install() -> None:
    """Put the load balancer's type into its ARN, where moto writes `app` for every type."""
    make_arn = models.make_arn_for_load_balancer
    create = models.ELBv2Backend.create_load_balancer
    kind: ContextVar[str] = ContextVar("kind", default="app")

    def make_arn_of_kind(**parts: str) -> str:
        return make_arn(**parts).replace(":loadbalancer/app/", f":loadbalancer/{kind.get()}/")

    def create_load_balancer(self: models.ELBv2Backend, **arguments: Any) -> models.FakeLoadBalancer:
        token = kind.set(KINDS.get(arguments.get("loadbalancer_type") or "", "app"))
        try:
            return create(self, **arguments)
        finally:
            kind.reset(token)

    models.make_arn_for_load_balancer = make_arn_of_kind
    models.ELBv2Backend.create_load_balancer = create_load_balancer
