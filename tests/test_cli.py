"""The command line as a person uses it: exit codes, what is said, and what is touched."""

from __future__ import annotations

import contextlib
import json
import re
import shlex
import shutil
import subprocess
from datetime import date
from typing import TYPE_CHECKING, Any, Protocol

import pytest
import ryaml

from generator import cli
from generator.cli import main, parser
from generator.writer import locked
from tests.outcome import Outcome
from tests.test_cases import CASES, TODAY, files_below, lay_out

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

BASE = CASES / "valid" / "base"
FINE, FAILED, USAGE = 0, 1, 2


class Run(Protocol):
    def __call__(self, *arguments: str, today: date = TODAY) -> Outcome: ...


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A repository with the environments dev and live, nothing rendered yet."""
    lay_out(tmp_path, BASE)
    return tmp_path


@pytest.fixture
def run(shop: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    def call(*arguments: str, today: date = TODAY) -> Outcome:
        try:
            code = main(arguments, shop, today)
        except SystemExit as stop:  # argparse, at wrong usage and --help
            code = int(stop.code or 0)
        return Outcome(code, *capsys.readouterr())

    return call


def snapshot(folder: Path) -> dict[str, tuple[bytes, int]]:
    """Everything at and below a folder, with times of change: writing equal bytes shows."""
    return {
        str(f.relative_to(folder)): (f.read_bytes() if f.is_file() else b"", f.stat().st_mtime_ns)
        for f in [folder, *folder.rglob("*")]
    }


def change(file: Path, old: str, new: str) -> None:
    text = file.read_text()
    assert text.count(old) == 1
    file.write_text(text.replace(old, new))


def append(file: Path, text: str) -> None:
    file.write_text(file.read_text() + text)


def documents(file: Path) -> list[Any]:
    return [ryaml.loads(text) for text in file.read_text().split("---\n")]  # type: ignore[attr-defined]  # it is there


# What can be the matter with a repository that was rendered once.


def nothing_is(_shop: Path) -> None:
    pass


def never_rendered(shop: Path) -> None:
    (shop / "rendered").rename(shop / "elsewhere")


def spec_changed(shop: Path) -> None:
    change(shop / "environments/live.yaml", "replicas: 3", "replicas: 4")


def spec_invalid(shop: Path) -> None:
    change(shop / "environments/live.yaml", "replicas: 3", "replicas: three")


def file_edited(shop: Path) -> None:
    change(shop / "rendered/dev/values/web.yaml", "replicas: 2", "replicas: 20")


def file_missing(shop: Path) -> None:
    (shop / "rendered/dev/values/web.yaml").unlink()


def environment_gone(shop: Path) -> None:
    (shop / "environments/live.yaml").unlink()


def left_over(shop: Path) -> None:
    shutil.copytree(shop / "rendered/live", shop / "rendered/qa")


def test_a_first_render_writes_everything_and_check_agrees(shop: Path, run: Run) -> None:
    code, out, err = run("render")
    assert (code, err) == (FINE, "")
    assert "Rendered dev, live: " in out
    assert {f.name for f in (shop / "rendered").iterdir()} == {"dev", "live", "shared", ".render"}
    assert run("check") == (FINE, "The spec is valid and rendered/ is current: dev, live.\n", "")


def test_a_second_render_says_current_and_touches_nothing(shop: Path, run: Run) -> None:
    run("render")
    before = snapshot(shop)
    assert run("render") == (FINE, "rendered/ is current: dev, live.\n", "")
    assert snapshot(shop) == before


def test_only_what_differs_is_replaced(shop: Path, run: Run) -> None:
    run("render")
    before = snapshot(shop / "rendered")
    spec_changed(shop)
    assert run("render").code == FINE
    after = snapshot(shop / "rendered")
    files = {
        path for path in after if (shop / "rendered" / path).is_file() and not path.startswith(".render")
    }
    assert {path for path in files if after[path] != before[path]} == {
        "live/values/web.yaml",
        "live/README.md",
    }


CHECKED = {
    nothing_is: (FINE, ""),
    never_rendered: (FAILED, "rendered/dev/README.md"),
    spec_changed: (FAILED, "~ rendered/live/values/web.yaml"),
    spec_invalid: (FAILED, "environments/live.yaml:9:9: workloads.web.replicas: expected a whole number"),
    file_edited: (FAILED, "~ rendered/dev/values/web.yaml"),
    file_missing: (FAILED, "+ rendered/dev/values/web.yaml"),
    environment_gone: (FAILED, "make render REMOVE=live"),
    left_over: (FAILED, "make render REMOVE=qa"),
}


@pytest.mark.parametrize("matter", CHECKED)
def test_check_names_what_is_the_matter_and_never_writes(
    matter: Callable[[Path], None], shop: Path, run: Run
) -> None:
    run("render")
    matter(shop)
    before = snapshot(shop)
    code, out, err = run("check")
    expected, name = CHECKED[matter]
    assert code == expected
    assert name in out + err
    run("check", "--env", "dev")
    assert snapshot(shop) == before


@pytest.mark.parametrize(
    "arguments", [["render"], ["render", "--force"], ["check"], ["render", "--env", "dev"]]
)
def test_an_invalid_spec_fails_and_leaves_everything_alone(
    arguments: list[str], shop: Path, run: Run
) -> None:
    run("render")
    spec_invalid(shop)
    change(shop / "environments/dev.yaml", "profile: small", "profile: large")
    before = snapshot(shop)
    code, out, err = run(*arguments)
    assert (code, out) == (FAILED, "")
    assert "live.yaml:9:9: workloads.web.replicas" in err
    assert snapshot(shop) == before


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        ("", "COMMAND"),
        ("rendr", "invalid choice: 'rendr'"),
        ("render dev", "unrecognized arguments: dev"),
        ("render --env dve", 'there is no environment "dve"; did you mean "dev"?'),
        ("check --env dve", 'there is no environment "dve"; did you mean "dev"?'),
        ("check --env platform", "one of: dev, live"),
        ("check --force", "unrecognized arguments: --force"),
        ("render --remove-environment live", "environments/live.yaml is still there"),
        ("render --remove-environment qa --env dev", "does not go with --env"),
    ],
)
def test_wrong_usage_is_exit_code_2_and_says_what_is_right(
    arguments: str, hint: str, shop: Path, run: Run
) -> None:
    before = snapshot(shop)
    code, out, err = run(*arguments.split())
    assert (code, out) == (USAGE, "")
    assert hint in err
    assert snapshot(shop) == before


def once_there(shop: Path, run: Run, *names: str) -> None:
    """Render more environments, then take their files away."""
    dev = (shop / "environments/dev.yaml").read_text(encoding="utf-8")
    for index, name in enumerate(names):
        text = dev.replace("dev.shop", f"{name}.shop").replace("10.10.", f"10.7{index}.")
        text += "identityProviders: false\n"  # of dev's account
        (shop / f"environments/{name}.yaml").write_text(text, encoding="utf-8")
    assert run("render").code == FINE
    for name in names:
        (shop / f"environments/{name}.yaml").unlink()


def publish(shop: Path) -> None:
    """Make two commits, the branch that everybody has at the first."""
    for words in (
        "init --quiet --initial-branch=main",
        "add environments",
        "commit --quiet --message=spec",
        "update-ref refs/remotes/origin/main HEAD",
        "add rendered",
        "commit --quiet --message=rendered",
    ):
        author = ("-c", "user.name=test", "-c", "user.email=test@shop.example")
        subprocess.run(["git", "-C", str(shop), *author, *words.split()], check=True)


def examples(text: str) -> list[list[str]]:
    """The command lines that a help text shows, without what a shell alone would read."""
    lines = [line.strip() for line in text.splitlines() if line.startswith("  python -m generator ")]
    return [shlex.split(line.partition(" > ")[0], comments=True)[3:] for line in lines]


COMMANDS = [module.__name__.rpartition(".")[2].replace("_", "-") for module in cli._COMMANDS]


EDITING = ("promote", "new-environment", "new-workload", "remove-environment", "remove-workload")


def test_the_help_shows_the_usual_flow_and_every_command(run: Run) -> None:
    code, out, _ = run("--help")
    assert code == FINE
    assert [words[0] for words in examples(out)] == ["check", "render"]
    for command in COMMANDS:
        assert re.search(rf"^    {command}\s+[a-z]", out, re.MULTILINE), f"{command} has no summary"
    for words in examples(out):
        parser().parse_args(words)


@pytest.mark.parametrize("command", COMMANDS)
def test_the_help_of_every_command_has_examples_that_work(command: str, shop: Path, run: Run) -> None:
    code, out, _ = run(command, "--help")
    assert code == FINE
    assert max(map(len, out.splitlines())) <= 110
    shown = examples(out.partition("examples:\n")[2])
    assert shown, f"{command} --help shows no example"
    assert run("render").code == FINE
    if command in ("affected", "diff", "versions"):
        publish(shop)
    for words in shown:
        assert words[0] == command
        parser().parse_args(words)  # exits when one does not parse
        if "qa" in words:
            once_there(shop, run, "qa")
        # HCP Terraform answers in tests/test_hcp_bootstrap.py, clusters in tests/cluster, the shipped spec in
        # test_promote_command.py and test_scaffold_command.py; --watch never ends (test_cli_watch.py).
        elsewhere = ("hcp-bootstrap", "rollback", "status", "drift", "bootstrap", "teardown", *EDITING)
        if command not in elsewhere and "--watch" not in words:
            assert run(*words).code == FINE, words


@pytest.mark.parametrize("command", ["render", "check"])
def test_an_environment_without_its_file_is_an_error_that_names_the_way(
    command: str, shop: Path, run: Run
) -> None:
    run("render")
    environment_gone(shop)
    before = snapshot(shop / "rendered")
    code, _, err = run(command)
    assert code == FAILED
    assert "rendered/live" in err
    assert "there is no environments/live.yaml" in err
    assert "make render REMOVE=live" in err
    assert snapshot(shop / "rendered") == before


@pytest.mark.parametrize("name", ["../dev", "shared", "platform", "qa", ".render"])
def test_what_was_never_rendered_is_not_removed(name: str, run: Run) -> None:
    run("render")
    code, _, err = run("render", "--remove-environment", name)
    assert code == USAGE
    assert f'nothing is rendered for an environment "{name}"' in err


def test_two_environments_are_removed_in_one_run(shop: Path, run: Run) -> None:
    once_there(shop, run, "old", "qa")
    assert 'make render REMOVE="old qa"' in run("render").err
    assert run("render", "--remove-environment", "qa", "--remove-environment", "old").code == FINE
    assert {f.name for f in (shop / "rendered").iterdir()} == {".render", "dev", "live", "shared"}


def test_removing_an_environment_takes_its_folder_and_its_workspaces(shop: Path, run: Run) -> None:
    run("render")
    dev = files_below(shop / "rendered/dev")
    environment_gone(shop)
    assert run("render", "--remove-environment", "live").code == FINE
    assert not (shop / "rendered/live").exists()
    assert files_below(shop / "rendered/dev") == dev
    workspaces = json.loads((shop / "rendered/shared/terraform/workspaces.tfvars.json").read_text())
    assert {w["environment"] for w in workspaces["workspaces"].values()} == {"dev"}
    assert run("check").code == FINE


def test_removing_an_environment_leaves_foreign_files(shop: Path, run: Run) -> None:
    run("render")
    (shop / "rendered/live/values/notes.txt").write_text("mine")
    environment_gone(shop)
    assert run("render", "--remove-environment", "live").code == FINE
    assert files_below(shop / "rendered/live") == {"values/notes.txt": b"mine"}
    assert run("check").code == FINE


@pytest.mark.parametrize("command", ["render", "check"])
def test_one_environment_is_not_fine_while_another_is_invalid(command: str, shop: Path, run: Run) -> None:
    run("render")
    spec_invalid(shop)
    code, _, err = run(command, "--env", "dev")
    assert code == FAILED
    assert "environments/live.yaml:9:9" in err


def test_rendering_one_environment_writes_only_its_folder(shop: Path, run: Run) -> None:
    code, out, _ = run("render", "--env", "dev")
    assert code == FINE
    assert "Rendered dev: " in out
    assert {f.name for f in (shop / "rendered").iterdir()} == {"dev", ".render"}


def test_rendering_one_environment_leaves_what_is_stale_elsewhere(shop: Path, run: Run) -> None:
    run("render")
    change(shop / "environments/platform.yaml", "branch: main", "branch: trunk")
    for name in ("dev", "live"):
        change(shop / f"environments/{name}.yaml", "{cleanup: 1.0.0, web", "{web")
    append(shop / "environments/dev.yaml", "workloads: {cleanup: null}\n")
    append(shop / "environments/live.yaml", "  cleanup: null\n")
    others = {name: snapshot(shop / "rendered" / name) for name in ("live", "shared")}
    code, out, _ = run("render", "--env", "dev")
    assert code == FINE
    assert "- rendered/dev/values/cleanup.yaml" in out
    assert not (shop / "rendered/dev/values/cleanup.yaml").exists()
    assert {name: snapshot(shop / "rendered" / name) for name in others} == others
    assert run("check", "--env", "dev").code == FINE
    code, out, _ = run("check")
    assert code == FAILED
    assert "- rendered/live/values/cleanup.yaml" in out
    assert "~ rendered/shared/terraform/workspaces.tfvars.json" in out


def test_rendering_one_environment_ignores_that_another_is_gone(shop: Path, run: Run) -> None:
    run("render")
    environment_gone(shop)
    assert run("render", "--env", "dev").code == FINE
    assert (shop / "rendered/live/README.md").exists()


def test_a_hand_edit_is_refused_and_nothing_else_is_written(shop: Path, run: Run) -> None:
    run("render")
    file_edited(shop)
    spec_changed(shop)
    before = snapshot(shop / "rendered")
    code, out, err = run("render")
    assert (code, out) == (FAILED, "")
    assert "  rendered/dev/values/web.yaml\n" in err
    assert "make render FORCE=1" in err
    assert "rendered/live" not in err, "what only the spec changed is nobody's edit"
    assert snapshot(shop / "rendered") == before


def test_force_overwrites_a_hand_edit(shop: Path, run: Run) -> None:
    run("render")
    before = files_below(shop / "rendered")
    file_edited(shop)
    assert run("render", "--force").code == FINE
    assert files_below(shop / "rendered") == before


def test_a_hand_edit_elsewhere_does_not_stop_one_environment(shop: Path, run: Run) -> None:
    run("render")
    file_edited(shop)
    spec_changed(shop)
    assert run("render", "--env", "live").code == FINE
    assert "replicas: 20" in (shop / "rendered/dev/values/web.yaml").read_text()


def test_a_waiver_warns_by_the_day_and_nothing_else_depends_on_it(shop: Path, run: Run) -> None:
    last, after = date(2027, 3, 31), date(2027, 4, 1)
    assert "until: 2027-03-31" in (shop / "environments/platform.yaml").read_text()
    assert run("render", today=last)[::2] == (FINE, "")
    before = snapshot(shop)
    code, out, err = run("render", today=after)
    assert (code, out) == (FINE, "rendered/ is current: dev, live.\n"), "a warning alone is fine"
    assert "warning: components.ingress-nginx.waiver.until: the waiver ended on 2027-03-31" in err
    assert err.count("warning: ") == 1, "one line of the spec, however many environments it stands for"
    assert run("check", today=after)[::2] == (FINE, err)
    assert run("check", today=last)[::2] == (FINE, "")
    assert snapshot(shop) == before


def test_a_strangers_chart_needs_yaml_alone(shop: Path, run: Run) -> None:
    stranger = """\
