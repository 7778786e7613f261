"""The stand-in through the real Python client."""

from __future__ import annotations

import json
import threading
import time
from typing import TYPE_CHECKING, Any

import kubernetes
import pytest
import urllib3
from kubernetes.client import ApiException

from tests.cluster.emulator import Emulator, Fault, running

if TYPE_CHECKING:
    import pathlib
    from collections.abc import Iterator

Json = dict[str, Any]
ARGO = ("argoproj.io", "v1alpha1", "Application", "applications")
BINDING = ("elbv2.k8s.aws", "v1beta1", "TargetGroupBinding", "targetgroupbindings")


@pytest.fixture
def api() -> Iterator[Emulator]:
    with running() as emulator:
        yield emulator


@pytest.fixture
def client(api: Emulator, tmp_path: pathlib.Path) -> Iterator[kubernetes.client.ApiClient]:
    path = api.kubeconfig(tmp_path / "config")
    configuration = kubernetes.client.Configuration()
    kubernetes.config.load_kube_config(str(path), client_configuration=configuration)
    configuration.retries = False  # so that urllib3 hides nothing
    with kubernetes.client.ApiClient(configuration) as made:
        yield made


@pytest.fixture
def core(client: kubernetes.client.ApiClient) -> kubernetes.client.CoreV1Api:
    return kubernetes.client.CoreV1Api(client)


