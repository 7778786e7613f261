"""Whether a domain is delegated, asked of a resolver that answers over UDP."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from generator.cluster import dns
from tests.cluster.name_server import Names, answering

if TYPE_CHECKING:
    from collections.abc import Iterator

DOMAIN = "dev.techchallenge.example"
SERVERS = ("ns-1.awsdns-00.com", "ns-2.awsdns-00.net")


@pytest.fixture
def names() -> Iterator[Names]:
    with answering(Names()) as found:
        yield found


def test_delegated(names: Names) -> None:
    names.servers[DOMAIN] = ["NS-2.awsdns-00.net", "ns-1.awsdns-00.com"]
    found = dns.delegation(DOMAIN, names.address)
    assert found == dns.Delegation(SERVERS)
    assert found.leads_to(SERVERS)


@pytest.mark.parametrize("servers", [["ns.elsewhere.example"], [*SERVERS, "ns.elsewhere.example"]])
def test_delegated_elsewhere(names: Names, servers: list[str]) -> None:
    names.servers[DOMAIN] = servers
    found = dns.delegation(DOMAIN, names.address)
    assert (found.servers, found.leads_to(SERVERS)) == (tuple(sorted(servers)), False)


def test_not_delegated(names: Names) -> None:
    assert dns.delegation(DOMAIN, names.address).problem == "the world knows no such domain"
    names.servers[DOMAIN] = []
    assert dns.delegation(DOMAIN, names.address).problem == "the domain is not delegated to anybody"


def test_delegated_to_servers_of_a_zone_that_is_gone(names: Names) -> None:
    names.lame.add(DOMAIN)
    found = dns.delegation(DOMAIN, names.address)
    assert found.problem == "the name servers that it is delegated to do not know it"
    assert found.asked


def test_no_resolver(names: Names, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dns, "TIMEOUT", 0.3)
    names.silent = True
    found = dns.delegation(DOMAIN, names.address)
    assert found == dns.Delegation(problem="no resolver answers: no answer in time", asked=False)
    assert not found.leads_to(SERVERS)
