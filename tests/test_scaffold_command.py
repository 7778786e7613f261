"""`new-environment`, `new-workload` and their opposites on the shipped spec."""
# ruff: noqa: E501  (a case is a line)

from __future__ import annotations

import json
from pathlib import Path
from typing import Protocol

import pytest
from jsonschema import Draft202012Validator

from generator.cli import main
from tests.outcome import Outcome
from tests.shipped import change, changed, files, git, lay_out_shipped
from tests.test_cases import TODAY
from tests.test_cli import EDITING, examples

ROOT = Path(__file__).parents[1]
SCHEMA = json.loads((ROOT / "docs/report.schema.json").read_text())
FINE, FAILED, USAGE = 0, 1, 2
PLATFORM = "environments/platform.yaml"
MENU = ("new-workload", "menu", "--port", "8080", "--version", "0.1.0")


class Run(Protocol):
    def __call__(self, *arguments: str) -> Outcome: ...


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("shipped")
    lay_out_shipped(root)
    return root


@pytest.fixture
def root(template: Path, tmp_path: Path) -> Path:
    git(tmp_path, "clone", "--quiet", str(template), str(tmp_path / "r"))
    for chart in ("edge", "workload"):  # Git keeps no empty folders
        (tmp_path / f"r/argocd/charts/{chart}/1.0.0").mkdir(parents=True)
    return tmp_path / "r"


