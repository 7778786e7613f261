"""The workload chart 1.0.0 under the real helm: what it renders, and which values it refuses."""

from __future__ import annotations

import pathlib
import re
import subprocess
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

CHART = pathlib.Path(__file__).parents[2] / "argocd" / "charts" / "workload" / "1.0.0"
SCENARIOS = {name: scenario(CHART, name) for name in ("service", "service-everything", "job")}
SERVICE, EVERYTHING, JOB = SCENARIOS.values()
SCHEMA = value_schema(CHART)
DEFAULTS = yaml.safe_load((CHART / "values.yaml").read_text(encoding="utf-8"))
DIGEST = "sha256:" + "0123456789abcdef" * 4
REFUSED = yaml.safe_load(
    pathlib.Path(__file__).with_name("workload_chart_refused.yaml").read_text(encoding="utf-8")
)

DNS = {
    "to": [
        {
            "namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "kube-system"}},
            "podSelector": {"matchLabels": {"k8s-app": "kube-dns"}},
        }
    ],
    "ports": [{"protocol": "UDP", "port": 53}, {"protocol": "TCP", "port": 53}],
}
AWS = [
    {"to": [{"ipBlock": {"cidr": "169.254.170.23/32"}}], "ports": [{"protocol": "TCP", "port": 80}]},
    {
        "to": [{"ipBlock": {"cidr": "0.0.0.0/0", "except": ["169.254.0.0/16"]}}],
        "ports": [{"protocol": "TCP", "port": 443}],
    },
]
NO_FAILURE = {
    "rules": [{"action": "Ignore", "onPodConditions": [{"type": "DisruptionTarget", "status": "True"}]}]
}


def namespace(name: str) -> dict[str, Any]:
    return {"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": name}}}


@pytest.fixture
def render(helm: pathlib.Path, tmp_path: pathlib.Path) -> Render:
    def rendered(values: Mapping[str, Any]) -> Objects:
        done = template(helm, CHART, tmp_path, values)
        assert done.returncode == 0, done.stderr
        return objects(done.stdout)

    return rendered


def one(found: Objects, kind: str) -> dict[str, Any]:
    """The workload's object of a kind, not the identity check's."""
    [identity] = [key for key in found if key.startswith(f"{kind}/") and not key.endswith("-identity")]
    return found[identity]


def pod(found: Objects) -> dict[str, Any]:
    """The pod template of the Deployment or CronJob."""
    if any(key.startswith("CronJob/") for key in found):
        template_: dict[str, Any] = one(found, "CronJob")["spec"]["jobTemplate"]["spec"]["template"]
    else:
        template_ = one(found, "Deployment")["spec"]["template"]
    return template_


def container(found: Objects) -> dict[str, Any]:
    [only] = pod(found)["spec"]["containers"]
    assert isinstance(only, dict)
    return only


# --- Scenarios ---


def test_scenarios_are_all_tested() -> None:
    assert {file.name for file in (CHART / "ci").iterdir()} == {f"{name}-values.yaml" for name in SCENARIOS}


@pytest.mark.parametrize("name", SCENARIOS)
def test_strict_lint_passes(helm: pathlib.Path, name: str) -> None:
    done = lint(helm, CHART, CHART / "ci" / f"{name}-values.yaml")
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("name", "kinds"),
    [
        ("service", {"NetworkPolicy/kitchen", "Deployment/kitchen", "Service/kitchen"}),
        (
            "service-everything",
            {
                "NetworkPolicy/orders",
                "Deployment/orders",
                "Service/orders",
                "Ingress/orders",
                "HorizontalPodAutoscaler/orders",
                "PodDisruptionBudget/orders",
                "ExternalSecret/orders",
                "Job/orders-identity",
                "NetworkPolicy/orders-identity",
            },
        ),
        (
            "job",
            {
                "NetworkPolicy/daily-report",
                "CronJob/daily-report",
                "ExternalSecret/daily-report",
                "Job/daily-report-identity",
                "NetworkPolicy/daily-report-identity",
            },
        ),
    ],
)
def test_each_scenario_has_its_objects(render: Render, name: str, kinds: set[str]) -> None:
    assert render(SCENARIOS[name]).keys() == kinds


