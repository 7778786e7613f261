"""The repository's credential: what is taken, what is refused, and that no message shows it."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

import pytest

from generator.bootstrap import credential
from tests.cluster.situation import environment_of, make_checkout

if TYPE_CHECKING:
    from pathlib import Path

URL = "https://git.example/shop/infra.git"
KEY = "-----BEGIN RSA PRIVATE KEY-----\nsecret\n-----END RSA PRIVATE KEY-----\n"
APP = {"githubAppID": "1", "githubAppInstallationID": "2", "githubAppPrivateKey": KEY}
KEYS = "githubAppID, githubAppInstallationID, githubAppPrivateKey"
SHAPE = f"{{{KEYS}}} or {{username, password}}"
NO_KEY = "it starts with -----BEGIN ... PRIVATE KEY-----, and has its line breaks"


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    return make_checkout(tmp_path / "checkout")


def read(**values: Any) -> tuple[credential.Credential | None, list[str]]:
    return credential.read(json.dumps(values), "a file", URL)


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        (APP, "a GitHub App"),
        ({**APP, "githubAppID": 1, "githubAppInstallationID": 2}, "a GitHub App"),
        ({**APP, "githubAppEnterpriseBaseUrl": "https://git.example/api/v3"}, "a GitHub App"),
        ({"username": "x", "password": "y"}, "a user"),
        (
            {"username": "x", "password": "y", "url": "https://git.example/shop/infra/", "type": "git"},
            "a user",
        ),
    ],
)
def test_taken(values: dict[str, Any], kind: str) -> None:
    found, problems = read(**values)
    assert problems == []
    assert found
    assert found.kind == kind
    assert set(found.values) == values.keys() - {"url", "type"}


def test_yaml_is_taken_too() -> None:
    found, problems = credential.read("username: x\npassword: y\n", "a file", URL)
    assert (problems, found and found.values) == ([], {"username": "x", "password": "y"})


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (
            {"githubAppId": "1", "githubAppPrivateKey": "s3cret", "githubAppInstallationID": "x7"},
            [
                "Argo CD knows no key 'githubAppId'; did you mean \"githubAppID\"?",
                f"githubAppID is missing: a GitHub App has {KEYS}",
                "githubAppInstallationID is no number",
                f"githubAppPrivateKey is no private key: {NO_KEY}",
            ],
        ),
        (
            {"username": "s3cret", "password": ""},
            ["password is empty"],
        ),
        (
            {"username": ["s3cret"], "githubAppID": True},
            [
                "it is a GitHub App and a user at once: keep the keys of one",
                f"githubAppInstallationID is missing: a GitHub App has {KEYS}",
                f"githubAppPrivateKey is missing: a GitHub App has {KEYS}",
                "password is missing: a user has username, password",
                "githubAppID is no text",
                "username is no text",
            ],
        ),
        (
            {"sshPrivateKey": KEY},
            [f"{URL} is reached over HTTPS, which takes no sshPrivateKey: expected {SHAPE}"],
        ),
        (
            {"username": "x", "password": "s3cret", "url": "https://git.example/other.git"},
            [f"its url is another repository's; this one's is {URL}. Leave url out"],
        ),
        (
            {"proxy": "https://proxy.example"},
            [f"it says nobody's name: expected {SHAPE}"],
        ),
    ],
)
def test_refused_with_all_that_is_wrong(values: dict[str, Any], expected: list[str]) -> None:
    found, problems = read(**values)
    assert found is None
    assert problems == expected
    assert not any(word in line for line in problems for word in ("s3cret", "secret\n", "x7"))


@pytest.mark.parametrize("text", ["", "[]", "{}", "ghp_token", "a: [", "\x00"])
def test_what_is_no_object(text: str) -> None:
    found, problems = credential.read(text, "a file", URL)
    assert found is None
    assert [problem.partition(":")[0] for problem in problems] == ["it is no JSON object with Argo CD's keys"]


def test_the_secret_is_what_argo_cd_reads(checkout: Path) -> None:
    found, _ = credential.read("username: x\npassword: hunter2\n", "a file", URL)
    assert found
    secret = credential.secret(environment_of(checkout), found)
    assert secret["metadata"]["labels"]["argocd.argoproj.io/secret-type"] == "repository"
    decoded = {key: base64.b64decode(value).decode() for key, value in secret["data"].items()}
    assert decoded == {"type": "git", "url": URL, "username": "x", "password": "hunter2"}
    assert credential.url_of(secret) == URL
    assert "hunter2" not in repr(found)


@pytest.mark.parametrize(
    ("other", "same"),
    [
        ("https://git.example/shop/infra", True),
        ("HTTPS://Git.Example/shop/infra.git/", True),
        ("https://git.example/shop/infra2.git", False),
        ("", False),
    ],
)
def test_the_same_repository(other: str, *, same: bool) -> None:
    assert credential.same_repository(URL, other) is same