components:
  podinfo:
    repository: https://stefanprodan.github.io/podinfo
    namespace: demo
    wave: 50
    values: {replicaCount: 2, ui: {message: "012", color: null}}
"""
    change(shop / "environments/platform.yaml", "components:\n", stranger)
    for name in ("dev", "live"):
        change(shop / f"environments/{name}.yaml", "nginx: 4.15.1", "nginx: 4.15.1, podinfo: 6.9.2")
    assert run("render")[::2] == (FINE, "")
    values = documents(shop / "rendered/live/values/podinfo.yaml")
    assert values == [{"replicaCount": 2, "ui": {"message": "012", "color": None}}]
    [application] = documents(shop / "rendered/live/argocd/apps/podinfo.yaml")
    assert application["spec"]["sources"][0] == {
        "repoURL": "https://stefanprodan.github.io/podinfo",
        "chart": "podinfo",
        "targetRevision": "6.9.2",
        "helm": {"releaseName": "podinfo", "valueFiles": ["$values/rendered/live/values/podinfo.yaml"]},
    }
    assert application["spec"]["sources"][1]["ref"] == "values"
    assert application["spec"]["destination"]["namespace"] == "demo"
    fences = {
        p["metadata"]["name"]: p["spec"] for p in documents(shop / "rendered/live/argocd/projects.yaml")
    }
    fence = fences[application["spec"]["project"]]
    assert "https://stefanprodan.github.io/podinfo" in fence["sourceRepos"]
    refused = {d["namespace"] for d in fences["workloads"]["destinations"]}
    assert "!demo" in refused


@pytest.mark.parametrize("command", ["render", "check"])
def test_an_empty_environment_is_no_environment(command: str, run: Run) -> None:
    code, _, err = run(command, "--env=")
    assert code == USAGE
    assert 'there is no environment ""' in err


def test_who_waited_renders_the_spec_as_it_is_then(shop: Path, run: Run, monkeypatch: Any) -> None:
    run("render")
    dev = shop / "environments/dev.yaml"

    @contextlib.contextmanager
    def locked_after_a_wait(root: Path, waiting: Any) -> Any:
        waiting()
        dev.write_text(dev.read_text(encoding="utf-8").replace("web: 1.1.0", "web: 5.5.5"), encoding="utf-8")
        with locked(root):
            yield

    monkeypatch.setattr("generator.cli.render.locked", locked_after_a_wait)
    assert run("render").code == FINE
    assert "5.5.5" in (shop / "rendered/dev/values/web.yaml").read_text(encoding="utf-8")
    assert run("check").code == FINE


def test_the_backend_of_a_stack_is_the_workspace_that_the_spec_names(run: Run) -> None:
    outcome = run("backend", "--env", "dev", "--stack", "database")
    assert outcome.code == FINE
    workspace = {"organization": "example", "workspaces": {"name": "shop-dev-database"}}
    assert json.loads(outcome.out) == {"terraform": {"cloud": workspace}}


def test_without_hcp_the_backend_is_a_bucket_that_locks(run: Run, shop: Path) -> None:
    platform = shop / "environments" / "platform.yaml"
    hcp = "terraform: {backend: hcp, organization: example}"
    text = platform.read_text()
    assert hcp in text
    platform.write_text(
        text.replace(
            hcp, 'terraform: {backend: s3, bucket: shop-state, region: eu-west-1, account: "333333333333"}'
        )
    )
    outcome = run("backend", "--env", "live", "--stack", "platform")
    assert outcome.code == FINE
    [bucket] = json.loads(outcome.out)["terraform"]["backend"].values()
    assert bucket == {
        "bucket": "shop-state",
        "key": "live/platform.tfstate",
        "region": "eu-west-1",
        "encrypt": True,
        "use_lockfile": True,
    }


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--env", "dve", "--stack", "platform"), 'there is no environment "dve"; did you mean "dev"?'),
        (("--env", "dev", "--stack", "databse"), 'there is no stack "databse"; did you mean "database"?'),
    ],
)
def test_the_backend_of_nothing_is_wrong_usage(run: Run, arguments: tuple[str, ...], said: str) -> None:
    outcome = run("backend", *arguments)
    assert (outcome.code, outcome.out) == (USAGE, "")
    assert said in outcome.err


def test_a_machine_reads_every_problem_with_its_place(run: Run, shop: Path) -> None:
    dev = shop / "environments" / "dev.yaml"
    dev.write_text(dev.read_text().replace("10.10.0.0/16", "10.10.1.0/16").replace("small", "smal"))
    outcome = run("check", "--output", "json")
    assert (outcome.code, outcome.err) == (FAILED, "")
    report = json.loads(outcome.out)
    assert "files" not in report, "nobody knows what an invalid spec would render"
    assert report["problems"] == [
        {
            "severity": "error",
            "file": "environments/dev.yaml",
            "line": 1,
            "column": 1,
            "path": "profile",
            "message": 'there is no profile "smal"',
            "fix": 'did you mean "small"?',
        }
    ]


def test_a_machine_reads_what_is_not_current(run: Run, shop: Path) -> None:
    assert run("render").code == FINE
    current = run("check", "--output", "json")
    nothing: list[str] = []
    assert json.loads(current.out) == {
        "problems": nothing,
        "files": {"missing": nothing, "outdated": nothing, "superfluous": nothing},
    }
    assert current.code == FINE
    (shop / "rendered" / "dev" / "README.md").unlink()
    outcome = run("check", "--output", "json")
    assert json.loads(outcome.out)["files"]["missing"] == ["rendered/dev/README.md"]
    assert outcome.code == FAILED


def test_a_pull_request_is_annotated_where_the_problem_is(run: Run, shop: Path) -> None:
    platform = shop / "environments" / "platform.yaml"
    platform.write_text(platform.read_text().replace("path: /,", 'path: "/%:,\\n::error::x",'))
    outcome = run("check", "--output", "github")
    assert outcome.code == FAILED
    [line] = outcome.out.splitlines()
    head, title, message = re.fullmatch(r"::error (.*),title=(.*?)::(.*)", line).groups()  # type: ignore[union-attr]
    assert re.fullmatch(r"file=environments/platform.yaml,line=\d+,col=\d+", head)
    assert title == "workloads.web.routes[0].path"
    # What the spec says comes out as text: it ends no property, no line and no command.
    assert "/%25:,%0A::error::x" in message
    assert "%0Afix: write a path" in message


def test_an_outdated_file_is_annotated(run: Run, shop: Path) -> None:
    assert run("render").code == FINE
    assert run("check", "--output", "github").out == ""
    (shop / "rendered" / "dev" / "README.md").write_text("mine\n")
    said = run("check", "--output", "github").out
    assert said == "::error file=rendered/dev/README.md::outdated: run `make render` and commit the result\n"


EXPLAINED = {
    "dev network.nat": 'network.nat is "single" in dev\n'
    '  environments/platform.yaml:20:21  wins       "single"\n'
    '  environments/platform.yaml:8:23   overruled  "single"\n',
    "live workloads.web.replicas": "workloads.web.replicas is 3 in live\n"
    "  environments/live.yaml:9:9       wins       3\n"
    "  environments/platform.yaml:22:3  overruled  2\n",
    "live workloads.web.resources.limits": 'workloads.web.resources.limits is {"memory": "256Mi"} in live\n'
    '  environments/platform.yaml:25:5  merges  {"memory": "256Mi"}\n',
    "live versions.workloads.web": 'versions.workloads.web is "1.0.0" in live\n'
    '  environments/live.yaml:5:31  wins  "1.0.0"\n',
    "dev workloads.web.routes[0].path": 'workloads.web.routes[0].path is "/" in dev\n'
    '  environments/platform.yaml:40:10  wins  "/"\n',
    "dev workloads.web.routes[0]": 'workloads.web.routes[0] is {"path": "/", "auth": "none"} in dev\n'
    '  environments/platform.yaml:40:9  wins  {"path": "/", "auth": "none"}\n',
    "dev platform.name": 'platform.name is "shop" in dev\n  environments/platform.yaml:2:3  wins  "shop"\n',
    "dev profile": 'profile is "small" in dev\n  environments/dev.yaml:1:1  wins  "small"\n',
    "dev workloadDefaults.replicas": "workloadDefaults.replicas is 2 in dev\n"
    "  environments/platform.yaml:22:3  wins  2\n",
}


@pytest.mark.parametrize("question", EXPLAINED)
def test_a_key_is_explained_by_every_layer_that_sets_it(run: Run, question: str) -> None:
    outcome = run("explain", *question.split())
    assert (outcome.code, outcome.err) == (FINE, "")
    assert outcome.out == EXPLAINED[question]


def test_what_a_layer_removes_is_explained_too(run: Run, shop: Path) -> None:
    live = shop / "environments" / "live.yaml"
    live.write_text(live.read_text().replace("{replicas: 3}", "{probes: null, env: {LOG_LEVEL: null, A: b}}"))
    probe = run("explain", "live", "workloads.web.probes.readiness.path").out
    assert probe.startswith("workloads.web.probes.readiness.path is not set in live\n")
    assert re.search(r"live\.yaml:9:9 +removes +null\n.*platform\.yaml:\d+:\d+ +overruled +\"/ready\"", probe)
    merged = run("explain", "live", "workloads.web.env").out
    assert merged.startswith('workloads.web.env is {"A": "b"} in live\n')
    assert merged.count(" merges ") == 2


def test_an_item_of_a_list_wins_over_those_of_lists_below(run: Run, shop: Path) -> None:
    change(shop / "environments" / "live.yaml", "{replicas: 3}", "{routes: [{path: /x, auth: none}]}")
    item = run("explain", "live", "workloads.web.routes[0]").out
    assert re.search(r"live\.yaml:9:\d+ +wins .*\n.*platform\.yaml:40:9 +overruled ", item)


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("dev workloads.wbe.replicas", 'no layer of dev sets workloads.wbe.replicas; did you mean "web"?'),
        ("dev network.natt", 'no layer of dev sets network.natt; did you mean "nat"?'),
        ("dve network.nat", 'there is no environment "dve"; did you mean "dev"?'),
        ("dev platform.nme", 'no layer of dev sets platform.nme; did you mean "name"?'),
        ("dev workloads.web.routes[5]", "workloads.web.routes has 1 item, the last is [0]"),
        ("dev workloads.web.routes[5].path", "workloads.web.routes has 1 item"),
        ("dev workloads.web.routes[0].pth", 'sets workloads.web.routes[0].pth; did you mean "path"?'),
        ("dev domain.zone", 'no layer of dev sets domain.zone; domain is "dev.shop.example"'),
        ("live profile", "no layer of live sets profile"),
    ],
)
def test_a_key_that_is_nowhere_gets_a_suggestion(run: Run, question: str, said: str) -> None:
    outcome = run("explain", *question.split())
    assert (outcome.code, outcome.out) == (USAGE, "")
    assert said in outcome.err


def test_a_broken_spec_is_not_explained(run: Run, shop: Path) -> None:
    (shop / "environments" / "dev.yaml").write_text("account: 1\n")
    outcome = run("explain", "live", "network.nat")
    assert (outcome.code, outcome.out) == (FAILED, "")
    assert "environments/dev.yaml:1:1" in outcome.err
