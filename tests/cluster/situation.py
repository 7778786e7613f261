"""Everything that a bootstrap or a teardown talks to, in one place: a checkout, a cluster, AWS, a resolver.

The commands run as people run them, in a process of their own or in this one, with nothing of this machine's
credentials and settings.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from generator import load, render, source
from generator.writer import Scope, apply, compare, locked
from tests.cluster.emulator import definitions
from tests.cluster.emulator.controllers.argo_cd import Outcome as Sync

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from generator.model import Environment
    from tests.cluster.applied import Applied
    from tests.cluster.emulator import Emulator
    from tests.cluster.emulator.controllers.argo_cd import ArgoCd
    from tests.cluster.name_server import Names

ROOT = Path(__file__).parents[2]
TODAY = date(2026, 11, 24)
HELM, KUBECTL = ROOT / ".tools" / "bin" / "helm", ROOT / ".tools" / "bin" / "kubectl"
CONTEXT = "arn:aws:eks:us-east-1:111111111111:cluster/shop-dev"
FINE, FAILED, USAGE, INTERRUPTED = 0, 1, 2, 130

PASSWORD = "hunter2-must-not-be-seen"  # noqa: S105  (of nobody)


def deployment(namespace: str, name: str, **pod: Any) -> dict[str, Any]:
    labels = {"app.kubernetes.io/name": name}
    spec = {"containers": [{"name": "main", "image": "registry.example/x:1"}], **pod}
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": name, "namespace": namespace, "labels": labels},
        "spec": {
            "replicas": 1,
            "selector": {"matchLabels": labels},
            "template": {"metadata": {"labels": labels}, "spec": spec},
        },
    }


def namespace(name: str) -> dict[str, Any]:
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}}


# What the Applications make, one of each kind that has an order.
MADE: dict[str, list[dict[str, Any]]] = {
    "aws-load-balancer-controller": [
        deployment("kube-system", "aws-load-balancer-controller"),
        definitions.write(
            "elbv2.k8s.aws", "v1beta1", "TargetGroupBinding", "targetgroupbindings", "Namespaced"
        ),
    ],
    "external-secrets": [namespace("external-secrets"), deployment("external-secrets", "external-secrets")],
    "ingress-nginx": [namespace("ingress-nginx"), deployment("ingress-nginx", "ingress-nginx-controller")],
    "edge": [
        namespace("orders"),
        {
            "apiVersion": "elbv2.k8s.aws/v1beta1",
            "kind": "TargetGroupBinding",
            "metadata": {"name": "shop-dev-g1", "namespace": "ingress-nginx"},
            "spec": {"targetGroupName": "shop-dev-g1"},
        },
    ],
    "orders": [deployment("orders", "orders")],
}
OUTCOMES = {name: Sync(resources=tuple(made)) for name, made in MADE.items()}

# The command line with another checkout than the one that it lies in, and shorter waits.
_MAIN = """
import os, sys
from pathlib import Path
from generator.bootstrap import argo_cd, clock, waiting
from generator.cluster import retry
clock.PAUSE, waiting.QUIET, waiting.SETTLE, argo_cd.GRACE, retry._FIRST = 0.1, 1.0, 2.0, 2.0, 0.05
from generator.cli import main
code = main(sys.argv[2:], Path(sys.argv[1]))
sys.stdout.flush()
sys.stderr.flush()
os._exit(code)  # as the real entry ends, without atexit
"""


class Outcome(NamedTuple):
    code: int
    out: str
    err: str

    def states(self) -> list[tuple[str, str]]:
        """The steps: state and text of each."""
        return re.findall(r"^  (ok|made|changed|gone|warning|missing|unknown) +(.*)$", self.out, re.MULTILINE)

    def lines(self, state: str) -> list[str]:
        return [text for found, text in self.states() if found == state]


def make_checkout(folder: Path) -> Path:
    """Copy the small platform with our charts, rendered and committed."""
    shutil.copytree(Path(__file__).parent / "platform" / "environments", folder / "environments")
    shutil.copytree(ROOT / "argocd", folder / "argocd")
    render_checkout(folder)
    git(folder, "init", "--quiet", "--initial-branch", "main")
    commit(folder)
    return folder


def render_checkout(folder: Path) -> None:
    spec = load.load(source.load(folder), TODAY).spec
    assert spec
    files = [file for e in spec.environments for file in render.environment(e)]
    with locked(folder):
        apply(folder, compare(folder, iter(files), Scope(frozenset(e.name for e in spec.environments))))


def commit(folder: Path) -> None:
    git(folder, "add", "--all")
    git(folder, "-c", "user.name=x", "-c", "user.email=x@x.example", "commit", "--quiet", "--message", "x")


def git(folder: Path, *arguments: str) -> None:
    subprocess.run(["git", "-C", folder, *arguments], check=True, capture_output=True)


def remote(checkout: Path, bare: Path) -> dict[str, str]:
    """Push to a repository that git takes for the spec's; return the variables that have it do so."""
    git(checkout, "clone", "--quiet", "--bare", str(checkout), str(bare))
    return {
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": f"url.{bare}.insteadOf",
        "GIT_CONFIG_VALUE_0": "https://git.example/shop/infra.git",
    }


