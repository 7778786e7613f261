"""Renovate knows every pin: each has one manager in .github/renovate.json5, and one only.

Of Renovate's own managers it is checked that they look at the files; what its custom managers find is found
here with their regular expressions. A pin that none of them knows fails: a new kind of pin is not forgotten.
"""

from __future__ import annotations

import json
import re
import subprocess
from collections import Counter
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import json5
import pytest
import yaml

from generator import load, source
from generator.problem import dotted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.model import Environment, Spec

ROOT = Path(__file__).parents[1]
CONFIG: dict[str, Any] = json5.loads((ROOT / ".github/renovate.json5").read_text(encoding="utf-8"))
WORKFLOWS = ROOT / ".github/workflows"


class Pin(NamedTuple):
    """What a custom manager takes out of a file; `start` and `end` are where its value stands."""

    file: str
    start: int
    end: int
    name: str
    value: str
    digest: str
    datasource: str
    package: str


@cache
def files() -> tuple[str, ...]:
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout.decode().split("\0")
    return tuple(f for f in listed if f and not any(glob(p).fullmatch(f) for p in CONFIG["ignorePaths"]))


def glob(pattern: str) -> re.Pattern[str]:
    """Read a glob as minimatch does, as far as these go."""
    pieces = {"**": ".*", "*": "[^/]*"}
    return re.compile("".join(pieces.get(p, re.escape(p)) for p in re.split(r"(\*\*|\*)", pattern)))


def regex(text: str) -> re.Pattern[str]:
    """Read a regular expression of JavaScript, that RE2 takes, as Python's."""
    assert not re.search(r"\(\?(?:=|!|<=|<!)|\\[1-9]", text), "RE2 knows no lookaround and no back-reference"
    return re.compile(text.replace("(?<", "(?P<"))


def matched(patterns: list[str]) -> list[str]:
    assert all(p[0] == p[-1] == "/" for p in patterns), "without slashes it would be a glob"
    return [f for f in files() if any(regex(p[1:-1]).search(f) for p in patterns)]


def found(manager: dict[str, Any]) -> Iterator[Pin]:
    """Yield what a custom manager finds (Renovate docs, "Custom Manager Support using Regex")."""
    expressions = [regex(text) for text in manager["matchStrings"]]
    recursive = manager.get("matchStringsStrategy", "any") == "recursive"
    for file in matched(manager["managerFilePatterns"]):
        text = (ROOT / file).read_text(encoding="utf-8")
        if recursive:
            yield from _inside(manager, file, text, expressions, 0, {})
        else:
            for expression in expressions:
                yield from _inside(manager, file, text, [expression], 0, {})


def _inside(
    manager: dict[str, Any],
    file: str,
    text: str,
    expressions: list[re.Pattern[str]],
    offset: int,
    known: dict[str, str],
) -> Iterator[Pin]:
    for match in expressions[0].finditer(text):
        groups = known | {name: value for name, value in match.groupdict().items() if value is not None}
        if len(expressions) > 1:
            yield from _inside(manager, file, match[0], expressions[1:], offset + match.start(), groups)
            continue
        name = groups.get("depName") or filled(manager["depNameTemplate"], groups)
        package = filled(manager.get("packageNameTemplate", ""), groups | {"depName": name}) or name
        start, end = match.span("currentValue")
        yield Pin(
            file=file,
            start=offset + start,
            end=offset + end,
            name=name,
            value=groups["currentValue"],
            digest=groups.get("currentDigest", ""),
            datasource=manager["datasourceTemplate"],
            package=package,
        )


def filled(template: str, groups: dict[str, str]) -> str:
    return re.sub(r"\{\{\{(\w+)\}\}\}", lambda match: groups[match[1]], template)


@cache
def pins() -> tuple[Pin, ...]:
    return tuple(pin for manager in CONFIG["customManagers"] for pin in found(manager))


@cache
def spec() -> Spec:
    loaded = load.load(source.load(ROOT), date(2026, 11, 24)).spec
    assert loaded
    return loaded