@pytest.fixture
def custom(api: Emulator, client: kubernetes.client.ApiClient) -> kubernetes.client.CustomObjectsApi:
    api.crds(ARGO)
    api.load([{"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "argocd"}}])
    return kubernetes.client.CustomObjectsApi(client)


def config_map(name: str, **data: str) -> Json:
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name}, "data": data}


def refused(action: Any, *arguments: Any, **named: Any) -> Json:
    with pytest.raises(ApiException) as caught:
        action(*arguments, **named)
    body: Json = json.loads(caught.value.body)
    assert body["kind"] == "Status"
    assert body["code"] == caught.value.status
    return body


def test_life_of_an_object(core: kubernetes.client.CoreV1Api) -> None:
    made = core.create_namespaced_config_map("default", config_map("a", x="1"))
    assert made.metadata.uid
    assert made.metadata.creation_timestamp
    made.data["y"] = "2"
    changed = core.replace_namespaced_config_map("a", "default", made)
    assert int(changed.metadata.resource_version) > int(made.metadata.resource_version)
    body = refused(core.replace_namespaced_config_map, "a", "default", made)
    assert body["reason"] == "Conflict"
    assert body["message"] == (
        'Operation cannot be fulfilled on configmaps "a": the object has been modified; please apply your '
        "changes "
        "to the latest version and try again"
    )
    patched = core.patch_namespaced_config_map("a", "default", {"data": {"x": None, "z": "3"}})
    assert patched.data == {"y": "2", "z": "3"}
    gone = core.delete_namespaced_config_map("a", "default")
    assert gone["status"] == "Success"
    assert refused(core.read_namespaced_config_map, "a", "default")["message"] == 'configmaps "a" not found'


def test_what_is_refused_at_creation(core: kubernetes.client.CoreV1Api) -> None:
    core.create_namespaced_config_map("default", config_map("a"))
    body = refused(core.create_namespaced_config_map, "default", config_map("a"))
    assert (body["code"], body["reason"], body["message"]) == (
        409,
        "AlreadyExists",
        'configmaps "a" already exists',
    )
    body = refused(core.create_namespaced_config_map, "nowhere", config_map("a"))
    assert (body["code"], body["message"]) == (404, 'namespaces "nowhere" not found')
    body = refused(core.create_namespaced_config_map, "default", config_map("Bad_name"))
    assert body["code"] == 422
    assert body["message"].startswith(
        'ConfigMap "Bad_name" is invalid: metadata.name: Invalid value: "Bad_name": a low'
    )
    assert body["details"]["causes"][0]["reason"] == "FieldValueInvalid"
    body = refused(core.create_namespaced_config_map, "default", config_map("a") | {"kind": "Secret"})
    assert body["code"] == 400


def test_pages(api: Emulator, custom: kubernetes.client.CustomObjectsApi) -> None:
    api.load(
        [
            {
                "apiVersion": "argoproj.io/v1alpha1",
                "kind": "Application",
                "metadata": {"name": f"app-{i:04}", "namespace": "argocd"},
                "spec": {"text": "x" * 6000},
            }
            for i in range(1000)
        ]
    )
    start = time.perf_counter()
    first = custom.list_namespaced_custom_object(
        "argoproj.io", "v1alpha1", "argocd", "applications", limit=500
    )
    assert len(first["items"]) == 500
    assert first["metadata"]["remainingItemCount"] == 500
    token = first["metadata"]["continue"]
    api.remove("argoproj.io/v1alpha1", "Application", "app-0999", "argocd")
    rest = custom.list_namespaced_custom_object(
        "argoproj.io", "v1alpha1", "argocd", "applications", limit=500, _continue=token
    )
    took = time.perf_counter() - start
    assert [o["metadata"]["name"] for o in rest["items"]][-1] == "app-0999"  # of the same moment as the first
    assert rest["metadata"]["resourceVersion"] == first["metadata"]["resourceVersion"]
    assert "continue" not in rest["metadata"]
    assert took < 5  # 0.1 s when nothing else runs
    api.compact()
    body = refused(
        custom.list_namespaced_custom_object,
        "argoproj.io",
        "v1alpha1",
        "argocd",
        "applications",
        _continue=token,
    )
    assert (body["code"], body["reason"]) == (410, "Expired")
    again = custom.list_namespaced_custom_object(
        "argoproj.io", "v1alpha1", "argocd", "applications", _continue=body["metadata"]["continue"]
    )
    assert len(again["items"]) == 499


def test_selectors(api: Emulator, core: kubernetes.client.CoreV1Api) -> None:
    for name, labels, phase in (("a", {"app": "x"}, "Running"), ("b", {"app": "y", "t": "1"}, "Failed")):
        pod = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name, "labels": labels}}
        api.load([pod | {"spec": {"nodeName": "n1", "containers": []}, "status": {"phase": phase}}])

    def names(**query: str) -> list[str]:
        return [pod.metadata.name for pod in core.list_pod_for_all_namespaces(**query).items]

    assert names(label_selector="app=x") == ["a"]
    assert names(label_selector="app in (x, y),!t") == ["a"]
    assert names(label_selector="app!=x") == ["b"]
    assert names(label_selector="app notin (x)") == ["b"]
    assert names(field_selector="status.phase!=Running") == ["b"]
    assert names(field_selector="spec.nodeName=n1,metadata.name=a") == ["a"]
    assert refused(core.list_pod_for_all_namespaces, field_selector="spec.image=x")["code"] == 400


def test_watch(api: Emulator, core: kubernetes.client.CoreV1Api) -> None:
    core.create_namespaced_config_map("default", config_map("a"))
    version = core.list_namespaced_config_map("default").metadata.resource_version

    def act() -> None:
        api.change("v1", "ConfigMap", "a", "default", lambda o: o.update(data={"x": "1"}))
        core.create_namespaced_config_map("default", config_map("b"))
        core.delete_namespaced_config_map("a", "default")

    timer = threading.Timer(0.1, act)
    timer.start()
    watch = kubernetes.watch.Watch()
    seen = []
    for event in watch.stream(
        core.list_namespaced_config_map, "default", resource_version=version, timeout_seconds=10
    ):
        seen.append((event["type"], event["object"].metadata.name))
        if len(seen) == 3:
            watch.stop()
    timer.join()
    assert seen == [("MODIFIED", "a"), ("ADDED", "b"), ("DELETED", "a")]


def test_watch_from_a_version_that_is_too_old(api: Emulator, core: kubernetes.client.CoreV1Api) -> None:
    version = core.list_namespaced_config_map("default").metadata.resource_version
    core.create_namespaced_config_map("default", config_map("a"))
    api.compact()
    watch = kubernetes.watch.Watch()
    with pytest.raises(ApiException) as caught:
        list(
            watch.stream(
                core.list_namespaced_config_map, "default", resource_version=version, timeout_seconds=5
            )
        )
    assert caught.value.status == 410