@pytest.mark.parametrize("name", SCENARIOS)
def test_every_pod_meets_the_restricted_pod_security_profile(render: Render, name: str) -> None:
    found = render(SCENARIOS[name])
    checks = [check["spec"]["template"] for key, check in found.items() if key.startswith("Job/")]
    assert len(checks) == ("identity" in SCENARIOS[name])
    for template_ in [pod(found), *checks]:
        spec = template_["spec"]
        assert (
            spec["securityContext"].items()
            >= {
                "runAsNonRoot": True,
                "seccompProfile": {"type": "RuntimeDefault"},
            }.items()
        )
        assert spec["securityContext"].get("runAsUser", 1) > 0
        assert not {"hostNetwork", "hostPID", "hostIPC"} & spec.keys()
        [only] = spec["containers"]
        assert only["securityContext"] == {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        }
        assert only["volumeMounts"] == [{"name": "tmp", "mountPath": "/tmp"}]  # noqa: S108 - in the pod
        [volume] = spec["volumes"]
        assert volume["name"] == "tmp"
        assert volume["emptyDir"].keys() == {"sizeLimit"}


@pytest.mark.parametrize("name", SCENARIOS)
def test_every_pod_runs_as_the_service_account_without_a_kubernetes_token(render: Render, name: str) -> None:
    found = render(changed(SCENARIOS[name], {"serviceAccount.name": "another"}))
    checks = [check["spec"]["template"] for key, check in found.items() if key.startswith("Job/")]
    for template_ in [pod(found), *checks]:
        assert template_["spec"]["serviceAccountName"] == "another"
        assert template_["spec"]["automountServiceAccountToken"] is False
        assert template_["spec"]["enableServiceLinks"] is False


# --- Labels and selectors ---


def test_selectors_match_the_pods_labels(render: Render) -> None:
    found = render(EVERYTHING)
    labels = pod(found)["metadata"]["labels"]
    selectors = [
        one(found, "Deployment")["spec"]["selector"]["matchLabels"],
        one(found, "Service")["spec"]["selector"],
        one(found, "PodDisruptionBudget")["spec"]["selector"]["matchLabels"],
        one(found, "NetworkPolicy")["spec"]["podSelector"]["matchLabels"],
        *(s["labelSelector"]["matchLabels"] for s in pod(found)["spec"]["topologySpreadConstraints"]),
    ]
    # Only the name: a Deployment's selector is immutable, and versions change.
    assert selectors == [{"app.kubernetes.io/name": "orders"}] * 6
    assert labels.items() >= selectors[0].items()


@pytest.mark.parametrize("name", ["service-everything", "job"])
def test_labels_say_what_runs_where(render: Render, name: str) -> None:
    values = SCENARIOS[name]
    found = render(values)
    place = {
        "app.kubernetes.io/instance": "the-release",
        "app.kubernetes.io/part-of": "techchallenge",
        "environment": "production",
    }
    own = {"app.kubernetes.io/name": values["name"], "app.kubernetes.io/version": values["image"]["tag"]}
    chart = {"app.kubernetes.io/managed-by": "Helm", "helm.sh/chart": "workload-1.0.0"}
    assert pod(found)["metadata"]["labels"] == place | own  # no chart's: a new chart restarts no pod
    check = {"app.kubernetes.io/name": f"{values['name']}-identity"}
    for key, document in found.items():
        expected = place | chart | (check if key.endswith("-identity") else own)
        assert document["metadata"]["labels"] == expected, key
    if name == "job":
        assert one(found, "CronJob")["spec"]["jobTemplate"]["metadata"]["labels"] == place | own | chart


def test_any_tag_gives_a_valid_version_label(render: Render) -> None:
    tag = "_" + "a" * 60 + ".-" + "b" * 60
    labels = one(render(changed(SERVICE, {"image.tag": tag})), "Deployment")["metadata"]["labels"]
    assert labels["app.kubernetes.io/version"] == "a" * 60


