"""Elastic Load Balancing: the ARN of a Network Load Balancer, and deletion protection."""

from __future__ import annotations

from contextvars import ContextVar
from typing import Any

from moto.elbv2 import models
from moto.elbv2.exceptions import ELBClientError

KINDS = {"network": "net", "gateway": "gwy"}


class OperationNotPermittedError(ELBClientError):
    """As ELB answers it."""

    code = "OperationNotPermitted"
    message = "Load balancer '{arn}' cannot be deleted because deletion protection is enabled"


def install() -> None:
    """Mend both."""
    _name_the_type()
    _protect()


def _name_the_type() -> None:
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


def _protect() -> None:
    """Refuse to delete what is protected; moto keeps the attribute and deletes all the same."""
    delete = models.ELBv2Backend.delete_load_balancer

    def delete_load_balancer(self: models.ELBv2Backend, arn: str) -> None:
        balancer = self.load_balancers.get(arn)
        if balancer and balancer.attrs["deletion_protection.enabled"] == "true":
            raise OperationNotPermittedError(arn=arn)
        delete(self, arn)

    models.ELBv2Backend.delete_load_balancer = delete_load_balancer
