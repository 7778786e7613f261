"""`hcp-bootstrap` against a stand-in for HCP Terraform, over real HTTP: what it makes, says, and survives."""

from __future__ import annotations

import argparse
import json
import re
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import pytest

from generator import cli
from generator.cli import hcp_bootstrap
from generator.cli.report import Usage
from generator.hcp import client, retry
from tests.hcp_api import (
    LINK,
    MACHINE,
    PERSON,
    TEAM,
    UNREADABLE,
    Fault,
    Hcp,
    User,
    hang_up,
    page,
    serving,
    silence,
    status,
)
from tests.outcome import Outcome

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROOT = Path(__file__).parents[1]
WORKSPACE = "techchallenge-workspaces"
FINE, FAILED = 0, 1
NEVER = 1000


class Run(Protocol):
    def __call__(self, *arguments: str, root: Path = ROOT, **environment: str | None) -> Outcome: ...


@pytest.fixture
def hcp(monkeypatch: pytest.MonkeyPatch) -> Iterator[Hcp]:
    """An organization with nothing in it, that the client takes for the real one."""
    hcp = Hcp()
    with serving(hcp) as address:
        monkeypatch.setattr(client, "ADDRESS", address)
        monkeypatch.setattr(client, "TIMEOUT", 0.5)
        monkeypatch.setattr(retry, "PAUSES", (0.001, 0.002, 0.003))
        yield hcp


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """The command as `python -m generator hcp-bootstrap` runs it, without this machine's credentials."""
    for name in ("TF_TOKEN_app_terraform_io", "http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))

    def call(*arguments: str, root: Path = ROOT, **environment: str | None) -> Outcome:
        for name, value in {"TFE_TOKEN": PERSON, "TFE_WORKSPACES_TOKEN": MACHINE, **environment}.items():
            if value is None:
                monkeypatch.delenv(name, raising=False)
            else:
                monkeypatch.setenv(name, value)
        parser = argparse.ArgumentParser()
        hcp_bootstrap.register(parser.add_subparsers())
        options = parser.parse_args(["hcp-bootstrap", *arguments])
        options.today = date(2026, 11, 24)
        code = hcp_bootstrap.run(root, options)
        outcome = Outcome(code, *capsys.readouterr())
        assert "Traceback" not in outcome.both
        assert "atlasv1" not in outcome.both, "a token was printed"
        return outcome

    return call


def made(hcp: Hcp) -> dict[str, Any]:
    """What a whole bootstrap leaves."""
    (workspace,) = hcp.workspaces
    return {
        "workspace": workspace["attributes"],
        "vars": {v["attributes"]["key"]: v["attributes"] for v in hcp.vars[workspace["id"]]},
        "runs": [r["attributes"] for r in hcp.runs[workspace["id"]]],
    }


# What it makes.


def test_from_nothing(hcp: Hcp, run: Run) -> None:
    code, out, err = run()
    assert (code, err) == (FINE, "")
    assert [p["attributes"]["name"] for p in hcp.projects] == ["Default Project", "techchallenge"]
    there = made(hcp)
    rendered = json.loads((ROOT / "rendered/shared/terraform/workspaces.tfvars.json").read_text())
    own = rendered["own_workspace"]
    assert there["workspace"] == {
        "name": WORKSPACE,
        "terraform-version": rendered["terraform_version"],
        "working-directory": own["working_directory"],
        "trigger-patterns": own["trigger_patterns"],
        "file-triggers-enabled": True,
        "queue-all-runs": False,
        "speculative-enabled": False,
        "auto-apply": False,
        "allow-destroy-plan": False,
        "execution-mode": "remote",
        "setting-overwrites": {"execution-mode": True, "agent-pool": True},
        "vcs-repo": {
            "identifier": rendered["repository"],
            "branch": rendered["branch"],
            "github-app-installation-id": "ghain-techchallenge",
        },
    }
    assert there["vars"]["TF_CLI_ARGS_plan"]["value"] == f"-var-file={own['var_file']}"
    assert there["vars"]["TFE_TOKEN"]["value"] == MACHINE
    assert [(v["category"], v["sensitive"]) for v in there["vars"].values()] == [
        ("env", False),
        ("env", True),
    ]
    assert [r["message"] for r in there["runs"]] == ["The first run, queued by make hcp-bootstrap"]
    for line in ("you are alice", "made     project techchallenge", f"made     workspace {WORKSPACE}"):
        assert line in out
    for environment in ("dev", "staging", "production"):
        assert f"make apply ENV={environment} STACK=access" in out


def test_again_nothing_changes(hcp: Hcp, run: Run) -> None:
    run()
    before, seen = hcp.state(), len(hcp.changes())
    code, out, err = run(TFE_WORKSPACES_TOKEN=None)
    assert (code, err) == (FINE, "")
    assert hcp.state() == before
    assert len(hcp.changes()) == seen
    assert set(re.findall(r"^  (\w+) ", out, re.MULTILINE)) == {"ok"}
    assert out.endswith("HCP Terraform is set up.\n")


@pytest.mark.parametrize("when", ["before", "after"])
def test_interrupted_at_any_request_and_run_again(
    when: str, hcp: Hcp, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    run()
    whole, requests = hcp.state(), len(hcp.requests)
    real = client.Client._open
    for last in range(requests):
        hcp.__init__()  # type: ignore[misc]  # an empty organization at the same address
        done = 0

        def stop(self: client.Client, request: Any, last: int = last) -> Any:
            nonlocal done
            done += 1
            if done <= last:
                return real(self, request)
            if when == "after":
                real(self, request)
            raise KeyboardInterrupt

        monkeypatch.setattr(client.Client, "_open", stop)
        with pytest.raises(KeyboardInterrupt):
            run()
        monkeypatch.setattr(client.Client, "_open", real)
        assert run().code == FINE, f"after request {last}"
        assert hcp.state() == whole, f"after request {last}"


def test_what_somebody_changed_in_the_ui_is_put_right(hcp: Hcp, run: Run) -> None:
    run()
    before = hcp.state()
    (workspace,) = hcp.workspaces
    workspace["attributes"] |= {"speculative-enabled": True, "terraform-version": "latest"}
    hcp.vars[workspace["id"]][0]["attributes"]["value"] = "-var-file=mine"
    code, out, _ = run("--check")
    assert code == FAILED
    assert "not as the spec has it: speculative-enabled, terraform-version" in out
    assert "missing  variable TF_CLI_ARGS_plan" in out
    code, out, _ = run()
    assert code == FINE
    assert f"changed  workspace {WORKSPACE}" in out
    assert hcp.state() == before


# The token.


def test_without_a_token_for_the_workspace_it_says_how_to_make_one(hcp: Hcp, run: Run) -> None:
    code, out, _ = run(TFE_WORKSPACES_TOKEN=None)
    assert code == FAILED
    assert f"missing  token: {WORKSPACE} has none" in out
    for words in (
        "Admin to the project techchallenge",
        "may read techchallenge/techchallenge-infra",
        "docs/hcp.md",
    ):
        assert words in out
    assert made(hcp)["runs"] == [], "a run without a token can only fail"
    assert list(made(hcp)["vars"]) == ["TF_CLI_ARGS_plan"]
    assert run().code == FINE


def test_a_token_is_replaced_only_when_asked(hcp: Hcp, run: Run) -> None:
    run()
    other = "other.atlasv1.secret"
    hcp.users[other] = User("techchallenge-machine")
    code, out, _ = run(TFE_WORKSPACES_TOKEN=other)
    assert code == FINE
    assert "kept as it is" in out
    assert made(hcp)["vars"]["TFE_TOKEN"]["value"] == MACHINE
    code, out, _ = run("--rotate-token", TFE_WORKSPACES_TOKEN=other)
    assert code == FINE
    assert "changed  variable TFE_TOKEN: the token of techchallenge-machine" in out
    assert made(hcp)["vars"]["TFE_TOKEN"]["value"] == other


def no_rights(hcp: Hcp) -> None:
    hcp.users[MACHINE].fills_projects = False


def no_github_account(hcp: Hcp) -> None:
    hcp.users[MACHINE].installations = None


def a_teams(hcp: Hcp) -> None:
    hcp.users[MACHINE] = hcp.users[TEAM]


def revoked(hcp: Hcp) -> None:
    del hcp.users[MACHINE]


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (no_rights, "may make no workspaces in the project techchallenge"),
        (no_github_account, "sees no installation at techchallenge"),
        (a_teams, "The token in TFE_WORKSPACES_TOKEN is not a user's"),
        (revoked, "does not accept the token in TFE_WORKSPACES_TOKEN: unauthorized (401)"),
    ],
)
@pytest.mark.parametrize("arguments", [[], ["--rotate-token"]], ids=["first", "rotated"])
def test_a_token_that_the_stack_could_not_work_with_is_not_stored(
    spoil: Callable[[Hcp], None], message: str, arguments: list[str], hcp: Hcp, run: Run
) -> None:
    if arguments:
        run()
    spoil(hcp)
    code, _, err = run(*arguments)
    assert code == FAILED
    assert message in err
    assert ("TFE_TOKEN" in made(hcp)["vars"]) == bool(arguments)


