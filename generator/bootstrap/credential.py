"""How Argo CD gets into this repository: checked before anything is written, and never shown.

The keys are Argo CD's own (argo-cd docs, operator-manual/declarative-setup.md, "Repository Credentials").
"""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any, NamedTuple

from generator.model.kubernetes import ARGOCD_NAMESPACE
from generator.problem import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from generator.model import Environment

TYPE_LABEL = "argocd.argoproj.io/secret-type"
NAME = "repository"
"""The Secret, in Argo CD's namespace."""

_KINDS = {
    "a GitHub App": ("githubAppID", "githubAppInstallationID", "githubAppPrivateKey"),
    "a user": ("username", "password"),
}
_MORE = ("githubAppEnterpriseBaseUrl", "proxy", "noProxy")
_KEYS = (*(key for keys in _KINDS.values() for key in keys), *_MORE)
_SSH = "sshPrivateKey"  # of no use: the spec's repository is reached over HTTPS
SHAPE = " or ".join("{" + ", ".join(keys) + "}" for keys in _KINDS.values())


class Credential(NamedTuple):
    """Argo CD's keys with their values, and where they come from."""

    values: Mapping[str, str]
    source: str

    @property
    def kind(self) -> str:
        """`a GitHub App` or `a user`."""
        return next(kind for kind, keys in _KINDS.items() if keys[0] in self.values)

    def __repr__(self) -> str:
        """Without the values, wherever it may be printed."""
        return f"Credential({', '.join(self.values)} from {self.source})"


def read(text: str, source: str, url: str) -> tuple[Credential | None, list[str]]:
    """Return a credential, or what is wrong with it; no message quotes a value.

    `text` is JSON, or YAML, with the keys of one kind; `url` is what it is for.
    """
    document = _parsed(text)
    if not isinstance(document, dict) or not document:
        return None, [f"it is no JSON object with Argo CD's keys: {SHAPE}"]
    values = {str(key): _text(value) for key, value in document.items() if key not in {"url", "type"}}
    problems = [*_of_keys(values), *_of_values(values), *_of_address(values, url, document.get("url", url))]
    if problems:
        return None, problems
    return Credential({key: str(value) for key, value in values.items()}, source), []


def secret(environment: Environment, credential: Credential) -> dict[str, Any]:
    """Return the Secret that Argo CD reads it from."""
    values = {"type": "git", "url": environment.platform.repository.url, **credential.values}
    return {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {
            "name": NAME,
            "namespace": ARGOCD_NAMESPACE,
            "labels": {
                "app.kubernetes.io/part-of": environment.platform.name,
                TYPE_LABEL: "repository",
            },
        },
        "type": "Opaque",
        "data": {key: base64.b64encode(value.encode()).decode() for key, value in sorted(values.items())},
    }


def url_of(secret: Mapping[str, Any]) -> str:
    """Return the repository that a Secret of Argo CD is for, as it stands there."""
    try:
        return base64.b64decode(secret.get("data", {}).get("url", "")).decode()
    except ValueError:
        return ""


def same_repository(one: str, other: str) -> bool:
    """Whether Argo CD takes two URLs for the same repository (its util/git, NormalizeGitURL, in short)."""
    first, second = (url.strip().lower().rstrip("/").removesuffix(".git") for url in (one, other))
    return first == second


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        import yaml  # noqa: PLC0415  (JSON is what is expected)

        try:
            return yaml.safe_load(text)
        except yaml.YAMLError:
            return None


def _text(value: object) -> object:
    """The ids of a GitHub App are numbers, which JSON may have as such."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _of_keys(values: Mapping[str, object]) -> Iterator[str]:
    for key in sorted(values.keys() - {*_KEYS, _SSH}):
        yield f"Argo CD knows no key {key!r}; {did_you_mean(key, _KEYS)}"
    begun = {kind: keys for kind, keys in _KINDS.items() if values.keys() & set(keys)}
    if not begun and _SSH not in values:
        yield f"it says nobody's name: expected {SHAPE}"
    if len(begun) > 1:
        yield f"it is {' and '.join(begun)} at once: keep the keys of one"
    for kind, keys in begun.items():
        for key in keys:
            if key not in values:
                yield f"{key} is missing: {kind} has {', '.join(keys)}"


def _of_values(values: Mapping[str, object]) -> Iterator[str]:
    for key, value in sorted(values.items()):
        if key not in _KEYS:
            continue
        if not isinstance(value, str) or not value.strip():
            yield f"{key} is {'empty' if value in ('', None) else 'no text'}"
        elif key == "githubAppPrivateKey" and not (
            value.startswith("-----BEGIN ") and "PRIVATE KEY-----" in value
        ):
            start = "it starts with -----BEGIN ... PRIVATE KEY-----, and has its line breaks"
            yield f"{key} is no private key: {start}"
        elif key in {"githubAppID", "githubAppInstallationID"} and not value.isdecimal():
            yield f"{key} is no number"


def _of_address(values: Mapping[str, object], url: str, own: object) -> Iterator[str]:
    if not isinstance(own, str) or not same_repository(own, url):
        yield f"its url is another repository's; this one's is {url}. Leave url out"
    if _SSH in values:
        yield f"{url} is reached over HTTPS, which takes no {_SSH}: expected {SHAPE}"