@pytest.fixture
def run(root: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    def call(*arguments: str) -> Outcome:
        capsys.readouterr()
        code = main(arguments, root, TODAY)
        return Outcome(code, *capsys.readouterr())

    return call


def spec(root: Path) -> dict[str, bytes]:
    return {file: data for file, data in files(root).items() if file.startswith("environments/")}


def added(before: bytes, after: bytes) -> list[str]:
    """The lines that came; none may have gone, and their order stays."""
    rest = before.decode().split("\n")
    new = []
    for line in after.decode().split("\n"):
        if rest and line == rest[0]:
            rest.pop(0)
        else:
            new.append(line)
    assert rest == []
    return new


def test_an_environment_comes_and_goes(root: Path, run: Run) -> None:
    before = files(root)
    code, out, err = run(
        "new-environment", "qa", "--from", "staging", "--account", "444444444444", "--after", "dev"
    )
    assert (code, err) == (FINE, "")
    assert "  1. Read environments/qa.yaml" in out
    assert "Commit environments/, rendered/ and .github/CODEOWNERS together.\n" in out
    assert "make apply ENV=qa STACK=access" in out
    assert main(["check"], root, TODAY) == FINE
    text = (root / "environments/qa.yaml").read_text()
    assert "  cidr: 10.40.0.0/16\n" in text
    assert "domain: qa.techchallenge.example\n" in text
    assert "promotion: [dev, qa, staging, production] # the way" in (root / PLATFORM).read_text()
    assert {f for f in changed(before, files(root)) if f.startswith("environments/")} == {
        PLATFORM,
        "environments/qa.yaml",
    }
    assert run("promote", "--from", "dev", "--to", "staging").code == FAILED, "qa would be skipped"
    after = files(root)
    code, _, err = run("remove-environment", "qa")
    assert code == FAILED
    assert err == (
        "environments/qa.yaml:5:1: its cluster is emptied first (make teardown ENV=qa), then its stacks are destroyed, "
        "in this order: database, platform, packages, access (docs/terraform.md, Removing an environment)\n"
        "    fix: when that is done, run this again with --destroyed (make: DESTROYED=1)\n\nNothing was changed.\n"
    )
    assert files(root) == after
    assert run("remove-environment", "qa", "--destroyed").code == FINE
    assert files(root) == before


def test_two_environments_share_an_account(root: Path, run: Run) -> None:
    assert run("new-environment", "load", "--from", "production").code == FINE
    assert main(["check"], root, TODAY) == FINE
    text = (root / "environments/load.yaml").read_text()
    assert "\nidentityProviders: false\n" in text
    assert "registry" not in text
    assert git(root, "status", "--porcelain", "environments") == "?? environments/load.yaml", (
        "no place in the order"
    )
    assert run("promote", "--from", "dev", "--to", "load", "--workload", "kitchen").code == FINE
    code, _, err = run("remove-environment", "production", "--destroyed")
    assert code == FAILED
    assert "environments/platform.yaml" in err
    assert "deletionProtection: production is protected\n" in err
    assert "registry: production holds the images of 5 workloads\n" in err
    assert "account: production makes the identity providers of this account, and load needs them\n" in err
    assert err.count("\n    fix: ") == 3


@pytest.mark.parametrize(
    ("arguments", "said", "code"),
    [
        (("dev", "--from", "staging"), "environments/dev.yaml is there already", USAGE),
        (("qa", "--from", "stage"), 'did you mean "staging"?', USAGE),
        (("Q_A", "--from", "staging"), '"Q_A" is no name for an environment', USAGE),
        (("shared", "--from", "staging"), '"shared" is no name for an environment', USAGE),
        (("qa", "--from", "staging", "--after", "x"), "platform.promotion does not list it", USAGE),
        (("qa", "--from", "staging", "--cidr", "10.0.0.1/16"), "--cidr: 10.0.0.1/16 has host bits set", USAGE),
        (("qa", "--from", "staging", "--cidr", "10.10.0.0/16"), "overlaps 10.10.0.0/16 of dev", FAILED),
        (("qa", "--from", "staging", "--account", "44"), "12 digits in quotes", FAILED),
        (("qa", "--from", "staging", "--domain", "dev.techchallenge.example"), "is taken by dev already", FAILED),
        (("staging-2", "--from", "staging"), "staging is in this account, too", FAILED),
    ],
)  # fmt: skip
def test_no_environment_comes_of_a_mistake(
    arguments: tuple[str, ...], said: str, code: int, root: Path, run: Run
) -> None:
    before = files(root)
    outcome = run("new-environment", *arguments)
    assert outcome.code == code
    assert said in outcome.err
    assert files(root) == before


def test_a_workload_comes_and_goes(root: Path, run: Run) -> None:
    before = spec(root)
    code, out, err = run(*MENU, "--route", "/menu-cards", "--only", "dev")
    assert (code, err) == (FINE, "")
    assert "techchallenge/menu" in out
    assert main(["check"], root, TODAY) == FINE
    after = spec(root)
    new = added(before[PLATFORM], after[PLATFORM])
    assert next(line for line in new if line.strip()) == "  menu:"
    assert "      - {path: /menu-cards, auth: identified}" in new
    assert added(before["environments/dev.yaml"], after["environments/dev.yaml"]) == ["    menu: 0.1.0", ""]
    for name in ("staging", "production"):
        assert added(before[f"environments/{name}.yaml"], after[f"environments/{name}.yaml"]) == [
            "  menu: null"
        ]
    code, _, err = run("promote", "--workload", "menu", "--to", "staging")
    assert code == FAILED
    assert "fix: remove the line workloads.menu: null in environments/staging.yaml" in err
    assert run("remove-workload", "menu").code == FINE
    assert spec(root) == before
    assert main(["check"], root, TODAY) == FINE


def test_a_job_runs_everywhere_unless_told(root: Path, run: Run) -> None:
    before = spec(root)
    arguments = (
        "new-workload",
        "tidy",
        "--schedule",
        "0 3 * * *",
        "--image",
        "ghcr.io/shop/tidy",
        "--version",
        "1.0.0",
    )
    assert run(*arguments).code == FINE
    after = spec(root)
    for name in ("dev", "staging", "production"):
        assert added(before[f"environments/{name}.yaml"], after[f"environments/{name}.yaml"]) in (
            ["    tidy: 1.0.0", ""], ["", "    tidy: 1.0.0"],
        )  # fmt: skip
    assert 'cron: "0 3 * * *" #' in after[PLATFORM].decode()


@pytest.mark.parametrize(
    ("arguments", "said", "code"),
    [
        (("orders", "--port", "8080", "--version", "1.0.0"), "there is a workload orders already", USAGE),
        (("menu", "--version", "1.0.0"), "say what it is: a service, with --port 8080 (make: PORT=8080), or a job", USAGE),
        (("menu", "--version", "1.0.0", "--port", "80", "--schedule", "x"), "say what it is", USAGE),
        (("menu", "--version", "1.0.0", "--schedule", "x", "--route", "/"), "a job answers no requests", USAGE),
        (("menu", "--version", "1.0.0", "--port", "8080", "--auth", "none"), "--auth says who may call a route", USAGE),
        (("menu", "--version", "1.0.0", "--port", "8080", "--only", "qa"), 'no environment "qa"', USAGE),
        (("menu", "--version", "1.0.0", "--port", "80"), "80 is too small", FAILED),
        (("Menu", "--version", "1.0.0", "--port", "8080"), '"Menu" is not a name that can stand here', FAILED),
        (("argo-cd", "--version", "1.0.0", "--port", "8080"), "a component is called argo-cd too", FAILED),
        (("menu", "--version", "latest", "--port", "8080"), '"latest" is a tag that moves', FAILED),
        (("menu", "--version", "1.0.0", "--schedule", "61 * * * *"), "cron", FAILED),
        (("menu", "--version", "1.0.0", "--port", "8080", "--route", "/orders"), "/orders", FAILED),
    ],
)  # fmt: skip
def test_no_workload_comes_of_a_mistake(
    arguments: tuple[str, ...], said: str, code: int, root: Path, run: Run
) -> None:
    before = files(root)
    outcome = run("new-workload", *arguments)
    assert outcome.code == code
    assert said in outcome.err
    assert files(root) == before


def test_where_images_lie_in_several_places_it_is_asked(root: Path, run: Run) -> None:
    change(
        root / PLATFORM,
        "image: 333333333333.dkr.ecr.us-east-1.amazonaws.com/techchallenge/orders",
        "image: ghcr.io/x/orders",
    )
    code, _, err = run(*MENU)
    assert code == USAGE
    assert "--image (make: IMAGE=)" in err


def test_what_somebody_calls_is_not_removed(root: Path, run: Run) -> None:
    before = files(root)
    code, _, err = run("remove-workload", "payments")
    assert code == FAILED
    assert err.endswith(
        ": workloads.orders.calls[0]: orders calls payments\n"
        "    fix: take payments out of it first, once orders does without, and merge that\n\nNothing was changed.\n"
    )
    assert err.count("fix:") == 1, "once, not for every environment"
    code, _, err = run("remove-workload", "paymentz")
    assert code == USAGE
    assert 'did you mean "payments"?' in err
    assert files(root) == before


def test_what_cannot_be_edited_says_where(root: Path, run: Run) -> None:
    change(root / "environments/staging.yaml", "workloads:\n  daily", "workloads: &w\n  daily")
    change(
        root / "environments/staging.yaml",
        "tags: {CostCenter: engineering}",
        "tags: {CostCenter: engineering}",
    )
    text = (root / PLATFORM).read_text()
    (root / PLATFORM).write_text(
        text.replace("promotion: [dev, staging, production]", "promotion: [dev,\n    staging, production]")
    )
    assert main(["render"], root, TODAY) == FINE
    before = files(root)
    code, _, err = run("new-environment", "qa", "--from", "staging", "--after", "dev")
    assert code == FAILED
    assert "platform.promotion: it stands in braces or brackets over several lines" in err
    assert files(root) == before


@pytest.mark.parametrize(
    "arguments",
    [
        ("new-environment", "qa", "--from", "staging"),
        MENU,
        ("remove-workload", "daily-report"),
        ("remove-environment", "staging", "--destroyed"),
    ],
)
def test_first_dry_then_done_machines_are_told_the_same(
    arguments: tuple[str, ...], root: Path, run: Run
) -> None:
    before = files(root)
    dry = json.loads(run(*arguments, "--dry-run", "--output", "json").out)
    assert files(root) == before
    done = json.loads(run(*arguments, "--output", "json").out)
    for document in (dry, done):
        Draft202012Validator(SCHEMA).validate(document)
    assert list(dry["files"].values()) == [done["written"][key] for key in ("new", "changed", "deleted")]
    touched = changed(before, files(root))
    assert touched == {*done["edited"], *(file for found in done["written"].values() for file in found)}
    assert main(["check"], root, TODAY) == FINE


def test_an_invalid_spec_is_mended_first(root: Path, run: Run) -> None:
    change(root / "environments/production.yaml", "    replicas: 4", "    replicas: four")
    before = files(root)
    for arguments in (MENU, ("remove-workload", "orders"), ("new-environment", "qa", "--from", "dev")):
        code, _, err = run(*arguments)
        assert code == FAILED
        assert "workloads.kitchen.replicas: expected a whole number" in err
        code, out, _ = run(*arguments, "--output", "json")
        assert code == FAILED
        Draft202012Validator(SCHEMA).validate(json.loads(out))
    assert files(root) == before


@pytest.mark.parametrize("command", EDITING[1:])
def test_the_examples_of_the_help_work(command: str, root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main([command, "--help"], root, TODAY)
    shown = examples(capsys.readouterr().out.partition("examples:\n")[2])
    assert shown
    for words in shown:
        asks = command == "remove-environment" and "--destroyed" not in words
        assert main(words, root, TODAY) == (FAILED if asks else FINE), words
        git(root, "checkout", "--quiet", ".")
        git(root, "clean", "--quiet", "--force", "-d", "environments", "rendered")
