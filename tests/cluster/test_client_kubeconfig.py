"""Which context is an environment's."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

import pytest
import yaml

from generator.cluster import kubeconfig
from generator.cluster.errors import NoContext
from generator.cluster.kubeconfig import Wanted

WANTED = Wanted("dev", "shop-dev", "111111111111", "eu-west-1")
ARN = "arn:aws:eks:eu-west-1:111111111111:cluster/shop-dev"


def aws(*arguments: str, **variables: str) -> dict[str, Any]:
    """A user as `aws eks update-kubeconfig` writes it."""
    environment = [{"name": name, "value": value} for name, value in variables.items()]
    command = {
        "apiVersion": "client.authentication.k8s.io/v1beta1",
        "command": "aws",
        "env": environment or None,
    }
    return {"exec": {**command, "args": ["eks", "get-token", *arguments]}}


def written(
    folder: Path, *contexts: tuple[str, str, dict[str, Any]], current: str = "", name: str = "config"
) -> str:
    """Write a kubeconfig with contexts (name, cluster, user)."""
    path = folder / name
    path.write_text(
        yaml.safe_dump(
            {
                "apiVersion": "v1",
                "kind": "Config",
                "current-context": current,
                "contexts": [
                    {"name": name, "context": {"cluster": cluster, "user": name}}
                    for name, cluster, _ in contexts
                ],
                "clusters": [
                    {"name": cluster, "cluster": {"server": f"https://{cluster[-8:]}"}}
                    for cluster in dict.fromkeys(cluster for _, cluster, _ in contexts)
                ],
                "users": [{"name": name, "user": user} for name, _, user in contexts],
            }
        )
    )
    return str(path)


def chosen(listed: str, wanted: Wanted = WANTED) -> str:
    return kubeconfig.read(wanted, {"KUBECONFIG": listed}).choose(wanted).name


@pytest.mark.parametrize(
    ("cluster", "user"),
    [
        (ARN, {"token": "x"}),
        ("arn:aws-us-gov:eks:eu-west-1:111111111111:cluster/shop-dev", {"token": "x"}),
        ("shop-dev.eu-west-1.eksctl.io", {"token": "x"}),
        ("tunnel", aws("--cluster-name", "shop-dev", "--region", "eu-west-1")),
        ("tunnel", aws("--cluster-name=shop-dev")),
        ("tunnel", aws("-i", "shop-dev", AWS_REGION="eu-west-1")),
    ],
)
def test_names_that_mean_the_environments_cluster(tmp_path: Path, cluster: str, user: dict[str, Any]) -> None:
    assert chosen(written(tmp_path, ("other", "minikube", {}), ("this", cluster, user))) == "this"


@pytest.mark.parametrize(
    ("cluster", "user"),
    [
        ("arn:aws:eks:eu-west-1:222222222222:cluster/shop-dev", aws("--cluster-name", "shop-dev")),
        ("arn:aws:eks:us-east-1:111111111111:cluster/shop-dev", {}),
        ("arn:aws:eks:eu-west-1:111111111111:cluster/shop-dev2", {}),
        ("tunnel", aws("--cluster-name", "shop-dev", "--region", "us-east-1")),
        ("tunnel", aws("--cluster-name", "shop-dev", AWS_REGION="us-east-1")),
        ("shop-dev", {}),
    ],
)
def test_names_that_do_not(tmp_path: Path, cluster: str, user: dict[str, Any]) -> None:
    with pytest.raises(NoContext, match="leads to dev's cluster") as missing:
        chosen(written(tmp_path, ("this", cluster, user)))
    assert "aws eks update-kubeconfig --name shop-dev --region eu-west-1" in missing.value.fix


def test_the_account_decides_between_two_and_the_current_context_between_equals(tmp_path: Path) -> None:
    loose = ("loose", "tunnel", aws("--cluster-name", "shop-dev"))
    assert chosen(written(tmp_path, loose, ("exact", ARN, {}))) == "exact"
    two = (("admin", ARN, {}), ("reader", ARN, {}))
    assert chosen(written(tmp_path, *two, current="reader")) == "reader"
    with pytest.raises(NoContext, match="2 contexts for dev: admin, reader") as several:
        chosen(written(tmp_path, *two, current="elsewhere"))
    assert "CONTEXT=admin" in several.value.fix


def test_several_files_count_as_one_and_missing_ones_as_none(tmp_path: Path) -> None:
    one = written(tmp_path, ("other", "minikube", {}), name="one")
    two = written(tmp_path, ("this", ARN, {}), name="two")
    assert chosen(f"{one}:{tmp_path / 'missing'}:{two}") == "this"


def test_what_a_context_leads_to(tmp_path: Path) -> None:
    path = Path(written(tmp_path, (ARN, ARN, aws("--profile", "sso"))))
    tree = yaml.safe_load(path.read_text())
    (tmp_path / "ca.pem").write_bytes(b"PEM")
    about = tree["clusters"][0]["cluster"]
    about["tls-server-name"] = "kubernetes"
    for authority in (
        {"certificate-authority": "ca.pem"},
        {"certificate-authority-data": base64.b64encode(b"PEM").decode()},
    ):
        tree["clusters"][0]["cluster"] = {**about, **authority}
        path.write_text(yaml.safe_dump(tree))
        context = kubeconfig.read(WANTED, {"KUBECONFIG": str(path)}).named(ARN)
        assert (context.ca, context.tls_server_name, context.profile) == (b"PEM", "kubernetes", "sso")
        assert context.title == "shop-dev"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("a: [", r"config:1 is not YAML|config:2 is not YAML"),
        ("", "config file is empty"),
        ("contexts: [{context: {}}]", "name is missing|is no kubeconfig"),
        ("just text", "is no kubeconfig"),
    ],
)
def test_a_file_that_is_none_is_named(tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "config"
    path.write_text(text)
    with pytest.raises(NoContext, match=says):
        kubeconfig.read(WANTED, {"KUBECONFIG": str(path)})


def test_no_file_at_all(tmp_path: Path) -> None:
    with pytest.raises(NoContext, match="there is no kubeconfig") as missing:
        kubeconfig.read(WANTED, {"KUBECONFIG": str(tmp_path / "missing")})
    assert "aws eks update-kubeconfig --name shop-dev --region eu-west-1" in missing.value.fix