def test_names_that_yaml_reads_as_something_else_stay_strings(render: Render) -> None:
    ambiguous = {
        "name": "on",
        "environment": "no",
        "partOf": "1e3",
        "image": {"repository": "null", "tag": "0o17"},
        "serviceAccount.name": "y",
        "priorityClassName": "0x1f",
        "secrets": {"store": "1e3", "keys": {"N": "012", "null": "no"}},
        "network.controller": {"namespace": "08", "podLabels": {"y": "n"}},
        "network.from": [{"namespace": "1e3"}],
        "network.to": [{"namespace": "off", "port": 1}],
        "ingress.annotations": {"no": "1e3"},
    }
    found = render(changed(EVERYTHING, ambiguous))
    assert {document["metadata"]["name"] for document in found.values()} == {"on", "on-identity"}
    labels = found["Deployment/on"]["metadata"]["labels"]
    assert (labels["environment"], labels["app.kubernetes.io/part-of"]) == ("no", "1e3")
    assert labels["app.kubernetes.io/version"] == "0o17"
    assert (pod(found)["spec"]["serviceAccountName"], pod(found)["spec"]["priorityClassName"]) == (
        "y",
        "0x1f",
    )
    assert container(found)["env"][-2:] == [
        {"name": key, "valueFrom": {"secretKeyRef": {"name": "on", "key": key}}} for key in ("N", "null")
    ]
    secret = found["ExternalSecret/on"]["spec"]
    assert secret["secretStoreRef"]["name"] == "1e3"
    assert [entry["remoteRef"]["key"] for entry in secret["data"]] == ["012", "no"]
    policy = found["NetworkPolicy/on"]["spec"]
    assert policy["ingress"][0]["from"] == [
        {**namespace("08"), "podSelector": {"matchLabels": {"y": "n"}}},
        namespace("1e3"),
    ]
    assert policy["egress"][1]["to"] == [namespace("off")]
    assert found["Ingress/on"]["metadata"]["annotations"] == {"no": "1e3"}


# --- The container ---


@pytest.mark.parametrize(
    ("image", "expected"),
    [
        ({"tag": "1.4.2"}, "ghcr.io/techchallenge/orders:1.4.2"),
        ({"digest": DIGEST}, f"ghcr.io/techchallenge/orders@{DIGEST}"),
        ({"tag": "1.4.2", "digest": DIGEST}, f"ghcr.io/techchallenge/orders:1.4.2@{DIGEST}"),
    ],
    ids=["tag", "digest", "both"],
)
def test_image_reference(render: Render, image: dict[str, str], expected: str) -> None:
    values = SERVICE | {"image": {"repository": "ghcr.io/techchallenge/orders", **image}}
    assert container(render(values))["image"] == expected


def test_variables_arrive_to_the_letter(render: Render) -> None:
    texts = [
        "",
        " ",
        "no",
        "012",
        "1e3",
        "~",
        "a: b # c",
        '"\\',
        "two\nlines\n",
        "{{ .Values.name }}",
        "ção 🍔",
    ]
    dollars = {"$": "$$", "a$$b": "a$$$$b", "$(HOME)": "$$(HOME)"}  # Kubernetes reads $$ as one dollar
    env = {f"V{number:02}": text for number, text in enumerate([*texts, *dollars])}
    seen = container(render(changed(SERVICE, {"env": env})))["env"]
    assert [entry["value"] for entry in seen] == [*texts, *dollars.values()]


def test_what_is_not_said_is_left_to_kubernetes(render: Render) -> None:
    found = render(SERVICE)
    assert "replicas" not in one(found, "Deployment")["spec"]
    assert not {"terminationGracePeriodSeconds", "priorityClassName"} & pod(found)["spec"].keys()
    assert "annotations" not in pod(found)["metadata"]
    assert container(found).keys() == {
        "name",
        "image",
        "imagePullPolicy",
        "lifecycle",
        "ports",
        "resources",
        "securityContext",
        "volumeMounts",
    }


