"""The real charts of all components with the rendered values: what Argo CD will apply, and is it meant?

The archives come from `.tools/charts/`, whatever put them there; `make charts` compares their checksums.
"""

from __future__ import annotations

import json
import pathlib
import re
import subprocess
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
import yaml

from generator.catalog import known

if TYPE_CHECKING:
    from collections.abc import Iterator

    Object = dict[str, Any]

pytestmark = pytest.mark.offline

ROOT = pathlib.Path(__file__).parents[2]
RENDERED = ROOT / "rendered"
CACHE = ROOT / ".tools" / "charts"
ENVIRONMENTS = sorted(f.stem for f in (ROOT / "environments").glob("*.yaml") if f.stem != "platform")

# Containers that may go without requests, and pods that may go without a hardened context, each with why.
TEST_HOOK = "helm.sh/hook"  # a pod of `helm test`, which Argo CD never applies
ROOT_USERS = {"opentelemetry-collector": "the kubelet keeps container logs for root only"}
WRITABLE_ROOTS = {"ingress-nginx": "NGINX's configuration is written beside its binaries"}


class Release(NamedTuple):
    """A component in an environment, as its Application says it."""

    environment: str
    name: str
    chart: str
    version: str
    namespace: str

    @property
    def archive(self) -> pathlib.Path:
        return CACHE / f"{self.chart}-{self.version}.tgz"

    @property
    def values(self) -> pathlib.Path:
        return RENDERED / self.environment / "values" / f"{self.name}.yaml"


def read(file: pathlib.Path) -> list[Object]:
    return [d for d in yaml.load_all(file.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader) if d]


def releases() -> Iterator[Release]:
    for environment in ENVIRONMENTS:
        for file in sorted((RENDERED / environment / "argocd" / "apps").glob("*.yaml")):
            [application] = read(file)
            spec = application["spec"]
            for source in spec.get("sources", [spec.get("source")]):
                if "chart" in source:
                    yield Release(
                        environment,
                        source["helm"]["releaseName"],
                        source["chart"],
                        source["targetRevision"],
                        spec["destination"]["namespace"],
                    )


RELEASES = {f"{r.environment}-{r.name}": r for r in releases()}
RENDERINGS: dict[str, list[Object]] = {}


def kubernetes_version(environment: str) -> str:
    tfvars = (RENDERED / environment / "terraform" / "platform.tfvars.json").read_text(encoding="utf-8")
    version: str = json.loads(tfvars)["cluster"]["kubernetes_version"]
    return version


