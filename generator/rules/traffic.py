"""Whom a workload may talk to: the network policies refuse everything else."""

from __future__ import annotations

from ipaddress import IPv4Network
from typing import TYPE_CHECKING

from generator.model.network import LINK_LOCAL
from generator.problem import Finding, did_you_mean
from generator.rules.registry import Context, Findings, environment_rule, workload_rule

if TYPE_CHECKING:
    from generator.model import Environment, Spec
    from generator.model.workload import Settings


@environment_rule
def calls_nobody(environment: Environment, _spec: Spec, _context: Context) -> Findings:
    """A call leads to another workload of the environment that listens on a port."""
    ports = {w.name: w.settings.port for w in environment.workloads}
    for workload in environment.workloads:
        for index, called in enumerate(workload.settings.calls):
            if called == workload.name:
                message, fix = "it calls itself", "remove it: the pods of a workload do not call each other"
            elif called not in ports:
                message = f'there is no workload "{called}" in {environment.name}'
                fix = did_you_mean(called, ports) or "name one of its workloads"
            elif ports[called] is None:
                message, fix = f"{called} has no port to call", f"give {called} a port, or remove the call"
            else:
                continue
            yield Finding(path=("workloads", workload.name, "calls", index), message=message, fix=fix)


@workload_rule
def egress_is_no_network(settings: Settings) -> Findings:
    """The API server refuses such a policy, and with it the whole sync."""
    for index, egress in enumerate(settings.egress):
        try:
            network = IPv4Network(egress.cidr, strict=False)
        except ValueError:
            message, fix = f'"{egress.cidr}" is not an IPv4 network', "write as 203.0.113.0/24"
        else:
            if str(network) == egress.cidr:
                continue
            message, fix = f"{egress.cidr} is an address inside a network", f"write {network}"
        yield Finding(path=("egress", index, "cidr"), message=message, fix=fix)


@workload_rule
def egress_to_the_node(settings: Settings) -> Findings:
    """At 169.254.169.254 the node hands out its own credentials."""
    for index, egress in enumerate(settings.egress):
        try:
            network = IPv4Network(egress.cidr, strict=False)
        except ValueError:
            continue  # another rule's business
        if network.subnet_of(LINK_LOCAL):
            yield Finding(
                path=("egress", index, "cidr"),
                message=f"{network} leads to the node itself, its metadata and credentials",
                fix="remove it: aws and database open the way to the workload's own credentials",
            )