def test_what_is_said_reaches_the_pod(render: Render) -> None:
    found = render(EVERYTHING)
    seen = container(found)
    assert (seen["name"], seen["imagePullPolicy"]) == ("orders", "IfNotPresent")
    assert (seen["command"], seen["args"]) == (["/app/orders"], ["--verbose", "--workers=4"])
    assert seen["resources"] == EVERYTHING["resources"]
    assert pod(found)["spec"]["terminationGracePeriodSeconds"] == 45
    assert pod(found)["spec"]["priorityClassName"] == "techchallenge-service"
    for kind, probe in EVERYTHING["probes"].items():
        timing = {key: value for key, value in probe.items() if key != "path"}
        assert seen[f"{kind}Probe"] == {"httpGet": {"path": probe["path"], "port": "http"}, **timing}


@pytest.mark.parametrize(("grace", "seconds"), [(None, 10), (45, 10), (20, 10), (12, 6), (2, 1)])
def test_a_service_answers_on_before_sigterm(render: Render, grace: int | None, seconds: int) -> None:
    values = SERVICE if grace is None else SERVICE | {"terminationGracePeriodSeconds": grace}
    assert container(render(values))["lifecycle"] == {"preStop": {"sleep": {"seconds": seconds}}}


def test_who_has_nobody_to_answer_gets_sigterm_at_once(render: Render) -> None:
    for values in (JOB, changed(SERVICE, {"port": None}), SERVICE | {"terminationGracePeriodSeconds": 1}):
        assert "lifecycle" not in container(render(values))


# --- Secrets ---


def test_the_external_secret_fits_its_custom_resource(render: Render, upstream: pathlib.Path) -> None:
    schema = custom_resource(upstream / "crds", "external-secrets.io_externalsecrets.yaml", "ExternalSecret")
    for values in (EVERYTHING, JOB):
        document = one(render(values), "ExternalSecret")
        assert misfits(schema, document) == []
        broken = changed(document, {"spec.target.name": 1, "spec.stor": "x", "spec.data.0.remoteRef": {}})
        assert len(misfits(schema, broken)) == 3


def test_secrets_travel_from_the_store_to_the_variables(render: Render) -> None:
    found = render(EVERYTHING)
    secret = one(found, "ExternalSecret")["spec"]
    assert secret == {
        "refreshInterval": "1h0m0s",
        "secretStoreRef": {"kind": "SecretStore", "name": "orders-store"},
        "target": {"name": "orders", "creationPolicy": "Owner"},
        "data": [
            {"secretKey": name, "remoteRef": {"key": EVERYTHING["secrets"]["keys"][name]}}
            for name in ("MONGODB_URI", "PAYMENT_KEY")
        ],
    }
    env = container(found)["env"]
    assert [entry["name"] for entry in env] == [
        "BASE_PATH",
        "CURRENCY",
        "LOG_LEVEL",
        "MONGODB_URI",
        "PAYMENT_KEY",
    ]
    assert env[2] == {"name": "LOG_LEVEL", "value": "info"}
    for entry in env[3:]:
        reference = {"name": secret["target"]["name"], "key": entry["name"]}
        assert entry["valueFrom"] == {"secretKeyRef": reference}


def test_secrets_are_there_before_the_pods(render: Render) -> None:
    found = render(EVERYTHING)
    wave = "argocd.argoproj.io/sync-wave"
    assert one(found, "ExternalSecret")["metadata"]["annotations"] == {wave: "-1"}
    assert "annotations" not in one(found, "Deployment")["metadata"]


@pytest.mark.parametrize("name", ["service-everything", "job"])
def test_only_a_change_of_the_secrets_changes_the_checksum(render: Render, name: str) -> None:
    values = SCENARIOS[name]

    def checksum(changes: Mapping[str, Any]) -> str:
        annotations = pod(render(changed(values, changes)))["metadata"]["annotations"]
        text: str = annotations["checksum/secrets"]
        assert re.fullmatch("[0-9a-f]{64}", text)
        return text

    reordered = dict(reversed(values["secrets"]["keys"].items()))
    same: list[dict[str, Any]] = [{}, {"env.NEW": "x"}, {"secrets.keys": reordered}]
    other = [{"secrets.keys.MONGODB_URI": "elsewhere"}, {"secrets.keys.NEW": "x"}, {"secrets.store": "x"}]
    assert len({checksum(changes) for changes in same}) == 1
    assert len({checksum(changes) for changes in [{}, *other]}) == 4