# What it cannot do, and says.


def no_person(hcp: Hcp) -> None:
    del hcp.users[PERSON]


def person_is_a_team(hcp: Hcp) -> None:
    hcp.users[PERSON] = hcp.users[TEAM]


def no_organization(hcp: Hcp) -> None:
    hcp.organizations.remove("techchallenge")


def no_member(hcp: Hcp) -> None:
    hcp.users[PERSON].member = False


def no_app(hcp: Hcp) -> None:
    hcp.users[PERSON].installations = ["else"]


def may_not_make_projects(hcp: Hcp) -> None:
    hcp.users[PERSON].makes_projects = False


def may_not_read_the_repository(hcp: Hcp) -> None:
    hcp.users[PERSON].reads = False


def github_is_not_linked(hcp: Hcp) -> None:
    hcp.faults.append(Fault("POST", "/workspaces$", status(422, LINK)))


def name_in_another_project(hcp: Hcp) -> None:
    hcp.workspaces.append(
        {
            "id": "ws-9",
            "type": "workspaces",
            "attributes": {"name": WORKSPACE},
            "relationships": {"project": {"data": {"id": "prj-other", "type": "projects"}}},
        }
    )


def forbidden(hcp: Hcp) -> None:
    hcp.faults.append(Fault("POST", "/projects", status(403, "forbidden")))


