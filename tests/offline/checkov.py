"""Run checkov over objects and compare what it finds with the skips of checkov_skips.yaml."""

from __future__ import annotations

import fnmatch
import json
import os
import pathlib
import subprocess
from typing import TYPE_CHECKING, Any, NamedTuple

import yaml

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    Object = dict[str, Any]

ROOT = pathlib.Path(__file__).parents[2]
ENVIRONMENT = ROOT / ".tools" / "checkov"  # a virtual environment of its own, made by `make tools`
STAMP = ENVIRONMENT / ".complete"  # written last
SKIPS = pathlib.Path(__file__).with_name("checkov_skips.yaml")

PODS = {"CronJob", "DaemonSet", "Deployment", "Job", "Pod", "ReplicaSet", "StatefulSet"}
# No check is about them, and reading their schemas takes three times as long as all the rest.
UNJUDGED = {"CustomResourceDefinition"}


class Finding(NamedTuple):
    """A failed check."""

    check: str  # CKV_K8S_11
    title: str
    object: str  # <source>/<kind>/<name>, as checkov_skips.yaml explains
    file: str


class Skip(NamedTuple):
    """Objects that may fail a check."""

    check: str
    title: str
    objects: str  # a pattern of Finding.object; * matches slashes too
    reason: str

    @property
    def source(self) -> str:
        return self.objects.split("/")[0]

    def covers(self, finding: Finding) -> bool:
        same = (self.check, self.title) == (finding.check, finding.title)
        return same and fnmatch.fnmatchcase(finding.object, self.objects)


class Report(NamedTuple):
    failed: list[Finding]
    judged: set[str]  # every object that some check looked at, failed or not


def run(folder: pathlib.Path, files: Mapping[str, tuple[str, Iterable[Object]]]) -> Report:
    """Judge objects, given as source and objects by the name of the file to write them to.

    Checks across objects (CKV2_...) do not tell namespaces apart: a policy for all pods of one covers those
    of every other in the same run.

    Raises:
        RuntimeError: checkov did not run, or an object skips a check by itself.
    """
    manifests = folder / "manifests"
    for name, (_, documents) in files.items():
        file = manifests / name
        file.parent.mkdir(parents=True, exist_ok=True)
        judged = [document for document in documents if document["kind"] not in UNJUDGED]
        file.write_text(yaml.dump_all(judged, Dumper=yaml.CSafeDumper), encoding="utf-8")
    command = [str(ENVIRONMENT / "bin" / "checkov"), "--directory", str(manifests)]
    command += [
        "--framework",
        "kubernetes",
        "--skip-download",
        "--compact",
        "--output",
        "json",
        "--soft-fail",
    ]
    # Neither the settings nor the account of whoever runs the tests.
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "LOG_LEVEL": "ERROR"}
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, cwd=folder, env=environment, timeout=300
    )
    try:
        results = json.loads(done.stdout)["results"]
    except (ValueError, KeyError, TypeError):
        results = {}
    excused = results.get("skipped_checks")
    if done.returncode or not results or excused:
        raise RuntimeError(
            f"checkov: {done.returncode}: {excused or done.stdout[-2000:]}{done.stderr[-2000:]}"
        )
    sources = {name: source for name, (source, _) in files.items()}
    failed = [_finding(entry, sources) for entry in results["failed_checks"]]
    passed = [_finding(entry, sources) for entry in results["passed_checks"]]
    return Report(sorted(set(failed)), {finding.object for finding in failed + passed})


def _finding(entry: Mapping[str, Any], sources: Mapping[str, str]) -> Finding:
    file = entry["file_path"].lstrip("/")
    kind, _namespace, name = entry["resource"].split(".", 2)
    if kind == "Pod":  # of a Deployment or the like, as its network sees it: all labels follow
        name = name.split(".")[0]
    return Finding(entry["check_id"], entry["check_name"], f"{sources[file]}/{kind}/{name}", file)


def read_skips(file: pathlib.Path = SKIPS) -> list[Skip]:
    tree = yaml.safe_load(file.read_text(encoding="utf-8"))
    skips = []
    for name, entries in tree.items():
        check, title = name.split(" ", 1)
        for entry in entries:
            assert entry.keys() == {"objects", "reason"}, f"{file.name}: {check}: {sorted(entry)}"
            skips += [Skip(check, title, pattern, entry["reason"]) for pattern in entry["objects"]]
    return skips


def unexplained(findings: Iterable[Finding], skips: Iterable[Skip]) -> list[str]:
    """The failed checks that no skip covers, one line per check and object."""
    skips = list(skips)
    found: dict[str, list[str]] = {}
    for finding in findings:
        if not any(skip.covers(finding) for skip in skips):
            found.setdefault(f"{finding.check} {finding.object}: {finding.title}", []).append(finding.file)
    return [f"{line} ({', '.join(files)})" for line, files in found.items()]


def idle(findings: Iterable[Finding], skips: Iterable[Skip]) -> list[str]:
    """The skips that cover nothing, to be removed."""
    findings = list(findings)
    return [
        f"{skip.check} {skip.objects}"
        for skip in skips
        if not any(skip.covers(finding) for finding in findings)
    ]