def test_watch_ends_at_its_timeout(core: kubernetes.client.CoreV1Api) -> None:
    start = time.monotonic()
    watch = kubernetes.watch.Watch()
    assert list(watch.stream(core.list_namespaced_pod, "default", timeout_seconds=1)) == []
    assert 0.9 < time.monotonic() - start < 5


def test_faults(api: Emulator, core: kubernetes.client.CoreV1Api) -> None:
    fault = api.fault(Fault(status=429, retry_after=1, verb="list", path="/configmaps$", first=2, times=1))
    core.list_namespaced_config_map("default")
    with pytest.raises(ApiException) as caught:
        core.list_namespaced_config_map("default")
    assert (caught.value.status, caught.value.headers["Retry-After"]) == (429, "1")
    core.list_namespaced_config_map("default")
    api.mend(fault)
    api.fault(Fault(status=503, after=True, method="POST"))
    refused(core.create_namespaced_config_map, "default", config_map("lost"))
    api.mend()
    assert core.read_namespaced_config_map("lost", "default")
    assert [request.status for request in api.requests] == [200, 429, 200, 503, 200]
    assert api.requests[0].path == "/api/v1/namespaces/default/configmaps"
    assert api.requests[0].user_agent.startswith("OpenAPI-Generator/")


def test_connections_that_break(api: Emulator, core: kubernetes.client.CoreV1Api) -> None:
    core.list_namespace()
    api.fault(Fault(close=True, times=1))
    with pytest.raises(urllib3.exceptions.HTTPError):
        core.list_namespace()
    core.list_namespace()
    url = api.url
    api.down()
    with pytest.raises(urllib3.exceptions.HTTPError):
        core.list_namespace()
    api.up()
    assert api.url == url
    core.list_namespace()
    api.fault(Fault(refuse=True))
    with pytest.raises(urllib3.exceptions.HTTPError):
        core.list_namespace()
    with pytest.raises(urllib3.exceptions.HTTPError):
        core.list_namespace()
    api.mend()
    api.up()
    core.list_namespace()


def test_who_may_not(
    api: Emulator, core: kubernetes.client.CoreV1Api, custom: kubernetes.client.CustomObjectsApi
) -> None:
    api.forbid("list", "argoproj.io/applications")
    body = refused(custom.list_namespaced_custom_object, "argoproj.io", "v1alpha1", "argocd", "applications")
    assert (body["code"], body["reason"]) == (403, "Forbidden")
    assert body["message"] == (
        'applications.argoproj.io is forbidden: User "kubernetes-admin" cannot list resource '
        '"applications" in API '
        'group "argoproj.io" in the namespace "argocd"'
    )
    api.forbid("get", "secrets", "kube-system")
    body = refused(core.read_namespaced_secret, "x", "kube-system")
    assert body["message"].startswith(
        'secrets "x" is forbidden: User "kubernetes-admin" cannot get resource "sec'
    )
    assert refused(core.read_namespaced_secret, "x", "default")["code"] == 404
    api.allow()
    custom.list_namespaced_custom_object("argoproj.io", "v1alpha1", "argocd", "applications")


def test_without_a_valid_token(api: Emulator, core: kubernetes.client.CoreV1Api) -> None:
    api.tokens.clear()
    body = refused(core.list_namespace)
    assert (body["code"], body["message"]) == (401, "Unauthorized")


