"""What the catalog computes, where the shipped environments cannot show it."""

from __future__ import annotations

import ipaddress
import json
import re
import sys
from datetime import date
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from lupa import lua51

from generator import load, source
from generator.catalog import IngressController, Known, argo_cd, identity, ingress_nginx_config, known
from generator.catalog.known import NOT_AWAITED
from generator.catalog.placement import spread
from generator.model.quantity import amount
from generator.render.values import render as render_values

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.model import Component, Environment

ROOT = Path(__file__).parents[1]
CONTROLLER = {"app.kubernetes.io/name": "ingress-nginx", "app.kubernetes.io/component": "controller"}


@pytest.fixture(scope="module")
def production() -> Environment:
    loaded = load.load(source.load(ROOT), date(2026, 11, 24))
    assert loaded.spec is not None
    [found] = [e for e in loaded.spec.environments if e.name == "production"]
    return found


def component(environment: Environment, name: str) -> Component:
    [found] = [c for c in environment.components if c.name == name]
    return found


def values(environment: Environment, name: str) -> dict[str, Any]:
    return known(name).values(environment, component(environment, name))


def without_gateway(environment: Environment) -> Environment:
    return environment._replace(gateway=environment.gateway._replace(enabled=False))


def test_a_stranger_has_no_values_and_no_objects(production: Environment) -> None:
    stranger = known("no-such-chart")
    anything = component(production, "argo-cd")
    assert stranger.values(production, anything) == {}
    assert stranger.objects is None
    assert stranger.ignore_differences == ()


def test_every_shipped_component_is_known(production: Environment) -> None:
    assert [c.name for c in production.components if not values(production, c.name)] == []


def test_a_helper_beside_the_components_is_no_component() -> None:
    assert known("placement") == known("differences") == known("no-such-chart")


# --- Where pods run ---


def test_pods_spread_over_zones_first_and_never_wait_for_it() -> None:
    constraints = spread({"a": "b"})
    assert [c["topologyKey"] for c in constraints] == [
        "topology.kubernetes.io/zone",
        "kubernetes.io/hostname",
    ]
    assert {c["whenUnsatisfiable"] for c in constraints} == {"ScheduleAnyway"}
    assert all(c["labelSelector"] == {"matchLabels": {"a": "b"}} for c in constraints)
    assert not any("labelSelector" in c for c in spread(None))


# --- ingress-nginx ---


def test_the_callers_address_comes_in_a_header_of_the_gateway(production: Environment) -> None:
    config = ingress_nginx_config.config(production)
    assert config["enable-real-ip"] == "true"
    assert config["forwarded-for-header"] == "X-Client-Address"
    assert config["proxy-real-ip-cidr"] == "10.30.208.0/22,10.30.212.0/22,10.30.216.0/22"
    assert config.keys().isdisjoint({"use-proxy-protocol", "use-forwarded-headers"})


def test_without_the_gateway_it_comes_by_proxy_protocol(production: Environment) -> None:
    config = ingress_nginx_config.config(without_gateway(production))
    assert config["use-proxy-protocol"] == "true"
    assert config["proxy-real-ip-cidr"] == "10.30.192.0/22,10.30.196.0/22,10.30.200.0/22"
    assert config.keys().isdisjoint({"enable-real-ip", "forwarded-for-header", "use-forwarded-headers"})


@pytest.mark.parametrize("gateway", [True, False])
def test_no_pod_and_no_node_is_believed(production: Environment, *, gateway: bool) -> None:
    environment = production if gateway else without_gateway(production)
    for cidr in environment.load_balancer_subnets:
        for subnets in production.network.subnets.values():
            assert not ipaddress.IPv4Network(cidr).overlaps(subnets.private)