@pytest.mark.parametrize("name", ["service-everything", "job"])
def test_the_first_aws_permission_restarts_the_pods(render: Render, name: str) -> None:
    without = {"identity": None, "network.aws": None}
    before = pod(render(changed(SCENARIOS[name], without)))["metadata"]["annotations"]
    after = pod(render(SCENARIOS[name]))["metadata"]["annotations"]
    assert after == {**before, "workload/identity": "us-east-1"}


# --- The network ---


def test_without_values_a_pod_talks_to_the_dns_alone(render: Render) -> None:
    assert one(render(SERVICE), "NetworkPolicy")["spec"] == {
        "podSelector": {"matchLabels": {"app.kubernetes.io/name": "kitchen"}},
        "policyTypes": ["Ingress", "Egress"],
        "egress": [DNS],
    }


def test_the_network_is_what_the_values_say_and_nothing_else(render: Render) -> None:
    spec = one(render(EVERYTHING), "NetworkPolicy")["spec"]
    assert spec["policyTypes"] == ["Ingress", "Egress"]
    controller = {"app.kubernetes.io/name": "ingress-nginx", "app.kubernetes.io/component": "controller"}
    assert spec["ingress"] == [
        {
            "from": [
                # One peer: pods with these labels in that namespace, not either.
                {**namespace("ingress-nginx"), "podSelector": {"matchLabels": controller}},
                namespace("kitchen"),
                namespace("menu"),
            ],
            "ports": [{"protocol": "TCP", "port": 8080}],
        }
    ]
    tcp = {"protocol": "TCP"}
    assert spec["egress"] == [
        DNS,
        {"to": [namespace("payments")], "ports": [{**tcp, "port": 8081}]},
        {
            "to": [{"ipBlock": {"cidr": cidr}} for cidr in ("10.30.224.0/22", "10.30.228.0/22")],
            "ports": [{**tcp, "port": 1024, "endPort": 65535}],
        },
        *AWS,
        {
            "to": [{"ipBlock": {"cidr": "203.0.113.0/24", "except": ["203.0.113.128/25"]}}],
            "ports": [{**tcp, "port": 443}, {**tcp, "port": 8443}],
        },
        {"to": [{"ipBlock": {"cidr": "198.51.100.7/32"}}], "ports": [{**tcp, "port": 5671}]},
    ]


@pytest.mark.parametrize("network", [{"from": [{"namespace": "menu"}]}, {"from": []}, {"aws": False}, {}])
def test_who_may_come_in_needs_no_controller(render: Render, network: dict[str, Any]) -> None:
    spec = one(render(SERVICE | {"network": network}), "NetworkPolicy")["spec"]
    assert [rule["from"] for rule in spec.get("ingress", [])] == (
        [[namespace("menu")]] if network.get("from") else []
    )
    assert spec["egress"] == [DNS]


# --- The identity check ---


def test_the_check_runs_before_the_sync_behind_its_own_policy(render: Render) -> None:
    found = render(EVERYTHING)
    job, policy = found["Job/orders-identity"], found["NetworkPolicy/orders-identity"]
    hook = {
        "argocd.argoproj.io/hook": "PreSync",
        "argocd.argoproj.io/hook-delete-policy": "BeforeHookCreation,HookSucceeded",
    }
    assert job["metadata"]["annotations"] == hook
    assert policy["metadata"]["annotations"] == hook | {"argocd.argoproj.io/sync-wave": "-1"}
    assert policy["spec"] == {
        "podSelector": {"matchLabels": {"app.kubernetes.io/name": "orders-identity"}},
        "policyTypes": ["Ingress", "Egress"],
        "egress": [DNS, *AWS],
    }
    selected = policy["spec"]["podSelector"]["matchLabels"].items()
    assert job["spec"]["template"]["metadata"]["labels"].items() >= selected