def conflict(hcp: Hcp) -> None:
    hcp.faults.append(Fault("POST", "/vars", status(409, "conflict")))


def unprocessable(hcp: Hcp) -> None:
    hcp.faults.append(Fault("POST", "/runs", status(422, "is invalid")))


def down(hcp: Hcp) -> None:
    hcp.faults.append(Fault("GET", "/projects", status(503), times=NEVER))


def down_for_changes(hcp: Hcp) -> None:
    hcp.faults.append(Fault("POST", "/projects", status(500), times=NEVER))


def too_many(hcp: Hcp) -> None:
    hcp.faults.append(Fault("GET", "/account", status(429, "Too many requests"), times=NEVER))


def hangs_up(hcp: Hcp) -> None:
    hcp.faults.append(Fault("GET", "/account", hang_up, times=NEVER))


def a_portal(hcp: Hcp) -> None:
    hcp.faults.append(Fault("GET", "/account", page(200, "<html>Sign in to the guest network</html>")))


def a_redirect(hcp: Hcp) -> None:
    hcp.faults.append(Fault("GET", "/account", page(302, "", {"Location": "/api/v2/organizations"})))


def no_json(hcp: Hcp) -> None:
    hcp.faults.append(Fault("GET", "/account", page(400, "<html>Bad request</html>")))