@pytest.mark.parametrize(
    ("target", "refused"),
    [
        ("/", False),
        ("/orders", False),
        ("/orders/7?back=//x/../%2e", False),
        ("/.well-known/jwks.json", False),
        ("/pedidos/%C3%A1gua%20fria", False),
        ("/a...b/v1.2/x~y", False),
        ("//orders", True),
        ("/menu/../orders", True),
        ("/menu/./orders", True),
        ("/menu/..", True),
        ("/menu/.?x", True),
        ("/menu/..;/orders", True),
        ("/menu;x=1/orders", True),
        ("/menu\\..\\orders", True),
        ("/menu#/orders", True),
        ("/menu/%2e%2E/orders", True),
        ("/%6frders", True),
        ("/%4Frders", True),
        ("/menu%2Forders", True),
        ("/menu%5corders", True),
        ("/menu%252forders", True),
        ("/menu%3F/orders", True),
        ("/menu%3b/orders", True),
        ("/menu%00", True),
        ("/pedidos/%E2%82%AC/%F0%9F%8D%94", False),
        ("/menu/%c0%ae%c0%ae/orders", True),
        ("/menu/..%c0%aforders", True),
        ("/menu/%e0%80%ae/orders", True),
        ("/menu/%f0%80%80%ae/orders", True),
        ("/menu/\xc0\xae/orders", True),
        ("/menu%0a", True),
    ],
)
def test_a_path_that_could_be_read_in_two_ways_is_refused(
    production: Environment, target: str, *, refused: bool
) -> None:
    snippet = ingress_nginx_config.config(production)["server-snippet"]
    match = re.fullmatch(r'if \(\$request_uri ~\* "(.+)"\) \{\n  return 400;\n\}', snippet)
    assert match is not None
    assert bool(re.search(match[1], target, re.IGNORECASE)) == refused


def test_without_the_gateway_nobody_may_say_who_calls(production: Environment) -> None:
    assert "location-snippet" not in ingress_nginx_config.config(production)
    assert ingress_nginx_config.config(without_gateway(production))["location-snippet"].splitlines() == [
        'proxy_set_header X-Customer-Id "";',
        'proxy_set_header X-Customer-Acr "";',
    ]


def test_the_configuration_is_all_strings(production: Environment) -> None:
    for environment in (production, without_gateway(production)):
        assert all(isinstance(v, str) for v in ingress_nginx_config.config(environment).values())


@pytest.mark.parametrize("zones", [2, 3])
def test_ingress_survives_a_zone_and_a_drain(production: Environment, zones: int) -> None:
    environment = production._replace(network=production.network._replace(zones=zones))
    controller = values(environment, "ingress-nginx")["controller"]
    assert controller["autoscaling"]["minReplicas"] == zones
    assert controller["autoscaling"]["maxReplicas"] > zones
    assert controller["minAvailable"] == zones - 1


def fence(environment: Environment) -> dict[str, Any]:
    [policy] = known("ingress-nginx").objects(environment, component(environment, "ingress-nginx"))
    assert policy["spec"]["podSelector"] == {"matchLabels": CONTROLLER}
    spec: dict[str, Any] = policy["spec"]
    return spec


def peers(rules: list[dict[str, Any]], side: str) -> dict[tuple[str, int], list[Any]]:
    """The other side by protocol and port."""
    return {
        (p["protocol"], p["port"]): [r for rule in rules if p in rule["ports"] for r in rule[side]]
        for rule in rules
        for p in rule["ports"]
    }


def test_the_webhook_is_open_to_the_api_server_alone(production: Environment) -> None:
    incoming = peers(fence(production)["ingress"], "from")
    intra = [{"ipBlock": {"cidr": str(s.intra)}} for s in production.network.subnets.values()]
    assert incoming["TCP", 8443] == intra
    assert incoming.keys() == {("TCP", 443), ("TCP", 8443), ("TCP", 10254)}
    assert all(rule["from"] for rule in fence(production)["ingress"]), "no from is everybody"


@pytest.mark.parametrize("gateway", [True, False])
def test_requests_come_from_the_load_balancer_alone(production: Environment, *, gateway: bool) -> None:
    environment = production if gateway else without_gateway(production)
    believed = environment.load_balancer_subnets
    incoming = peers(fence(environment)["ingress"], "from")
    assert incoming["TCP", 443] == [{"ipBlock": {"cidr": cidr}} for cidr in believed]


