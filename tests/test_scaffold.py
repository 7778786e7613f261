"""The next free network, a new environment's text, a new workload's entry; without a disk."""

from __future__ import annotations

import re
from ipaddress import IPv4Network
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator import load, source
from generator.scaffold import (
    NewEnvironment,
    NewWorkload,
    derived_domain,
    entry,
    environment_text,
    mentions,
    next_free,
    places,
)
from generator.source import Document, parse
from tests.test_cases import TODAY

if TYPE_CHECKING:
    from pathlib import Path

    from generator.model import Environment


def networks(*texts: str) -> list[IPv4Network]:
    return [IPv4Network(text) for text in texts]


@pytest.mark.parametrize(
    ("like", "peers", "others", "expected"),
    [
        ("10.20.0.0/16", ["10.10.0.0/16", "10.20.0.0/16", "10.30.0.0/16"], ["172.20.0.0/16"], "10.40.0.0/16"),
        ("10.0.0.0/16", ["10.0.0.0/16"], [], "10.1.0.0/16"),
        ("10.0.0.0/16", ["10.0.0.0/16", "10.1.0.0/16", "10.5.0.0/16"], [], "10.6.0.0/16"),
        ("10.250.0.0/16", ["10.245.0.0/16", "10.250.0.0/16"], [], "10.255.0.0/16"),
        ("10.255.0.0/16", ["10.250.0.0/16", "10.255.0.0/16"], [], "10.0.0.0/16"),
        ("10.1.0.0/16", ["10.1.0.0/16"], ["10.2.0.0/15", "10.4.0.0/16"], "10.5.0.0/16"),
        ("10.1.0.0/20", ["10.0.0.0/16", "10.1.0.0/20"], [], "10.2.0.0/20"),
        ("192.168.0.0/16", ["192.168.0.0/16"], [], None),
        ("172.16.0.0/16", ["172.16.0.0/16", "10.9.0.0/16"], ["172.17.0.0/16"], "172.18.0.0/16"),
        ("172.31.0.0/16", ["172.31.0.0/16"], [], "172.16.0.0/16"),
    ],
)
def test_the_next_free_network(like: str, peers: list[str], others: list[str], expected: str | None) -> None:
    found = next_free(IPv4Network(like), networks(*peers), networks(*peers, *others))
    assert found == (expected and IPv4Network(expected))


@settings(derandomize=True, max_examples=200, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 2**24 - 1), st.integers(12, 22)), min_size=1, max_size=30),
    st.sampled_from(["10.0.0.0", "172.16.0.0", "192.168.0.0", "100.64.0.0"]),
)
def test_a_free_network_overlaps_none_and_is_as_large(drawn: list[tuple[int, int]], base: str) -> None:
    space = next(
        n
        for n in networks("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10")
        if base in str(n)
    )
    taken = []
    for offset, prefix in drawn:
        start = int(space.network_address) + offset % space.num_addresses
        taken.append(IPv4Network((start, max(prefix, space.prefixlen)), strict=False))
    like = taken[0]
    found = next_free(like, taken, taken)
    if found is None:
        assert all(any(free.overlaps(t) for t in taken) for free in space.subnets(new_prefix=like.prefixlen))
    else:
        assert found.prefixlen == like.prefixlen
        assert found.subnet_of(space)
        assert not any(found.overlaps(other) for other in taken)


@pytest.fixture(scope="module")
def shipped(repository: Path) -> dict[str, Environment]:
    spec = load.load(source.load(repository), TODAY).spec
    assert spec
    return {environment.name: environment for environment in spec.environments}


def test_domains(shipped: dict[str, Environment]) -> None:
    assert derived_domain("qa", shipped["staging"]) == "qa.techchallenge.example"
    assert derived_domain("qa", shipped["production"]) == "qa.techchallenge.example"


def new(*, makes: bool) -> NewEnvironment:
    return NewEnvironment("qa", "Try: it", "444444444444", "qa.x.example", IPv4Network("10.40.0.0/16"), makes)