TROUBLES: list[tuple[Callable[[Hcp], None], str, str]] = [
    (no_person, "does not accept the token in TFE_TOKEN: unauthorized (401)", "terraform login"),
    (person_is_a_team, "The token in TFE_TOKEN is not a user's", "docs/hcp.md"),
    (no_organization, "There is no organization techchallenge", "You are a member of a-company, another."),
    (no_member, "you are no member of it", "You are a member of none."),
    (no_app, "alice sees no installation at techchallenge", "Add another organization"),
    (may_not_make_projects, "refuses to make the project techchallenge: not found (404)", "owner"),
    (may_not_read_the_repository, UNREADABLE, "Let your GitHub user read techchallenge/techchallenge-infra"),
    (github_is_not_linked, LINK, "authorize the GitHub App"),
    (name_in_another_project, f"The name {WORKSPACE} is taken", "Rename or move that one"),
    (forbidden, "refuses to make the project techchallenge: forbidden (403)", "owner of the organization"),
    (conflict, "refuses to set TF_CLI_ARGS_plan: conflict (409)", "run this again"),
    (unprocessable, "refuses to queue the first run: is invalid (422)", "report it"),
    (down, "cannot list projects at the moment (503)", "https://status.hashicorp.com"),
    (down_for_changes, "cannot make the project techchallenge at the moment (500)", "it goes on"),
    (too_many, "has had too many requests", "Wait a minute"),
    (hangs_up, "did not answer when asked to say whose token it is", "HTTPS_PROXY"),
    (a_portal, "What answers at app.terraform.io is not HCP Terraform's API", "proxy"),
    (a_redirect, "leads elsewhere (302)", "The token was not sent there"),
    (no_json, "Bad Request (400)", "report it"),
]


@pytest.mark.parametrize(("spoil", "message", "fix"), TROUBLES, ids=[t[0].__name__ for t in TROUBLES])
def test_trouble_is_named_with_what_to_do_and_then_it_goes_on(
    spoil: Callable[[Hcp], None], message: str, fix: str, hcp: Hcp, run: Run
) -> None:
    spoil(hcp)
    code, out, err = run()
    assert code == FAILED
    assert message in out + err
    assert fix in out + err
    assert "Now:" not in out
    # Put right, it goes on from wherever it was.
    fresh = Hcp()
    hcp.users, hcp.organizations, hcp.faults = fresh.users, fresh.organizations, []
    hcp.workspaces = [w for w in hcp.workspaces if w["id"] != "ws-9"]
    assert run().code == FINE
    assert [len(made(hcp)[what]) for what in ("vars", "runs")] == [2, 1]


def test_members_and_teams_that_are_not_there_keep_the_first_run_back(hcp: Hcp, run: Run) -> None:
    hcp.members, hcp.teams = [], []
    rendered = json.loads((ROOT / "rendered/shared/terraform/workspaces.tfvars.json").read_text())
    for arguments in (["--check"], []):
        code, out, _ = run(*arguments)
        assert code == FAILED
        for email in rendered["notification_emails"]:
            assert f"missing  member {email}" in out
        for team in rendered["teams"]:
            assert f"missing  team {team}" in out
    assert made(hcp)["runs"] == []
    hcp.members, hcp.teams = Hcp().members, Hcp().teams
    assert run().code == FINE


def test_a_repository_that_is_still_being_fetched_is_waited_for_by_running_it_again(
    hcp: Hcp, run: Run
) -> None:
    hcp.fetched = False
    code, out, _ = run()
    assert code == FAILED
    assert "still fetching the repository" in out
    hcp.fetched = True
    assert run().code == FINE


# What it gets over by itself.


@pytest.mark.parametrize("code", [429, 500, 502, 503])
def test_a_short_failure_is_waited_out(code: int, hcp: Hcp, run: Run) -> None:
    hcp.faults += [
        Fault("GET", "/projects", status(code), times=2),
        Fault("POST", "/projects", status(code)),
        Fault("PATCH", ".", status(code)),
    ]
    outcome = run()
    assert outcome.code == FINE
    assert f"HCP Terraform answers {code}; trying again" in outcome.err
    assert made(hcp)["runs"]


@pytest.mark.parametrize("act", [status(502), hang_up, silence(0.7)], ids=["502", "hang-up", "time-out"])
@pytest.mark.parametrize("path", ["/projects$", "/workspaces$", "/vars$", "/runs$"])
def test_what_was_made_without_an_answer_is_found_and_not_made_twice(
    path: str, act: Callable[[Any], None], hcp: Hcp, run: Run
) -> None:
    hcp.faults.append(Fault("POST", path, act, after=True))
    code, out, _ = run()
    assert code == FINE
    assert not hcp.faults
    assert out.count("made ") == 5
    assert [p["attributes"]["name"] for p in hcp.projects] == ["Default Project", "techchallenge"]
    assert [len(made(hcp)[what]) for what in ("vars", "runs")] == [2, 1]