def test_the_controller_reaches_routed_workloads_and_nothing_else(production: Environment) -> None:
    outgoing = peers(fence(production)["egress"], "to")
    routed = {w.namespace for w in production.workloads if w.settings.routes}
    reached = {
        p["namespaceSelector"]["matchLabels"]["kubernetes.io/metadata.name"] for p in outgoing["TCP", 8080]
    }
    assert reached == routed == {"customers", "kitchen", "orders", "payments"}
    assert {"ipBlock": {"cidr": "172.20.0.1/32"}} in outgoing["TCP", 443], "the Service of the API server"
    assert outgoing.keys() == {("UDP", 53), ("TCP", 53), ("TCP", 443), ("TCP", 8080)}


def test_metrics_are_open_to_the_collector_where_there_is_one(production: Environment) -> None:
    others = tuple(c for c in production.components if c.name != "opentelemetry-collector")
    assert ("TCP", 10254) not in peers(fence(production._replace(components=others))["ingress"], "from")


def test_the_access_log_is_one_json_object(production: Environment) -> None:
    fields = json.loads(ingress_nginx_config.config(production)["log-format-upstream"])
    assert all(variable.startswith("$") for variable in fields.values())
    assert "$uri" in fields.values()


# --- Argo CD ---


@pytest.mark.parametrize(
    ("count", "status", "operation", "parallel"),
    [(10, 20, 10, 4), (400, 20, 10, 20), (1000, 50, 25, 20)],
)
def test_processors_follow_the_number_of_applications(
    count: int, status: int, operation: int, parallel: int
) -> None:
    assert argo_cd._load(count)["params"] == {
        "controller.status.processors": status,
        "controller.operation.processors": operation,
        "reposerver.parallelism.limit": parallel,
    }


def test_memory_grows_with_the_applications_and_stays_under_its_limit() -> None:
    sizes = [argo_cd._load(count) for count in (10, 100, 1000)]
    for part in ("controller", "repoServer", "redis"):
        requests = [amount(s[part]["requests"]["memory"]) for s in sizes]
        assert requests == sorted(requests)
        assert requests[0] < requests[-1]
        assert all(amount(s[part]["limits"]["memory"]) > r for s, r in zip(sizes, requests, strict=True))


def test_every_workload_and_component_counts_as_an_application(production: Environment) -> None:
    many = production._replace(workloads=production.workloads * 250)
    params = values(many, "argo-cd")["configs"]["params"]
    assert params["controller.status.processors"] == (len(many.workloads) + len(many.components) + 2) // 20


def test_high_availability_goes_with_deletion_protection(production: Environment) -> None:
    high = values(production, "argo-cd")
    assert high["redis-ha"]["enabled"] is True
    assert (high["server"]["replicas"], high["repoServer"]["replicas"]) == (2, 2)
    low = values(production._replace(deletion_protection=False), "argo-cd")
    assert "redis-ha" not in low
    assert (low["server"]["replicas"], low["repoServer"]["replicas"]) == (1, 1)
    assert "pdb" not in low["server"], "a budget for one pod would hold up every drain"


@pytest.mark.parametrize(("nodes", "apart"), [(2, False), (3, True)])
def test_redis_needs_a_node_each_only_where_there_are_enough(
    production: Environment, nodes: int, *, apart: bool
) -> None:
    groups = tuple(g._replace(minimum=0 if g.taints else nodes) for g in production.cluster.node_groups)
    environment = production._replace(cluster=production.cluster._replace(node_groups=groups))
    redis = values(environment, "argo-cd")["redis-ha"]
    assert redis["hardAntiAffinity"] is redis["haproxy"]["hardAntiAffinity"] is apart


