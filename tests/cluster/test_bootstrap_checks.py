"""What must be there before a bootstrap: all that is missing comes out at once, and nothing is changed."""

from __future__ import annotations

import contextlib
import functools
import http.server
import json
import threading
from typing import TYPE_CHECKING, Any

import pytest

from tests.cluster.applied import TRUST
from tests.cluster.emulator import certificates, running
from tests.cluster.situation import (
    CONTEXT,
    FAILED,
    FINE,
    USAGE,
    Situation,
    commit,
    credential,
    git,
    node,
    remote,
    render_checkout,
)

if TYPE_CHECKING:
    import ssl
    from collections.abc import Iterator
    from pathlib import Path

    from tests.cluster.recorded import Recorded
    from tests.terraform.emulator.process import Emulator as AwsEmulator

pytestmark = pytest.mark.offline  # moto and the real helm


def test_everything_is_missing(here: Situation, empty: AwsEmulator) -> None:
    """An empty account, no kubeconfig, no helm, a stale rendering: one run says it all."""
    here.variables["PATH"] = "/usr/bin:/bin"
    here.variables |= empty.variables()
    spec = here.checkout / "environments" / "dev.yaml"
    spec.write_text(spec.read_text() + "description: Changed, and not rendered.\n")
    found = here.bootstrap("--check")
    assert found.code == FAILED
    assert here.mutations() == []
    missing = found.lines("missing")
    for words in (
        "helm is not on PATH",
        "rendered/dev is not what environments/ says: dev/README.md",
        "there is no EKS cluster shop-dev in us-east-1",
        "there is no kubeconfig",
        "stack platform has not been applied: nothing of it is there",
        "stack database has not been applied: nothing of it is there",
        "there is no public hosted zone of dev.shop.example in this account",
        "nothing lets Argo CD into https://git.example/shop/infra.git",
    ):
        assert [line for line in [*missing, *found.lines("unknown")] if line.startswith(words)], (
            words,
            found.out,
        )
    assert "aws secretsmanager create-secret --name shop/dev/argocd/repository" in found.out
    assert "aws eks update-kubeconfig --name shop-dev --region us-east-1" in found.out
    assert "https://app.terraform.io/app/shop/workspaces/shop-dev-platform" in found.out


def test_nothing_is_missing(ready: Situation, recorded: Recorded) -> None:
    found = ready.bootstrap("--check", "--credential", credential(ready.folder))
    assert found.code == FINE
    recorded("nothing-missing", found, ready)
    assert ready.mutations() == []


def step(situation: Situation, start: str, *arguments: str) -> str:
    """The text of the one step that starts so, with what follows it."""
    found = situation.bootstrap("--check", *arguments)
    assert situation.mutations() == []
    lines = found.out.splitlines()
    index = next((i for i, line in enumerate(lines) if line[11:].startswith(start)), None)
    assert index is not None, found.out
    end = next((i for i in range(index + 1, len(lines)) if not lines[i].startswith(" " * 11)), len(lines))
    assert found.code == FAILED or not lines[index].startswith(("  missing", "  unknown"))
    return "\n".join([lines[index].strip(), *(line[11:] for line in lines[index + 1 : end])])


def test_another_account(ready: Situation, other: AwsEmulator) -> None:
    ready.variables |= other.variables()
    found = ready.bootstrap("--check")
    assert "missing  the AWS credentials are for account 999999999999; dev is in 111111111111" in found.out
    assert f"unknown  whether context {CONTEXT} leads to the environment's cluster" in found.out
    assert ready.api.requests == [], "a cluster was asked that may be anybody's"


def test_no_credentials_of_aws(ready: Situation) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        del ready.variables[name]
    found = ready.bootstrap("--check")
    assert "missing  There are no AWS credentials" in found.out
    assert "What is in AWS has not been looked at." in found.out
    assert ready.api.requests == []


def test_a_cluster_of_another_authority(ready: Situation) -> None:
    """The name is right, the server answers, and it is another cluster."""
    with running() as other:
        (ready.folder / "kubeconfig").unlink()
        other.kubeconfig(ready.folder / "kubeconfig", context=CONTEXT)
        text = step(ready, f"context {CONTEXT} leads to another cluster than {CONTEXT}")
        assert "its certificate authority is not that cluster's" in text
        assert "aws eks update-kubeconfig --name shop-dev --region us-east-1" in text
        assert other.requests == []


