"""The stack `workspaces` on a stand-in for HCP Terraform: made as rendered, changed, guarded."""

from __future__ import annotations

import copy
import json
import pathlib
import re
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from tests.terraform import runner
from tests.terraform.deployment import Deployment
from tests.terraform.runner import FailedError
from tests.terraform.stub import tfe
from tests.terraform.stub.world import World

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.terraform.deployment import Change
    from tests.terraform.runner import Terraform

    Values = dict[str, Any]

pytestmark = pytest.mark.apply

ROOT = pathlib.Path(__file__).parents[2]
RENDERED: Values = json.loads(
    (ROOT / "rendered" / "shared" / "terraform" / "workspaces.tfvars.json").read_text()
)
WORKSPACES: Values = RENDERED["workspaces"]
OWN, ORGANIZATION = RENDERED["own_workspace"]["name"], RENDERED["organization"]
MODULE = "module.workspaces"


@dataclass(kw_only=True)
class Organization:
    """Where the stand-in keeps what there is, and what a run there has in its environment."""

    world: World
    token: str = "user"  # noqa: S105 - none, and what a user's looks like to the stand-in

    def variables(self) -> dict[str, str]:
        return {"STUB_WORLD": str(self.world.file), "TFE_TOKEN": self.token}

    def there(self, kind: str) -> Values:
        with self.world.open() as kinds:
            return copy.deepcopy(kinds.get(kind, {}))

    def workspace(self, name: str) -> Values:
        found: Values = self.there(tfe.WORKSPACE)[f"{ORGANIZATION}/{name}"]
        return found

    def variables_of(self, name: str) -> dict[str, str]:
        workspace = self.workspace(name)["id"]
        variables = self.there(tfe.VARIABLE).values()
        assert all(v["category"] == "env" and not v["sensitive"] for v in variables)
        return {v["key"]: v["value"] for v in variables if v["workspace_id"] == workspace}


@dataclass(kw_only=True)
class Stack:
    """The stack in an organization; tests leave it without a pending change."""

    organization: Organization
    deployment: Deployment

    def plan(self, values: Values = RENDERED) -> list[Change]:
        return self.deployment.plan({k: v for k, v in values.items() if k != "//"})

    def apply(self, values: Values = RENDERED) -> list[Change]:
        changes = self.plan(values)
        self.deployment.apply()
        return changes


def bootstrapped(world: World) -> None:
    """Put there what people and `make hcp-bootstrap` make first."""
    project = {"id": "prj-0000000000000001"}
    with world.open() as kinds:
        kinds[tfe.PROJECT] = {RENDERED["project"]: project}
        kinds[tfe.INSTALLATION] = {RENDERED["repository"].partition("/")[0]: {"id": "ghain-0000000000000001"}}
        kinds[tfe.MEMBER] = {
            email: {"id": f"ou-{email}", "user_id": f"user-{email}"}
            for email in RENDERED["notification_emails"]
        }
        kinds[tfe.TEAM] = {team: {"id": f"team-{team}"} for team in RENDERED["teams"]}
        kinds[tfe.WORKSPACE] = {
            f"{ORGANIZATION}/{OWN}": {
                "id": "ws-0000000000000001",
                "organization": ORGANIZATION,
                "project_id": project["id"],
                "name": OWN,
                "terraform_version": RENDERED["terraform_version"],
                "working_directory": RENDERED["own_workspace"]["working_directory"],
                "trigger_patterns": RENDERED["own_workspace"]["trigger_patterns"],
                "file_triggers_enabled": True,
                "speculative_enabled": True,  # as if somebody had clicked it
                "auto_apply": False,
                "assessments_enabled": False,
                "resource_count": 40,
                "vcs_repo": [],
            }
        }


@pytest.fixture(scope="module")
def stack(terraform: Terraform, tmp_path_factory: pytest.TempPathFactory) -> Stack:
    """The stack, applied once as it is rendered, in an organization where the bootstrap has been."""
    folder = tmp_path_factory.mktemp("workspaces")
    root = runner.copy(folder) / "stacks" / "workspaces"
    terraform.init(root)
    organization = Organization(world=World(folder / "world.json"))
    bootstrapped(organization.world)
    deployment = Deployment(terraform=terraform, emulator=organization, root=root)  # type: ignore[arg-type]
    stack = Stack(organization=organization, deployment=deployment)
    stack.apply()
    return stack


def test_a_second_plan_is_empty(stack: Stack) -> None:
    assert stack.plan() == []


