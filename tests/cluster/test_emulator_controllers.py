"""What acts in the stand-in: namespaces, garbage, workloads, Argo CD, load balancers, volumes."""

from __future__ import annotations

import pathlib
import shutil
import time
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from tests.cluster.emulator import Emulator, running
from tests.cluster.emulator.controllers import ArgoCd, Outcome, Workloads, pods

if TYPE_CHECKING:
    from collections.abc import Callable

Json = dict[str, Any]
ROOT = pathlib.Path(__file__).parents[2]
API = "argoproj.io/v1alpha1"
KINDS = (
    ("argoproj.io", "v1alpha1", "Application", "applications"),
    ("argoproj.io", "v1alpha1", "AppProject", "appprojects"),
    ("argoproj.io", "v1alpha1", "ApplicationSet", "applicationsets"),
    ("elbv2.k8s.aws", "v1beta1", "TargetGroupBinding", "targetgroupbindings"),
)


def until(what: Callable[[], Any], seconds: float = 20) -> Any:
    end = time.monotonic() + seconds
    while not (found := what()):
        assert time.monotonic() < end, "it did not come so far"
        time.sleep(0.01)
    return found


def workload(kind: str, name: str, namespace: str, replicas: int = 1) -> Json:
    spec: Json = {
        "replicas": replicas,
        "selector": {"matchLabels": {"app": name}},
        "template": {
            "metadata": {"labels": {"app": name}},
            "spec": {"containers": [{"name": "main", "image": "registry.example/main:1"}]},
        },
    }
    if kind == "Job":
        spec = {"template": spec["template"]}
    api_version = "batch/v1" if kind == "Job" else "apps/v1"
    return {
        "apiVersion": api_version,
        "kind": kind,
        "metadata": {"name": name, "namespace": namespace},
        "spec": spec,
    }


def config_map(name: str, namespace: str = "default", **meta: Any) -> Json:
    return {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": name, "namespace": namespace} | meta,
    }


def test_a_namespace_is_emptied_and_goes() -> None:
    with running() as api:
        api.load([config_map("a", "shop"), config_map("b", "shop", finalizers=["example.com/held"])])
        api.delete("v1", "Namespace", "shop")
        until(lambda: api.get("v1", "ConfigMap", "a", "shop") is None)
        reasons = until(lambda: (api.get("v1", "Namespace", "shop") or {})["status"].get("conditions"))
        said = {c["type"]: c for c in reasons}
        assert said["NamespaceContentRemaining"]["message"] == (
            "Some resources are remaining: configmaps. has 1 resource instances"
        )
        assert said["NamespaceFinalizersRemaining"]["message"] == (
            "Some content in the namespace has finalizers remaining: example.com/held in 1 resource instances"
        )
        assert said["NamespaceDeletionContentFailure"]["status"] == "False"
        api.change("v1", "ConfigMap", "b", "shop", lambda o: o["metadata"].pop("finalizers"))
        until(lambda: api.get("v1", "Namespace", "shop") is None)


def test_dependents_go_with_their_owner() -> None:
    with running() as api:
        api.load([config_map("owner")])
        owner = api.get("v1", "ConfigMap", "owner")
        assert owner is not None
        reference = {
            "apiVersion": "v1",
            "kind": "ConfigMap",
            "name": "owner",
            "uid": owner["metadata"]["uid"],
        }
        api.load([config_map("child", ownerReferences=[reference]), config_map("other")])
        time.sleep(0.1)
        assert api.get("v1", "ConfigMap", "child")
        api.delete("v1", "ConfigMap", "owner")
        until(lambda: api.get("v1", "ConfigMap", "child") is None)
        assert api.get("v1", "ConfigMap", "other")


@pytest.mark.parametrize("kind", ["Deployment", "StatefulSet", "DaemonSet"])
def test_a_workload_becomes_ready(kind: str) -> None:
    with running(controllers=["workloads"]) as api:
        api.load([workload(kind, "web", "shop", 2)])
        wanted = 1 if kind == "DaemonSet" else 2
        key = "numberReady" if kind == "DaemonSet" else "readyReplicas"
        until(
            lambda: ((api.get("apps/v1", kind, "web", "shop") or {}).get("status") or {}).get(key) == wanted
        )
        found = api.objects("v1", "Pod", "shop")
        assert [pod["status"]["phase"] for pod in found] == ["Running"] * wanted
        api.delete("apps/v1", kind, "web", "shop")
        until(lambda: api.objects("v1", "Pod", "shop") == [])


@pytest.mark.parametrize(
    ("outcome", "reason"), [(pods.IMAGE_PULL, "ImagePullBackOff"), (pods.CRASH_LOOP, "CrashLoopBackOff")]
)
def test_a_workload_that_never_gets_ready(outcome: str, reason: str) -> None:
    with running(controllers=[Workloads(outcomes={"shop/web": outcome})]) as api:
        api.load([workload("Deployment", "web", "shop")])

        def waiting() -> bool:
            statuses = [
                s
                for p in api.objects("v1", "Pod", "shop")
                for s in p["status"].get("containerStatuses") or []
            ]
            return any(s["state"].get("waiting", {}).get("reason") == reason for s in statuses)

        until(waiting)
        deployment = api.get("apps/v1", "Deployment", "web", "shop")
        assert deployment is not None
        assert deployment["status"]["unavailableReplicas"] == 1