@cache
def dev() -> Environment:
    (environment,) = [e for e in spec().environments if e.name == "dev"]
    return environment


def only(datasource: str, file: str) -> dict[str, Pin]:
    chosen = [pin for pin in pins() if (pin.datasource, pin.file) == (datasource, file)]
    assert len(chosen) == len({pin.name for pin in chosen})
    return {pin.name: pin for pin in chosen}


def test_every_custom_manager_finds_something() -> None:
    assert [m["description"] for m in CONFIG["customManagers"] if not list(found(m))] == []


def test_no_pin_has_two_managers() -> None:
    places = Counter((pin.file, position) for pin in pins() for position in range(pin.start, pin.end))
    assert [place for place, number in places.items() if number > 1] == []


def rules(**wanted: str) -> Iterator[dict[str, Any]]:
    """The package rules whose conditions all hold, in their order."""
    keys = {
        "name": "matchDepNames",
        "datasource": "matchDatasources",
        "manager": "matchManagers",
        "file": "matchFileNames",
    }
    for rule in CONFIG["packageRules"]:
        conditions = {key for key in rule if key.startswith("match")}
        given = {keys[k]: v for k, v in wanted.items()}
        if conditions <= given.keys() and all(_holds(rule[key], given[key]) for key in conditions):
            yield rule


def _holds(patterns: list[str], value: str) -> bool:
    return any(
        glob(p[1:]).fullmatch(value) is None if p[0] == "!" else bool(glob(p).fullmatch(value))
        for p in patterns
    )


def test_charts_of_components_come_from_where_the_spec_says() -> None:
    known = only("helm", "environments/dev.yaml")
    assert {name: pin.value for name, pin in known.items()} == {c.name: c.version for c in dev().components}
    for component in dev().components:
        asked = {
            "name": component.name,
            "datasource": "helm",
            "manager": "custom.regex",
            "file": "environments/dev.yaml",
        }
        places = [rule["registryUrls"] for rule in rules(**asked) if "registryUrls" in rule]
        assert places == [[component.repository]]
        assert known[component.name].package == component.chart


def test_no_repository_of_a_chart_is_left_over() -> None:
    named = [rule["matchDepNames"] for rule in CONFIG["packageRules"] if "registryUrls" in rule]
    assert sorted(named) == [[c.name] for c in dev().components]


def test_images_of_workloads_are_known_and_left_to_their_own_ci() -> None:
    known = only("docker", "environments/dev.yaml")
    assert {n: (p.package, p.value) for n, p in known.items()} == {
        w.name: (w.settings.image, w.tag) for w in dev().workloads
    }
    asked = {
        "name": "orders",
        "datasource": "docker",
        "manager": "custom.regex",
        "file": "environments/dev.yaml",
    }
    assert [rule["enabled"] for rule in rules(**asked) if "enabled" in rule] == [False]


def test_add_ons_are_of_the_kubernetes_version_above_them() -> None:
    known = only("aws-eks-addon", "environments/platform.yaml")
    assert {name: pin.value for name, pin in known.items()} == dict(dev().cluster.addons)
    for name, pin in known.items():
        assert json.loads(pin.package) == {
            "kubernetesVersion": dev().cluster.kubernetes_version,
            "addonName": name,
        }


def test_terraform_is_found_wherever_it_is_pinned() -> None:
    version = spec().platform.terraform.version
    known = [pin for pin in pins() if pin.name == "hashicorp/terraform"]
    assert {pin.value for pin in known} == {version}
    named = sum(f.read_text().count("terraform_version:") for f in WORKFLOWS.glob("*.yaml"))
    assert len([p for p in known if p.file.startswith(".github/")]) == named > 0
    assert {"environments/platform.yaml", "generator/resolve/platform.py"} <= {p.file for p in known}


# Every pin of the spec.