def test_the_workspaces_are_those_of_the_spec(stack: Stack) -> None:
    there = stack.organization.there(tfe.WORKSPACE).values()
    assert {w["name"] for w in there} == {*WORKSPACES, OWN}
    assert {w["terraform_version"] for w in there} == {RENDERED["terraform_version"]}
    assert {w["project_id"] for w in there} == {"prj-0000000000000001"}
    for name, told in WORKSPACES.items():
        made = stack.organization.workspace(name)
        assert made["working_directory"] == told["working_directory"]
        if told["vcs"]:
            assert made["trigger_patterns"] == told["trigger_patterns"]
            (repository,) = made["vcs_repo"]
            assert repository["identifier"] == RENDERED["repository"]
            assert repository["branch"] == RENDERED["branch"]
            assert repository["github_app_installation_id"] == "ghain-0000000000000001"


def names(stack: Stack, wanted: Callable[[Values], bool]) -> set[str]:
    return {w["name"] for w in stack.organization.there(tfe.WORKSPACE).values() if wanted(w)}


def test_only_dev_is_applied_without_a_person(stack: Stack) -> None:
    alone = names(stack, lambda w: w["auto_apply"] or w["auto_apply_run_trigger"])
    assert alone == {"techchallenge-dev-packages", "techchallenge-dev-platform", "techchallenge-dev-database"}


def test_a_pull_request_is_planned_only_where_its_code_finds_no_secret(stack: Stack) -> None:
    silent = names(stack, lambda w: not w["speculative_enabled"])
    databases = {n for n, w in WORKSPACES.items() if w["stack"] in {"database", "access"}}
    assert silent == {*databases, OWN}


def test_nothing_runs_by_itself_or_is_lost(stack: Stack) -> None:
    for workspace in stack.organization.there(tfe.WORKSPACE).values():
        assert workspace["queue_all_runs"] is False
        assert workspace["force_delete"] is False
        assert workspace["assessments_enabled"] is False
    assert names(stack, lambda w: w["allow_destroy_plan"] is False) == {OWN}


def test_access_only_keeps_its_state(stack: Stack) -> None:
    local = {n for n, w in WORKSPACES.items() if w["stack"] == "access"}
    assert names(stack, lambda w: not w["vcs_repo"]) == local
    ids = {w["id"]: w["name"] for w in stack.organization.there(tfe.WORKSPACE).values()}
    settings = stack.organization.there(tfe.SETTINGS).values()
    assert {ids[s["workspace_id"]] for s in settings if s["execution_mode"] == "local"} == local
    assert {s["execution_mode"] for s in settings} == {"local", "remote"}
    assert {s["global_remote_state"] for s in settings} == {False}
    for name in local:
        assert stack.organization.variables_of(name) == {}


def test_runs_have_the_rendered_file_and_their_two_roles(stack: Stack) -> None:
    for name, told in WORKSPACES.items():
        if told["vcs"]:
            assert stack.organization.variables_of(name) == {
                "TF_CLI_ARGS_plan": f"-var-file={told['var_file']}",
                "TFC_AWS_PROVIDER_AUTH": "true",
                "TFC_AWS_PLAN_ROLE_ARN": told["plan_role_arn"],
                "TFC_AWS_APPLY_ROLE_ARN": told["apply_role_arn"],
            }
            file = (ROOT / told["working_directory"] / told["var_file"]).resolve()
            assert file.relative_to(ROOT).as_posix() == told["trigger_patterns"][0].removeprefix("/")
    assert stack.organization.variables_of(OWN) == {}, "the bootstrap's"


def test_runs_start_one_another(stack: Stack) -> None:
    ids = {w["id"]: w["name"] for w in stack.organization.there(tfe.WORKSPACE).values()}
    triggers = stack.organization.there(tfe.TRIGGER).values()
    found = {(ids[t["workspace_id"]], ids[t["sourceable_id"]]) for t in triggers}
    assert found == {(name, source) for name, told in WORKSPACES.items() for source in told["runs_after"]}
    assert found


def test_people_hear_of_what_waits_or_failed(stack: Stack) -> None:
    ids = {w["id"]: w["name"] for w in stack.organization.there(tfe.WORKSPACE).values()}
    told = stack.organization.there("tfe_notification_configuration").values()
    assert {ids[n["workspace_id"]] for n in told} == {*(n for n, w in WORKSPACES.items() if w["vcs"]), OWN}
    for notification in told:
        assert notification["enabled"] is True
        assert notification["email_user_ids"] == [f"user-{e}" for e in RENDERED["notification_emails"]]
        assert sorted(notification["triggers"]) == ["run:errored", "run:needs_attention"]


def test_teams_have_the_access_of_the_spec(stack: Stack) -> None:
    access = stack.organization.there("tfe_team_project_access").values()
    found = {a["team_id"].removeprefix("team-"): a["access"] for a in access}
    assert found == RENDERED["teams"]


# Changes.


def changed(**changes: Any) -> Values:
    return copy.deepcopy(RENDERED) | changes


def without(environment: str) -> Values:
    left = {n: w for n, w in WORKSPACES.items() if w["environment"] != environment}
    return changed(workspaces=left)


