"""`explain` of a rendered line, as a person uses it."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from tests.test_cli import FAILED, FINE, USAGE, Run, change, run, shop

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["run", "shop"]  # fixtures

SAID = {
    "live/values/web.yaml:28": """\
rendered/live/values/web.yaml:28: replicas: 3
  environments/live.yaml:9:9  workloads.web.replicas  3  environment
""",
    "dev/values/web.yaml:28": """\
rendered/dev/values/web.yaml:28: replicas: 2
  environments/platform.yaml:22:3  workloadDefaults.replicas  2  workloadDefaults
""",
    "live/values/web.yaml:7": """\
rendered/live/values/web.yaml:7: repository: ghcr.io/example/web
  environments/platform.yaml:37:5  workloads.web.image  "ghcr.io/example/web"  workloads
""",
    "live/values/web.yaml:22": """\
rendered/live/values/web.yaml:22: controller:
  no value of the spec changes it; it goes with
  environments/platform.yaml:39:5      workloads.web.routes
  generator/render/workload_values.py  writes it
""",
    "live/values/web.yaml:3": """\
rendered/live/values/web.yaml:3: name: web
  no value of the spec changes it; it goes with
  environments/platform.yaml:36:3      workloads.web
  generator/render/workload_values.py  writes it
""",
    "live/values/web.yaml:20": """\
rendered/live/values/web.yaml:20: LOG_LEVEL: info
  environments/platform.yaml:42:11  workloads.web.env.LOG_LEVEL  "info"  workloads
""",
    "live/terraform/platform.tfvars.json:33": """\
rendered/live/terraform/platform.tfvars.json:33: "private": "10.20.0.0/18",
  environments/live.yaml:3:11  network.cidr  "10.20.0.0/16"  environment
""",
    "live/argocd/apps/web.yaml:19": """\
rendered/live/argocd/apps/web.yaml:19: targetRevision: refs/heads/main
  environments/platform.yaml:3:58  platform.repository.branch  "main"  platform
""",
    "live/argocd/apps/ingress-nginx.yaml:20": """\
rendered/live/argocd/apps/ingress-nginx.yaml:20: targetRevision: "4.15.1"
  environments/live.yaml:6:78  versions.components.ingress-nginx  "4.15.1"  environment
""",
    "live/argocd/apps/ingress-nginx.yaml:31": """\
rendered/live/argocd/apps/ingress-nginx.yaml:31: namespace: ingress-nginx
  environments/platform.yaml:32:5  components.ingress-nginx.namespace  "ingress-nginx"  components
""",
    "live/argocd/apps/ingress-nginx.yaml:38": """\
rendered/live/argocd/apps/ingress-nginx.yaml:38: backoff:
  no value of the spec changes it
  generator/render/argocd.py  writes it
""",
    "live/README.md:30": """\
rendered/live/README.md:30: | Database | M10, MongoDB 8.0 |
  environments/platform.yaml:17:54  defaults.database.tier     "M10"  defaults
  environments/platform.yaml:17:65  defaults.database.version  "8.0"  defaults
""",
    "live/README.md:39": """\
rendered/live/README.md:39: | api.shop.example | / | none | web |  |
  environments/live.yaml:2:1        domain                        "shop.example"  environment
  environments/platform.yaml:40:10  workloads.web.routes[0].path  "/"             workloads
  environments/platform.yaml:40:19  workloads.web.routes[0].auth  "none"          workloads
""",
    "shared/terraform/workspaces.tfvars.json:24": """\
rendered/shared/terraform/workspaces.tfvars.json:24: "region": "eu-west-1",
  environments/platform.yaml:4:15  platform.terraform.backend  "hcp"        platform
  environments/platform.yaml:6:3   defaults.region             "eu-west-1"  defaults
