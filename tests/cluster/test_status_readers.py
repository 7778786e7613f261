"""argocd/bootstrap/readers.yaml grants exactly what `status` and `drift` ask."""

from __future__ import annotations

import re
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest
import yaml

from generator.cli import main
from generator.cluster import kubeconfig
from generator.cluster.client import Cluster
from generator.cluster.errors import Forbidden
from generator.cluster.follow import Followed
from generator.cluster.snapshot import APPLICATIONS, PODS
from tests.cluster import stage
from tests.cluster.live import WANTED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.cluster.emulator import Emulator, Request
    from tests.cluster.stage import Stage

READERS = Path(__file__).parents[2] / "argocd" / "bootstrap" / "readers.yaml"
_PATH = re.compile(
    r"/(?:api/v1|apis/(?P<group>[^/]+)/[^/]+)(?:/namespaces/(?P<namespace>[^/]+))?/(?P<plural>[^/]+)(?P<name>/.+)?"
)


# What is not well leads to the one question more.
UNWELL = {"name": "web", "merge": {"status": {"health": {"status": "Degraded"}}}}


class Use(NamedTuple):
    """A verb on a resource; in every namespace, or in one."""

    verb: str
    group: str
    plural: str
    namespace: str


def granted() -> set[Use]:
    """All that the rules grant, for they name everything."""
    documents = list(yaml.safe_load_all(READERS.read_text()))
    bound = {
        (d["roleRef"]["kind"], d["roleRef"]["name"], d["metadata"].get("namespace", ""))
        for d in documents
        if d["kind"].endswith("Binding")
        and d["subjects"]
        == [{"apiGroup": "rbac.authorization.k8s.io", "kind": "Group", "name": "platform:readers"}]
    }
    return {
        Use(verb, group, plural, d["metadata"].get("namespace", ""))
        for d in documents
        if (d["kind"], d["metadata"]["name"], d["metadata"].get("namespace", "")) in bound
        for rule in d["rules"]
        for verb in rule["verbs"]
        for group in rule["apiGroups"]
        for plural in rule["resources"]
    }


def used(request: Request) -> Use:
    """What RBAC sees in a request."""
    found = _PATH.fullmatch(request.path)
    assert found, request.path
    assert request.method == "GET", "both only read"
    verb = "get" if found["name"] else "watch" if request.query.get("watch") else "list"
    return Use(verb, found["group"] or "", found["plural"], found["namespace"] or "")


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    with stage.staged({"change": [UNWELL]}, tmp_path) as staged:
        monkeypatch.setenv("KUBECONFIG", str(staged.kubeconfig))
        yield staged


def follow(api: Emulator) -> None:
    """Do what `status --watch` does, until it watches."""
    read = kubeconfig.read(WANTED)
    with Followed(Cluster(read, read.contexts[0]), (APPLICATIONS, PODS), threading.Condition()):
        end = time.monotonic() + 10
        while sum(r.query.get("watch") == "1" for r in api.requests) < 2 and time.monotonic() < end:
            time.sleep(0.02)


def test_the_rules_are_what_both_commands_use(here: Stage) -> None:
    api = here.clusters["dev"]
    assert main(["status", "--env", "dev"], here.root, stage.TODAY) in (0, 1)
    assert main(["drift", "--env", "dev", "--no-terraform"], here.root, stage.TODAY) == 0
    follow(api)
    assert {used(request) for request in api.requests} == granted()


def test_they_work_where_everything_else_is_forbidden(here: Stage) -> None:
    """The other side of the same: the API says no to all that the rules do not name."""
    api = here.clusters["dev"]
    api._router.denials = [_AllBut(granted())]  # type: ignore[list-item]  # it only has to answer
    assert main(["drift", "--env", "dev", "--no-terraform"], here.root, stage.TODAY) == 0
    assert {r.status for r in api.requests} == {200}
    read = kubeconfig.read(WANTED)
    with pytest.raises(Forbidden, match="secrets"):
        Cluster(read, read.contexts[0]).list("v1", "secrets")


class _AllBut:
    """A denial of all but what is granted."""

    def __init__(self, grants: set[Use]) -> None:
        self._grants = grants

    def meets(self, verb: str, group: str, plural: str, namespace: str) -> bool:
        return not {Use(verb, group, plural, namespace), Use(verb, group, plural, "")} & self._grants