def rendering(helm: pathlib.Path, key: str) -> list[Object]:
    """All objects of a release that Argo CD applies."""
    if key not in RENDERINGS:
        release = RELEASES[key]
        if not release.archive.is_file():
            pytest.skip(
                f"component charts are not in .tools/charts: run `make charts` ({release.archive.name})"
            )
        command = [helm, "template", release.name, release.archive, "--namespace", release.namespace]
        command += ["--values", release.values, "--include-crds"]
        command += ["--kube-version", kubernetes_version(release.environment)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        found = [d for d in yaml.load_all(done.stdout, Loader=yaml.CSafeLoader) if d]
        RENDERINGS[key] = [d for d in found if not is_test(d)]
    return RENDERINGS[key]


def is_test(document: Object) -> bool:
    return "test" in (document["metadata"].get("annotations") or {}).get(TEST_HOOK, "")


def named(helm: pathlib.Path, key: str, kind: str, name: str) -> Object:
    [found] = [d for d in rendering(helm, key) if (d["kind"], d["metadata"]["name"]) == (kind, name)]
    return found


def pod_templates(documents: list[Object]) -> Iterator[tuple[str, Object, Object]]:
    """Name, the object, its pod template."""
    for document in documents:
        template = document.get("spec", {}).get("template")
        if document["kind"] in ("Deployment", "StatefulSet", "DaemonSet", "Job"):
            yield f"{document['kind']}/{document['metadata']['name']}", document, template
        assert document["kind"] not in ("Pod", "CronJob", "ReplicaSet"), "extend pod_templates"


def containers(documents: list[Object]) -> Iterator[tuple[str, Object]]:
    for name, _, template in pod_templates(documents):
        for container in [*template["spec"].get("initContainers", []), *template["spec"]["containers"]]:
            yield f"{name}/{container['name']}", container


def selects(selector: dict[str, str] | None, labels: dict[str, str]) -> bool:
    return bool(selector) and (selector or {}).items() <= labels.items()


every_release = pytest.mark.parametrize("key", RELEASES)
every_environment = pytest.mark.parametrize("environment", ENVIRONMENTS)


def test_there_are_components_in_every_environment() -> None:
    assert {release.environment for release in RELEASES.values()} == set(ENVIRONMENTS)


# --- Every component ---


@every_release
def test_the_chart_renders_and_every_object_has_a_name_and_a_place(helm: pathlib.Path, key: str) -> None:
    documents = rendering(helm, key)
    assert documents
    identities = [
        (d["apiVersion"].split("/")[0], d["kind"], d["metadata"].get("namespace"), d["metadata"]["name"])
        for d in documents
    ]
    assert len(set(identities)) == len(identities)


@every_release
def test_every_container_asks_for_what_it_needs(helm: pathlib.Path, key: str) -> None:
    wanting = []
    for name, container in containers(rendering(helm, key)):
        resources = container.get("resources") or {}
        complete = {"cpu", "memory"} <= resources.get("requests", {}).keys()
        if not complete or "memory" not in resources.get("limits", {}):
            wanting.append(name)
    assert wanting == []


@every_release
def test_every_container_is_hardened(helm: pathlib.Path, key: str) -> None:
    name = RELEASES[key].name
    for _, _, template in pod_templates(rendering(helm, key)):
        pod = template["spec"].get("securityContext") or {}
        assert not template["spec"].get("hostNetwork")
        assert not template["spec"].get("hostPID")
        for container in [*template["spec"].get("initContainers", []), *template["spec"]["containers"]]:
            context = {**pod, **(container.get("securityContext") or {})}
            where = f"{name}/{container['name']}"
            assert context.get("allowPrivilegeEscalation") is False, where
            assert context["capabilities"]["drop"] == ["ALL"], where
            assert set(context["capabilities"].get("add", [])) <= {"NET_BIND_SERVICE"}, where
            assert context["seccompProfile"] == {"type": "RuntimeDefault"}, where
            assert bool(context.get("runAsNonRoot")) == (name not in ROOT_USERS), where
            writable = container["name"] == "controller" and name in WRITABLE_ROOTS
            assert bool(context.get("readOnlyRootFilesystem")) != writable, where


@every_release
def test_no_service_is_a_way_in(helm: pathlib.Path, key: str) -> None:
    for document in rendering(helm, key):
        assert document["kind"] != "Ingress"
        if document["kind"] == "Service":
            assert document["spec"].get("type", "ClusterIP") == "ClusterIP"
            assert not document["spec"].get("externalIPs")
    for name, container in containers(rendering(helm, key)):
        assert [p for p in container.get("ports", []) if "hostPort" in p] == [], name


@every_release
def test_replicas_are_spread_and_outlast_a_drain(helm: pathlib.Path, key: str) -> None:
    documents = rendering(helm, key)
    scalers = {
        d["spec"]["scaleTargetRef"]["name"]: d["spec"]
        for d in documents
        if d["kind"] == "HorizontalPodAutoscaler"
    }
    budgets = [d["spec"] for d in documents if d["kind"] == "PodDisruptionBudget"]
    guarded = []
    for name, document, template in pod_templates(documents):
        if document["kind"] not in ("Deployment", "StatefulSet"):
            continue
        scaler = scalers.get(document["metadata"]["name"])
        assert ("replicas" in document["spec"]) != bool(scaler), f"{name}: its autoscaler owns the replicas"
        replicas = scaler["minReplicas"] if scaler else document["spec"]["replicas"]
        labels = template["metadata"]["labels"]
        own = [b for b in budgets if selects(b["selector"]["matchLabels"], labels)]
        assert len(own) == (1 if replicas > 1 else 0), f"{name}: {replicas} replicas, {len(own)} budgets"
        guarded += own
        if replicas > 1:
            assert_apart(name, template)
            allowed = own[0].get("maxUnavailable", replicas - own[0].get("minAvailable", 0))
            assert 1 <= allowed < replicas, f"{name}: a drain would wait for ever, or take all"
    assert len(guarded) == len(budgets), "a budget of nothing"


def assert_apart(name: str, template: Object) -> None:
    """Spread over zones and nodes, by constraints that count the template's own pods, or by affinity."""
    constraints = template["spec"].get("topologySpreadConstraints", [])
    for constraint in constraints:
        assert selects(constraint["labelSelector"]["matchLabels"], template["metadata"]["labels"]), name
    keys = {c["topologyKey"] for c in constraints}
    apart = (template["spec"].get("affinity") or {}).get("podAntiAffinity", {})
    keys |= {t["topologyKey"] for t in apart.get("requiredDuringSchedulingIgnoredDuringExecution", [])}
    assert keys >= {"topology.kubernetes.io/zone", "kubernetes.io/hostname"}, name


@every_release
def test_what_the_cluster_cannot_do_without_is_evicted_last(helm: pathlib.Path, key: str) -> None:
    for name, document, template in pod_templates(rendering(helm, key)):
        if document["kind"] != "Job":
            assert template["spec"]["priorityClassName"].startswith("system-"), name


@every_release
def test_no_secret_comes_out_of_git(helm: pathlib.Path, key: str) -> None:
    """What a chart makes up anew at every render is not in Git; anything else would be."""
    made_up = {"aws-load-balancer-tls", "metrics-server"}
    for document in rendering(helm, key):
        if document["kind"] == "Secret" and document["metadata"]["name"] not in made_up:
            assert not document.get("data"), document["metadata"]["name"]
            assert not document.get("stringData"), document["metadata"]["name"]


@every_release
def test_what_is_ignored_of_the_cluster_exists(helm: pathlib.Path, key: str) -> None:
    entries = known(RELEASES[key].name).ignore_differences
    rendered = {
        (d["apiVersion"].rpartition("/")[0], d["kind"], d["metadata"]["name"]) for d in rendering(helm, key)
    }
    # As an entry names a group: apps for apps/v1, nothing for v1.
    assert {(e["group"], e["kind"], e["name"]) for e in entries} <= rendered


@every_release
def test_only_what_is_ignored_differs_from_one_render_to_the_next(helm: pathlib.Path, key: str) -> None:
    first = {(d["kind"], d["metadata"]["name"]): d for d in rendering(helm, key)}
    RENDERINGS.pop(key)
    second = {(d["kind"], d["metadata"]["name"]): d for d in rendering(helm, key)}
    ignored = {(e["kind"], e["name"]) for e in known(RELEASES[key].name).ignore_differences}
    assert {identity for identity in first if first[identity] != second[identity]} <= ignored


# --- ingress-nginx ---


def nginx(helm: pathlib.Path, environment: str) -> tuple[dict[str, str], list[str]]:
    """The ConfigMap and the arguments of the controller."""
    key = f"{environment}-ingress-nginx"
    config = named(helm, key, "ConfigMap", "ingress-nginx-controller")["data"]
    deployment = named(helm, key, "Deployment", "ingress-nginx-controller")
    [container] = deployment["spec"]["template"]["spec"]["containers"]
    return config, container["args"]


@every_environment
def test_nginx_believes_the_load_balancer_alone(helm: pathlib.Path, environment: str) -> None:
    config, _ = nginx(helm, environment)
    tfvars = json.loads((RENDERED / environment / "terraform" / "platform.tfvars.json").read_text())
    kind = "intra" if tfvars["ingress"]["internal"] else "public"
    zones = tfvars["network"]["zones"].values()
    assert config["proxy-real-ip-cidr"].split(",") == [zone[kind] for zone in zones]
    assert "use-forwarded-headers" not in config
    if tfvars["gateway"]:
        assert config["enable-real-ip"] == "true"
        assert config["forwarded-for-header"] == "X-Client-Address"
        assert "use-proxy-protocol" not in config
    else:
        assert config["use-proxy-protocol"] == "true"


@every_environment
def test_nginx_logs_json_without_what_carries_tokens(helm: pathlib.Path, environment: str) -> None:
    config, _ = nginx(helm, environment)
    assert config["log-format-escape-json"] == "true"
    fields = json.loads(config["log-format-upstream"])
    assert {"client", "method", "path", "status", "request_id"} <= fields.keys()
    for variable in fields.values():
        assert re.fullmatch(r"\$[a-z0-9_]+", variable), variable
    secretive = ("request", "request_uri", "args", "query_string", "http_referer", "http_authorization")
    assert set(fields.values()).isdisjoint(
        {f"${name}" for name in (*secretive, "http_cookie", "remote_user")}
    )


@every_environment
def test_nginx_is_hardened(helm: pathlib.Path, environment: str) -> None:
    config, arguments = nginx(helm, environment)
    assert config.get("allow-snippet-annotations", "false") == "false"
    assert config["annotations-risk-level"] == "Low"
    assert config["ssl-protocols"] == "TLSv1.2 TLSv1.3"
    assert config["server-tokens"] == "false"
    assert config["hsts"] == "true"
    assert int(config["hsts-max-age"]) >= 31536000
    assert not [a for a in arguments if "annotation-validation" in a or "without-class" in a]
    assert "--disable-catch-all=true" in arguments
    assert "--enable-metrics=true" in arguments


@every_environment
def test_nginx_answers_to_one_class_that_is_nobodys_default(helm: pathlib.Path, environment: str) -> None:
    classes = [d for d in rendering(helm, f"{environment}-ingress-nginx") if d["kind"] == "IngressClass"]
    [only] = classes
    _, arguments = nginx(helm, environment)
    assert f"--controller-class={only['spec']['controller']}" in arguments
    assert f"--ingress-class={only['metadata']['name']}" in arguments
    assert not only["metadata"].get("annotations")
    used = set()
    for file in (RENDERED / environment / "values").glob("*.yaml"):
        [values] = read(file)
        if isinstance(values.get("ingress"), dict):
            used.add(values["ingress"]["className"])
    assert used == {only["metadata"]["name"]}


@every_environment
def test_nginx_opens_no_port_to_everybody_by_policy(helm: pathlib.Path, environment: str) -> None:
    """Policies add up: one of the chart's that lets anybody in would undo the fence."""
    labels = named(helm, f"{environment}-ingress-nginx", "Deployment", "ingress-nginx-controller")
    labels = labels["spec"]["template"]["metadata"]["labels"]
    for document in rendering(helm, f"{environment}-ingress-nginx"):
        if document["kind"] == "NetworkPolicy":
            assert not selects(document["spec"]["podSelector"]["matchLabels"], labels)


@every_environment
def test_a_fork_of_the_image_is_one_line(
    helm: pathlib.Path, environment: str, tmp_path: pathlib.Path
) -> None:
    rendering(helm, f"{environment}-ingress-nginx")
    release = RELEASES[f"{environment}-ingress-nginx"]
    fork = tmp_path / "fork.yaml"
    fork.write_text(
        "controller: {image: {registry: fork.example, image: nginx/controller, tag: v9.9.9, digest: ''}}\n"
    )
    command = [helm, "template", release.name, release.archive, "-f", release.values, "-f", fork]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "image: fork.example/nginx/controller:v9.9.9\n" in done.stdout
    assert "ingress-nginx/controller" not in done.stdout


# --- The others ---


@every_environment
def test_the_load_balancer_controller_only_binds(helm: pathlib.Path, environment: str) -> None:
    key = f"{environment}-aws-load-balancer-controller"
    deployment = named(helm, key, "Deployment", "aws-load-balancer-controller")
    [container] = deployment["spec"]["template"]["spec"]["containers"]
    tfvars = json.loads((RENDERED / environment / "terraform" / "platform.tfvars.json").read_text())
    arguments = container["args"]
    assert f"--aws-vpc-tags=Name={tfvars['network']['name']}" in arguments
    assert f"--aws-region={tfvars['region']}" in arguments
    assert f"--cluster-name={tfvars['cluster']['name']}" in arguments
    assert not [a for a in arguments if a.startswith("--aws-vpc-id")]
    gates = next(a for a in arguments if a.startswith("--feature-gates="))
    assert "EnableServiceController=false" in gates
    documents = rendering(helm, key)
    assert not [d for d in documents if d["kind"] in ("IngressClass", "IngressClassParams")]
    intercepted = {
        resource
        for d in documents
        if d["kind"].endswith("WebhookConfiguration")
        for hook in d["webhooks"]
        if not hook.get("namespaceSelector") and not selects_by_label(hook)
        for rule in hook["rules"]
        for resource in rule["resources"]
    }
    assert intercepted == {"targetgroupbindings", "ingressclassparams"}


def selects_by_label(hook: Object) -> bool:
    """Whether only objects that carry a label meant for it reach a webhook."""
    expressions = hook.get("objectSelector", {}).get("matchExpressions", [])
    return any(e["operator"] == "In" for e in expressions)


@every_environment
def test_external_secrets_makes_no_tokens_and_serves_no_cluster_wide_store(
    helm: pathlib.Path, environment: str
) -> None:
    for document in rendering(helm, f"{environment}-external-secrets"):
        for rule in document.get("rules") or []:
            assert "serviceaccounts/token" not in rule["resources"], document["metadata"]["name"]
    deployment = named(helm, f"{environment}-external-secrets", "Deployment", "external-secrets")
    [container] = deployment["spec"]["template"]["spec"]["containers"]
    for flag in ("cluster-store", "cluster-external-secret", "push-secret"):
        assert f"--enable-{flag}-reconciler=false" in container["args"]


@every_environment
def test_the_api_server_checks_who_serves_metrics(helm: pathlib.Path, environment: str) -> None:
    service = named(helm, f"{environment}-metrics-server", "APIService", "v1beta1.metrics.k8s.io")
    assert "insecureSkipTLSVerify" not in service["spec"]
    assert service["spec"]["caBundle"]


@every_environment
def test_argocd_has_no_password_and_waits_for_health(helm: pathlib.Path, environment: str) -> None:
    key = f"{environment}-argo-cd"
    config = named(helm, key, "ConfigMap", "argocd-cm")["data"]
    assert config["admin.enabled"] == "false"
    assert "obj.status.health" in config["resource.customizations.health.argoproj.io_Application"]
    parameters = named(helm, key, "ConfigMap", "argocd-cmd-params-cm")["data"]
    assert int(parameters["controller.status.processors"]) >= 20
    assert int(parameters["reposerver.parallelism.limit"]) > 0
    names = {
        d["metadata"]["name"] for d in rendering(helm, key) if d["kind"] in ("Deployment", "StatefulSet")
    }
    tfvars = json.loads((RENDERED / environment / "terraform" / "platform.tfvars.json").read_text())
    assert any("redis-ha" in n for n in names) == tfvars["deletion_protection"]


@every_environment
def test_the_collector_receives_nothing_and_sends_to_cloudwatch(helm: pathlib.Path, environment: str) -> None:
    key = f"{environment}-opentelemetry-collector"
    text = named(helm, key, "ConfigMap", "opentelemetry-collector-agent")["data"]["relay"]
    config = yaml.load(text, Loader=yaml.CSafeLoader)
    assert config["receivers"].keys() == {"file_log", "kubeletstats", "prometheus"}
    assert config["exporters"].keys() == {"awscloudwatchlogs", "awsemf"}
    pipelines = config["service"]["pipelines"]
    assert pipelines["logs"]["receivers"] == ["file_log"]
    assert set(pipelines["metrics"]["receivers"]) == {"kubeletstats", "prometheus"}
    # It asks the ingress controller's pods on its own node, on the port that they and the fence name.
    [scrape] = config["receivers"]["prometheus"]["config"]["scrape_configs"]
    [pods] = scrape["kubernetes_sd_configs"]
    controller = named(helm, f"{environment}-ingress-nginx", "Deployment", "ingress-nginx-controller")
    template = controller["spec"]["template"]
    wanted = dict(pair.split("=") for pair in pods["selectors"][0]["label"].split(","))
    assert wanted.items() <= template["metadata"]["labels"].items()
    assert pods["namespaces"]["names"] == [RELEASES[f"{environment}-ingress-nginx"].namespace]
    ports = {p["name"]: p["containerPort"] for p in template["spec"]["containers"][0]["ports"]}
    assert scrape["relabel_configs"][0]["regex"] == str(ports["metrics"])
    agent = named(helm, key, "DaemonSet", "opentelemetry-collector-agent")
    variables = {v["name"] for v in agent["spec"]["template"]["spec"]["containers"][0]["env"]}
    assert set(re.findall(r"\$\{env:(\w+)\}", text)) <= variables
    for pipeline in pipelines.values():
        assert pipeline["processors"][0] == "memory_limiter"
        assert set(pipeline["processors"]) == config["processors"].keys()
    assert set(config["service"]["extensions"]) == config["extensions"].keys()
    mounts = agent["spec"]["template"]["spec"]["containers"][0]["volumeMounts"]
    assert {m["mountPath"] for m in mounts if not m.get("readOnly")} == {"/conf", "/var/lib/otelcol"}