def test_what_somebody_clicked_is_changed_back(stack: Stack) -> None:
    name = "techchallenge-production-platform"
    with stack.organization.world.open() as kinds:
        kinds[tfe.WORKSPACE][f"{ORGANIZATION}/{name}"] |= {"auto_apply": True, "speculative_enabled": False}
    changes = stack.apply()
    assert {c.action for c in changes} == {"update"}
    assert stack.organization.workspace(name)["auto_apply"] is False
    assert stack.plan() == []


def test_health_assessments_come_and_go_where_something_runs(stack: Stack) -> None:
    values = changed(health_assessments=True)
    stack.apply(values)
    assert stack.plan(values) == []
    looked_at = names(stack, lambda w: w["assessments_enabled"])
    assert looked_at == {n for n, w in WORKSPACES.items() if w["vcs"]}
    assert stack.organization.workspace("techchallenge-dev-platform")["auto_apply"] is True
    stack.apply()
    assert stack.plan() == []


def test_an_environment_with_resources_stops_the_plan(stack: Stack) -> None:
    name = "techchallenge-staging-platform"
    with stack.organization.world.open() as kinds:
        kinds[tfe.WORKSPACE][f"{ORGANIZATION}/{name}"]["resource_count"] = 211
    before = stack.organization.there(tfe.WORKSPACE)
    with pytest.raises(
        FailedError, match=rf"workspace {name} is not in environments/ .* manages 211 resources"
    ):
        stack.plan(without("staging"))
    assert stack.organization.there(tfe.WORKSPACE) == before
    with stack.organization.world.open() as kinds:
        kinds[tfe.WORKSPACE][f"{ORGANIZATION}/{name}"]["resource_count"] = 0
    assert stack.plan() == []


def test_an_empty_environment_goes_and_comes_back(stack: Stack) -> None:
    gone = {n for n, w in WORKSPACES.items() if w["environment"] == "staging"}
    changes = stack.apply(without("staging"))
    assert {c.action for c in changes} == {"delete"}
    assert names(stack, lambda _: True) == {*WORKSPACES, OWN} - gone
    assert stack.plan(without("staging")) == []
    changes = stack.apply()
    assert {c.action for c in changes} == {"create"}
    assert stack.plan() == []


def test_somebody_elses_workspace_in_the_project_is_left_alone(stack: Stack) -> None:
    key = f"{ORGANIZATION}/sandbox"
    other = {**stack.organization.workspace(OWN), "id": "ws-0000000000000002", "name": "sandbox"}
    with stack.organization.world.open() as kinds:
        kinds[tfe.WORKSPACE][key] = other
    assert stack.plan() == []
    with stack.organization.world.open() as kinds:
        del kinds[tfe.WORKSPACE][key]


# What is refused.


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        (changed(notification_emails=["nobody@example.com"]), "could not find organization membership"),
        (changed(teams={"nobody": "read"}), f"could not find team {ORGANIZATION}/nobody"),
        (
            changed(teams={"developers": "own"}),
            "HCP Terraform knows the access read, write, maintain and admin",
        ),
        (changed(project="another"), "could not find project another"),
        (changed(terraform_version="~> 1.11"), "Not one version of Terraform"),
    ],
    ids=["member", "team", "access", "project", "version"],
)
def test_a_plan_says_what_is_wrong(values: Values, reason: str, stack: Stack) -> None:
    with pytest.raises(FailedError, match=reason):
        stack.plan(values)


def test_a_member_that_was_only_invited_is_named(stack: Stack) -> None:
    with stack.organization.world.open() as kinds:
        kinds[tfe.MEMBER]["new@example.com"] = {"id": "ou-new"}
    with pytest.raises(FailedError, match=r"new@example\.com has been invited"):
        stack.plan(changed(notification_emails=["new@example.com"]))


def test_the_token_of_a_team_is_refused(stack: Stack) -> None:
    stack.organization.token = tfe.TEAM_TOKEN
    try:
        with pytest.raises(FailedError, match="Team and Organization Tokens are not supported"):
            stack.plan()
    finally:
        stack.organization.token = "user"  # noqa: S105 - as above


# The code against the provider's schema. `validate` looks at nothing that depends on a mistake: one resource
# at a time, then, with all of its arguments wrong.

META = {"for_each", "count", "provider", "depends_on"}
ARGUMENT = re.compile(r"^(?P<indent> +)(?P<name>[a-z_]+)(?P<equals> += )(?P<value>.+)$")
REQUIRED = {
    "tfe_workspace": {"name", "identifier"},
    "tfe_workspace_settings": {"workspace_id"},
    "tfe_run_trigger": {"workspace_id", "sourceable_id"},
    "tfe_variable": {"category", "key"},
    "tfe_notification_configuration": {"workspace_id", "name", "destination_type"},
    "tfe_team_project_access": {"project_id", "team_id", "access"},
    "tfe_project": {"name"},
    "tfe_team": {"name"},
}


