"""EC2 gateway endpoints: their routes in tables that come later."""

from __future__ import annotations

from typing import Any

from moto.ec2.models import EC2Backend


def install() -> None:
    """Let a changed endpoint have its routes; moto lists the tables only, and then cannot delete it."""
    modify = EC2Backend.modify_vpc_endpoint

    def modify_vpc_endpoint(self: EC2Backend, **arguments: Any) -> None:
        modify(self, **arguments)
        endpoint = self.vpc_end_points[arguments["vpc_id"]]
        prefixes = endpoint.destination_prefix_list_id
        for table in arguments["add_route_tables"] or []:
            self.create_route(table, None, gateway_id=endpoint.id, destination_prefix_list_id=prefixes)
        for table in arguments["remove_route_tables"] or []:
            self.delete_route(table, prefixes)

    EC2Backend.modify_vpc_endpoint = modify_vpc_endpoint