VERSION = re.compile(r"v?\d+\.\d+(\.\d+)*([-+].*)?(@sha256:.*)?|[0-9a-f]{40,64}")
BY_PROMOTION = "staging and production take their versions from dev, by promotion"
NOT_RENOVATES = {
    r"versions\.charts\..*": "our own charts: folders of this repository",
    r"versions\.functions\..*": "our own packages: make lambdas prints their hashes",
}


def leaves(tree: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Yield every text of a document that looks like a version, and its path."""
    children = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    for key, value in children:
        yield from leaves(value, (*path, key))
    if isinstance(tree, str) and VERSION.fullmatch(tree):
        yield path, tree


def unknown(file: str, text: str, known: list[Pin]) -> list[str]:
    """The paths of the pins in a file of the spec that nobody knows."""
    document = source.parse(file, text)
    assert isinstance(document, source.Document)
    lost = []
    for path, value in leaves(document.tree):
        place = document.place(path)
        lines = text.split("\n")
        start = sum(len(line) + 1 for line in lines[: place.line - 1]) + place.column - 1
        end = start + len(lines[place.line - 1]) - place.column + 1
        mine = [p for p in known if p.file == file and start <= p.start < end and value.startswith(p.value)]
        promoted = path[0] == "versions" and file not in (
            "environments/dev.yaml",
            "environments/platform.yaml",
        )
        excused = any(re.fullmatch(pattern, dotted(path)) for pattern in NOT_RENOVATES)
        if len(mine) != 1 and not promoted and not excused:
            lost.append(f"{file}: {dotted(path)}: {len(mine)} managers")
    return lost


SPEC_FILES = sorted(f for f in files() if re.fullmatch(r"environments/[^/]+\.yaml", f))


@pytest.mark.parametrize("file", SPEC_FILES)
def test_every_pin_of_the_spec_is_known(file: str) -> None:
    assert unknown(file, (ROOT / file).read_text(encoding="utf-8"), list(pins())) == []


def test_most_pins_are_found_and_not_excused() -> None:
    text = (ROOT / "environments/dev.yaml").read_text(encoding="utf-8")
    assert len(unknown("environments/dev.yaml", text, [])) == len(dev().components) + len(dev().workloads)


def test_every_excuse_is_needed() -> None:
    paths = []
    for file in SPEC_FILES:
        document = source.parse(file, (ROOT / file).read_text(encoding="utf-8"))
        assert isinstance(document, source.Document)
        paths += [dotted(path) for path, _ in leaves(document.tree)]
    assert [p for p in NOT_RENOVATES if not any(re.fullmatch(p, path) for path in paths)] == []


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        (
            "environments/production.yaml",
            "network:\n",
            "cluster2:\n  addons: {coredns: v1.12.4-eksbuild.1}\nnetwork:\n",
        ),
        ("environments/platform.yaml", "  database:\n", '  cache: {version: "7.2"}\n  database:\n'),
        ("environments/dev.yaml", "  charts:\n", "  plugins:\n    linter: 2.0.1\n\n  charts:\n"),
    ],
)
def test_a_new_kind_of_pin_is_noticed(file: str, old: str, new: str) -> None:
    text = (ROOT / file).read_text(encoding="utf-8")
    assert old in text
    assert len(unknown(file, text.replace(old, new, 1), [])) == len(unknown(file, text, [])) + 1


# The pins of everything else.


def test_actions_and_python_are_known_by_the_manager_of_workflows() -> None:
    assert "github-actions" in CONFIG["enabledManagers"]
    assert "helpers:pinGitHubActionDigests" in CONFIG["extends"]
    for file in WORKFLOWS.glob("*.yaml"):
        for job in yaml.safe_load(file.read_text())["jobs"].values():
            for step in job.get("steps", []):
                versions = {k for k in step.get("with", {}) if "version" in k}
                # It reads python-version of actions/setup-python; terraform_version has a manager above.
                assert versions <= {"python-version", "terraform_version"}, f"{file.name}: nobody raises this"


LOCKS = sorted(f for f in files() if re.search(r"(^|/)requirements[^/]*(/[^/]+)?\.txt$", f))
ARCHIVED = {"requirements/schemas.txt": "their author has archived them: there will be no newer ones"}


def test_every_lock_has_one_manager() -> None:
    compiled = matched(CONFIG["pip-compile"]["managerFilePatterns"])
    written = matched(CONFIG["pip_requirements"]["managerFilePatterns"])
    assert sorted([*compiled, *written, *ARCHIVED]) == LOCKS
    for file in compiled:
        asked = {"name": "x", "datasource": "pypi", "manager": "pip_requirements", "file": file}
        assert [rule["enabled"] for rule in rules(**asked) if "enabled" in rule] == [False], file


# What the manager pip-compile lets uv be called with (renovate, lib/modules/manager/pip-compile/common.ts).
UV_OPTIONS = {"--universal", "--generate-hashes"}
UV_OPTIONS_WITH_ARGUMENTS = {"--constraint", "--output-file", "--python-version"}


@pytest.mark.parametrize("file", matched(CONFIG["pip-compile"]["managerFilePatterns"]))
def test_a_lock_says_how_it_is_made(file: str) -> None:
    text = (ROOT / file).read_text(encoding="utf-8")
    match = re.match(r"(?:#.*?\r?\n)+# {4}(?P<command>\S*)(?P<arguments> .*?)?\r?\n", text)
    assert match, "without its header the manager skips it"
    words = match["arguments"].split()
    assert (match["command"], words[:2]) == ("uv", ["pip", "compile"])
    options = [word.partition("=") for word in words if word.startswith("-")]
    assert {name for name, equals, _ in options if not equals} <= UV_OPTIONS
    assert {name for name, equals, _ in options if equals} <= UV_OPTIONS_WITH_ARGUMENTS
    inputs = [word for word in words[2:] if not word.startswith("-")]
    assert inputs == [file.replace(".txt", ".in")]
    assert f"--output-file={file}" in words
    assert "--hash=sha256:" in text


def test_providers_and_their_locks_are_known() -> None:
    assert "terraform" in CONFIG["enabledManagers"]
    roots = [f for f in files() if re.fullmatch(r"terraform/stacks/[^/]+/versions\.tf", f)]
    assert roots
    for file in roots:
        text = (ROOT / file).read_text(encoding="utf-8")
        assert not re.search(r'version\s*=\s*"[^"\d]', text), f"{file} pins no exact version"
        asked = {"name": "aws", "datasource": "terraform-provider", "manager": "terraform", "file": file}
        assert [rule for rule in rules(**asked) if rule.get("enabled") is False] == []


def test_every_image_that_the_generator_names_is_known() -> None:
    known = {pin.digest for pin in pins() if pin.file.startswith("generator/catalog/")}
    named = {
        digest
        for file in files()
        if file.startswith("generator/") and file.endswith(".py")
        for digest in re.findall(r"sha256:[0-9a-f]{64}", (ROOT / file).read_text(encoding="utf-8"))
    }
    assert named
    assert named == known


def test_hooks_of_pre_commit_are_our_own() -> None:
    hooks = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))
    assert [repo["repo"] for repo in hooks["repos"]] == ["local"], (
        "another one has a version: pre-commit's manager"
    )


def test_no_file_has_a_manager_that_is_not_enabled() -> None:
    others = (
        r"(^|/)(Dockerfile.*|package\.json|Chart\.yaml|go\.mod|docker-compose.*|\.(tool|python)-versions?)$"
    )
    assert [f for f in files() if re.search(others, f)] == []


# How it goes together with the workflow that renders.


def test_the_workflow_that_renders_knows_its_branches_and_renovate_its_commits() -> None:
    workflow = yaml.safe_load((WORKFLOWS / "re-render.yaml").read_text(encoding="utf-8"))
    (job,) = workflow["jobs"].values()
    assert f"startsWith(github.event.workflow_run.head_branch, '{CONFIG['branchPrefix']}')" in job["if"]
    emails = {v for step in job["steps"] for k, v in step.get("env", {}).items() if k.endswith("_EMAIL")}
    assert list(emails) == CONFIG["gitIgnoredAuthors"]
