"""The workload chart under the real helm: what it renders, and which values it refuses."""

from __future__ import annotations

import copy
import json
import pathlib
import subprocess
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest
import yaml
from ryaml import loads_all  # type: ignore[attr-defined]  # re-exported without __all__

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    Objects = dict[str, dict[str, Any]]
    Render = Callable[[Mapping[str, Any]], Objects]

pytestmark = pytest.mark.offline

CHART = pathlib.Path(__file__).parents[2] / "argocd" / "charts" / "workload" / "0.1.0"
SCENARIOS = sorted((CHART / "ci").glob("*-values.yaml"))
SCHEMA = json.loads((CHART / "values.schema.json").read_text(encoding="utf-8"))
DIGEST = "sha256:" + "0123456789abcdef" * 4
REFUSED = yaml.safe_load(
    pathlib.Path(__file__).with_name("workload_values_refused.yaml").read_text(encoding="utf-8")
)


def scenario(name: str) -> dict[str, Any]:
    values: dict[str, Any] = yaml.safe_load(
        (CHART / "ci" / f"{name}-values.yaml").read_text(encoding="utf-8")
    )
    return values


def changed(values: dict[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """A copy with some values set by their dotted path, or taken out with None."""
    result = copy.deepcopy(values)
    for path, value in changes.items():
        *parents, last = path.split(".")
        target = result
        for parent in parents:
            target = target.setdefault(parent, {})
        if value is None:
            del target[last]
        else:
            target[last] = value
    return result


def run(helm: pathlib.Path, *arguments: str | pathlib.Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([helm, *arguments], capture_output=True, text=True, check=False)


def template(
    helm: pathlib.Path, folder: pathlib.Path, values: Mapping[str, Any]
) -> subprocess.CompletedProcess[str]:
    file = folder / "values.json"
    file.write_text(json.dumps(values, ensure_ascii=False), encoding="utf-8")
    return run(helm, "template", "the-release", CHART, "-f", file)


def parsed(output: str) -> Objects:
    """The objects by kind, of which there is one each; as Go's YAML 1.1 and as YAML 1.2 read them."""
    documents = [document for document in yaml.load_all(output, Loader=yaml.CSafeLoader) if document]
    # ryaml refuses a key that is given twice, which PyYAML and helm let pass.
    assert documents == [document for document in loads_all(output) if document]
    objects = {document["kind"]: document for document in documents}
    assert len(objects) == len(documents)
    return objects


@pytest.fixture
def render(helm: pathlib.Path, tmp_path: pathlib.Path) -> Render:
    def rendered(values: Mapping[str, Any]) -> Objects:
        done = template(helm, tmp_path, values)
        assert done.returncode == 0, done.stderr
        return parsed(done.stdout)

    return rendered


def pod(objects: Objects) -> dict[str, Any]:
    """The pod template of the Deployment or CronJob."""
    if "CronJob" in objects:
        found: dict[str, Any] = objects["CronJob"]["spec"]["jobTemplate"]["spec"]["template"]
    else:
        found = objects["Deployment"]["spec"]["template"]
    return found


def container(objects: Objects) -> dict[str, Any]:
    (only,) = pod(objects)["spec"]["containers"]
    assert isinstance(only, dict)
    return only


# --- Scenarios ---


def test_scenarios_are_found() -> None:
    assert [file.name for file in SCENARIOS] == [
        "job-values.yaml",
        "service-everything-values.yaml",
        "service-values.yaml",
    ]


@pytest.mark.parametrize("values", SCENARIOS, ids=lambda file: file.stem)
def test_strict_lint_passes(helm: pathlib.Path, values: pathlib.Path) -> None:
    done = run(helm, "lint", "--strict", CHART, "-f", values)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("name", "kinds"),
    [
        ("service", {"ServiceAccount": "v1", "Deployment": "apps/v1", "Service": "v1"}),
        (
            "service-everything",
            {
                "ServiceAccount": "v1",
                "Deployment": "apps/v1",
                "Service": "v1",
                "Ingress": "networking.k8s.io/v1",
                "HorizontalPodAutoscaler": "autoscaling/v2",
                "PodDisruptionBudget": "policy/v1",
            },
        ),
        ("job", {"ServiceAccount": "v1", "CronJob": "batch/v1"}),
    ],
)
def test_each_scenario_has_its_objects(render: Render, name: str, kinds: dict[str, str]) -> None:
    values = scenario(name)
    objects = render(values)
    assert {kind: document["apiVersion"] for kind, document in objects.items()} == kinds
    assert {document["metadata"]["name"] for document in objects.values()} == {values["name"]}


@pytest.mark.parametrize("name", ["service", "service-everything", "job"])
def test_pods_meet_the_restricted_pod_security_profile(render: Render, name: str) -> None:
    objects = render(scenario(name))
    spec = pod(objects)["spec"]
    assert spec["securityContext"] == {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}}
    assert container(objects)["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    assert container(objects)["volumeMounts"] == [{"name": "tmp", "mountPath": "/tmp"}]  # noqa: S108 - in the pod
    assert spec["volumes"] == [{"name": "tmp", "emptyDir": {}}]
    assert not {"hostNetwork", "hostPID", "hostIPC"} & spec.keys()


@pytest.mark.parametrize("name", ["service", "job"])
def test_pods_run_as_the_service_account_without_a_kubernetes_token(render: Render, name: str) -> None:
    objects = render(changed(scenario(name), {"serviceAccount.name": "another"}))
    spec = pod(objects)["spec"]
    assert objects["ServiceAccount"]["metadata"]["name"] == "another"
    assert objects["ServiceAccount"]["automountServiceAccountToken"] is False
    assert spec["serviceAccountName"] == "another"
    assert spec["automountServiceAccountToken"] is False
    assert spec["enableServiceLinks"] is False


# --- Labels and selectors ---


def test_selectors_match_the_pods_labels(render: Render) -> None:
    objects = render(scenario("service-everything"))
    labels = pod(objects)["metadata"]["labels"]
    (spread,) = pod(objects)["spec"]["topologySpreadConstraints"]
    selectors = [
        objects["Deployment"]["spec"]["selector"]["matchLabels"],
        objects["Service"]["spec"]["selector"],
        objects["PodDisruptionBudget"]["spec"]["selector"]["matchLabels"],
        spread["labelSelector"]["matchLabels"],
    ]
    # Only the name: a Deployment's selector is immutable, and versions change.
    assert selectors == [{"app.kubernetes.io/name": "orders"}] * 4
    assert labels.items() >= selectors[0].items()


@pytest.mark.parametrize("name", ["service-everything", "job"])
def test_labels_say_what_runs_where(render: Render, name: str) -> None:
    values = scenario(name)
    objects = render(values)
    expected = {
        "app.kubernetes.io/name": values["name"],
        "app.kubernetes.io/instance": "the-release",
        "app.kubernetes.io/part-of": "techchallenge",
        "app.kubernetes.io/version": values["image"]["tag"],
        "environment": "production",
    }
    assert pod(objects)["metadata"]["labels"] == expected  # without the chart's: a new chart restarts no pod
    labels = expected | {"app.kubernetes.io/managed-by": "Helm", "helm.sh/chart": "workload-0.1.0"}
    for document in objects.values():
        assert document["metadata"]["labels"] == labels
    if "CronJob" in objects:
        assert objects["CronJob"]["spec"]["jobTemplate"]["metadata"]["labels"] == labels


def test_any_tag_gives_a_valid_version_label(render: Render) -> None:
    tag = "_" + "a" * 60 + ".-" + "b" * 60
    labels = render(changed(scenario("service"), {"image.tag": tag}))["Deployment"]["metadata"]["labels"]
    assert labels["app.kubernetes.io/version"] == "a" * 60


def test_names_that_yaml_reads_as_something_else_stay_strings(render: Render) -> None:
    ambiguous = {
        "name": "on",
        "environment": "no",
        "partOf": "1e3",
        "image": {"repository": "null", "tag": "0o17"},
        "serviceAccount.name": "y",
        "secrets": {"secretName": "0x1f", "keys": ["N", "null"]},
    }
    objects = render(changed(scenario("service-everything"), ambiguous))
    assert {document["metadata"]["name"] for document in objects.values()} == {"on", "y"}
    labels = objects["Deployment"]["metadata"]["labels"]
    assert (labels["environment"], labels["app.kubernetes.io/part-of"]) == ("no", "1e3")
    assert labels["app.kubernetes.io/version"] == "0o17"
    assert container(objects)["env"][-2:] == [
        {"name": key, "valueFrom": {"secretKeyRef": {"name": "0x1f", "key": key}}} for key in ("N", "null")
    ]


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
    values = scenario("service") | {"image": {"repository": "ghcr.io/techchallenge/orders", **image}}
    assert container(render(values))["image"] == expected


def test_variables_are_sorted_then_secrets_as_listed(render: Render) -> None:
    env = container(render(scenario("service-everything")))["env"]
    assert [entry["name"] for entry in env] == [
        "BASE_PATH",
        "CURRENCY",
        "LOG_LEVEL",
        "PAYMENT_KEY",
        "MONGODB_URI",
    ]
    assert env[2] == {"name": "LOG_LEVEL", "value": "info"}
    reference = {"name": "orders", "key": "PAYMENT_KEY"}
    assert env[3] == {"name": "PAYMENT_KEY", "valueFrom": {"secretKeyRef": reference}}


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
    seen = container(render(changed(scenario("service"), {"env": env})))["env"]
    assert [entry["value"] for entry in seen] == [*texts, *dollars.values()]


def test_what_is_not_said_is_left_to_kubernetes(render: Render) -> None:
    objects = render(scenario("service"))
    assert "replicas" not in objects["Deployment"]["spec"]
    assert "terminationGracePeriodSeconds" not in pod(objects)["spec"]
    assert container(objects).keys() == {
        "name",
        "image",
        "imagePullPolicy",
        "ports",
        "resources",
        "securityContext",
        "volumeMounts",
    }


def test_what_is_said_reaches_the_pod(render: Render) -> None:
    values = scenario("service-everything")
    objects = render(values)
    seen = container(objects)
    assert seen["name"] == "orders"
    assert (seen["command"], seen["args"]) == (["/app/orders"], ["--verbose", "--workers=4"])
    assert seen["resources"] == values["resources"]
    assert pod(objects)["spec"]["terminationGracePeriodSeconds"] == 45
    for kind, probe in values["probes"].items():
        timing = {key: value for key, value in probe.items() if key != "path"}
        assert seen[f"{kind}Probe"] == {"httpGet": {"path": probe["path"], "port": "http"}, **timing}


# --- A service ---


def test_traffic_finds_the_container(render: Render) -> None:
    objects = render(scenario("service-everything"))
    assert container(objects)["ports"] == [{"name": "http", "containerPort": 8080, "protocol": "TCP"}]
    (port,) = objects["Service"]["spec"]["ports"]
    assert (port["name"], port["port"], port["targetPort"]) == ("http", 8080, "http")
    spec = objects["Ingress"]["spec"]
    backend = {"service": {"name": objects["Service"]["metadata"]["name"], "port": {"name": port["name"]}}}
    assert spec["ingressClassName"] == "nginx"
    assert [
        (rule["host"], [(path["path"], path["pathType"], path["backend"]) for path in rule["http"]["paths"]])
        for rule in spec["rules"]
    ] == [
        (
            "api.techchallenge.example",
            [("/orders", "Prefix", backend), ("/menu", "Prefix", backend)],
        ),
        ("admin.techchallenge.example", [("/orders", "Prefix", backend)]),
    ]


def test_autoscaling_targets_the_deployment_and_owns_its_replicas(render: Render) -> None:
    objects = render(scenario("service-everything"))
    assert "replicas" not in objects["Deployment"]["spec"]
    spec = objects["HorizontalPodAutoscaler"]["spec"]
    deployment = objects["Deployment"]
    assert spec["scaleTargetRef"] == {
        "apiVersion": deployment["apiVersion"],
        "kind": "Deployment",
        "name": deployment["metadata"]["name"],
    }
    assert (spec["minReplicas"], spec["maxReplicas"]) == (2, 6)
    assert [
        (metric["resource"]["name"], metric["resource"]["target"]["averageUtilization"])
        for metric in spec["metrics"]
    ] == [("cpu", 70), ("memory", 80)]


@pytest.mark.parametrize(("target", "resource"), [("targetCPU", "cpu"), ("targetMemory", "memory")])
def test_one_autoscaling_target_is_enough(render: Render, target: str, resource: str) -> None:
    values = scenario("service") | {"autoscaling": {"min": 1, "max": 3, target: 120}}
    (metric,) = render(values)["HorizontalPodAutoscaler"]["spec"]["metrics"]
    assert metric["resource"] == {
        "name": resource,
        "target": {"type": "Utilization", "averageUtilization": 120},
    }


@pytest.mark.parametrize("replicas", [0, 1, 2])
def test_replicas_without_autoscaling(render: Render, replicas: int) -> None:
    objects = render(scenario("service") | {"replicas": replicas})
    assert objects["Deployment"]["spec"]["replicas"] == replicas
    assert ("PodDisruptionBudget" in objects) == (replicas > 1)


@pytest.mark.parametrize(("least", "budget"), [(1, False), (2, True)])
def test_disruption_budget_follows_the_autoscalers_minimum(
    render: Render, least: int, *, budget: bool
) -> None:
    scaling = {"min": least, "max": 4, "targetCPU": 70}
    objects = render(scenario("service") | {"replicas": 3, "autoscaling": scaling})
    assert ("PodDisruptionBudget" in objects) == budget


def test_disruption_budget_never_blocks_a_drain(render: Render) -> None:
    spec = render(scenario("service-everything"))["PodDisruptionBudget"]["spec"]
    assert (spec["maxUnavailable"], spec["unhealthyPodEvictionPolicy"]) == (1, "AlwaysAllow")


def test_pods_spread_over_zones_without_stopping_a_rollout(render: Render) -> None:
    (spread,) = pod(render(scenario("service")))["spec"]["topologySpreadConstraints"]
    del spread["labelSelector"]
    assert spread == {
        "topologyKey": "topology.kubernetes.io/zone",
        "maxSkew": 1,
        "whenUnsatisfiable": "ScheduleAnyway",
        "matchLabelKeys": ["pod-template-hash"],
    }


def test_a_rollout_takes_no_pod_away_first(render: Render) -> None:
    strategy = render(scenario("service"))["Deployment"]["spec"]["strategy"]
    assert strategy == {"type": "RollingUpdate", "rollingUpdate": {"maxUnavailable": 0, "maxSurge": "25%"}}


def test_a_workload_that_listens_nowhere_has_no_service(render: Render) -> None:
    objects = render(changed(scenario("service"), {"port": None}))
    assert objects.keys() == {"ServiceAccount", "Deployment"}
    assert "ports" not in container(objects)


# --- A scheduled job ---


def test_schedule_reaches_the_cron_job(render: Render) -> None:
    spec = render(scenario("job"))["CronJob"]["spec"]
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


def test_large_numbers_stay_whole_numbers(render: Render) -> None:
    # Helm holds numbers as floats, which Go prints as 3.1536e+07.
    large = 31_536_000
    service = changed(scenario("service"), {"terminationGracePeriodSeconds": large})
    assert pod(render(service))["spec"]["terminationGracePeriodSeconds"] == large
    job = changed(scenario("job"), {"schedule.activeDeadlineSeconds": large})
    seconds = render(job)["CronJob"]["spec"]["jobTemplate"]["spec"]["activeDeadlineSeconds"]
    assert seconds == large
    assert isinstance(seconds, int)


# --- Values that are refused ---


@pytest.mark.parametrize("case", REFUSED, ids=[case["case"] for case in REFUSED])
def test_nonsense_is_refused_and_the_key_named(
    helm: pathlib.Path, tmp_path: pathlib.Path, case: dict[str, Any]
) -> None:
    done = template(helm, tmp_path, changed(scenario(case["scenario"]), case["change"]))
    assert done.returncode != 0
    assert [words for words in case["messages"] if words not in done.stderr] == []


# --- The schema itself ---


def properties(schema: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Every schema of an object in it and every property, by where they stand, but not the conditions."""
    if not isinstance(schema, dict):
        return
    yield path, schema
    for key in ("properties", "$defs"):
        for name, child in schema.get(key, {}).items():
            yield from properties(child, f"{path}/{key}/{name}")
    yield from properties(schema.get("items"), f"{path}/items")


def test_schema_is_valid() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


def test_every_object_of_the_schema_is_closed() -> None:
    objects = {path: schema for path, schema in properties(SCHEMA) if schema.get("type") == "object"}
    assert {path for path, schema in objects.items() if schema.get("additionalProperties") is not False} == {
        "/properties/env"  # a map of names that people choose, each value a string
    }


def test_every_property_is_described() -> None:
    undescribed = [
        path
        for path, schema in properties(SCHEMA)
        if "/properties/" in path and not path.endswith("/items") and not schema.get("description")
    ]
    assert undescribed == []


def test_values_file_sets_nothing_and_shows_every_value() -> None:
    text = (CHART / "values.yaml").read_text(encoding="utf-8")
    assert yaml.safe_load(text) is None
    shown = {line.removeprefix("# ").partition(":")[0] for line in text.splitlines() if line.startswith("# ")}
    assert shown >= SCHEMA["properties"].keys()