def test_each_try_of_the_check_is_a_new_pod_and_tries_end(render: Render) -> None:
    spec = render(EVERYTHING)["Job/orders-identity"]["spec"]
    assert spec["template"]["spec"]["restartPolicy"] == "Never"
    assert 1 <= spec["backoffLimit"] <= 6
    assert spec["podFailurePolicy"] == NO_FAILURE
    assert spec["activeDeadlineSeconds"] == 300


def test_requests_never_reach_the_check(render: Render) -> None:
    found = render(EVERYTHING)
    labels = found["Job/orders-identity"]["spec"]["template"]["metadata"]["labels"]
    assert not labels.items() >= one(found, "Service")["spec"]["selector"].items()


def test_the_check_asks_sts_of_the_region_with_a_pinned_image(render: Render) -> None:
    spec = render(EVERYTHING)["Job/orders-identity"]["spec"]["template"]["spec"]
    [check] = spec["containers"]
    assert {entry["name"]: entry["value"] for entry in check["env"]} == {
        "SERVICE_ACCOUNT": "orders",
        "AWS_REGION": "us-east-1",
        "AWS_STS_REGIONAL_ENDPOINTS": "regional",
        "AWS_EC2_METADATA_DISABLED": "true",
        "HOME": "/tmp",  # noqa: S108 - in the pod
    }
    # A quota counts both, so both must be there.
    assert {key: sorted(value) for key, value in check["resources"].items()} == {
        "requests": ["cpu", "memory"],
        "limits": ["cpu", "memory"],
    }
    assert spec["priorityClassName"] == "techchallenge-service"
    assert check["imagePullPolicy"] == "IfNotPresent"  # a pinned image does not change
    assert re.fullmatch(r"public\.ecr\.aws/aws-cli/aws-cli:2\.\d+\.\d+@sha256:[0-9a-f]{64}", check["image"])


def test_the_checks_image_can_come_from_elsewhere(render: Render) -> None:
    mirror = {"identity.image": {"repository": "mirror.example/aws-cli", "tag": "2.99.0", "digest": DIGEST}}
    [check] = render(changed(EVERYTHING, mirror))["Job/orders-identity"]["spec"]["template"]["spec"][
        "containers"
    ]
    assert check["image"] == f"mirror.example/aws-cli:2.99.0@{DIGEST}"


@pytest.mark.parametrize("credentials", [True, False])
def test_the_check_passes_with_credentials_that_aws_takes(
    render: Render, tmp_path: pathlib.Path, *, credentials: bool
) -> None:
    [check] = render(EVERYTHING)["Job/orders-identity"]["spec"]["template"]["spec"]["containers"]
    assert "args" not in check
    aws = tmp_path / "aws"  # the real one would need AWS
    aws.write_text('#!/bin/sh\necho "$@"\nexit "$STATUS"\n')
    aws.chmod(0o755)
    injected = (
        {"AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://169.254.170.23/v1/credentials"} if credentials else {}
    )
    for status in (0, 7):
        environment = {"PATH": f"{tmp_path}", "STATUS": str(status), "SERVICE_ACCOUNT": "orders", **injected}
        done = subprocess.run(
            check["command"], env=environment, capture_output=True, text=True, check=False, timeout=10
        )
        if credentials:
            assert done.returncode == status
            assert done.stdout.startswith("sts get-caller-identity ")
        else:
            assert done.returncode == 1
            assert done.stdout == ""
            assert "Pod Identity association of service account orders" in done.stderr


@pytest.mark.parametrize("name", ["a" * 63, "a" * 53 + "-" + "b" * 9])
def test_a_long_name_leaves_the_check_a_valid_one(render: Render, name: str) -> None:
    [check] = [key for key in render(changed(EVERYTHING, {"name": name})) if key.startswith("Job/")]
    assert re.fullmatch(r"Job/a{53,54}-identity", check)


def test_without_a_region_there_is_no_check(render: Render) -> None:
    # What Helm makes of null is nothing, not even the default.
    for identity in ({}, {"image": DEFAULTS["identity"]["image"]}, None):
        assert not [key for key in render(SERVICE | {"identity": identity}) if key.endswith("-identity")]


