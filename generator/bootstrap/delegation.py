"""Whether the world finds the environment's domain in its Route 53 zone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.bootstrap.step import Step
from generator.cluster import aws_resources, dns

if TYPE_CHECKING:
    from generator.cluster.aws_session import Aws
    from generator.model import Environment


def delegated(aws: Aws, environment: Environment, resolver: str) -> Step:
    """Say whether the domain is delegated; `resolver` is who is asked, "" for this machine's.

    Raises:
        AwsTrouble: AWS refuses, or cannot be asked.
    """
    domain = environment.domain
    zone = aws_resources.zone(aws, domain)
    if zone is None:
        fix = f"aws route53 create-hosted-zone --name {domain} --caller-reference {environment.prefix}-1"
        return Step("missing", f"there is no public hosted zone of {domain} in this account", fix)
    seen = dns.delegation(domain, resolver)
    if seen.leads_to(zone.servers):
        return Step("ok", f"{domain} is delegated to its zone {zone.id}")
    if not seen.asked:
        fix = "Say who is to be asked: RESOLVER=1.1.1.1 (--resolver 1.1.1.1)."
        return Step("warning", f"whether {domain} is delegated is not known: {seen.problem}", fix)
    why = seen.problem or f"it leads to {', '.join(seen.servers)}"
    records = "\n".join(f"  {domain}.  NS  {server}." for server in zone.servers)
    fix = (
        f"Whoever serves {domain.partition('.')[2]} writes there, in place of other NS records of it:\n"
        f"{records}\nA change takes as long to be seen as the old records' TTL says."
    )
    return Step("missing", f"{domain} is not delegated to its zone {zone.id}: {why}", fix)
