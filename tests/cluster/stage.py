"""A situation of the folder situations/: what clusters have and do, what somebody types, what they then see.

`situations/<name>/situation.yaml`, all keys but `type` optional:

    about: what it is, for people
    type: status --env dev                # the command line
    clusters: {dev: {...}, live: {...}}   # what each has; without it the keys below, for dev
    change: [{kind, name, namespace, merge: {...}, by: kubectl-edit, at: 2026-11-24T09:00:00Z}]   # RFC 7386
    remove: [{kind, name, namespace}]
    add: [...]                            # whole objects
    pods: [{release, name, merge: {...}}] # pods of a release; healthy, but for the merge
    faults: [{...}]                       # of the emulator, as its Fault takes them
    forbid: [[list, pods]]
    of: live                              # whose objects it has, if not its own
    empty: true                           # a cluster without Argo CD
    down: true
    context: mine                         # its name in the kubeconfig, if not what aws writes
    bin: {aws: echo no >&2; exit 1}       # programs on PATH, for the shell
    variables: {TFE_TOKEN: abc}           # of the process
    kubeconfig: "a: ["                    # its whole text, if not one that leads to the clusters
    user: {...}                           # how the kubeconfig logs in, if not with a token that is taken
    many: 1000                            # so many more workloads, and dev alone
    spec: {environments/dev.yaml: [[old, new], ...]}            # edits of tests/cases/base, before anything
    git: [{environments/dev.yaml: [[old, new]]}, ...]           # commits after the first, edits of the spec
    edited: {environments/dev.yaml: [[old, new]]}               # then, and not committed
    synced: 0                             # the commit that Argo CD has synced, counted from the first
"""

from __future__ import annotations

import contextlib
import shlex
import shutil
import subprocess
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

import yaml

from generator import load, source
from generator.cli import main
from generator.model.stacks import STACKS
from tests.cluster import live
from tests.cluster.emulator import Fault, running
from tests.test_cases import CASES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from generator.model import Environment, Spec
    from tests.cluster.emulator import Emulator

Json = dict[str, Any]
Edits = dict[str, list[list[str]]]

TODAY = date(2026, 11, 24)
# As long as the real address, so that lines break alike.
_SHOWN = {"dev": "https://dev.example:443", "live": "https://live.example:44"}


@dataclass
class Stage:
    """A checkout, the clusters of its environments, and what to hide of both because it is never the same."""

    root: Path
    kubeconfig: Path
    clusters: dict[str, Emulator] = field(default_factory=dict)
    hidden: dict[str, str] = field(default_factory=dict)

    def tidy(self, text: str) -> str:
        for real, shown in self.hidden.items():
            text = text.replace(real, shown)
        return text


@contextlib.contextmanager
def staged(about: Json, tmp: Path) -> Iterator[Stage]:
    """Set a situation up, for as long as a test needs it."""
    stage = Stage(tmp / "checkout", tmp / "kubeconfig")
    spec = checkout(stage.root, about.get("spec") or {}, about.get("many", 0))
    made = commits(stage, about) if "git" in about else [(live.REVISION, spec)]
    revision, then = made[about.get("synced", 0)]
    environments = {e.name: e for e in then.environments}
    for name, script in (about.get("bin") or {}).items():
        program = tmp / "bin" / name
        program.parent.mkdir(exist_ok=True)
        program.write_text(f"#!/bin/sh\n{script}\n")
        program.chmod(0o755)
    with contextlib.ExitStack() as stack:
        for name, one in (about.get("clusters") or {"dev": about}).items():
            api = stack.enter_context(running())
            stage.clusters[name] = api
            stage.hidden[api.url] = _SHOWN[name]
            fill(api, environments[one.get("of", name)], one, revision)
            context = one.get("context") or arn(environments[name])
            api.kubeconfig(stage.kubeconfig, context=context, **(one.get("user") or {}))
        if "kubeconfig" in about:
            stage.kubeconfig.write_text(about["kubeconfig"])
        yield stage


def arn(environment: Environment) -> str:
    """Return the name that `aws eks update-kubeconfig` gives to a context."""
    return f"arn:aws:eks:{environment.region}:{environment.account}:cluster/{environment.cluster_name}"


def checkout(root: Path, edits: Edits, many: int = 0) -> Spec:
    """Lay out the base's spec, edited, with so many more workloads, and its rendered files."""
    shutil.copytree(CASES / "base" / "environments", root / "environments")
    for chart in ("edge", "workload"):
        (root / "argocd" / "charts" / chart / "1.0.0").mkdir(parents=True)
    for stack in STACKS:
        (root / "terraform" / "stacks" / stack).mkdir(parents=True)
    edit(root, edits)
    if many:
        more(root / "environments", many)
    assert main(["render"], root, TODAY) == 0
    return read(root)