def test_another_run_at_the_same_time_is_no_trouble(hcp: Hcp, run: Run) -> None:
    """The workspace appears between the look and the request."""
    make = hcp.make_workspace

    def quicker(user: User, body: dict[str, Any]) -> dict[str, Any]:
        hcp.make_workspace = make  # type: ignore[method-assign]
        make(user, body)
        return make(user, body)

    hcp.make_workspace = quicker  # type: ignore[method-assign]
    code, out, _ = run()
    assert code == FINE
    assert f"ok       workspace {WORKSPACE}" in out


def test_a_pause_is_as_long_as_the_answer_asks_for(
    hcp: Hcp, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    slept: list[float] = []
    monkeypatch.setattr(client.time, "sleep", slept.append)
    hcp.faults.append(Fault("GET", "/account", status(429, headers={"Retry-After": "7"})))
    hcp.faults.append(Fault("GET", "/projects", status(429, headers={"x-ratelimit-reset": "0.251"})))
    hcp.faults.append(Fault("GET", "/runs", status(503, headers={"Retry-After": "86400"})))
    assert run().code == FINE
    assert slept == [7.0, 0.251, 60.0]


# --check


def test_check_says_all_that_is_missing_and_changes_nothing(hcp: Hcp, run: Run) -> None:
    before = hcp.state()
    code, out, _ = run("--check")
    assert code == FAILED
    assert re.findall(r"^  missing  (\S+)", out, re.MULTILINE) == ["project", "workspace", "run"]
    assert hcp.state() == before
    assert hcp.changes() == []


def test_check_without_the_github_app_goes_on(hcp: Hcp, run: Run) -> None:
    no_app(hcp)
    code, out, _ = run("--check")
    assert code == FAILED
    assert "Add another organization" in out
    assert "missing  workspace" in out


def test_check_is_content_after_a_bootstrap(hcp: Hcp, run: Run) -> None:
    run()
    seen = len(hcp.changes())
    assert run("--check", TFE_WORKSPACES_TOKEN=None).code == FINE
    assert len(hcp.changes()) == seen


@pytest.mark.usefixtures("hcp")
def test_check_says_that_the_token_is_missing(run: Run) -> None:
    run(TFE_WORKSPACES_TOKEN=None)
    code, out, _ = run("--check")
    assert code == FAILED
    assert re.findall(r"^  missing  (\S+)", out, re.MULTILINE) == ["token:", "run"]


# Around it.


@pytest.mark.parametrize(
    ("arguments", "environment", "message"),
    [
        (["--check", "--rotate-token"], {}, "--rotate-token does not go with it"),
        (["--rotate-token"], {"TFE_WORKSPACES_TOKEN": None}, "wants the new token in TFE_WORKSPACES_TOKEN"),
    ],
)
def test_wrong_usage(
    arguments: list[str], environment: dict[str, str | None], message: str, hcp: Hcp, run: Run
) -> None:
    with pytest.raises(Usage, match=message):
        run(*arguments, **environment)
    assert hcp.requests == []


@pytest.mark.usefixtures("hcp")
@pytest.mark.parametrize("name", ["TFE_TOKEN", "TF_TOKEN_app_terraform_io"])
def test_the_token_may_stand_in_either_variable(name: str, run: Run) -> None:
    outcome = run(**{"TFE_TOKEN": None, name: f" {PERSON}\n"})
    assert outcome.code == FINE
    assert f"by the token in {name}" in outcome.out


@pytest.mark.usefixtures("hcp")
def test_the_token_may_be_that_of_terraform_login(run: Run, tmp_path: Path) -> None:
    file = tmp_path / ".terraform.d" / "credentials.tfrc.json"
    file.parent.mkdir()
    file.write_text(json.dumps({"credentials": {"app.terraform.io": {"token": PERSON}}}))
    outcome = run(TFE_TOKEN=None)
    assert outcome.code == FINE
    assert "by the token in ~/.terraform.d/credentials.tfrc.json" in outcome.out


@pytest.mark.parametrize(
    "content", [None, "{}", json.dumps({"credentials": {"example.com": {"token": PERSON}}})]
)
def test_no_token_at_all(content: str | None, hcp: Hcp, run: Run, tmp_path: Path) -> None:
    if content is not None:
        (tmp_path / ".terraform.d").mkdir()
        (tmp_path / ".terraform.d" / "credentials.tfrc.json").write_text(content)
    code, _, err = run(TFE_TOKEN=None)
    assert code == FAILED
    assert "There is no token for app.terraform.io" in err
    assert "terraform login" in err
    assert hcp.requests == []


@pytest.mark.parametrize("content", ["{", "[]", '{"credentials": {"app.terraform.io": "x"}}'])
def test_a_damaged_file_of_tokens(content: str, run: Run, tmp_path: Path) -> None:
    (tmp_path / ".terraform.d").mkdir()
    (tmp_path / ".terraform.d" / "credentials.tfrc.json").write_text(content)
    code, _, err = run(TFE_TOKEN=None)
    assert code == FAILED
    assert "Cannot read ~/.terraform.d/credentials.tfrc.json" in err


@pytest.mark.parametrize("name", ["TFE_TOKEN", "TFE_WORKSPACES_TOKEN"])
def test_a_token_with_something_else_pasted_along(name: str, hcp: Hcp, run: Run) -> None:
    code, _, err = run(**{name: f"token: {PERSON}"})
    assert code == FAILED
    assert f"What is in {name} is no token" in err
    assert hcp.requests == []


def test_a_token_that_an_answer_repeats_is_not_shown(hcp: Hcp, run: Run, tmp_path: Path) -> None:
    (tmp_path / ".terraform.d").mkdir()
    stored = json.dumps({"credentials": {"app.terraform.io": {"token": PERSON}}})
    (tmp_path / ".terraform.d" / "credentials.tfrc.json").write_text(stored)
    for own in (PERSON, None):
        hcp.faults.append(Fault("GET", "/account", status(401, f"{PERSON} is not a token, nor is {MACHINE}")))
        code, _, err = run(TFE_TOKEN=own)
        assert code == FAILED
        assert "*** is not a token, nor is ***" in err


def test_nobody_answers(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "ADDRESS", "http://127.0.0.1:1")
    monkeypatch.setattr(retry, "PAUSES", (0.001,))
    code, _, err = run()
    assert code == FAILED
    assert "app.terraform.io did not answer" in err
    assert "Connection refused" in err


@pytest.mark.usefixtures("hcp")
def test_an_untrusted_connection_is_given_up_at_once(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "ADDRESS", client.ADDRESS.replace("http://", "https://"))
    code, _, err = run()
    assert code == FAILED
    assert "No trusted connection to app.terraform.io" in err
    assert "SSL_CERT_FILE" in err
    assert "trying again" not in err


def test_another_backend_has_nothing_to_set_up(hcp: Hcp, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hcp_bootstrap.workspaces, "render", lambda _spec: iter(()))
    code, _, err = run()
    assert code == FAILED
    assert "platform.terraform.backend in environments/platform.yaml is not hcp" in err
    assert hcp.requests == []


def test_an_invalid_spec_is_reported_first(hcp: Hcp, run: Run, tmp_path: Path) -> None:
    root = repository(tmp_path / "root")
    with (root / "environments" / "dev.yaml").open("a") as file:
        file.write("\nnonsense: 1\n")
    code, _, err = run(root=root)
    assert code == FAILED
    assert "environments/dev.yaml" in err
    assert hcp.requests == []


def repository(root: Path) -> Path:
    """A repository with this one's spec and charts."""
    root.mkdir()
    (root / "environments").mkdir()
    for file in (ROOT / "environments").glob("*.yaml"):
        (root / "environments" / file.name).write_bytes(file.read_bytes())
    (root / "argocd").symlink_to(ROOT / "argocd")
    return root


def test_no_other_command_waits_for_the_network_code() -> None:
    code = (Path(cli.__file__).parent / "hcp_bootstrap.py").read_text()
    assert not re.findall(r"^(?:from|import) .*(?:hcp|urllib|http)", code, re.MULTILINE)
