"""From an empty cluster to one that syncs itself: the real helm, over HTTPS, with what people see stored."""

from __future__ import annotations

import base64
import json
import time
from typing import TYPE_CHECKING, Any

import pytest

from tests.cluster.emulator import Fault, running
from tests.cluster.emulator.controllers.argo_cd import COMPARISON_ERROR, PROGRESSING, SYNC_FAILED
from tests.cluster.situation import (
    CONTEXT,
    FAILED,
    FINE,
    HELM,
    INTERRUPTED,
    PASSWORD,
    Situation,
    credential,
)

if TYPE_CHECKING:
    from tests.cluster.recorded import Recorded

pytestmark = pytest.mark.offline  # moto and the real helm
APPLICATIONS = ("argoproj.io/v1alpha1", "Application")
NAMES = [
    *("argo-cd", "aws-load-balancer-controller", "edge", "external-secrets", "ingress-nginx", "orders"),
    *("report", "root"),
]


def synced(here: Situation) -> None:
    """What a whole bootstrap leaves, as kubectl reads it."""
    listed = json.loads(here.kubectl("get", "applications.argoproj.io", "-n", "argocd", "-o", "json"))
    found = {a["metadata"]["name"]: a["status"] for a in listed["items"]}
    assert sorted(found) == NAMES
    assert {(s["sync"]["status"], s["health"]["status"]) for s in found.values()} == {("Synced", "Healthy")}
    secret = json.loads(here.kubectl("get", "secret", "repository", "-n", "argocd", "-o", "json"))
    assert base64.b64decode(secret["data"]["password"]).decode() == PASSWORD
    labels = json.loads(here.kubectl("get", "namespace", "argocd", "-o", "json"))["metadata"]["labels"]
    assert labels["pod-security.kubernetes.io/enforce"] == "restricted"


def test_from_nothing_and_again(whole: Situation, recorded: Recorded) -> None:
    found = whole.bootstrap()
    recorded("bootstrap", found, whole)
    assert found.code == FINE
    synced(whole)
    assert PASSWORD not in found.out + found.err
    since = len(whole.api.requests)
    again = whole.bootstrap()
    recorded("bootstrap-again", again, whole)
    assert again.code == FINE
    assert whole.mutations(since) == [], "a second run changes nothing"


def test_helm_is_given_the_rendered_values(whole: Situation) -> None:
    whole.bootstrap()
    config = whole.api.get("v1", "ConfigMap", "argocd-cm", "argocd")
    assert config
    values = json.loads(config["data"]["values"])
    assert values["fullnameOverride"] == "argocd"
    assert values["global"]["domain"] == "argocd.dev.shop.example"


def test_argo_cd_takes_over(whole: Situation) -> None:
    """Once its own Application is there, helm is not run any more, whatever the checkout says."""
    whole.bootstrap()
    whole.chart.unlink()
    values = whole.checkout / "environments" / "platform.yaml"
    values.write_text(values.read_text().replace("wave: 0}", "wave: 0, values: {configs: {cm: {x: y}}}}"))
    from tests.cluster.situation import render_checkout  # noqa: PLC0415

    render_checkout(whole.checkout)
    since = len(whole.api.requests)
    found = whole.run("bootstrap", "--resolver", whole.names.address)
    assert found.code == FINE
    assert "Argo CD manages itself from Git" in found.lines("ok")
    assert whole.mutations(since) == []


STEPS = {
    "checks": "ok       context",
    "namespace": "made     namespace",
    "credential": "made     repository credential",
    "helm": "...      helm installs",
    "rollout": "made     Argo CD",
    "projects": "made     projects",
    "root": "made     Application root",
    "waiting": "...      root: ",
}


@pytest.mark.parametrize("step", STEPS)
def test_interrupted_and_resumed(whole: Situation, step: str) -> None:
    """Ctrl-C at every step: it says where it was, and the next run brings it to its end."""
    whole.outcome("orders", end=PROGRESSING)  # or a slow machine is told to stop what has ended
    found = whole.bootstrap(until=lambda line: line.strip().startswith(STEPS[step]))
    assert (found.code, "make bootstrap ENV=dev goes on from here." in found.err) == (INTERRUPTED, True), (
        found
    )
    whole.outcome("orders")
    assert whole.bootstrap().code == FINE
    synced(whole)