def test_jobs_end() -> None:
    with running(controllers=[Workloads(outcomes={"shop/bad": pods.FAILED})]) as api:
        api.load([workload("Job", "good", "shop"), workload("Job", "bad", "shop")])

        def state(name: str) -> set[str]:
            job = api.get("batch/v1", "Job", name, "shop") or {}
            return {c["type"] for c in (job.get("status") or {}).get("conditions") or []}

        until(lambda: "Complete" in state("good") and "Failed" in state("bad"))


def test_load_balancers_and_volumes_need_their_controllers() -> None:
    with running(controllers=["workloads", "load_balancer_controller", "volumes"]) as api:
        api.crds(*KINDS)
        binding = {"apiVersion": "elbv2.k8s.aws/v1beta1", "kind": "TargetGroupBinding", "spec": {}}
        api.load([binding | {"metadata": {"name": "edge", "namespace": "shop"}}])
        claim = {"apiVersion": "v1", "kind": "PersistentVolumeClaim", "spec": {}}
        finalizers = ["kubernetes.io/pvc-protection"]
        api.load([claim | {"metadata": {"name": "data", "namespace": "shop", "finalizers": finalizers}}])
        api.load([workload("Deployment", "aws-load-balancer-controller", "kube-system")])
        api.load([workload("Deployment", "ebs-csi-controller", "kube-system")])

        def bound() -> Json | None:
            return api.get("elbv2.k8s.aws/v1beta1", "TargetGroupBinding", "edge", "shop")

        until(lambda: (bound() or {})["metadata"].get("finalizers") == ["elbv2.k8s.aws/resources"])
        until(lambda: len(api.objects("v1", "PersistentVolume")) == 1)
        api.delete("apps/v1", "Deployment", "aws-load-balancer-controller", "kube-system")
        api.delete("apps/v1", "Deployment", "ebs-csi-controller", "kube-system")
        until(lambda: api.objects("v1", "Pod", "kube-system") == [])
        api.delete("elbv2.k8s.aws/v1beta1", "TargetGroupBinding", "edge", "shop")
        api.delete("v1", "PersistentVolumeClaim", "data", "shop")
        until(lambda: api.get("v1", "PersistentVolumeClaim", "data", "shop") is None)
        time.sleep(0.2)
        assert bound() is not None
        assert len(api.objects("v1", "PersistentVolume")) == 1
        api.load([workload("Deployment", "aws-load-balancer-controller", "kube-system")])
        api.load([workload("Deployment", "ebs-csi-controller", "kube-system")])
        until(lambda: bound() is None and api.objects("v1", "PersistentVolume") == [])


def root() -> Json:
    text = (ROOT / "rendered/dev/argocd/root.yaml").read_text(encoding="utf-8")
    loaded: Json = yaml.safe_load(text)
    return loaded


def app(api: Emulator, name: str) -> Json:
    return api.get(API, "Application", name, "argocd") or {}


def states(api: Emulator) -> dict[str, tuple[str, str]]:
    found = {}
    for one in api.objects(API, "Application", "argocd"):
        status = one.get("status") or {}
        sync, health = status.get("sync") or {}, status.get("health") or {}
        found[one["metadata"]["name"]] = (sync.get("status", ""), health.get("status", ""))
    return found


def controller() -> Json:
    return workload("StatefulSet", "argocd-application-controller", "argocd")


def test_argo_cd_brings_the_rendered_tree() -> None:
    argo = ArgoCd(ROOT, outcomes={"orders": Outcome(images=("ghcr.io/techchallenge/orders:1.4.2",))})
    with running(controllers=["workloads", argo]) as api:
        api.crds(*KINDS)
        api.load([root()])
        time.sleep(0.2)
        assert "status" not in app(api, "root")  # nobody is there to act
        api.load([controller()])
        names = {path.stem for path in (ROOT / "rendered/dev/argocd/apps").glob("*.yaml")}
        until(lambda: states(api) == dict.fromkeys(names | {"root"}, ("Synced", "Healthy")))
        status = app(api, "orders")["status"]
        assert status["operationState"]["phase"] == "Succeeded"
        assert status["operationState"]["message"] == "successfully synced (all tasks run)"
        assert status["sync"]["revision"] == status["history"][0]["revision"] == argo.commit
        assert status["summary"]["images"] == ["ghcr.io/techchallenge/orders:1.4.2"]
        assert app(api, "ingress-nginx")["status"]["sync"]["revisions"] == ["4.15.1", argo.commit]
        assert app(api, "orders")["metadata"]["annotations"]["argocd.argoproj.io/tracking-id"] == (
            "root:argoproj.io/Application:argocd/orders"
        )
        first = app(api, "argo-cd")["status"]["history"][0]["deployedAt"]
        assert first <= app(api, "orders")["status"]["history"][0]["deployStartedAt"]  # in the order of waves