# --- A service ---


def test_traffic_finds_the_container(render: Render) -> None:
    found = render(EVERYTHING)
    assert container(found)["ports"] == [{"name": "http", "containerPort": 8080, "protocol": "TCP"}]
    [port] = one(found, "Service")["spec"]["ports"]
    assert (port["name"], port["port"], port["targetPort"]) == ("http", 8080, "http")
    ingress = one(found, "Ingress")
    assert ingress["metadata"]["annotations"] == {"nginx.ingress.kubernetes.io/proxy-read-timeout": "30"}
    assert ingress["spec"]["ingressClassName"] == "nginx"
    backend = {"service": {"name": "orders", "port": {"name": port["name"]}}}
    assert [
        (rule["host"], [(path["path"], path["pathType"], path["backend"]) for path in rule["http"]["paths"]])
        for rule in ingress["spec"]["rules"]
    ] == [
        ("api.techchallenge.example", [("/orders", "Prefix", backend), ("/menu", "Prefix", backend)]),
        ("admin.techchallenge.example", [("/orders", "Prefix", backend)]),
    ]


def test_an_ingress_needs_no_annotations(render: Render) -> None:
    changes: list[dict[str, Any]] = [{"ingress.annotations": {}}, {"ingress.annotations": None}]
    for change in changes:
        assert "annotations" not in one(render(changed(EVERYTHING, change)), "Ingress")["metadata"]


def test_autoscaling_targets_the_deployment_and_owns_its_replicas(render: Render) -> None:
    found = render(EVERYTHING)
    assert "replicas" not in one(found, "Deployment")["spec"]
    spec = one(found, "HorizontalPodAutoscaler")["spec"]
    assert spec["scaleTargetRef"] == {"apiVersion": "apps/v1", "kind": "Deployment", "name": "orders"}
    assert (spec["minReplicas"], spec["maxReplicas"]) == (2, 6)
    assert spec["behavior"].keys() == {"scaleDown"}
    assert spec["behavior"]["scaleDown"]["stabilizationWindowSeconds"] == 300
    assert [
        (metric["resource"]["name"], metric["resource"]["target"]["averageUtilization"])
        for metric in spec["metrics"]
    ] == [("cpu", 70), ("memory", 80)]


@pytest.mark.parametrize(("target", "resource"), [("targetCPU", "cpu"), ("targetMemory", "memory")])
def test_one_autoscaling_target_is_enough(render: Render, target: str, resource: str) -> None:
    found = render(SERVICE | {"autoscaling": {"min": 1, "max": 3, target: 120}})
    [metric] = one(found, "HorizontalPodAutoscaler")["spec"]["metrics"]
    expected = {"name": resource, "target": {"type": "Utilization", "averageUtilization": 120}}
    assert metric["resource"] == expected


@pytest.mark.parametrize("replicas", [0, 1, 2])
def test_replicas_without_autoscaling(render: Render, replicas: int) -> None:
    found = render(SERVICE | {"replicas": replicas})
    assert one(found, "Deployment")["spec"]["replicas"] == replicas
    assert ("PodDisruptionBudget/kitchen" in found) == (replicas > 1)


def test_a_disruption_budget_comes_with_autoscaling_and_never_blocks_a_drain(render: Render) -> None:
    found = render(SERVICE | {"replicas": 1, "autoscaling": {"min": 1, "max": 4, "targetCPU": 70}})
    spec = one(found, "PodDisruptionBudget")["spec"]
    assert (spec["maxUnavailable"], spec["unhealthyPodEvictionPolicy"]) == (1, "AlwaysAllow")


def test_pods_spread_over_zones_and_nodes_without_stopping_a_rollout(render: Render) -> None:
    spreads = pod(render(SERVICE))["spec"]["topologySpreadConstraints"]
    assert [spread.pop("topologyKey") for spread in spreads] == [
        "topology.kubernetes.io/zone",
        "kubernetes.io/hostname",
    ]
    for spread in spreads:
        del spread["labelSelector"]
        assert spread == {
            "maxSkew": 1,
            "whenUnsatisfiable": "ScheduleAnyway",
            "matchLabelKeys": ["pod-template-hash"],
        }


