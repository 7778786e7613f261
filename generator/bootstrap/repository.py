"""Argo CD's way into this repository: found, checked, and kept in a Secret of its namespace."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from generator.bootstrap import checkout, credential, objects
from generator.bootstrap.step import Step
from generator.cluster import aws_resources
from generator.model.kubernetes import ARGOCD_NAMESPACE

if TYPE_CHECKING:
    from pathlib import Path

    from generator.bootstrap.credential import Credential
    from generator.cluster.aws_session import Aws
    from generator.cluster.client import Cluster
    from generator.model import Environment

_OTHERS = 0o077


class Way(NamedTuple):
    """A credential to keep, None where none is needed; `step` says which, or what is wrong."""

    step: Step
    credential: Credential | None = None


def from_file(file: Path, environment: Environment) -> Way:
    """Read the file that somebody names."""
    try:
        text, mode = file.read_text(encoding="utf-8"), file.stat().st_mode
    except OSError as error:
        return Way(Step("missing", f"cannot read the credential {file}: {error.strerror}"))
    except UnicodeDecodeError:
        return Way(Step("missing", f"the credential {file} is no text"))
    way = _judged(text, str(file), environment)
    if way.credential and mode & _OTHERS:
        return way._replace(
            step=Step("warning", f"{way.step.text}; others on this machine can read it", f"chmod 600 {file}")
        )
    return way


def from_aws(aws: Aws, environment: Environment) -> Way | None:
    """Read the secret that the model names; None when there is none.

    Raises:
        AwsTrouble: AWS refuses, or cannot be asked.
    """
    name = environment.argocd_repository_secret_name
    text = aws_resources.secret_value(aws, name)
    return None if text is None else _judged(text, f"secret {name}", environment)


def kept(cluster: Cluster, environment: Environment) -> Way | None:
    """Return what Argo CD has for this repository already, None when it has nothing."""
    secret = _existing(cluster, environment.platform.repository.url)
    if secret is None:
        return None
    name = secret["metadata"]["name"]
    return Way(Step("ok", f"repository credential: Argo CD has one, in the Secret {name}"))


def open_to_all(environment: Environment) -> Way | None:
    """Say that no credential is needed; None when one is."""
    url = environment.platform.repository.url
    if checkout.answers_anybody(url):
        return Way(Step("ok", f"repository credential: none needed, everybody may read {url}"))
    return None


def nothing(environment: Environment) -> Way:
    """Say how Argo CD gets in."""
    url, name = environment.platform.repository.url, environment.argocd_repository_secret_name
    keys = '{"githubAppID": "1", "githubAppInstallationID": "2", "githubAppPrivateKey": "-----BEGIN ..."}'
    other = 'or {"username": "...", "password": "..."}'
    fix = (
        f"Write it into a file that only you can read, as {keys}\n{other}, and then either\n"
        f"  aws secretsmanager create-secret --name {name} --region {environment.region} "
        "--secret-string file://FILE\n"
        "or, to keep it out of AWS, run this with CREDENTIAL=FILE (--credential FILE). docs/bootstrap.md"
    )
    return Way(Step("missing", f"nothing lets Argo CD into {url}", fix))


def store(cluster: Cluster, environment: Environment, found: Credential) -> Step:
    """Keep a credential where Argo CD finds it; a changed one takes the old one's place.

    Raises:
        ClusterError: the API refuses, or cannot be asked.
    """
    text = f"repository credential: {found.kind}, from {found.source}"
    wanted = credential.secret(environment, found)
    other = _existing(cluster, environment.platform.repository.url)
    if other is not None and other["metadata"]["name"] != credential.NAME:
        name = other["metadata"]["name"]
        fix = f"kubectl -n {ARGOCD_NAMESPACE} delete secret {name}, and run this again."
        return Step(
            "missing", f"Argo CD has another credential for this repository, in the Secret {name}", fix
        )
    if other is not None and other.get("data") != wanted["data"]:
        # Merging would leave the keys of another kind of credential beside the new ones.
        stale = {key: None for key in other.get("data") or {} if key not in wanted["data"]}
        change = {"data": {**stale, **wanted["data"]}, "metadata": {"labels": wanted["metadata"]["labels"]}}
        cluster.patch("v1", "secrets", credential.NAME, change, ARGOCD_NAMESPACE)
        return Step("changed", text)
    return Step(objects.apply(cluster, wanted), text)


def _existing(cluster: Cluster, url: str) -> dict[str, Any] | None:
    listed = cluster.list(
        "v1", "secrets", ARGOCD_NAMESPACE, label_selector=f"{credential.TYPE_LABEL}=repository"
    )
    ours = [s for s in listed if credential.same_repository(credential.url_of(s), url)]
    return min(ours, key=lambda s: s["metadata"]["name"] != credential.NAME, default=None)


def _judged(text: str, source: str, environment: Environment) -> Way:
    found, problems = credential.read(text, source, environment.platform.repository.url)
    if found is None:
        return Way(
            Step("missing", f"the repository credential in {source} cannot be used", "\n".join(problems))
        )
    return Way(Step("ok", f"repository credential: {found.kind}, from {source}"), found)