def test_definitions_come_and_go(api: Emulator, client: kubernetes.client.ApiClient) -> None:
    custom = kubernetes.client.CustomObjectsApi(client)
    kinds = kubernetes.client.ApiextensionsV1Api(client)
    body = refused(custom.list_cluster_custom_object, "elbv2.k8s.aws", "v1beta1", "targetgroupbindings")
    assert (body["code"], body["message"]) == (404, "the server could not find the requested resource")
    api.crds(BINDING)
    crd = kinds.read_custom_resource_definition("targetgroupbindings.elbv2.k8s.aws")
    assert {(c.type, c.status) for c in crd.status.conditions} == {
        ("NamesAccepted", "True"),
        ("Established", "True"),
    }
    app = {"apiVersion": "elbv2.k8s.aws/v1beta1", "kind": "TargetGroupBinding", "metadata": {"name": "a"}}
    where = ("elbv2.k8s.aws", "v1beta1", "default", "targetgroupbindings")
    custom.create_namespaced_custom_object(*where, app | {"status": {"x": 1}, "spec": {"y": 1}})
    made = custom.get_namespaced_custom_object(*where, "a")
    assert made["metadata"]["generation"] == 1
    assert "status" not in made  # the subresource alone sets it
    custom.patch_namespaced_custom_object_status(*where, "a", {"status": {"x": 1}})
    custom.patch_namespaced_custom_object(*where, "a", {"metadata": {"finalizers": ["example.com/held"]}})
    kinds.delete_custom_resource_definition("targetgroupbindings.elbv2.k8s.aws")
    held = custom.get_namespaced_custom_object(*where, "a")
    assert held["metadata"]["deletionTimestamp"]
    assert (held["status"], held["metadata"]["generation"]) == ({"x": 1}, 1)
    custom.patch_namespaced_custom_object(*where, "a", {"metadata": {"finalizers": None}})
    assert refused(custom.get_namespaced_custom_object, *where, "a")["code"] == 404
    assert refused(kinds.read_custom_resource_definition, "targetgroupbindings.elbv2.k8s.aws")["code"] == 404


def test_dynamic_client(client: kubernetes.client.ApiClient) -> None:
    dynamic = kubernetes.dynamic.DynamicClient(client)
    deployments = dynamic.resources.get(api_version="apps/v1", kind="Deployment")
    assert deployments.get(namespace="default").items == []
    assert dynamic.version["kubernetes"]["gitVersion"] == "v1.34.2-eks-113cf36"


def test_what_is_asked_before_anything_else(api: Emulator, client: kubernetes.client.ApiClient) -> None:
    def ask(path: str, accept: str = "application/json") -> tuple[int, Any]:
        headers = {"Accept": accept, "Authorization": f"Bearer {api.token}"}
        with urllib3.PoolManager(ca_certs=client.configuration.ssl_ca_cert) as pool:
            answer = pool.request("GET", api.url + path, headers=headers)
        is_json = answer.headers["Content-Type"].startswith("application/json")
        return answer.status, json.loads(answer.data) if is_json else answer.data

    api.git_version = "v1.33.5-eks-1234567"
    assert ask("/version")[1]["minor"] == "33"
    assert ask("/readyz") == ask("/livez") == (200, b"ok")
    assert ask("/.well-known/openid-configuration")[1]["issuer"].startswith("https://oidc.eks.")
    aggregated = ask("/apis", "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList")[1]
    assert {"apps", "batch"} <= {group["metadata"]["name"] for group in aggregated["items"]}
    assert ask("/apis/apps/v1")[1]["kind"] == "APIResourceList"
    assert "apis/apps/v1" in ask("/openapi/v3")[1]["paths"]
    assert "io.k8s.api.apps.v1.Deployment" in ask("/openapi/v3/apis/apps/v1")[1]["components"]["schemas"]
    assert "io.k8s.api.core.v1.Pod" in ask("/openapi/v2")[1]["definitions"]
    assert ask("/apis/nowhere.example/v1")[0] == 404
    metadata = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1"
    assert set(ask("/api/v1/namespaces", metadata)[1]["items"][0]) == {"kind", "apiVersion", "metadata"}


def test_only_its_own_authority_is_trusted(client: kubernetes.client.ApiClient) -> None:
    with (
        running() as other,
        urllib3.PoolManager(ca_certs=client.configuration.ssl_ca_cert) as pool,
        pytest.raises(urllib3.exceptions.HTTPError),
    ):
        pool.request("GET", f"{other.url}/version", retries=False)


def test_many_instances_leave_nothing() -> None:
    before = threading.active_count()
    for _ in range(100):
        with running() as emulator:
            assert emulator.objects("v1", "Namespace")
    assert threading.active_count() == before
