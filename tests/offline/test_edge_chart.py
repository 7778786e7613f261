"""The edge chart under the real helm: what it renders, and which values it refuses."""

from __future__ import annotations

import pathlib
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from tests.offline.charts import (
    changed,
    check_schema,
    custom_resource,
    lint,
    misfits,
    objects,
    readme_rows,
    scenario,
    template,
    value_schema,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tests.offline.charts import Objects

    Render = Callable[[Mapping[str, Any]], Objects]

pytestmark = pytest.mark.offline

CHART = pathlib.Path(__file__).parents[2] / "argocd" / "charts" / "edge" / "1.0.0"
SCENARIOS = {name: scenario(CHART, name) for name in ("environment", "least")}
ENVIRONMENT, LEAST = SCENARIOS.values()
SCHEMA = value_schema(CHART)
REFUSED = yaml.safe_load(
    pathlib.Path(__file__).with_name("edge_chart_refused.yaml").read_text(encoding="utf-8")
)
SYNC_OPTIONS = "argocd.argoproj.io/sync-options"
SYNC_WAVE = "argocd.argoproj.io/sync-wave"


@pytest.fixture
def render(helm: pathlib.Path, tmp_path: pathlib.Path) -> Render:
    def rendered(values: Mapping[str, Any]) -> Objects:
        done = template(helm, CHART, tmp_path, values)
        assert done.returncode == 0, done.stderr
        return objects(done.stdout)

    return rendered


# --- Scenarios ---


def test_scenarios_are_all_tested() -> None:
    assert {file.name for file in (CHART / "ci").iterdir()} == {f"{name}-values.yaml" for name in SCENARIOS}


@pytest.mark.parametrize("name", SCENARIOS)
def test_strict_lint_passes(helm: pathlib.Path, name: str) -> None:
    done = lint(helm, CHART, CHART / "ci" / f"{name}-values.yaml")
    assert done.returncode == 0, done.stdout + done.stderr


def test_an_environment_has_its_objects(render: Render) -> None:
    found = render(ENVIRONMENT)
    assert {key: document["apiVersion"] for key, document in found.items()} == {
        "ingress-nginx/TargetGroupBinding/techchallenge-production-g1": "elbv2.k8s.aws/v1beta1",
        "Namespace/orders": "v1",
        "Namespace/legacy": "v1",
        "Namespace/kitchen": "v1",
        "orders/NetworkPolicy/default-deny": "networking.k8s.io/v1",
        "legacy/NetworkPolicy/default-deny": "networking.k8s.io/v1",
        "kitchen/NetworkPolicy/default-deny": "networking.k8s.io/v1",
        "orders/ServiceAccount/orders": "v1",
        "legacy/ServiceAccount/legacy": "v1",
        "legacy/ServiceAccount/legacy-import": "v1",
        "kitchen/ServiceAccount/kitchen": "v1",
        "orders/SecretStore/orders-store": "external-secrets.io/v1",
        "orders/ResourceQuota/orders": "v1",
        "PriorityClass/techchallenge-service": "scheduling.k8s.io/v1",
        "PriorityClass/techchallenge-job": "scheduling.k8s.io/v1",
        "StorageClass/gp3-encrypted": "storage.k8s.io/v1",
    }


def test_what_is_not_said_is_not_made(render: Render) -> None:
    assert render(LEAST).keys() == {"Namespace/kitchen", "kitchen/NetworkPolicy/default-deny"}
    assert render(LEAST | {"namespaces": []}) == {}


def test_labels_say_where_an_object_belongs(render: Render) -> None:
    labels = {
        "app.kubernetes.io/name": "edge",
        "app.kubernetes.io/instance": "the-release",
        "app.kubernetes.io/part-of": "techchallenge",
        "environment": "production",
        "app.kubernetes.io/managed-by": "Helm",
        "helm.sh/chart": "edge-1.0.0",
    }
    for key, document in render(ENVIRONMENT).items():
        seen = document["metadata"]["labels"]
        assert seen.items() >= labels.items()
        assert key.startswith("Namespace/") or seen == labels


def test_names_that_yaml_reads_as_something_else_stay_strings(render: Render) -> None:
    secrets = {"name": "no", "region": "us-east-1", "role": "arn:aws:iam::000000000001:role/1e3"}
    binding = {
        "name": "1e3",
        "namespace": "08",
        "targetGroupName": "0x1f",
        "service": {"name": "y", "port": "on"},
        "targetType": "ip",
    }
    found = render(
        {
            "environment": "no",
            "partOf": "1e3",
            "targetGroupBinding": binding,
            "namespaces": [
                {"name": "on", "serviceAccounts": ["off"], "secretStore": secrets, "quota": {"pods": "012"}}
            ],
            "priorityClasses": [{"name": "null", "value": 1, "description": "~"}],
            "storageClass": {"name": "true"},
        }
    )
    assert found.keys() == {
        "08/TargetGroupBinding/1e3",
        "Namespace/on",
        "on/NetworkPolicy/default-deny",
        "on/ServiceAccount/off",
        "on/SecretStore/no",
        "on/ResourceQuota/on",
        "PriorityClass/null",
        "StorageClass/true",
    }
    names = [name for document in found.values() for name in document["metadata"].values()]
    assert all(isinstance(name, str) for name in names if not isinstance(name, dict))
    assert found["Namespace/on"]["metadata"]["labels"]["environment"] == "no"
    assert found["08/TargetGroupBinding/1e3"]["spec"] == {
        "targetGroupName": "0x1f",
        "targetType": "ip",
        "serviceRef": {"name": "y", "port": "on"},
    }
    assert found["on/ResourceQuota/on"]["spec"]["hard"] == {"pods": "012"}
    assert found["PriorityClass/null"]["description"] == "~"
    annotations = found["StorageClass/true"]["metadata"]["annotations"]
    assert annotations == {"storageclass.kubernetes.io/is-default-class": "false"}


# --- Namespaces and what lives in them ---


@pytest.mark.parametrize(
    ("name", "profile"), [("orders", "restricted"), ("legacy", "baseline"), ("kitchen", "restricted")]
)
def test_pod_security_is_enforced_audited_and_warned_of(render: Render, name: str, profile: str) -> None:
    labels = render(ENVIRONMENT)[f"Namespace/{name}"]["metadata"]["labels"]
    prefix = "pod-security.kubernetes.io/"
    assert {key: value for key, value in labels.items() if key.startswith(prefix)} == {
        f"{prefix}{mode}{suffix}": value
        for mode in ("enforce", "audit", "warn")
        for suffix, value in (("", profile), ("-version", "latest"))
    }


def test_namespaces_come_first_and_outlive_a_mistake(render: Render) -> None:
    for key, document in render(ENVIRONMENT).items():
        annotations = document["metadata"].get("annotations", {})
        if key.startswith("Namespace/"):
            assert annotations == {
                SYNC_WAVE: "-1",
                SYNC_OPTIONS: "Delete=false,Prune=false",
                "argocd.argoproj.io/compare-options": "IgnoreExtraneous",
            }
        else:
            assert SYNC_WAVE not in annotations


def test_nobody_talks_to_anybody_by_default(render: Render) -> None:
    found = render(ENVIRONMENT)
    policies = [document for key, document in found.items() if "/NetworkPolicy/" in key]
    # No rules beside the types: an empty rule would let everything through.
    assert [policy["spec"] for policy in policies] == [
        {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}
    ] * 3


def test_service_accounts_have_no_kubernetes_token(render: Render) -> None:
    accounts = [document for key, document in render(ENVIRONMENT).items() if "/ServiceAccount/" in key]
    assert [account["automountServiceAccountToken"] for account in accounts] == [False] * 4


def test_a_store_reads_with_the_workloads_own_role(render: Render, upstream: pathlib.Path) -> None:
    store = render(ENVIRONMENT)["orders/SecretStore/orders-store"]
    assert store["metadata"]["annotations"] == {
        SYNC_OPTIONS: "SkipDryRunOnMissingResource=true",
        "argocd.argoproj.io/ignore-healthcheck": "true",
    }
    role = "arn:aws:iam::333333333333:role/techchallenge-production-orders-secrets"
    assert store["spec"] == {
        "provider": {"aws": {"service": "SecretsManager", "region": "us-east-1", "role": role}}
    }
    # A SecretStore is a ClusterSecretStore without `conditions`; only the latter's definition is at hand.
    schema = custom_resource(
        upstream / "crds", "external-secrets.io_clustersecretstores.yaml", "ClusterSecretStore"
    )
    del schema["properties"]["spec"]["properties"]["conditions"]
    assert misfits(schema, store) == []
    broken = {"spec.provider.aws.service": "Secrets", "spec.provider.aws.arn": role, "spec.conditions": []}
    assert len(misfits(schema, changed(store, broken))) == 3


def test_a_quota_reaches_the_namespace(render: Render) -> None:
    hard = render(ENVIRONMENT)["orders/ResourceQuota/orders"]["spec"]
    assert hard == {"hard": ENVIRONMENT["namespaces"][0]["quota"]}


# --- The cluster ---


def test_the_load_balancers_group_is_bound_by_its_name(render: Render, upstream: pathlib.Path) -> None:
    binding = render(ENVIRONMENT)["ingress-nginx/TargetGroupBinding/techchallenge-production-g1"]
    assert binding["metadata"]["annotations"] == {SYNC_OPTIONS: "SkipDryRunOnMissingResource=true"}
    assert binding["spec"] == {
        "targetGroupName": "techchallenge-production-g1",
        "targetType": "ip",
        "serviceRef": {"name": "ingress-nginx-controller", "port": "https"},
    }
    schema = custom_resource(upstream / "crds", "elbv2.k8s.aws.yaml", "TargetGroupBinding")
    assert misfits(schema, binding) == []
    broken = {"spec.targetType": "pod", "spec.targetGroup": "a", "spec.serviceRef.name": 1}
    assert len(misfits(schema, changed(binding, broken))) == 3


def test_a_services_port_can_be_a_number(render: Render) -> None:
    values = changed(ENVIRONMENT, {"targetGroupBinding.service.port": 443})
    binding = render(values)["ingress-nginx/TargetGroupBinding/techchallenge-production-g1"]
    assert binding["spec"]["serviceRef"] == {"name": "ingress-nginx-controller", "port": 443}


def test_priorities_are_whole_numbers_and_nobodys_default(render: Render) -> None:
    classes = changed(ENVIRONMENT, {"priorityClasses.0.value": 1_000_000_000})
    found = [document for key, document in render(classes).items() if key.startswith("PriorityClass/")]
    # Helm holds numbers as floats, which Go prints as 1e+09.
    assert [(priority["value"], type(priority["value"])) for priority in found] == [(10**9, int), (100, int)]
    assert [priority["description"] for priority in found] == ["Answers requests.", "Can wait."]
    assert [priority["globalDefault"] for priority in found] == [False, False]


@pytest.mark.parametrize("default", [True, False])
def test_volumes_are_encrypted(render: Render, *, default: bool) -> None:
    storage = render(changed(ENVIRONMENT, {"storageClass.default": default}))["StorageClass/gp3-encrypted"]
    annotations = storage["metadata"]["annotations"]
    assert annotations == {"storageclass.kubernetes.io/is-default-class": str(default).lower()}
    assert storage["provisioner"] == "ebs.csi.aws.com"
    assert storage["parameters"] == {"type": "gp3", "encrypted": "true"}
    assert storage["volumeBindingMode"] == "WaitForFirstConsumer"
    assert storage["allowVolumeExpansion"] is True
    assert storage["reclaimPolicy"] == "Delete"


# --- Values that are refused ---


@pytest.mark.parametrize("case", REFUSED, ids=[case["case"] for case in REFUSED])
def test_nonsense_is_refused_and_the_key_named(
    helm: pathlib.Path, tmp_path: pathlib.Path, case: dict[str, Any]
) -> None:
    done = template(helm, CHART, tmp_path, changed(ENVIRONMENT, case["change"]))
    assert done.returncode != 0
    assert [words for words in case["messages"] if words not in done.stderr] == []


# --- The schema and what is written about it ---


def test_schema_is_closed_and_describes_every_value() -> None:
    check_schema(SCHEMA, maps={"/properties/namespaces/items/properties/quota"})


def test_values_file_sets_nothing_and_shows_every_value() -> None:
    text = (CHART / "values.yaml").read_text(encoding="utf-8")
    assert yaml.safe_load(text) is None
    shown = {line.removeprefix("# ").partition(":")[0] for line in text.splitlines()}
    assert shown >= SCHEMA["properties"].keys()


def test_readme_lists_every_value() -> None:
    text = (CHART / "README.md").read_text(encoding="utf-8")
    assert [line for line in text.splitlines() if line.startswith("| `")][-len(SCHEMA["properties"]) :] == (
        readme_rows(SCHEMA)
    )
