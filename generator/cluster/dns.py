"""Whether the world finds a domain at the name servers that ours is served by."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Collection

    import dns.resolver

TIMEOUT = 5.0
"""Seconds until a resolver is given up."""


class Delegation(NamedTuple):
    """What the world sees. `servers` are names without the last dot; `problem` says why there are none.

    `asked` is False when no resolver answered, so that nothing is known.
    """

    servers: tuple[str, ...] = ()
    problem: str = ""
    asked: bool = True

    def leads_to(self, servers: Collection[str]) -> bool:
        """Whether everybody who asks comes to one of these servers, and to no other."""
        return bool(self.servers) and set(self.servers) <= set(servers)


def delegation(domain: str, resolver: str = "") -> Delegation:
    """Ask which name servers a domain has; `resolver` is `address` or `address:port`, else this machine's.

    A resolver follows the delegation and asks the servers at its end, so servers that do not know the
    domain, as those of a deleted zone, show as no answer (SERVFAIL).
    """
    import dns.exception  # noqa: PLC0415  (only who asks waits for it)
    import dns.resolver  # noqa: PLC0415

    try:
        answer = _resolver(resolver).resolve(f"{domain}.", "NS", lifetime=TIMEOUT, raise_on_no_answer=False)
    except dns.resolver.NXDOMAIN:
        return Delegation(problem="the world knows no such domain")
    except dns.resolver.NoNameservers:
        return Delegation(problem="the name servers that it is delegated to do not know it")
    except (dns.exception.DNSException, OSError) as error:
        reason = "no answer in time" if isinstance(error, dns.exception.Timeout) else str(error)
        return Delegation(problem=f"no resolver answers: {reason}", asked=False)
    servers = sorted(str(record.target).rstrip(".").lower() for record in answer.rrset or ())
    return Delegation(tuple(servers), "" if servers else "the domain is not delegated to anybody")


def _resolver(where: str) -> dns.resolver.Resolver:
    import dns.resolver  # noqa: PLC0415  (as above)

    if not where:
        return dns.resolver.Resolver()
    address, port = (where, "") if where.count(":") > 1 else where.partition(":")[::2]
    found = dns.resolver.Resolver(configure=False)
    found.nameservers, found.port = [address.strip("[]")], int(port or 53)
    return found
