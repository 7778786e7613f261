"""Run checkov over Terraform's code and plans; what fails is excused by a comment in its resource's block."""

from __future__ import annotations

import json
import os
import re
import subprocess
from typing import TYPE_CHECKING, Any, NamedTuple

from tests.offline.checkov import ENVIRONMENT
from tests.terraform import folders

if TYPE_CHECKING:
    import pathlib
    from collections.abc import Callable, Iterable, Mapping

RESOURCE = re.compile(r'resource "(\w+)" "(\w+)" \{')
# As checkov itself looks for it; it takes one line.
SKIP = re.compile(r"(?:checkov|bridgecrew):skip= *(?P<check>\w+):?(?P<reason>.*)")
INDEX = re.compile(r'\["[^"]*"\]|\[\d+\]')


class Finding(NamedTuple):
    """A failed check of a resource block, however many resources it makes."""

    check: str  # CKV_AWS_91
    place: str  # modules/ingress/aws_lb.this
    title: str


class Skip(NamedTuple):
    """A comment: `# checkov:skip=CKV_AWS_91: why`."""

    check: str
    place: str  # of the block around it; only the folder's when it stands outside of one
    reason: str

    def covers(self, finding: Finding) -> bool:
        return (self.check, self.place) == (finding.check, finding.place)


class Report(NamedTuple):
    failed: list[Finding]
    skipped: list[Finding]  # because of a comment
    addresses: set[str]  # of every resource that some check looked at, without indices


def code(terraform: pathlib.Path, scratch: pathlib.Path) -> Report:
    """Judge all folders of a terraform/; a module that a root calls is judged as called.

    Raises:
        RuntimeError: checkov did not run, or could not read a file.
    """
    results = _run(scratch, "terraform", "--directory", terraform)

    def finding(entry: Mapping[str, Any]) -> Finding:
        folder = entry["file_path"].strip("/").rpartition("/")[0]
        return Finding(entry["check_id"], f"{folder}/{_name(entry['resource'])}", entry["check_name"])

    return _report(results, finding)


def plan(file: pathlib.Path, root: pathlib.Path, scratch: pathlib.Path) -> Report:
    """Judge a plan of a root, in terraform's JSON output format.

    Raises:
        RuntimeError: checkov did not run, or could not read the plan.
    """
    results = _run(scratch, "terraform_plan", "--file", file)

    def finding(entry: Mapping[str, Any]) -> Finding:
        return Finding(entry["check_id"], place(entry["resource"], root), entry["check_name"])

    return _report(results, finding)


def _report(results: Mapping[str, Any], finding: Callable[[Mapping[str, Any]], Finding]) -> Report:
    failed, skipped = (
        sorted({finding(entry) for entry in results[kind]}) for kind in ("failed_checks", "skipped_checks")
    )
    kinds = ("failed_checks", "skipped_checks", "passed_checks")
    addresses = {INDEX.sub("", entry["resource"]) for kind in kinds for entry in results[kind]}
    return Report(failed, skipped, addresses)


def _run(scratch: pathlib.Path, framework: str, *target: str | pathlib.Path) -> dict[str, Any]:
    command = [ENVIRONMENT / "bin" / "checkov", *target, "--framework", framework]
    command += ["--skip-download", "--compact", "--output", "json", "--soft-fail"]
    # Neither the settings nor the account of whoever runs the tests.
    environment = {"PATH": os.environ["PATH"], "HOME": str(scratch), "LOG_LEVEL": "ERROR"}
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, cwd=scratch, env=environment, timeout=300
    )
    try:
        results: dict[str, Any] = json.loads(done.stdout)["results"]
    except (ValueError, KeyError, TypeError):
        results = {}
    unread = results.get("parsing_errors")
    if done.returncode or not results or unread:
        said = unread or f"{done.stdout[-2000:]}{done.stderr[-2000:]}"
        raise RuntimeError(f"checkov: {done.returncode}: {said}")
    return results


def _name(address: str) -> str:
    return ".".join(INDEX.sub("", address).split(".")[-2:])


def place(address: str, root: pathlib.Path) -> str:
    """Say where the block of a planned resource stands, below the folder that holds stacks/ and modules/."""
    folder, parts = root.resolve(), INDEX.sub("", address).split(".")
    while parts[0] == "module":
        folder = (folder / folders.labelled(folder, "module")[parts[1]]["source"]).resolve()
        parts = parts[2:]
    return f"{folder.relative_to(root.resolve().parents[1])}/{'.'.join(parts)}"


def skips(terraform: pathlib.Path) -> list[Skip]:
    """Every comment below a terraform/, whose files are formatted: a block ends with a } at the margin."""
    found = []
    for file in sorted(terraform.rglob("*.tf")):
        block = ""
        for line in file.read_text(encoding="utf-8").splitlines():
            if match := RESOURCE.match(line):
                block = ".".join(match.groups())
            elif line.startswith("}"):
                block = ""
            if match := SKIP.search(line):
                where = f"{file.parent.relative_to(terraform)}/{block}"
                found.append(Skip(match["check"], where, match["reason"].strip()))
    return found


def remove_skips(terraform: pathlib.Path) -> None:
    """Remove every comment of a copy of terraform/."""
    for file in terraform.rglob("*.tf"):
        text = file.read_text(encoding="utf-8")
        file.write_text(SKIP.sub("", text), encoding="utf-8")


def unexcused(findings: Iterable[Finding], excuses: Iterable[Skip]) -> list[str]:
    """The failed checks that no comment covers, one line each."""
    excuses = list(excuses)
    return [
        f"{finding.check} {finding.place}: {finding.title}"
        for finding in findings
        if not any(skip.covers(finding) for skip in excuses)
    ]


def idle(findings: Iterable[Finding], excuses: Iterable[Skip]) -> list[str]:
    """The comments that cover nothing, to be removed."""
    findings = list(findings)
    return [
        f"{skip.check} {skip.place}"
        for skip in excuses
        if not any(skip.covers(finding) for finding in findings)
    ]