def test_a_context_that_checks_nothing(ready: Situation) -> None:
    file = ready.folder / "kubeconfig"
    content = json.loads(file.read_text())
    content["clusters"][0]["cluster"]["insecure-skip-tls-verify"] = True
    file.write_text(json.dumps(content))
    assert "may lead anywhere" in step(ready, f"context {CONTEXT} skips the check")
    del content["clusters"][0]["cluster"]["certificate-authority-data"]
    del content["clusters"][0]["cluster"]["insecure-skip-tls-verify"]
    file.write_text(json.dumps(content))
    assert "nothing says which cluster" in step(ready, f"context {CONTEXT} has no certificate authority")
    assert ready.api.requests == []


def test_a_tunnel_with_a_name_of_its_own(ready: Situation) -> None:
    file = ready.folder / "kubeconfig"
    file.unlink()
    ready.api.kubeconfig(file, context="tunnel")
    assert "CONTEXT=NAME" in step(ready, "no context in")
    assert step(ready, "context tunnel leads to that cluster", "--context", "tunnel").startswith("ok")
    assert "Contexts there: tunnel." in step(ready, 'there is no context "other"', "--context", "other")


def test_expired_and_forbidden(ready: Situation) -> None:
    ready.api.forbid("list", "nodes")
    assert "may not list nodes" in step(ready, "context shop-dev may not")
    ready.api.tokens.clear()
    text = step(ready, "the cluster of context shop-dev does not take the credentials (401)")
    assert "fresh credentials" in text


def test_the_api_is_out_of_reach(ready: Situation) -> None:
    ready.api.down()
    assert "Look at your network and VPN" in step(ready, "https://127.0.0.1")


def test_another_version_answers(ready: Situation) -> None:
    ready.api.git_version = "v1.33.1-eks-1"
    assert "EKS runs 1.34" in step(ready, "the Kubernetes API says v1.33.1-eks-1")


@pytest.mark.parametrize(
    ("nodes", "expected"),
    [
        ([], "missing  the cluster has no nodes"),
        (
            [node("a", "False", message="container runtime network not ready"), node("b", "Unknown")],
            (
                "missing  none of the 2 nodes is ready\na: not ready, container runtime network not ready\n"
                "b: not ready, nothing was heard of it"
            ),
        ),
        (
            [node("a"), {**node("b"), "spec": {"unschedulable": True}}],
            "warning  1 of 2 nodes are ready\nb: cordoned: no pod is put there (kubectl uncordon)",
        ),
    ],
)
def test_nodes(ready: Situation, nodes: list[dict[str, Any]], expected: str) -> None:
    for name in ("ip-10-10-0-1", "ip-10-10-0-2"):
        ready.api.remove("v1", "Node", name)
    ready.api.load(nodes)
    start = expected.partition("\n")[0][9:]
    assert step(ready, start).startswith(expected)


def test_half_of_the_platform(ready: Situation) -> None:
    assert ready.applied
    iam, logs = ready.applied.client("iam"), ready.applied.client("logs")
    iam.delete_role(RoleName="shop-dev-orders-secrets")
    logs.delete_log_group(logGroupName="/shop/dev/metrics")
    try:
        text = step(ready, "stack platform has not been applied, or not wholly")
    finally:
        iam.create_role(RoleName="shop-dev-orders-secrets", AssumeRolePolicyDocument=TRUST)
        logs.create_log_group(logGroupName="/shop/dev/metrics")
    assert "no role shop-dev-orders-secrets, no log group /shop/dev/metrics" in text
    assert "Start or confirm the run of the workspace shop-dev-platform" in text


def test_secrets_that_nobody_has_written(ready: Situation) -> None:
    assert ready.applied
    secrets, names = ready.applied.client("secretsmanager"), ("payments/api-key", "orders/mongodb-uri")
    for name in names:
        secrets.delete_secret(SecretId=f"shop/dev/{name}", ForceDeleteWithoutRecovery=True)
        secrets.create_secret(Name=f"shop/dev/{name}")
    try:
        text = step(ready, "the secret shop/dev/payments/api-key has no value yet")
        assert "put-secret-value --secret-id shop/dev/payments/api-key" in text
        assert "shop-dev-database" in step(ready, "stack database has not been applied")
    finally:
        for name in names:
            secrets.put_secret_value(SecretId=f"shop/dev/{name}", SecretString="s3cret")