def environment_of(checkout: Path, name: str = "dev") -> Environment:
    spec = load.load(source.load(checkout), TODAY).spec
    assert spec
    return next(e for e in spec.environments if e.name == name)


@dataclass
class Situation:
    """Where the commands run. `variables` are all that they see; `chart` is Argo CD's stand-in."""

    checkout: Path
    folder: Path
    api: Emulator
    names: Names
    chart: Path
    variables: dict[str, str] = field(default_factory=dict)
    applied: Applied | None = None
    argo_cd: ArgoCd | None = None

    def outcome(self, name: str, **outcome: Any) -> None:
        """Have the sync of an Application end in another way, or well again."""
        assert self.argo_cd
        self.argo_cd.outcomes[name] = replace(OUTCOMES.get(name, Sync()), **outcome)

    def bootstrap(self, *arguments: str, until: Callable[[str], bool] | None = None) -> Outcome:
        chart = () if "--check" in arguments else ("--chart", str(self.chart))
        return self.run("bootstrap", "--resolver", self.names.address, *chart, *arguments, until=until)

    def teardown(self, *arguments: str, until: Callable[[str], bool] | None = None) -> Outcome:
        confirm = () if "--confirm" in arguments or "--check" in arguments else ("--confirm", "dev")
        return self.run("teardown", *confirm, *arguments, until=until)

    def run(
        self,
        command: str,
        *arguments: str,
        until: Callable[[str], bool] | None = None,
        stdin: int = subprocess.DEVNULL,
    ) -> Outcome:
        """Run a command to its end, or interrupt it, as Ctrl-C does, after a line that one waits for."""
        env = () if "--env" in arguments else ("--env", "dev")
        timeout = () if "--timeout" in arguments else ("--timeout", "60s")
        words = [
            sys.executable,
            "-W",
            "error",
            "-c",
            _MAIN,
            str(self.checkout),
            command,
            *env,
            *timeout,
            *arguments,
        ]
        with subprocess.Popen(
            words,
            cwd=ROOT,
            env=self.variables,
            stdin=stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        ) as process:
            out = "".join(_until(process, until)) if until else ""
            rest, err = process.communicate(timeout=180)
        assert "Traceback" not in out + rest + err, err
        return Outcome(process.returncode, out + rest, err)

    def kubectl(self, *arguments: str) -> str:
        done = subprocess.run(
            [KUBECTL, *arguments], env=self.variables, capture_output=True, text=True, check=True
        )
        return done.stdout

    def mutations(self, since: int = 0) -> list[str]:
        """What was asked to be changed, in order: METHOD and path."""
        asked = self.api.requests[since:]
        return [f"{r.method} {r.path}" for r in asked if r.method not in ("GET", "HEAD")]


def _until(process: subprocess.Popen[str], wanted: Callable[[str], bool]) -> Iterator[str]:
    """Yield lines up to the one that is waited for, and interrupt the process then."""
    assert process.stdout
    for line in process.stdout:
        yield line
        if wanted(line):
            time.sleep(0.05)  # what the line announces has begun
            process.send_signal(signal.SIGINT)
            return


def plain(text: str, here: Situation) -> str:
    """Return output without what differs from run to run: folders, ports, identities, versions."""
    places = {here.checkout: "<checkout>", here.folder: "<folder>", ROOT: "<root>"}
    for place, name in places.items():
        text = text.replace(str(place), name)
    text = re.sub(r"^  \.\.\.      (?!helm ).*\n", "", text, flags=re.MULTILINE)  # as they come
    text = re.sub(r"(cannot look at main of \S+): .*", r"\1: <git says why>", text)
    text = re.sub(r"zone Z?[A-Z0-9]{12,}", "zone <zone>", text)
    text = re.sub(r"vol-[0-9a-f]+", "vol-<id>", text)
    text = re.sub(r"k8s-left/[0-9a-f]+", "k8s-left/<id>", text)
    text = re.sub(r"127\.0\.0\.1:\d+", "<api>", text)
    text = re.sub(r"\([0-9a-f]{8}\)", "(<commit>)", text)
    return re.sub(r"helm \d+\.\d+\.\d+", "helm <version>", text)


def variables(folder: Path, **more: Any) -> dict[str, str]:
    """Return the environment of a command: nothing of this machine but where programs are."""
    home = folder / "home"
    home.mkdir(exist_ok=True)
    return {
        "PATH": f"{HELM.parent}:/usr/bin:/bin",
        "HOME": str(home),
        "KUBECONFIG": str(folder / "kubeconfig"),
        "PYTHONDONTWRITEBYTECODE": "1",
        "AWS_EC2_METADATA_DISABLED": "true",
        "LANG": os.environ.get("LANG", "C.UTF-8"),
        **{name: str(value) for name, value in more.items()},
    }


def node(name: str, ready: str = "True", **more: Any) -> dict[str, Any]:
    conditions = [{"type": "Ready", "status": ready, **more}]
    return {
        "apiVersion": "v1",
        "kind": "Node",
        "metadata": {"name": name},
        "status": {"conditions": conditions},
    }


def credential(folder: Path, **values: str) -> str:
    file = folder / "credential.json"
    file.touch(mode=0o600)
    file.write_text(json.dumps(values or {"username": "x", "password": "hunter2"}))
    return str(file)
