"""The parts of tests/manifests/ that the checks lean on, without helm."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.manifests import environments
from tests.manifests.checks import CHECKS, Check
from tests.manifests.checks.values import _unknown
from tests.manifests.definitions import validator
from tests.manifests.helm import ChartMissingError, Helm, HelmRefusedError, read
from tests.manifests.model import Environment, Manifest
from tests.manifests.network import Port, covers, directions
from tests.manifests.pod_security import baseline, restricted
from tests.manifests.pods import pod_of
from tests.manifests.projects import goes
from tests.manifests.quantity import amount
from tests.manifests.selectors import selects

NOTHING = Environment("dev", "1.34", {}, (), ())


@pytest.mark.parametrize(
    ("quantity", "number"),
    [
        *(("100m", "0.1"), (2, "2"), ("1.5", "1.5"), (".5", "0.5"), ("-1n", "-1e-9"), ("1k", "1000")),
        *(("2e3", "2000"), ("1E3", "1000"), ("5e-1", "0.5")),
        *(("128Mi", 128 << 20), ("1E", "1e18"), ("1Ei", 1 << 60)),
    ],
)
def test_a_quantity_is_a_number(quantity: object, number: object) -> None:
    assert amount(quantity) == Decimal(str(number))


@pytest.mark.parametrize("quantity", ["", "1 Gi", "1GB", "1gi", "1K", "Mi", "1,5", "1e", True, None])
def test_what_is_no_quantity_is_refused(quantity: object) -> None:
    with pytest.raises(ValueError, match="is no quantity: write"):
        amount(quantity)


@pytest.mark.parametrize(
    ("selector", "taken"),
    [
        (None, False),
        ({}, True),
        ({"matchLabels": {"a": "b"}}, True),
        ({"matchLabels": {"a": "c"}}, False),
        ({"matchExpressions": [{"key": "a", "operator": "In", "values": ["b"]}]}, True),
        ({"matchExpressions": [{"key": "a", "operator": "NotIn", "values": ["b"]}]}, False),
        ({"matchExpressions": [{"key": "x", "operator": "NotIn", "values": ["b"]}]}, True),
        ({"matchExpressions": [{"key": "a", "operator": "Exists"}]}, True),
        ({"matchExpressions": [{"key": "a", "operator": "DoesNotExist"}]}, False),
        ({"matchLabels": {"a": "b"}, "matchExpressions": [{"key": "x", "operator": "Exists"}]}, False),
    ],
)
def test_selectors(selector: dict[str, Any] | None, *, taken: bool) -> None:
    assert selects(selector, {"a": "b"}) is taken


def test_an_operator_that_is_none() -> None:
    with pytest.raises(ValueError, match="Gt is no operator"):
        selects({"matchExpressions": [{"key": "a", "operator": "Gt", "values": ["1"]}]}, {})


@pytest.mark.parametrize(
    ("entry", "covered"),
    [
        ({}, True),
        ({"port": 8080}, True),
        ({"port": "http"}, True),
        ({"port": 1024, "endPort": 9000}, True),
        ({"port": 8080, "protocol": "UDP"}, False),
        ({"port": 80}, False),
        ({"port": "https"}, False),
    ],
)
def test_the_ports_of_a_rule(entry: dict[str, Any], *, covered: bool) -> None:
    assert covers(entry, Port("TCP", 8080, "http")) is covered


def test_a_policy_closes_what_it_says_or_else_what_it_has_rules_for() -> None:
    def policy(**spec: object) -> Manifest:
        return Manifest("a", "b", 0, "c", {"spec": spec})

    assert directions(policy(policyTypes=["Egress"])) == ["Egress"]
    assert directions(policy()) == ["Ingress"]
    assert directions(policy(egress=[{}])) == ["Ingress", "Egress"]


def test_a_map_is_no_value_where_the_chart_has_a_word() -> None:
    defaults = {"a": "word", "b": {"c": 1}, "open": {}}
    assert list(_unknown({"a": {"b": 1}}, defaults, "")) == ["map at a: it is 'word' there"]
    assert list(_unknown({"b": {"d": 1}, "open": {"x": 1}, "a": None}, defaults, "")) == ["b.d"]


def test_an_exception_excuses_and_is_told_when_idle() -> None:
    check = Check(
        "test", "Nothing", lambda _: iter(["a: Pod/b: bad", "a: Pod/c: bad"]), {"a: Pod/b: *": "why"}
    )
    assert check.complaints(NOTHING) == ["dev/a: Pod/c: bad"]
    assert check.idle_exceptions([NOTHING]) == []
    assert check._replace(exceptions={"z: *": "why"}).idle_exceptions([NOTHING]) == ["z: *"]


def test_every_check_says_what_it_demands_and_why_it_makes_exceptions() -> None:
    assert len(CHECKS) > 20
    for check in CHECKS.values():
        assert check.demand[0].isupper(), check.name
        assert all(reason for reason in check.exceptions.values()), check.name


def test_a_definition_is_closed_and_knows_what_it_serves() -> None:
    schema = {"properties": {"spec": {"properties": {"port": {"x-kubernetes-int-or-string": True}}}}}
    versions = [
        {"name": "v1", "served": True, "schema": {"openAPIV3Schema": schema}},
        {"name": "v0", "served": False, "schema": {"openAPIV3Schema": schema}},
    ]
    definition = {"spec": {"group": "g.io", "names": {"kind": "Thing"}, "versions": versions}}
    judge = validator([definition], "g.io/v1", "Thing")
    assert judge
    assert judge.is_valid(
        {"apiVersion": "g.io/v1", "kind": "Thing", "metadata": {}, "spec": {"port": "http"}}
    )
    assert not judge.is_valid({"spec": {"port": True}})
    assert not judge.is_valid({"spec": {"prot": 80}})
    assert not judge.is_valid({"specs": {}})
    for api_version, kind in (
        ("g.io/v0", "Thing"),
        ("g.io/v2", "Thing"),
        ("h.io/v1", "Thing"),
        ("g.io/v1", "x"),
    ):
        assert validator([definition], api_version, kind) is None


def test_a_key_that_stands_twice_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "objects.yaml"
    file.write_text("kind: A\nkind: B\n")
    with pytest.raises(ValueError, match="kind"):
        read(file)


def test_a_chart_or_values_that_are_missing_are_told(tmp_path: Path) -> None:
    helm, chart = Helm(Path("helm"), tmp_path), tmp_path / "chart-1.0.0.tgz"
    with pytest.raises(ChartMissingError, match=r"chart-1\.0\.0\.tgz"):
        helm.template("a", chart, [], namespace="a", kubernetes_version="1.34")
    chart.touch()
    with pytest.raises(HelmRefusedError, match=r"absent\.yaml: no such file of values"):
        helm.template("a", chart, [tmp_path / "absent.yaml"], namespace="a", kubernetes_version="1.34")


def application(**source: object) -> dict[str, Any]:
    return {
        "metadata": {"name": "a"},
        "spec": {
            "project": "p",
            "source": {"repoURL": "https://example.com", **source},
            "destination": {"server": "s", "namespace": "n"},
            "syncPolicy": {"syncOptions": []},
        },
    }


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        ({"kustomize": {}}, "Application a: kustomize"),
        ({"chart": "c", "targetRevision": "1", "helm": {"parameters": []}}, "Application a: parameters"),
        ({"path": "empty"}, "empty: a folder without a chart or an object"),
        ({"ref": "values", "helm": {"valueFiles": ["values.yaml"]}}, "values.yaml: values for no chart"),
    ],
)
def test_what_would_render_otherwise_than_in_argocd_is_refused(
    tmp_path: Path, source: dict[str, Any], problem: str
) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(environments.NotUnderstoodError) as refused:
        environments.read(tmp_path, application(**source), tmp_path)
    assert str(refused.value) == problem


def test_values_are_of_the_repository_or_of_the_chart(tmp_path: Path) -> None:
    chart = tmp_path / "charts" / "c"
    chart.mkdir(parents=True)
    (chart / "Chart.yaml").touch()
    (tmp_path / "values.yaml").write_text(json.dumps({"a": 1}))
    helm = {"valueFiles": ["/values.yaml", "own.yaml"]}
    [source] = environments.read(tmp_path, application(path="charts/c", helm=helm), tmp_path).sources
    assert source.value_files == (tmp_path / "values.yaml", chart / "own.yaml")
    assert source.values == ({"a": 1},)
    assert source.release_name == "a"


def test_a_level_of_pod_security_says_no_more_than_it_does() -> None:
    spec = {
        "containers": [{"name": "a", "securityContext": {"capabilities": {"add": ["CHOWN", "SYS_ADMIN"]}}}]
    }
    pod = pod_of(Manifest("a", "b", 0, "c", {"kind": "Pod", "spec": spec}))
    assert list(baseline(pod)) == ["container a: capabilities.add has SYS_ADMIN"]
    assert list(restricted(pod)) == [
        "container a: capabilities.add has SYS_ADMIN",
        "container a: runAsNonRoot is not true",
        "container a: allowPrivilegeEscalation is not false",
        "container a: seccompProfile is not set",
        "container a: capabilities.drop is without ALL",
        "container a: capabilities.add has CHOWN",
    ]


@pytest.mark.parametrize(
    ("namespaces", "permitted"),
    [
        (["orders"], True),
        (["*"], True),
        (["ord*", "payments"], True),
        ([], False),
        (["payments"], False),
        (["!payments"], False),
        (["*", "!payments"], True),
        (["*", "!orders"], False),
        (["orders", "!o*"], False),
    ],
)
def test_where_a_project_goes(namespaces: list[str], *, permitted: bool) -> None:
    project = {"destinations": [{"server": "s", "namespace": name} for name in namespaces]}
    assert goes(project, "s", "orders") is permitted
    assert not goes(project, "t", "orders")