@pytest.fixture
def traefik(monkeypatch: pytest.MonkeyPatch) -> Iterator[IngressController]:
    """Another ingress controller: a module in the catalog, and nothing else."""
    controller = IngressController(
        class_name="internet",
        service="traefik",
        port="websecure",
        pod_labels={"app.kubernetes.io/name": "traefik"},
        annotations={"traefik.ingress.kubernetes.io/router.tls": "true"},
    )
    module = ModuleType("generator.catalog.traefik")
    monkeypatch.setattr(module, "COMPONENT", Known(ingress=controller), raising=False)
    monkeypatch.setitem(sys.modules, module.__name__, module)
    known.cache_clear()
    yield controller
    known.cache_clear()


def test_another_ingress_controller_changes_no_workload(
    production: Environment, traefik: IngressController
) -> None:
    other = component(production, "ingress-nginx")._replace(name="traefik", namespace="traefik")
    changed = production._replace(
        ingress=production.ingress._replace(controller="traefik"), components=(*production.components, other)
    )
    before, after = dict(render_values(production)), dict(render_values(changed))
    for workload in production.workloads:
        file = f"values/{workload.name}.yaml"
        old, new = yaml.safe_load(before[file]), yaml.safe_load(after[file])
        if workload.settings.routes:
            assert new["ingress"].pop("annotations") == traefik.annotations
            old["ingress"]["className"] = traefik.class_name
            old["network"]["controller"] = {"namespace": "traefik", "podLabels": traefik.pod_labels}
        assert new == old
    binding = yaml.safe_load(after["values/edge.yaml"])["targetGroupBinding"]
    assert binding["namespace"] == "traefik"
    assert binding["service"] == {"name": traefik.service, "port": traefik.port}


def test_a_shared_namespace_bears_what_all_in_it_bear(production: Environment) -> None:
    def moved(**namespaces: str) -> Environment:
        components = (
            c._replace(namespace=namespaces.get(c.name.replace("-", "_"), c.namespace))
            for c in production.components
        )
        return production._replace(components=tuple(components))

    assert production.pod_security("external-secrets") == "restricted"
    assert moved(external_secrets="observability").pod_security("observability") == "privileged"
    assert moved(metrics_server="external-secrets").pod_security("external-secrets") == ""
    assert moved(external_secrets="kube-system").pod_security("kube-system") == ""


@pytest.mark.parametrize(
    ("application", "status"),
    [
        ({"metadata": {}}, "Progressing"),
        ({"metadata": {}, "status": {"health": {"status": "Degraded", "message": "a pod"}}}, "Degraded"),
        ({"metadata": {"annotations": {"a": "b"}}, "status": {"health": {"status": "Healthy"}}}, "Healthy"),
        ({"metadata": {"annotations": NOT_AWAITED}, "status": {"health": {"status": "Degraded"}}}, "Healthy"),
    ],
)
def test_later_waves_wait_for_an_application_unless_nothing_needs_it(
    production: Environment, application: dict[str, Any], status: str
) -> None:
    cm = values(production, "argo-cd")["configs"]["cm"]
    script = cm["resource.customizations.health.argoproj.io_Application"]
    lua = lua51.LuaRuntime()
    health = lua.execute(f"obj = ...\n{script}", lua.table_from(application, recursive=True))
    assert health["status"] == status
    assert [c.name for c in production.components if not known(c.name).awaited] == ["opentelemetry-collector"]


def test_components_wait_for_their_permissions_as_workloads_do(production: Environment) -> None:
    charts = (ROOT / "argocd" / "charts" / "workload").iterdir()
    newest = max(charts, key=lambda folder: tuple(map(int, folder.name.split("."))))
    image = yaml.safe_load((newest / "values.yaml").read_text(encoding="utf-8"))["identity"]["image"]
    assert f"{image['repository']}:{image['tag']}@{image['digest']}" == identity.IMAGE
    waiting = []
    for found in production.components:
        objects = known(found.name).objects
        for document in objects(production, found) if objects else []:
            if document["kind"] == "Job":
                waiting.append(found.name)
                account = document["spec"]["template"]["spec"]["serviceAccountName"]
                assert account == found.service_account
    assert waiting == [c.name for c in production.components if c.uses_aws]