class Argument(NamedTuple):
    """A line that sets an argument of a resource or data source, or of a block in it."""

    line: int
    match: re.Match[str]


def blocks(lines: list[str]) -> dict[tuple[str, str, str], list[Argument]]:
    """Return the arguments of each resource and data source, without what Terraform itself reads."""
    found: dict[tuple[str, str, str], list[Argument]] = {}
    current, depth, skipped = None, 0, 0
    for number, line in enumerate(lines):
        if opening := re.match(r'(resource|data) "(\w+)" "(\w+)"', line):
            current = found.setdefault((opening[1], opening[2], opening[3]), [])
        if re.match(r" +lifecycle {", line):
            skipped = depth + 1
        match = ARGUMENT.match(line)
        if match and current is not None and not skipped and len(match["indent"]) == 2 * depth:
            current += [] if match["name"] in META else [Argument(number, match)]
        depth += sum(map(line.count, "{([")) - sum(map(line.count, "})]"))
        skipped = skipped if depth >= skipped else 0
        current = current if depth else None
    return found


def mistakes(
    terraform: Terraform, module: pathlib.Path, spoil: Callable[[re.Match[str]], str]
) -> Iterator[tuple[str, list[str], list[Values]]]:
    """Yield the type of each block, its arguments, and what `validate` says when all of them are spoilt."""
    for file in sorted(module.glob("*.tf")):
        lines = file.read_text(encoding="utf-8").splitlines()
        for (_, kind, _), arguments in blocks(lines).items():
            spoilt = list(lines)
            for argument in arguments:
                spoilt[argument.line] = spoil(argument.match)
            file.write_text("\n".join(spoilt), encoding="utf-8")
            said = json.loads(terraform.attempt(module, "validate", "-json").stdout)
            errors = [d for d in said["diagnostics"] if d["severity"] == "error"]
            yield kind, [a.match["name"] for a in arguments], errors
        file.write_text("\n".join([*lines, ""]), encoding="utf-8")


def named(errors: list[Values], summary: str, quoted: str) -> list[str]:
    """Return the arguments that errors of a kind name, sorted."""
    details = [error["detail"] for error in errors if error["summary"] == summary]
    return sorted(match[1] for detail in details if (match := re.search(quoted, detail)))


@pytest.fixture
def module(terraform: Terraform, tmp_path: pathlib.Path) -> pathlib.Path:
    copied = runner.copy(tmp_path) / "modules" / "workspaces"
    terraform.init(copied)
    terraform.run(copied, "validate")
    return copied


def test_every_misspelt_and_every_missing_argument_is_refused(
    terraform: Terraform, module: pathlib.Path
) -> None:
    def misspell(match: re.Match[str]) -> str:
        return f"{match['indent']}{match['name']}_typo{match['equals']}{match['value']}"

    seen = 0
    for kind, arguments, errors in mistakes(terraform, module, misspell):
        assert named(errors, "Unsupported argument", r'"(\w+)_typo"') == sorted(arguments), kind
        required = REQUIRED.get(kind, set()) & set(arguments)
        assert required or kind not in REQUIRED
        missing = named(errors, "Missing required argument", r'argument "(\w+)" is required')
        assert set(missing) == required, kind
        seen += len(arguments)
    assert seen > 60


def test_every_argument_of_a_wrong_type_is_refused(terraform: Terraform, module: pathlib.Path) -> None:
    def mistake(match: re.Match[str]) -> str:
        several = match["value"].endswith(("(", "[", "{"))  # goes on in the next line
        wrong = f"null == {match['value']}" if several else "[[{}]]"
        return f"{match['indent']}{match['name']}{match['equals']}{wrong}"

    seen: set[str] = set()
    for kind, arguments, errors in mistakes(terraform, module, mistake):
        refused = named(errors, "Incorrect attribute value type", r'attribute "(\w+)"')
        # What a `dynamic` block holds has no types before it is known how often; own.tf has the same, plain.
        assert set(refused) >= {*arguments} - {"identifier", "branch", "github_app_installation_id"}, kind
        seen |= {*refused}
    assert "github_app_installation_id" in seen


def test_no_lock_file_of_a_stand_in_is_kept() -> None:
    """Hashes of the real packages (zh:) come from the registry; of a stand-in there are only h1: ones."""
    listed = subprocess.run(
        ["git", "ls-files", "terraform/stacks/workspaces"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    locks = [ROOT / f for f in listed.stdout.split() if f.endswith(".terraform.lock.hcl")]
    assert [lock.name for lock in locks if '"zh:' not in lock.read_text(encoding="utf-8")] == []