@pytest.mark.parametrize("name", ["dev", "staging", "production"])
@pytest.mark.parametrize("stop", ["\n", "\r\n"])
def test_of_a_new_environment_only_what_must_differ_differs(
    name: str, stop: str, shipped: dict[str, Environment], repository: Path
) -> None:
    text = (repository / f"environments/{name}.yaml").read_text().replace("\n", stop)
    made = environment_text(text, shipped[name], new(makes=True))
    before, after = text.split(stop), made.split(stop)
    gone = [line for line in before if line not in after]
    came = [line for line in after if line not in before]
    keys = [re.match(r"# The environment|\s*\w*", line)[0].strip() for line in gone]  # type: ignore[index]  # it matches anything
    assert [key for key in keys if key != "registry"] == [
        "# The environment", "description", "account", "domain", "cidr", "adminRoles",
    ]  # fmt: skip
    assert ("registry" in keys) == (name == "production")
    assert len(came) == 6
    assert came[0].startswith("# The environment `qa`")
    assert came[-1].startswith('  adminRoles: ["arn:aws:iam::444444444444:role/platform-admins"] # who')
    document = parse("f", made)
    assert isinstance(document, Document)
    assert document.tree["description"] == "Try: it"
    assert document.tree["account"] == "444444444444"
    assert document.tree["network"]["cidr"] == "10.40.0.0/16"


def test_of_an_account_that_is_shared_another_makes_the_providers(
    shipped: dict[str, Environment], repository: Path
) -> None:
    text = (repository / "environments/dev.yaml").read_text()
    shared = environment_text(text, shipped["dev"], new(makes=False))
    assert shared.endswith("\nidentityProviders: false\n")
    assert "identityProviders" not in environment_text(shared, shipped["dev"], new(makes=True))


def test_images_stay_where_they_lie(shipped: dict[str, Environment], repository: Path) -> None:
    image = "333333333333.dkr.ecr.us-east-1.amazonaws.com/x/orders"
    text = (repository / "environments/production.yaml").read_text()
    text = text.replace("  orders:\n    auto", f"  orders:\n    image: {image}\n    auto")
    assert f"    image: {image}\n" in environment_text(text, shipped["production"], new(makes=True))


def test_lines_that_still_name_the_other_are_found(shipped: dict[str, Environment]) -> None:
    text = "profile: staging\nx: staging\ny: on-staging\nz: shop.staging.techchallenge.example\nw: 'https://staging.techchallenge.example'\n"
    assert mentions(text, shipped["staging"]) == [2, 5]


def test_an_entry_is_a_service_or_a_job() -> None:
    document = parse("f", entry(NewWorkload("a", "x/a", "On: one", 8080, "/a: b", "none", "1e3")).yaml)
    assert isinstance(document, Document)
    assert document.tree == {
        "description": "On: one",
        "image": "x/a",
        "port": 8080,
        "routes": [{"path": "/a: b", "auth": "none"}],
        "probes": {
            "startup": {"path": "/healthz", "failureThreshold": 30},
            "liveness": {"path": "/healthz"},
            "readiness": {"path": "/ready"},
        },
        "database": "1e3",
        "env": {"LOG_LEVEL": "info"},
    }
    document = parse("f", entry(NewWorkload("a", "x/a", "d", schedule="0 3 * * *")).yaml)
    assert isinstance(document, Document)
    assert document.tree == {
        "description": "d",
        "image": "x/a",
        "schedule": {"cron": "0 3 * * *", "timeZone": "UTC"},
        "env": {"LOG_LEVEL": "info"},
    }


def test_a_workload_is_found_wherever_it_stands() -> None:
    platform = {"workloads": {"a": {}, "b": {}}, "profiles": {"p": {"workloads": {"a": {}}}, "q": None}}
    trees = {
        "dev": {"versions": {"workloads": {"a": "1"}}},
        "live": {"workloads": {"a": None}, "versions": None},
    }
    assert list(places(platform, trees, "a")) == [
        ("environments/platform.yaml", ("workloads", "a")),
        ("environments/platform.yaml", ("profiles", "p", "workloads", "a")),
        ("environments/dev.yaml", ("versions", "workloads", "a")),
        ("environments/live.yaml", ("workloads", "a")),
    ]
    assert list(places(platform, trees, "c")) == []
