"""EC2 NAT gateways: their network interface."""

from __future__ import annotations

from typing import TYPE_CHECKING

from moto.ec2.models import EC2Backend

if TYPE_CHECKING:
    from moto.ec2.models.nat_gateways import NatGateway


def install() -> None:
    """Take the interface away with its gateway; moto leaves it, with the address on it."""
    delete = EC2Backend.delete_nat_gateway

    def delete_nat_gateway(self: EC2Backend, nat_gateway_id: str) -> NatGateway:
        gateway = delete(self, nat_gateway_id)
        self.enis.pop(gateway._eni.id, None)
        return gateway

    EC2Backend.delete_nat_gateway = delete_nat_gateway