def test_the_domain_leads_elsewhere(ready: Situation) -> None:
    ready.names.servers["dev.shop.example"] = ["ns.elsewhere.example"]
    text = step(ready, "dev.shop.example is not delegated to its zone")
    assert "it leads to ns.elsewhere.example" in text
    assert "Whoever serves shop.example writes there" in text
    assert text.count("dev.shop.example.  NS  ns-") == 4
    ready.names.servers.clear()
    assert "the world knows no such domain" in step(ready, "dev.shop.example is not delegated to its zone")


def test_the_credential(ready: Situation) -> None:
    bad = credential(ready.folder, username="s3cret-name", pasword="s3cret-word")  # noqa: S106  (none)
    text = step(ready, f"the repository credential in {bad} cannot be used", "--credential", bad)
    assert "did you mean" in text
    assert "s3cret" not in text
    assert ready.applied
    ready.applied.repository('{"username": "x", "password": "hunter2"}')
    try:
        text = step(ready, "repository credential: a user, from secret shop/dev/argocd/repository")
    finally:
        ready.applied.client("secretsmanager").delete_secret(
            SecretId="shop/dev/argocd/repository", ForceDeleteWithoutRecovery=True
        )
    assert "hunter2" not in text


def test_a_file_that_everybody_can_read(ready: Situation) -> None:
    file = credential(ready.folder)
    (ready.folder / "credential.json").chmod(0o644)
    text = step(
        ready, f"repository credential: a user, from {file}; others on this machine", "--credential", file
    )
    assert text.endswith(f"chmod 600 {file}")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--env", "qa"), 'there is no environment "qa"'),
        (("--timeout", "soon"), "argument --timeout: invalid duration value: 'soon'"),
        (("--credential", "nowhere.json"), "there is no file nowhere.json"),
    ],
)
def test_wrong_usage(here: Situation, arguments: tuple[str, ...], words: str) -> None:
    found = here.bootstrap("--check", *arguments)
    assert found.code == USAGE
    assert words in found.err


def test_the_branch_that_argo_cd_follows(ready: Situation) -> None:
    """What it has is what will be synced, whatever this checkout says."""
    bare = ready.folder / "remote.git"
    ready.variables |= remote(ready.checkout, bare)
    start = "main of https://git.example/shop/infra.git"
    assert "has what is here" in step(ready, start)
    (ready.checkout / "argocd" / "bootstrap" / "more.yaml").write_text("# not merged\n")
    commit(ready.checkout)
    assert step(ready, start).startswith(f"warning  {start} has something else in rendered/dev or argocd")
    git(ready.checkout, "push", "--quiet", str(bare), "HEAD:main")
    git(ready.checkout, "reset", "--quiet", "--hard", "HEAD~1")
    git(ready.checkout, "reflog", "expire", "--expire=now", "--all")
    git(ready.checkout, "gc", "--quiet", "--prune=now")
    assert "which this checkout does not have" in step(ready, start)


def test_a_repository_that_everybody_may_read(ready: Situation) -> None:
    bare = ready.folder / "remote.git"
    remote(ready.checkout, bare)
    git(bare, "update-server-info")
    context, authority = certificates.context()
    (ready.folder / "git-ca.pem").write_text(authority)
    ready.variables["GIT_SSL_CAINFO"] = str(ready.folder / "git-ca.pem")
    with files_over_https(ready.folder, context) as address:
        spec = ready.checkout / "environments" / "platform.yaml"
        spec.write_text(
            spec.read_text().replace("https://git.example/shop/infra.git", f"{address}/remote.git")
        )
        render_checkout(ready.checkout)
        text = step(ready, "repository credential: none needed")
    assert text == f"ok       repository credential: none needed, everybody may read {address}/remote.git"


@contextlib.contextmanager
def files_over_https(folder: Path, context: ssl.SSLContext) -> Iterator[str]:
    class Handler(http.server.SimpleHTTPRequestHandler):
        def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002  (its name)
            pass

    handler = functools.partial(Handler, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield f"https://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
