"""What moto 5.2.5 gets wrong, mended in its process, a module for each service."""

from __future__ import annotations

from tests.terraform.emulator.fixes import (
    api_gateway,
    budgets,
    dynamodb,
    elbv2,
    functions,
    launch_templates,
    nat_gateways,
    records,
    security_groups,
    senders,
    unimplemented,
    vpc_endpoints,
)

MENDED = (
    api_gateway,
    budgets,
    dynamodb,
    elbv2,
    functions,
    launch_templates,
    nat_gateways,
    records,
    security_groups,
    senders,
    unimplemented,
    vpc_endpoints,
)


def install() -> None:
    """Mend everything; once, before the first request."""
    for service in MENDED:
        service.install()