def test_argo_cd_waits_for_waves_and_says_what_fails() -> None:
    outcomes = {
        "ingress-nginx": Outcome(end="sync failed", message="admission webhook denied the request"),
        "argo-cd": Outcome(end="Healthy"),
    }
    with running(controllers=["workloads", ArgoCd(ROOT, outcomes=outcomes)]) as api:
        api.crds(*KINDS)
        api.load([root(), controller()])
        failed = until(
            lambda: (
                (app(api, "ingress-nginx").get("status") or {}).get("operationState", {}).get("phase")
                == "Failed"
                and app(api, "ingress-nginx")["status"]
            )
        )
        assert failed["operationState"]["message"] == (
            "one or more objects failed to apply, reason: admission webhook denied the request "
            "(retried 15 times)."
        )
        assert failed["conditions"][0]["type"] == "SyncError"
        message = app(api, "root")["status"]["operationState"]["message"]
        assert message == "waiting for healthy state of argoproj.io/Application/ingress-nginx"
        assert app(api, "edge") == {}  # of the next wave


def test_argo_cd_fails_on_a_part_that_is_degraded_and_goes_on_when_it_is_well() -> None:
    argo = ArgoCd(ROOT, outcomes={"ingress-nginx": Outcome(end="Degraded", message="no replicas")})
    with running(controllers=["workloads", argo]) as api:
        api.crds(*KINDS)
        api.load([root(), controller()])
        until(lambda: states(api).get("ingress-nginx") == ("Synced", "Degraded"))
        until(lambda: app(api, "root")["status"]["operationState"]["phase"] == "Failed")
        operation = app(api, "root")["status"]["operationState"]
        assert operation["message"].startswith("one or more synchronization tasks completed unsuccessfully")
        assert app(api, "edge") == {}
        until(lambda: states(api)["root"] == ("OutOfSync", "Degraded"))
        argo.outcomes.clear()
        until(lambda: states(api).get("root") == ("Synced", "Healthy"))


def test_argo_cd_without_automated_sync_and_with_a_comparison_error() -> None:
    manual = root()
    del manual["spec"]["syncPolicy"]["automated"]
    lost = root()
    lost["metadata"]["name"] = "lost"
    lost["spec"]["source"]["path"] = "rendered/nowhere"
    with running(controllers=["workloads", ArgoCd(ROOT)]) as api:
        api.crds(*KINDS)
        api.load([manual, lost, controller()])
        until(lambda: states(api) == {"root": ("OutOfSync", "Missing"), "lost": ("Unknown", "Healthy")})
        condition = app(api, "lost")["status"]["conditions"][0]
        assert condition["type"] == "ComparisonError"
        assert condition["message"].endswith("rendered/nowhere: app path does not exist")
        api.change(
            API, "Application", "root", "argocd", lambda o: o.update(operation={"sync": {"prune": True}})
        )
        until(lambda: states(api).get("root") == ("Synced", "Healthy"))


def test_argo_cd_heals_prunes_and_follows_the_checkout(tmp_path: pathlib.Path) -> None:
    shutil.copytree(ROOT / "rendered/dev/argocd", tmp_path / "rendered/dev/argocd")
    with running(controllers=["workloads", ArgoCd(tmp_path)]) as api:
        api.crds(*KINDS)
        api.load([root(), controller()])
        until(lambda: states(api).get("root") == ("Synced", "Healthy"))
        api.change(API, "Application", "orders", "argocd", lambda o: o["spec"].update(project="other"))
        until(lambda: app(api, "orders")["spec"]["project"] == "workloads")
        (tmp_path / "rendered/dev/argocd/apps/orders.yaml").unlink()
        until(lambda: app(api, "orders") == {})
        assert "payments" in states(api)


def test_argo_cd_deletes_in_cascade() -> None:
    held = config_map("held", "orders", finalizers=["example.com/held"])
    argo = ArgoCd(ROOT, outcomes={"orders": Outcome(resources=(held,)), "edge": Outcome()})
    with running(controllers=["workloads", argo]) as api:
        api.crds(*KINDS)
        api.load(
            [root(), controller(), {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "orders"}}]
        )
        until(lambda: set(states(api).values()) == {("Synced", "Healthy")} and "orders" in states(api))
        api.change(
            API,
            "Application",
            "root",
            "argocd",
            lambda o: o["metadata"].update(finalizers=["resources-finalizer.argocd.argoproj.io"]),
        )
        api.delete(API, "Application", "root", "argocd")
        until(lambda: "payments" not in states(api))
        time.sleep(0.2)
        assert {"root", "orders", "edge", "argo-cd"} <= set(states(api))  # lower waves wait for what is held
        api.change("v1", "ConfigMap", "held", "orders", lambda o: o["metadata"].pop("finalizers"))
        until(lambda: states(api) == {})
        assert api.objects(API, "AppProject") == []