def more(environments: Path, number: int) -> None:
    """Add workloads to dev, which is alone then."""
    (environments / "live.yaml").unlink()
    names = [f"service-{index:04d}" for index in range(number)]
    with (environments / "platform.yaml").open("a") as file:
        file.writelines(f"  {name}: {{image: ghcr.io/example/{name}, port: 8080}}\n" for name in names)
    text = (environments / "dev.yaml").read_text()
    versions = ", ".join(f"{name}: 1.0.0" for name in names)
    (environments / "dev.yaml").write_text(text.replace("workloads: {", f"workloads: {{{versions}, ", 1))


def read(root: Path) -> Spec:
    spec = load.load(source.load(root), TODAY).spec
    assert spec is not None
    return spec


def edit(root: Path, edits: Edits) -> None:
    for path, pairs in edits.items():
        text = (root / path).read_text()
        for old, new in pairs:
            assert old in text, f"{path} has no {old}"
            text = text.replace(old, new)
        (root / path).write_text(text)


def commits(stage: Stage, about: Json) -> list[tuple[str, Spec]]:
    """Make a repository with a remote branch; return its commits and their specs, the first one first."""
    git(stage.root, "init", "--quiet", "--initial-branch=main")
    (stage.root / ".gitignore").write_text("rendered/.render/\n")
    made = []
    for number, edits in enumerate([{}, *about["git"]]):
        edit(stage.root, edits)
        assert main(["render"], stage.root, TODAY) == 0
        git(stage.root, "add", "--all")
        git(stage.root, "commit", "--quiet", "--allow-empty", "--message", f"Commit {number}")
        commit = git(stage.root, "rev-parse", "HEAD")
        made.append((commit, read(stage.root)))
        stage.hidden[commit] = f"{number + 1}" * 40
        stage.hidden[commit[:8]] = f"{number + 1}" * 8
    git(stage.root, "update-ref", "refs/remotes/origin/main", "HEAD")
    edit(stage.root, about.get("edited") or {})
    return made


def git(root: Path, *command: str) -> str:
    name = ["-c", "user.name=Ana", "-c", "user.email=ana@example.com", "-c", "commit.gpgSign=false"]
    run = subprocess.run(["git", "-C", root, *name, *command], check=True, capture_output=True, text=True)
    return run.stdout.strip()


def fill(api: Emulator, environment: Environment, has: Json, revision: str) -> None:
    """Put into a cluster what a situation says it has, and let it do what it says."""
    if not has.get("empty"):
        api.crds(*live.CRDS)
        api.load(objects(environment, has, revision))
    for fault in has.get("faults") or ():
        api.fault(Fault(**fault))
    for refused in has.get("forbid") or ():
        api.forbid(*refused)
    if has.get("down"):
        api.down()


def objects(environment: Environment, has: Json, revision: str) -> list[Json]:
    """Return what a cluster has."""
    found = {_key(one): one for one in live.healthy(environment, revision)}
    like = {one["metadata"]["labels"][live.INSTANCE]: one for one in found.values() if one["kind"] == "Pod"}
    for change in has.get("change") or ():
        _change(found[_key_of(change)], change)
    for gone in has.get("remove") or ():
        del found[_key_of(gone)]
    for extra in has.get("pods") or ():
        release, other = extra["release"], like.get(extra["release"])
        namespace = other["metadata"]["namespace"] if other else release
        image = other["spec"]["containers"][0]["image"] if other else f"ghcr.io/example/{release}:1.0.0"
        one = live.pod(release, extra["name"], namespace, image)
        found[_key(one)] = _merged(one, extra.get("merge") or {})
    return [*found.values(), *(has.get("add") or ())]


def _key(one: Json) -> tuple[str, str, str]:
    return one["kind"], str(one["metadata"].get("namespace") or ""), one["metadata"]["name"]


def _key_of(named: Json) -> tuple[str, str, str]:
    return named.get("kind", "Application"), named.get("namespace", "argocd"), named["name"]


def _change(one: Json, change: Json) -> None:
    merged = _merged(one, change["merge"])
    one.clear()
    one.update(merged)
    if "by" in change:
        entry = live.managed(change["by"], change["merge"], change["at"], "Update")
        one["metadata"].setdefault("managedFields", []).append(entry)


def _merged(whole: Any, change: Any) -> Any:
    """Merge as RFC 7386 has it."""
    if not isinstance(change, dict):
        return change
    result = dict(whole) if isinstance(whole, dict) else {}
    for key, value in change.items():
        if value is None:
            result.pop(key, None)
        else:
            result[key] = _merged(result.get(key), value)
    return result


def described(folder: Path) -> Json:
    """Return what a situation's file says."""
    about: Json = yaml.load((folder / "situation.yaml").read_text(), _Plain)  # noqa: S506  (it is a safe one)
    return about


def words(about: Json) -> list[str]:
    """Return the command line."""
    return shlex.split(about["type"])


class _Plain(yaml.SafeLoader):
    """Moments stay texts, as in JSON."""


_Plain.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in found if not tag.endswith(":timestamp")]
    for first, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