""",
}


@pytest.mark.parametrize("line", SAID)
def test_a_line_is_explained_by_the_values_that_change_it(run: Run, line: str) -> None:
    run("render")
    outcome = run("explain", f"rendered/{line}")
    assert (outcome.code, outcome.err) == (FINE, "")
    assert outcome.out == SAID[line]


def test_a_line_may_be_written_as_editors_do(run: Run, shop: Path) -> None:
    run("render")
    line = "rendered/live/values/web.yaml:28"
    file = line.removesuffix(":28")
    several = (f"{line}-30", f"{file}#L28", f"{file}#L28-L30", f"{file}#L28C3-L30C5", f"{line}:3-30:5")
    for written in (f"./{line}", f"{line}:3", f"{line}:", f"{shop}/{line}", f"{shop}/{line}:3:", *several):
        outcome = run("explain", written)
        assert (outcome.err, outcome.out) == ("", SAID["live/values/web.yaml:28"]), written


def test_all_lines_are_explained_in_json(run: Run) -> None:
    run("render")
    outcome = run("explain", "--all", "rendered/live/values/web.yaml")
    assert (outcome.code, outcome.err) == (FINE, "")
    said = json.loads(outcome.out)
    assert said["file"] == "rendered/live/values/web.yaml"
    assert [line["line"] for line in said["lines"]] == list(range(1, 38))
    assert said["lines"][27] == {
        "line": 28,
        "text": "replicas: 3",
        "causes": [
            {
                "path": "workloads.web.replicas",
                "file": "environments/live.yaml",
                "line": 9,
                "column": 9,
                "value": 3,
                "layer": "environment",
            }
        ],
        "stands_for": [],
        "decided_by": "generator/render/workload_values.py",
    }
    routes = {
        "path": "workloads.web.routes",
        "file": "environments/platform.yaml",
        "line": 39,
        "column": 5,
    }
    assert said["lines"][21]["stands_for"] == [routes]
    assert said["lines"][21]["text"] == "  controller:"


def test_the_help_says_what_is_in_the_json(run: Run) -> None:
    run("render")
    said = json.loads(run("explain", "--all", "rendered/live/values/web.yaml").out)
    line = said["lines"][27]
    told = run("explain", "--help").out
    assert {f'"{key}"' for key in [*said, *line, *line["causes"][0]]} <= set(re.findall('"[a-z_]+"', told))


@pytest.mark.parametrize(
    ("question", "said"),
    [
        (
            "rendered/live/values/web.yaml",
            "say which line, as rendered/live/values/web.yaml:12, or --all for all of them, in JSON",
        ),
        ("--all rendered/live/values/web.yaml:12", "every line of a file; leave out line 12, or --all"),
        (
            "rendered/live/values/web.yaml:99",
            "rendered/live/values/web.yaml has 37 lines; there is no line 99",
        ),
        ("rendered/live/values/web.yaml:0", "there is no line 0"),
        (
            "rendered/live/values/wbe.yaml:1",
            'nothing renders rendered/live/values/wbe.yaml; did you mean "web.yaml"?',
        ),
        ("rendered/nowhere/README.md:1", "nothing renders rendered/nowhere/README.md"),
        ("rendered/../environments/dev.yaml:1", "is no file of rendered/"),
        ("environments/dev.yaml:1", "environments/dev.yaml is no file of rendered/"),
        ("/etc/passwd:1", "/etc/passwd is no file of rendered/"),
        ("rendered:1", "is no file of rendered/"),
        ("", "is no file of rendered/"),
        ("live", "say which key of live, as: explain live network.nat"),
        ("live ", "say which key of live"),  # as a script asks whose variable is empty
        ("--all live network.nat", "--all wants one file of rendered/"),
        ("rendered/live/README.md:1 network.nat", 'there is no environment "rendered/live/README.md:1"'),
    ],
)
def test_a_question_without_an_answer_says_how_to_ask(run: Run, question: str, said: str) -> None:
    run("render")
    outcome = run("explain", *question.split(" "))
    assert (outcome.code, outcome.out) == (USAGE, "")
    assert said in outcome.err


def test_a_broken_spec_is_reported_as_check_does(run: Run, shop: Path) -> None:
    run("render")
    (shop / "environments" / "dev.yaml").write_text("account: 1\n")
    outcome = run("explain", "rendered/live/README.md:30")
    assert (outcome.code, outcome.out) == (FAILED, "")
    assert outcome.err == run("check").err


def test_a_line_of_an_outdated_file_is_found_in_the_new_one(run: Run, shop: Path) -> None:
    run("render")
    change(
        shop / "environments" / "platform.yaml", "env: {LOG_LEVEL: info}", "env: {LOG_LEVEL: info, PORT: a}"
    )
    stale = "rendered/live/values/web.yaml is not what the spec renders now: run `make render`"
    moved = run("explain", "rendered/live/values/web.yaml:28")
    assert (moved.code, moved.err) == (FINE, f"{stale}; line 28 is line 29 then.\n")
    assert moved.out.startswith(
        "rendered/live/values/web.yaml:29: replicas: 3\n  environments/live.yaml:9:9 "
    )
    same = run("explain", "rendered/live/values/web.yaml:7")
    assert (same.code, same.err) == (FINE, f"{stale}; line 7 stays as it is.\n")
    assert run("explain", "--all", "rendered/live/values/web.yaml").err.startswith(stale)


def test_a_line_that_an_outdated_file_alone_has_is_not_explained(run: Run, shop: Path) -> None:
    run("render")
    change(shop / "environments" / "live.yaml", "replicas: 3", "replicas: 4")
    outcome = run("explain", "rendered/live/values/web.yaml:28")
    assert (outcome.code, outcome.out) == (FAILED, "")
    assert outcome.err.endswith("Its line 28 is another one then:\nreplicas: 3\n")
    assert run("explain", "rendered/live/values/web.yaml:38").code == USAGE


def test_a_file_that_is_not_there_yet_is_explained(run: Run) -> None:
    outcome = run("explain", "rendered/live/values/web.yaml:28")
    assert outcome.code == FINE
    assert "what is explained is line 28 of that" in outcome.err
    assert outcome.out == SAID["live/values/web.yaml:28"]
    assert run("explain", "rendered/live/values/web.yaml:99").code == USAGE


def test_a_line_of_a_checkout_with_crlf_is_the_same_one(run: Run, shop: Path) -> None:
    run("render")
    file = shop / "rendered/live/values/web.yaml"
    file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
    outcome = run("explain", "rendered/live/values/web.yaml:28")
    assert (outcome.code, outcome.err, outcome.out) == (FINE, "", SAID["live/values/web.yaml:28"])
    change(shop / "environments" / "live.yaml", "replicas: 3", "replicas: 4")
    assert run("explain", "rendered/live/values/web.yaml:7").err.endswith("; line 7 stays as it is.\n")
    assert "Its line 28 is another one" in run("explain", "rendered/live/values/web.yaml:28").err


def test_of_a_file_that_is_left_over_is_said_what_removes_it(run: Run, shop: Path) -> None:
    run("render")
    rendered = shop / "rendered"

    def said(file: str) -> str:
        outcome = run("explain", f"rendered/{file}:1")
        assert (outcome.code, outcome.out) == (USAGE, "")
        assert (rendered / file).exists()
        return outcome.err.removeprefix(f"error: the spec does not render rendered/{file}").strip()

    environments = shop / "environments"
    platform = environments / "platform.yaml"
    change(platform, "workloads:\n", "workloads:\n  extra: {image: ghcr.io/example/extra, port: 8080}\n")
    for name in ("dev", "live"):
        change(environments / f"{name}.yaml", "workloads: {", "workloads: {extra: 1.0.0, ")
    assert run("render").code == FINE
    change(platform, "  extra: {image: ghcr.io/example/extra, port: 8080}\n", "")
    for name in ("dev", "live"):
        change(environments / f"{name}.yaml", "extra: 1.0.0, ", "")
    assert said("dev/values/extra.yaml") == "any more; `make render` removes it"

    shutil.copy(rendered / "dev/values/web.yaml", rendered / "dev/values/mine.yaml")
    assert said("dev/values/mine.yaml") == (
        ", and neither a render nor Git has it as it is: delete it, or `make render FORCE=1` removes it"
    )
    refused = run("render")
    assert (refused.code, (rendered / "dev/values/mine.yaml").exists()) == (FAILED, True)
    assert run("render", "--force").code == FINE
    left = {file.name for file in (rendered / "dev/values").iterdir()}
    assert "web.yaml" in left
    assert not left & {"extra.yaml", "mine.yaml"}

    for name in ("dev/values/foreign.yaml", "foreign.yaml"):
        (rendered / name).write_text("a: 1\n")
    foreign = ", and no render wrote it: `make render` leaves it as it is"
    assert {said(file) for file in ("dev/values/foreign.yaml", "foreign.yaml", ".render/state")} == {foreign}
    assert run("render", "--force").code == FINE
    assert (rendered / "dev/values/foreign.yaml").exists()

    (environments / "dev.yaml").unlink()
    assert said("dev/README.md") == (
        "any more: there is no environments/dev.yaml; `make render REMOVE=dev` removes the folder"
    )
    assert run("render", "--remove-environment", "dev").code == FINE
    assert not (rendered / "dev/README.md").exists()


def test_make_explains_a_line(repository: Path) -> None:
    asked = ["make", "--no-print-directory", "explain", "AT=rendered/dev/README.md:3"]
    if shutil.which("make") is None:
        pytest.skip("make is missing")
    outcome = subprocess.run(asked, cwd=repository, capture_output=True, text=True, check=True)
    assert outcome.stdout.startswith("rendered/dev/README.md:3: # dev\n")