def test_a_rollout_takes_no_pod_away_first(render: Render) -> None:
    strategy = one(render(SERVICE), "Deployment")["spec"]["strategy"]
    assert strategy == {"type": "RollingUpdate", "rollingUpdate": {"maxUnavailable": 0, "maxSurge": "25%"}}


def test_a_workload_that_listens_nowhere_has_no_service(render: Render) -> None:
    found = render(changed(SERVICE, {"port": None}))
    assert found.keys() == {"NetworkPolicy/kitchen", "Deployment/kitchen"}
    assert "ports" not in container(found)


# --- A scheduled job ---


def test_schedule_reaches_the_cron_job(render: Render) -> None:
    spec = one(render(JOB), "CronJob")["spec"]
    job = spec.pop("jobTemplate")["spec"]
    assert spec == {
        "schedule": "0 3 * * *",
        "timeZone": "America/Sao_Paulo",
        "concurrencyPolicy": "Forbid",
        "startingDeadlineSeconds": 300,
        "suspend": False,
    }
    assert (job["activeDeadlineSeconds"], job["backoffLimit"]) == (3600, 0)
    assert job["template"]["spec"]["restartPolicy"] == "Never"
    # A drained node costs no try, and the autoscaler leaves a node with a run on it alone.
    assert job["podFailurePolicy"] == NO_FAILURE
    annotations = job["template"]["metadata"]["annotations"]
    assert annotations["cluster-autoscaler.kubernetes.io/safe-to-evict"] == "false"
    assert job["template"]["spec"]["priorityClassName"] == "techchallenge-job"


def test_large_numbers_stay_whole_numbers(render: Render) -> None:
    # Helm holds numbers as floats, which Go prints as 3.1536e+07.
    large = 31_536_000
    service = changed(SERVICE, {"terminationGracePeriodSeconds": large})
    assert pod(render(service))["spec"]["terminationGracePeriodSeconds"] == large
    job = one(render(changed(JOB, {"schedule.activeDeadlineSeconds": large})), "CronJob")
    seconds = job["spec"]["jobTemplate"]["spec"]["activeDeadlineSeconds"]
    assert seconds == large
    assert isinstance(seconds, int)


# --- Values that are refused ---


@pytest.mark.parametrize("case", REFUSED, ids=[case["case"] for case in REFUSED])
def test_nonsense_is_refused_and_the_key_named(
    helm: pathlib.Path, tmp_path: pathlib.Path, case: dict[str, Any]
) -> None:
    done = template(helm, CHART, tmp_path, changed(SCENARIOS[case["scenario"]], case["change"]))
    assert done.returncode != 0
    assert [words for words in case["messages"] if words not in done.stderr] == []


# --- The schema and what is written about it ---


def test_schema_is_closed_and_describes_every_value() -> None:
    maps = {
        "/properties/env",
        "/properties/secrets/properties/keys",
        "/properties/network/properties/controller/properties/podLabels",
        "/properties/ingress/properties/annotations",
    }
    check_schema(SCHEMA, maps=maps)


def test_values_file_sets_the_checks_image_and_shows_every_value() -> None:
    text = (CHART / "values.yaml").read_text(encoding="utf-8")
    assert DEFAULTS.keys() == {"identity"}
    assert DEFAULTS["identity"].keys() == {"image"}
    assert DEFAULTS["identity"]["image"].keys() == {"repository", "tag", "digest"}
    shown = {
        line.removeprefix("# ").partition(":")[0] for line in text.splitlines() if not line.startswith("  ")
    }
    assert shown >= SCHEMA["properties"].keys()


def test_readme_lists_every_value() -> None:
    text = (CHART / "README.md").read_text(encoding="utf-8")
    assert [line for line in text.splitlines() if line.startswith("| `")][-len(SCHEMA["properties"]) :] == (
        readme_rows(SCHEMA)
    )