@pytest.mark.parametrize("status", ["pending-install", "failed", "uninstalling"])
def test_a_release_that_helm_was_killed_at(whole: Situation, status: str) -> None:
    whole.outcome("root", end=COMPARISON_ERROR)  # so that Argo CD does not manage itself meanwhile
    whole.bootstrap(until=lambda line: "made     Argo CD" in line)
    if whole.api.get(*APPLICATIONS, "root", "argocd"):
        whole.api.remove(*APPLICATIONS, "root", "argocd")

    def edit(secret: dict[str, Any]) -> None:
        secret["metadata"]["labels"]["status"] = status
        secret["metadata"]["labels"]["modifiedAt"] = str(int(time.time()) + 3)

    whole.api.change("v1", "Secret", "sh.helm.release.v1.argo-cd.v1", "argocd", edit)
    whole.outcome("root")
    found = whole.bootstrap()
    assert found.code == FINE, found
    assert ("another helm is at work on argo-cd, or was cut off" in found.out) is (status != "failed")
    releases = [s for s in whole.api.objects("v1", "Secret", "argocd") if s["type"].startswith("helm.sh")]
    assert [s["metadata"]["labels"]["status"] for s in releases][-1] == "deployed"


def test_the_api_goes_down_under_helm(whole: Situation) -> None:
    """Helm cannot even write down that it failed; the next run takes its mark away and goes on."""
    fault = whole.api.fault(Fault(refuse=True, path="/deployments/argocd-server", method="PATCH"))
    found = whole.bootstrap()
    assert found.code == FAILED
    assert "while helm installs Argo CD, chart 10.1.1: helm cannot install Argo CD" in found.err
    whole.api.mend(fault)
    whole.api.up()
    secret = whole.api.get("v1", "Secret", "sh.helm.release.v1.argo-cd.v1", "argocd")
    assert secret
    assert secret["metadata"]["labels"]["status"] == "pending-install"
    found = whole.bootstrap()
    assert found.code == FINE, found
    synced(whole)


def test_another_chart_than_the_pinned_one(whole: Situation, helm: Any) -> None:
    from tests.cluster import stand_in_chart  # noqa: PLC0415

    whole.chart = stand_in_chart.build(whole.folder, helm, version="9.9.9")
    found = whole.bootstrap()
    assert found.code == FAILED
    assert "argo-cd-9.9.9.tgz is argo-cd 9.9.9; the environment pins argo-cd 10.1.1" in found.err
    assert whole.api.get("v1", "Secret", "sh.helm.release.v1.argo-cd.v1", "argocd") is None


def test_the_api_goes_away_half_way(whole: Situation) -> None:
    """Requests that fail are sent again; a longer absence is waited for."""
    whole.api.fault(Fault(status=503, path="/applications", verb="list", times=3))
    whole.api.fault(Fault(close=True, path="/appprojects/", method="GET", times=2))
    assert whole.bootstrap().code == FINE
    synced(whole)


def test_the_api_is_away_for_longer_than_requests_are_sent_again(whole: Situation) -> None:
    whole.api.fault(Fault(status=503, path="/applications$", times=9))
    found = whole.bootstrap()
    assert found.code == FINE, found
    assert "the API does not answer: the API of context shop-dev answers 503" in found.out
    synced(whole)


