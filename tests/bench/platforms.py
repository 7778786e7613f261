"""Platforms of any size in the shape of the shipped one: what the benchmarks render."""

from __future__ import annotations

import shutil
from itertools import cycle, islice
from pathlib import Path

import ryaml

from generator.emit import yaml_text

REPOSITORY = Path(__file__).parents[2]
# Lambda takes no more paths with auth (generator/rules/gateway.py), so the workloads after these are open.
WITH_AUTH = 15


def write(root: Path, environments: int, workloads: int) -> None:
    """Write a spec with so many environments and workloads to `root`, with the charts it names."""
    spec = REPOSITORY / "environments"
    platform = ryaml.loads((spec / "platform.yaml").read_text())
    shipped = {
        f.stem: ryaml.loads(f.read_text()) for f in sorted(spec.glob("*.yaml")) if f.stem != "platform"
    }
    names = _numbered(platform["workloads"], workloads)
    platform["workloads"] = {
        new: _workload(platform["workloads"][old], new, names, protected=index < WITH_AUTH)
        for index, (new, old) in enumerate(names.items())
    }
    platform["platform"].pop("promotion", None)  # of environments that have other names here
    customers = platform["defaults"]["gateway"]["tokens"]["customers"]
    customers["workload"] = next(new for new, old in names.items() if old == customers["workload"])
    folder = root / "environments"
    folder.mkdir(parents=True)
    (folder / "platform.yaml").write_text(yaml_text(platform))
    for index, (name, old) in enumerate(_numbered(shipped, environments).items()):
        tree = _environment(shipped[old], names, index)
        (folder / f"{name}.yaml").write_text(yaml_text(tree))
    shutil.copytree(REPOSITORY / "argocd", root / "argocd")


def _numbered(names: dict[str, object], count: int) -> dict[str, str]:
    """Map `orders-0`, `payments-1`, ... to the shipped names they are made from."""
    return {f"{old}-{i}": old for i, old in enumerate(islice(cycle(sorted(names)), count))}


def _workload(tree: dict, name: str, names: dict[str, str], *, protected: bool) -> dict:
    changed = tree | {"database": name}
    if "routes" in tree:
        changed["routes"] = [
            r | {"path": f"/{name}{r['path'].rstrip('/')}", "auth": r["auth"] if protected else "none"}
            for r in tree["routes"]
        ]
    if "calls" in tree:
        changed["calls"] = [
            next(new for new, old in names.items() if old == called) for called in tree["calls"]
        ]
    return changed


def _environment(tree: dict, names: dict[str, str], index: int) -> dict:
    versions, overrides = tree["versions"], tree.get("workloads", {})
    return tree | {
        "domain": f"e{index}.{tree['domain']}",
        "account": f"{index:012}",
        "peerGroup": f"group-{index // 200}",
        "network": tree["network"] | {"cidr": f"10.{index % 200 + 1}.0.0/16"},
        "versions": versions | {"workloads": {n: versions["workloads"][old] for n, old in names.items()}},
        "workloads": {n: overrides[old] for n, old in names.items() if old in overrides},
    }
