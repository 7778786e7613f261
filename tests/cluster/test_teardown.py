"""A cluster that is emptied: the order, leftovers in AWS, controllers that are gone, Ctrl-C at every step."""

from __future__ import annotations

import os
import pty
import re
import time
from typing import TYPE_CHECKING, Any

import pytest

from tests.cluster.emulator import Fault
from tests.cluster.situation import (
    FAILED,
    FINE,
    INTERRUPTED,
    USAGE,
    Situation,
    commit,
    deployment,
    render_checkout,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cluster.recorded import Recorded

pytestmark = pytest.mark.apply  # minutes of waiting, as a terraform destroy
SYSTEM = ["default", "kube-node-lease", "kube-public", "kube-system"]
CLAIM = {
    "apiVersion": "v1",
    "kind": "PersistentVolumeClaim",
    "metadata": {"name": "data", "namespace": "orders"},
    "spec": {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}},
}
SERVICE = {
    "apiVersion": "v1",
    "kind": "Service",
    "metadata": {"name": "by-hand", "namespace": "default"},
    "spec": {"type": "LoadBalancer", "ports": [{"port": 80}], "selector": {"app": "x"}},
}


@pytest.fixture
def full(whole: Situation) -> Situation:
    """A cluster that runs, with a claim that pods use, and a load balancer that somebody made by hand."""
    volume = {"name": "data", "persistentVolumeClaim": {"claimName": "data"}}
    whole.outcome("orders", resources=(deployment("orders", "orders", volumes=[volume]),))
    assert whole.bootstrap().code == FINE
    whole.api.load([SERVICE, CLAIM])  # as a StatefulSet makes claims, which nobody's Application has
    until(lambda: len(whole.api.objects("v1", "PersistentVolume")) == 1)
    return whole


def until(true: Callable[[], bool]) -> None:
    """Wait for a controller."""
    for _ in range(200):
        if true():
            return
        time.sleep(0.05)
    raise AssertionError("nothing came of it")


def empty(here: Situation) -> None:
    """Nothing is left of the platform."""
    assert [n["metadata"]["name"] for n in here.api.objects("v1", "Namespace")] == SYSTEM
    for kind in ("PersistentVolumeClaim", "PersistentVolume", "Secret", "ConfigMap"):
        assert here.api.objects("v1", kind) == [], kind
    assert [s for s in here.api.objects("v1", "Service") if s["spec"].get("type") == "LoadBalancer"] == []
    left = here.api.objects("apps/v1", "Deployment") + here.api.objects("apps/v1", "StatefulSet")
    assert [d["metadata"]["name"] for d in left] == ["ebs-csi-controller"]  # EKS's own
    definitions = here.api.objects("apiextensions.k8s.io/v1", "CustomResourceDefinition")
    assert [d["metadata"]["name"] for d in definitions] == []


ORDER = (
    "DELETE .*/applications/root",
    "PATCH .*/applications/argo-cd",  # no self-heal from here on
    "DELETE .*/applications/orders",
    "DELETE .*/targetgroupbindings/shop-dev-g1",
    "DELETE .*/applications/edge",
    "DELETE .*/applications/ingress-nginx",
    "DELETE .*/applications/aws-load-balancer-controller",
    "DELETE .*/applications/argo-cd",
    "DELETE .*/appprojects/components",
    "DELETE .*/statefulsets/argocd-application-controller",
    "DELETE .*/customresourcedefinitions/applications.argoproj.io",
    "DELETE .*/namespaces/argocd",
)


def test_everything_goes_in_order(full: Situation, recorded: Recorded) -> None:
    since = len(full.api.requests)
    found = full.teardown()
    recorded("teardown", found, full)
    assert found.code == FINE
    empty(full)
    asked = full.mutations(since)
    places = [next(i for i, line in enumerate(asked) if re.fullmatch(step, line)) for step in ORDER]
    assert places == sorted(places)
    since = len(full.api.requests)
    again = full.teardown()
    assert (again.code, full.mutations(since)) == (FINE, [])
    assert {state for state, _ in again.states()} == {"ok"}


def test_only_looking(full: Situation, recorded: Recorded) -> None:
    since = len(full.api.requests)
    found = full.teardown("--check")
    recorded("teardown-check", found, full)
    assert (found.code, full.mutations(since)) == (FINE, [])


STEPS = {
    "root": "gone     Application root",
    "workloads": "gone     workloads",
    "traffic": "gone     bindings",
    "edge": "gone     edge",
    "wave 20": "gone     components of wave 20",
    "wave 10": "gone     components of wave 10",
    "argo-cd": "gone     Application argo-cd",
    "helm": "...      helm uninstalls",
    "release": "gone     helm release",
    "outside": "gone     what Argo CD had outside",
}