def test_a_namespace_that_still_goes(whole: Situation) -> None:
    """As after a teardown that was cut off: nothing could be made in it."""
    finalizers = {"finalizers": ["example.com/mine"]}
    whole.api.load([{"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "argocd", **finalizers}}])
    whole.api.delete("v1", "Namespace", "argocd")
    found = whole.bootstrap()
    assert (found.code, whole.mutations()) == (FAILED, [])
    assert "namespace argocd is being deleted" in found.lines("missing")


def test_helm_goes_to_the_cluster_that_was_proven(whole: Situation) -> None:
    """Whatever somebody has set for another one."""
    whole.variables |= {"HELM_KUBEAPISERVER": "https://127.0.0.1:1", "HELM_NAMESPACE": "other"}
    assert whole.bootstrap().code == FINE


def test_the_kubeconfig_changes_after_the_checks(whole: Situation) -> None:
    """Somebody in another window writes the context anew, for another cluster, just before helm reads it."""
    with running() as elsewhere:
        other = elsewhere.kubeconfig(whole.folder / "other", context=CONTEXT)
        program = whole.folder / "bin" / "helm"
        program.parent.mkdir()
        program.write_text(
            f'#!/bin/sh\nif [ "$1" = upgrade ]; then cp {other} "$KUBECONFIG"; fi\nexec {HELM} "$@"\n'
        )
        program.chmod(0o755)
        whole.variables["PATH"] = f"{program.parent}:{whole.variables['PATH']}"
        found = whole.bootstrap()
        assert (found.code, elsewhere.requests) == (FAILED, []), found
        assert "provide credentials" in found.err, "the proven cluster was asked, with the other one's token"


@pytest.mark.parametrize("end", ["fine", "interrupted", "refused"])
def test_no_key_stays_in_a_temporary_file(whole: Situation, end: str) -> None:
    """Where the client keeps what the kubeconfig has as data."""
    folder = whole.folder / "temporary"
    folder.mkdir()
    whole.variables["TMPDIR"] = str(folder)
    if end == "refused":
        whole.api.forbid("list", "nodes")
    stop = (lambda line: "nodes are ready" in line) if end == "interrupted" else None
    whole.bootstrap("--check", until=stop)
    whole.teardown("--check")
    assert any("/nodes" in request.path for request in whole.api.requests)
    assert list(folder.iterdir()) == []


def test_forbidden_half_way(whole: Situation) -> None:
    whole.api.forbid("patch", "argoproj.io/appprojects")
    found = whole.bootstrap()
    assert found.code == FAILED
    assert "may not patch appprojects.argoproj.io root in namespace argocd" in found.err
    assert "cluster.adminRoles" in found.err
    whole.api.allow()
    assert whole.bootstrap().code == FINE


def test_a_credential_that_changes(whole: Situation) -> None:
    whole.bootstrap()
    file = credential(whole.folder, githubAppID="1", githubAppInstallationID="2", githubAppPrivateKey=KEY)
    found = whole.bootstrap("--credential", file)
    assert (found.code, len(found.lines("changed"))) == (FINE, 1)
    secret = whole.api.get("v1", "Secret", "repository", "argocd")
    assert secret
    assert sorted(secret["data"]) == [
        *("githubAppID", "githubAppInstallationID", "githubAppPrivateKey", "type", "url")
    ]


KEY = "-----BEGIN RSA PRIVATE KEY-----\nx\n-----END RSA PRIVATE KEY-----\n"


def test_a_credential_that_argo_cd_cannot_use(whole: Situation, recorded: Recorded) -> None:
    """Given up before the time is over: nothing but another credential helps."""
    message = "failed to list refs: authentication required: Repository not found."
    whole.outcome("root", end=COMPARISON_ERROR, message=message)
    found = whole.bootstrap()
    assert found.code == FAILED
    recorded("credential-refused", found, whole)


def test_what_is_not_healthy_in_time(whole: Situation, recorded: Recorded) -> None:
    whole.outcome(
        "ingress-nginx", end=SYNC_FAILED, message="the server could not find the requested resource"
    )
    found = whole.bootstrap()
    assert found.code == FAILED
    recorded("release-failed", found, whole)


def test_pods_that_do_not_start(whole: Situation) -> None:
    workloads: Any = next(c for c in whole.api.controllers if c.name == "workloads")
    workloads.outcomes["argocd/argocd-repo-server"] = "image pull"
    found = whole.bootstrap("--timeout", "3s")
    assert found.code == FAILED
    assert "argocd-repo-server 0/1" in found.out
    assert "cannot get its image quay.io/argoproj/argocd:v3.4.0" in found.out


def test_what_the_root_has_no_more_goes(whole: Situation) -> None:
    """Nobody but the bootstrap applies it: Argo CD reads the folder without root.yaml."""
    from tests.cluster.situation import render_checkout  # noqa: PLC0415

    assert whole.bootstrap().code == FINE
    spec = whole.checkout / "environments" / "dev.yaml"
    spec.write_text(spec.read_text() + "sync: {automated: false}\n")
    render_checkout(whole.checkout)
    found = whole.bootstrap()
    assert any("Application root" in line for line in found.lines("changed")), found
    root = whole.api.get(*APPLICATIONS, "root", "argocd")
    assert root
    assert "automated" not in root["spec"]["syncPolicy"]
    since = len(whole.api.requests)
    assert whole.bootstrap().code == FINE
    assert whole.mutations(since) == []


def test_nothing_syncs_by_itself(whole: Situation) -> None:
    from tests.cluster.situation import render_checkout  # noqa: PLC0415

    spec = whole.checkout / "environments" / "dev.yaml"
    spec.write_text(spec.read_text() + "sync: {automated: false}\n")
    render_checkout(whole.checkout)
    found = whole.bootstrap()
    assert found.code == FINE
    assert "sync.automated is false: Argo CD waits for a person" in found.lines("warning")
