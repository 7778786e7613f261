"""How long `status` of a cluster with 1,000 Applications takes; wanted are 3 s. Its API is the emulator.

A process of its own as on a person's machine, interpreter start and all; the emulator runs in this one.
"""
# ruff: noqa: T201  (prints a table)

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

REPOSITORY = Path(__file__).parents[2]
sys.path[:0] = [str(Path(__file__).parent), str(REPOSITORY)]

import platforms  # noqa: E402  (the path is set above)
import ryaml  # noqa: E402

from generator import load, source  # noqa: E402
from generator.emit import yaml_text  # noqa: E402
from tests.cluster import live  # noqa: E402
from tests.cluster.emulator import running  # noqa: E402

APPLICATIONS, WANTED, ROUNDS = 1000, 3.0, 5


def main() -> None:
    """Measure and print a line for each command."""
    with tempfile.TemporaryDirectory() as scratch, running() as api:
        root = Path(scratch) / "checkout"
        platforms.write(root, 1, APPLICATIONS)
        _without_routes(root / "environments" / "platform.yaml")
        shutil.copytree(REPOSITORY / "generator", root / "generator")
        today = datetime.now(tz=UTC).date()
        spec = load.load(source.load(root), today).spec
        if spec is None:
            raise SystemExit("the platform of the benchmark is not valid any more")
        (environment,) = spec.environments
        objects = [_grown(one) for one in live.healthy(environment)]
        api.crds(*live.CRDS)
        api.load(objects)
        kubeconfig = api.kubeconfig(Path(scratch) / "kubeconfig", context="bench")
        counts = [sum(one["kind"] == kind for one in objects) for kind in ("Application", "Pod")]
        print(f"a cluster with {counts[0]} Applications and {counts[1]} pods, on loopback:")
        for command in (["status"], ["drift", "--no-terraform"]):
            words = [*command, "--env", environment.name, "--context", "bench"]
            seconds = [_run(root, kubeconfig, words) for _ in range(ROUNDS)]
            print(
                f"{command[0]:8} {median(seconds) * 1e3:7.0f} ms"
                + (f" (wanted {WANTED * 1e3:.0f} ms)" if command == ["status"] else "")
            )


def _without_routes(file: Path) -> None:
    """Let only the first workloads be called from outside: API Gateway takes no more paths of one host."""
    tree = ryaml.loads(file.read_text())
    for workload in list(tree["workloads"].values())[platforms.WITH_AUTH :]:
        workload.pop("routes", None)
    file.write_text(yaml_text(tree))


def _grown(document: dict) -> dict:
    """Make an Application as large as they are after a while: a dozen objects, ten entries of history."""
    if document["kind"] == "Application":
        status = document["status"]
        kept = status["resources"][:1]
        status["resources"] += [one | {"name": f"{one['name']}-{i}"} for one in kept for i in range(11)]
        status["history"] *= 10
    return document


def _run(root: Path, kubeconfig: Path, words: list[str]) -> float:
    variables = os.environ | {
        "KUBECONFIG": str(kubeconfig),
        "PYTHONPATH": str(root),
        "PYTHONDONTWRITEBYTECODE": "",
    }
    start = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "generator", *words],
        cwd=root,
        env=variables,
        check=False,
        capture_output=True,
        text=True,
    )
    seconds = time.perf_counter() - start
    if done.returncode or done.stderr:
        raise SystemExit(f"{' '.join(words)} failed:\n{done.stdout[:2000]}{done.stderr[:2000]}")
    return seconds


if __name__ == "__main__":
    main()