@pytest.mark.parametrize("step", STEPS)
def test_interrupted_and_resumed(full: Situation, step: str) -> None:
    found = full.teardown(until=lambda line: line.strip().startswith(STEPS[step]))
    assert (found.code, "make teardown ENV=dev goes on from here." in found.err) == (INTERRUPTED, True), found
    again = full.teardown()
    assert again.code == FINE, again
    empty(full)


def stop(here: Situation, namespace: str, kind: str, name: str) -> None:
    """Take its pods away, and keep it so."""

    def none(content: dict[str, Any]) -> None:
        content["spec"]["replicas"] = 0

    here.api.change("apps/v1", kind, name, namespace, none)

    def stopped() -> bool:
        found = here.api.get("apps/v1", kind, name, namespace)
        return bool(found and not found["status"].get("readyReplicas"))

    until(stopped)


def test_argo_cd_is_gone(full: Situation, recorded: Recorded) -> None:
    """What would wait for ever is said before anything is deleted; and there is a way on."""
    stop(full, "argocd", "StatefulSet", "argocd-application-controller")
    since = len(full.api.requests)
    found = full.teardown()
    recorded("teardown-without-argo-cd", found, full)
    assert (found.code, full.mutations(since)) == (FAILED, [])
    assert full.teardown("--abandon").code == FINE
    empty(full)


def test_the_load_balancer_controller_is_gone(full: Situation, recorded: Recorded) -> None:
    """Without it a binding may be let go, a load balancer may not: it would stay in AWS."""
    assert full.argo_cd
    full.argo_cd.outcomes.pop("aws-load-balancer-controller")  # so that nothing brings it back
    full.api.remove("apps/v1", "Deployment", "aws-load-balancer-controller", "kube-system")
    since = len(full.api.requests)
    found = full.teardown("--abandon")
    recorded("teardown-without-load-balancers", found, full)
    assert (found.code, full.mutations(since)) == (FAILED, [])
    full.api.remove("v1", "Service", "by-hand", "default")
    assert full.teardown().code == FAILED
    assert full.teardown("--abandon").code == FINE


def test_nobody_answers_a_webhook_that_must_agree(full: Situation) -> None:
    """The load balancer controller's is asked about a binding whose finalizer goes; it is gone, too."""
    assert full.argo_cd
    full.argo_cd.outcomes.pop("aws-load-balancer-controller")
    full.api.remove("apps/v1", "Deployment", "aws-load-balancer-controller", "kube-system")
    full.api.remove("v1", "Service", "by-hand", "default")
    full.api.load(
        [
            webhook("gone", "aws-load-balancer-webhook-service", "kube-system"),
            webhook("answers", "somebody", "default"),
            {
                "apiVersion": "discovery.k8s.io/v1",
                "kind": "EndpointSlice",
                "metadata": {
                    "name": "somebody-1",
                    "namespace": "default",
                    "labels": {"kubernetes.io/service-name": "somebody"},
                },
                "addressType": "IPv4",
                "endpoints": [{"addresses": ["10.0.0.1"], "conditions": {"ready": True}}],
            },
        ]
    )
    found = full.teardown("--abandon", "--timeout", "5s")
    assert found.code == FINE, found
    assert "webhooks that nobody answers: 1 deleted" in found.lines("gone")
    left = full.api.objects("admissionregistration.k8s.io/v1", "ValidatingWebhookConfiguration")
    assert [w["metadata"]["name"] for w in left] == ["answers"]


def webhook(name: str, service: str, namespace: str) -> dict[str, Any]:
    rule = {"apiGroups": ["elbv2.k8s.aws"], "apiVersions": ["v1beta1"], "resources": ["targetgroupbindings"]}
    return {
        "apiVersion": "admissionregistration.k8s.io/v1",
        "kind": "ValidatingWebhookConfiguration",
        "metadata": {"name": name},
        "webhooks": [
            {
                "name": "vtargetgroupbinding.elbv2.k8s.aws",
                "clientConfig": {"service": {"name": service, "namespace": namespace}},
                "rules": [{**rule, "operations": ["CREATE", "UPDATE"]}],
                "failurePolicy": "Fail",
                "sideEffects": "None",
                "admissionReviewVersions": ["v1"],
            }
        ],
    }


def test_what_does_not_go_is_named_with_whom_it_waits_for(full: Situation) -> None:
    def hold(content: dict[str, Any]) -> None:
        content["metadata"]["finalizers"] = ["example.com/mine"]

    full.api.change("v1", "Service", "by-hand", "default", hold)
    found = full.teardown("--timeout", "2s")
    assert found.code == FAILED
    assert "Service default/by-hand waits for whoever set example.com/mine" in found.out
    assert "goes on from here" in found.out


def test_the_api_is_away_for_a_while(full: Situation) -> None:
    full.api.fault(Fault(status=503, path="/applications$", first=8, times=9))
    found = full.teardown()
    assert found.code == FINE, found
    assert "the API does not answer: the API of context shop-dev answers 503" in found.out
    empty(full)


def test_expired_half_way(full: Situation) -> None:
    """Who it is may change in the middle; what is deleted stays so."""
    full.api.fault(Fault(status=401, path="/persistentvolumeclaims$", first=2))
    found = full.teardown()
    assert found.code == FAILED
    assert "does not take the credentials (401)" in found.err
    full.api.mend()
    assert full.teardown().code == FINE
    empty(full)


def test_production_is_refused(whole: Situation) -> None:
    found = whole.run("teardown", "--env", "production", "--confirm", "production")
    assert found.code == FAILED
    assert (
        "production is protected: deletionProtection is true (environments/production.yaml:8:1)" in found.err
    )
    assert whole.api.requests == []


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--confirm", "production"), "--confirm says production, --env says dev: nothing was done"),
        (("--confirm", ""), "--confirm says , --env says dev"),
    ],
)
def test_another_name(whole: Situation, arguments: tuple[str, ...], words: str) -> None:
    found = whole.teardown(*arguments)
    assert (found.code, words in found.err) == (USAGE, True)
    assert whole.api.requests == []


def test_nobody_to_ask(whole: Situation) -> None:
    found = whole.run("teardown")
    assert (found.code, found.err) == (
        USAGE,
        "error: nobody can be asked here: repeat the name, --confirm dev (CONFIRM=dev)\n",
    )


@pytest.mark.parametrize(("answer", "code"), [("dev", FINE), ("yes", FAILED)])
def test_the_question(whole: Situation, answer: str, code: int) -> None:
    """Only the environment's name is a yes."""
    ours, theirs = pty.openpty()
    try:
        os.write(ours, f"{answer}\n".encode())
        found = whole.run("teardown", stdin=theirs)
    finally:
        os.close(ours)
        os.close(theirs)
    assert "Type the environment's name to go on: " in found.out
    assert (found.code, "Nothing was done." in found.err) == (code, code == FAILED)


def test_leftovers_in_aws(whole: Situation, recorded: Recorded) -> None:
    assert whole.applied
    elb, ec2 = whole.applied.client("elbv2"), whole.applied.client("ec2")
    tags = [{"Key": "elbv2.k8s.aws/cluster", "Value": "shop-dev"}]
    subnet = ec2.describe_subnets()["Subnets"][0]["SubnetId"]
    arn = elb.create_load_balancer(Name="k8s-left", Subnets=[subnet], Type="network", Tags=tags)[
        "LoadBalancers"
    ][0]["LoadBalancerArn"]
    claim = [
        {"Key": "ebs.csi.aws.com/cluster", "Value": "true"},
        {"Key": "kubernetes.io/created-for/pvc/name", "Value": "data"},
        {"Key": "kubernetes.io/created-for/pvc/namespace", "Value": "orders"},
    ]
    zone = ec2.describe_availability_zones()["AvailabilityZones"][0]["ZoneName"]
    volume = ec2.create_volume(
        Size=1, AvailabilityZone=zone, TagSpecifications=[{"ResourceType": "volume", "Tags": claim}]
    )["VolumeId"]
    try:
        found = whole.teardown()
    finally:
        elb.delete_load_balancer(LoadBalancerArn=arn)
        ec2.delete_volume(VolumeId=volume)
    assert found.code == FAILED
    recorded("teardown-leftovers", found, whole)
    assert f"aws elbv2 delete-load-balancer --load-balancer-arn {arn}" in found.out
    assert f"aws ec2 delete-volume --volume-id {volume}" in found.out
    assert whole.teardown().code == FINE


def test_a_protected_environment_that_is_not_any_more(whole: Situation) -> None:
    spec = whole.checkout / "environments" / "dev.yaml"
    spec.write_text(spec.read_text() + "deletionProtection: true\n")
    render_checkout(whole.checkout)
    commit(whole.checkout)
    assert whole.teardown().code == FAILED
    assert whole.teardown("--check").code == FINE
