"""`rollback` as a person uses it: where it goes, what it shows, what it touches, and when it refuses."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from jsonschema import Draft202012Validator

from generator.cli import main, rollback_change, rollback_report
from generator.history import HistoryError
from generator.promote import Move
from tests.history_repository import Repository
from tests.outcome import Outcome
from tests.test_cases import CASES, TODAY, files_below, lay_out
from tests.test_cli import examples

if TYPE_CHECKING:
    from collections.abc import Callable

SCHEMA = json.loads((Path(__file__).parents[1] / "docs/report.schema.json").read_text())
FINE, FAILED, USAGE = 0, 1, 2
CLOSED = "Argo CD would not sync by itself now:"
NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    """The test platform; live had web 1.0.0, 1.1.0 and 1.2.0."""
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    for who in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{who}_NAME", "Ana")
        monkeypatch.setenv(f"GIT_{who}_EMAIL", "ana@shop.example")
    monkeypatch.setattr(rollback_change, "now", lambda: NOON)
    root = tmp_path / "shop"
    lay_out(root, CASES / "valid" / "base")
    (root / ".gitignore").write_text("/rendered/.render/\n")
    keep(root)
    repository = Repository(root)
    save(repository, "Begin")
    for version in ("1.1.0", "1.2.0"):
        release(repository, version)
    return repository


def keep(root: Path) -> None:
    """Git keeps no empty folder, and a chart's version is one here."""
    for chart in (root / "argocd/charts").glob("*/*"):
        (chart / "Chart.yaml").touch()


def change(root: Path, old: str, new: str, file: str = "live.yaml") -> None:
    path = root / "environments" / file
    text = path.read_text()
    assert text.count(old) == 1, text
    path.write_text(text.replace(old, new))


def bump(root: Path, version: str) -> None:
    path = root / "environments/live.yaml"
    text, number = re.subn(r"(?<=web: )\d[^,}]*", version, path.read_text())
    assert number == 1
    path.write_text(text)


def save(shop: Repository, subject: str) -> str:
    """Render and commit, as people do."""
    assert main(["render", "--output", "github"], shop.root, TODAY) == FINE
    return shop.commit(subject)


def release(shop: Repository, version: str) -> str:
    bump(shop.root, version)
    return save(shop, f"Release web {version}")


def pinned(shop: Repository) -> str:
    found = re.search(r"web: (\d[^,}]*)", (shop.root / "environments/live.yaml").read_text())
    assert found
    return found[1]


@pytest.fixture
def roll(shop: Repository, capsys: pytest.CaptureFixture[str]) -> Callable[..., Outcome]:
    def call(*arguments: str) -> Outcome:
        capsys.readouterr()
        try:
            code = main(["rollback", "--env", "live", *arguments], shop.root, TODAY)
        except SystemExit as stop:
            code = int(stop.code or 0)
        return Outcome(code, *capsys.readouterr())

    return call


def everything(shop: Repository) -> dict[str, bytes]:
    return files_below(shop.root / "environments") | files_below(shop.root / "rendered")


def test_it_goes_back_by_one_line_and_renders(shop: Repository, roll: Callable[..., Outcome]) -> None:
    before = (shop.root / "environments/live.yaml").read_text()
    code, out, err = roll("--release", "web")
    assert (code, err) == (FINE, "")
    assert (shop.root / "environments/live.yaml").read_text() == before.replace("web: 1.2.0", "web: 1.1.0")
    assert main(["check"], shop.root, TODAY) == FINE
    assert out.startswith("Roll web in live back to 1.1.0:\n  web  1.2.0 -> 1.1.0\n1.2.0 came with ")
    assert "git add environments/ rendered/ && git commit -m 'Roll web in live back to 1.1.0'\n" in out


def test_once_more_goes_further_back_and_then_there_is_no_way(
    shop: Repository, roll: Callable[..., Outcome]
) -> None:
    for version in ("1.1.0", "1.0.0"):
        assert roll("--release", "web").code == FINE
        assert pinned(shop) == version
        shop.commit("Go back")
    code, out, err = roll("--release", "web")
    assert (code, out) == (FAILED, "")
    assert "1.0.0 is the first version of web in live that history knows" in err
    assert err.endswith("Nothing was changed.\n")


def test_what_was_left_by_reverting_is_no_earlier_version(
    shop: Repository, roll: Callable[..., Outcome]
) -> None:
    shop.git("revert", "--no-edit", "HEAD")  # 1.2.0 turned out bad
    release(shop, "1.3.0")
    assert roll("--release", "web").code == FINE
    assert pinned(shop) == "1.1.0"


def test_dry_run_changes_nothing(shop: Repository, roll: Callable[..., Outcome]) -> None:
    before, head = everything(shop), shop.git("rev-parse", "HEAD")
    code, out, _ = roll("--release", "web", "--dry-run")
    assert code == FINE
    assert "Would change environments/live.yaml and 2 rendered files. Nothing was changed." in out
    assert "git commit" not in out
    assert (everything(shop), shop.git("rev-parse", "HEAD")) == (before, head)
    assert shop.git("status", "--porcelain") == ""


def test_a_commit_is_made_beside_the_work_tree(shop: Repository, roll: Callable[..., Outcome]) -> None:
    before, bad = everything(shop), shop.git("rev-parse", "HEAD")
    code, out, _ = roll("--release", "web", "--commit", "--reason", "Orders fail: incident 42")
    assert code == FINE
    assert (everything(shop), shop.git("rev-parse", "HEAD")) == (before, bad)
    assert shop.git("status", "--porcelain") == ""
    branch = "rollback/live-web-1.1.0"
    assert f"git push -u origin {branch}" in out
    assert shop.git("log", "--format=%B", "-1", branch) == (
        "Roll web in live back to 1.1.0\n\n- web 1.2.0 -> 1.1.0\n\nOrders fail: incident 42\n\n"
        f"As at {shop.git('rev-parse', 'HEAD~1')[:10]}.\n"
        f'1.2.0 came with {bad[:10]}, "Release web 1.2.0" (Ana, 2026-09-01).'
    )
    shop.git("merge", "--quiet", "--ff-only", branch)
    assert pinned(shop) == "1.1.0"
    assert main(["check"], shop.root, TODAY) == FINE
    assert shop.git("diff", "--stat", "HEAD~2", "HEAD") == "", "all is as it was"
    assert roll("--release", "web", "--commit").code == FINE
    assert "rollback/live-web-1.0.0" in shop.git("branch", "--list", "rollback/*")


def test_to_a_revision(shop: Repository, roll: Callable[..., Outcome]) -> None:
    shop.git("tag", "good", "HEAD~2")
    assert roll("--release", "web", "--to", "good").code == FINE
    assert pinned(shop) == "1.0.0"
    shop.commit("Go back")
    # From there the way back is what it was then.
    assert roll("--release", "web").code == FAILED
    code, _, err = roll("--release", "web", "--to", "good")
    assert code == FAILED
    assert f"live runs web 1.0.0 already, as it did at {shop.git('rev-parse', 'good')[:10]}" in err


def test_all_of_the_block_goes_back_to_before_its_last_change(
    shop: Repository, roll: Callable[..., Outcome]
) -> None:
    change(shop.root, "cleanup: 1.0.0", "cleanup: 1.0.9")
    change(shop.root, "ingress-nginx: 4.15.1", "ingress-nginx: 4.15.0")
    save(shop, "Move two")
    code, out, err = roll()
    assert code == FINE
    assert out.startswith(f"Roll 2 releases in live back to {shop.git('rev-parse', 'HEAD~1')[:10]}:\n")
    assert "  cleanup        1.0.9 -> 1.0.0\n  ingress-nginx  4.15.0 -> 4.15.1 (component)\n" in out
    assert "custom resource definitions may be newer than the chart" in err
    shop.commit("Go back")
    assert roll().code == FINE  # and once more: to before web 1.2.0
    assert pinned(shop) == "1.1.0"


def test_what_came_since_stays_and_what_went_does_not_come_back(
    shop: Repository, roll: Callable[..., Outcome]
) -> None:
    for file in ("dev.yaml", "live.yaml"):
        change(shop.root, "cleanup: 1.0.0", "menu: 0.1.0", file)
    change(
        shop.root,
        "  cleanup:\n    image: ghcr.io/example/cleanup",
        "  menu:\n    image: ghcr.io/x/menu",
        "platform.yaml",
    )
    save(shop, "Trade the cleanup for a menu")
    code, out, _ = roll("--to", "HEAD~3")
    assert code == FINE
    assert pinned(shop) == "1.0.0"
    assert "note: menu stays at 0.1.0: it was not there then" in out
    assert "note: cleanup does not come back: the spec no longer has it" in out


def test_it_shows_what_else_changed_and_stays(shop: Repository, roll: Callable[..., Outcome]) -> None:
    change(shop.root, "web: {replicas: 3}", "web: {replicas: 5, env: {EXTRA: yes}}")
    change(shop.root, "cleanup: 1.0.0", "cleanup: 1.0.9")
    save(shop, "Change more")
    then = shop.git("rev-parse", "HEAD~2")[:10]
    code, out, _ = roll("--release", "web", "--dry-run")
    assert code == FINE
    assert (
        f"Changed in the spec since {then}, and stays (then -> now):\n"
        "    workloads.web.replicas   3 -> 5\n"
        "    workloads.web.env.EXTRA  - -> yes\n"
        "  elsewhere in this environment:\n"
        "    versions.workloads.cleanup  1.0.0 -> 1.0.9\n"
    ) in out
    assert (
        f"0 of 2 files of rendered/live that change are byte for byte as at {then}; the others:\n"
        "    rendered/live/README.md: 2 lines other than then\n"
        "    rendered/live/values/web.yaml: 2 lines other than then\n"
    ) in out


def test_it_says_when_nothing_else_changed(shop: Repository, roll: Callable[..., Outcome]) -> None:
    then = shop.git("rev-parse", "HEAD~1")[:10]
    out = roll("--release", "web", "--dry-run").out
    assert f"Nothing else changed in the spec of this environment since {then}." in out
    assert f"The spec of today is valid with that, and the whole spec of {then} would be, too." in out
    assert f"2 of 2 files of rendered/live that change are byte for byte as at {then}." in out


def test_what_does_not_fit_today_is_refused_and_nothing_is_touched(
    shop: Repository, roll: Callable[..., Outcome]
) -> None:
    new = shop.root / "argocd/charts/workload/1.1.0"
    shutil.copytree(shop.root / "argocd/charts/workload/1.0.0", new)
    for file in ("dev.yaml", "live.yaml"):
        change(shop.root, "workload: 1.0.0", "workload: 1.1.0", file)
    save(shop, "Take the new chart")
    shutil.rmtree(shop.root / "argocd/charts/workload/1.0.0")
    save(shop, "Remove the old one")
    before = everything(shop)
    code, _, err = roll("--release", "charts.workload")
    assert code == FAILED
    assert "With these versions the spec is not valid:" in err
    assert "there is no folder argocd/charts/workload/1.0.0" in err
    assert everything(shop) == before


def test_a_reason_is_not_lost_when_a_person_commits(shop: Repository, roll: Callable[..., Outcome]) -> None:
    out = roll("--release", "web", "--reason", "it's slow").out
    [command] = [line for line in out.splitlines() if "git commit" in line]
    subprocess.run(command, shell=True, cwd=shop.root, check=True, capture_output=True)  # noqa: S602  (ours)
    assert shop.git("log", "-1", "--format=%B").strip() == "Roll web in live back to 1.1.0\n\nit's slow"


def test_a_spec_that_is_invalid_anyway_is_not_the_old_versions_fault(
    shop: Repository, roll: Callable[..., Outcome]
) -> None:
    change(shop.root, "workload: 1.0.0", "workload: 9.0.0", "dev.yaml")
    code, _, err = roll("--release", "web")
    assert code == FAILED
    assert err.startswith(
        "The spec is not valid, with these versions or without; mend it first:\nenvironments/dev."
    )
    assert "With these versions" not in err


def test_one_function_alone_is_said() -> None:
    both = [Move("functions", name, "a" * 64, "b" * 64) for name in ("authorizer", "token")]
    fit = "token stays as it is, and promotions move the functions together: see that they fit"
    packages = "the functions' packages of then must still be in the bucket: docs/packages.md"
    assert rollback_report.warnings({"workloads": {}}, both[:1]) == [fit, packages]
    assert rollback_report.warnings({"workloads": {}}, both) == [packages]


def test_a_renamed_environment_goes_back_to_what_it_was_under_its_old_name(
    shop: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    shop.git("mv", "environments/live.yaml", "environments/production.yaml")
    assert main(["render", "--remove-environment", "live"], shop.root, TODAY) == FINE
    shop.commit("Call it production")
    capsys.readouterr()
    code = main(["rollback", "--env", "production", "--release", "web"], shop.root, TODAY)
    assert code == FINE
    assert "web: 1.1.0" in (shop.root / "environments/production.yaml").read_text()
    assert "Nothing else changed in the spec" in capsys.readouterr().out


def test_an_edit_that_is_not_committed_is_undone_first(
    shop: Repository, roll: Callable[..., Outcome]
) -> None:
    bump(shop.root, "1.3.0")
    code, out, _ = roll("--release", "web")
    assert (code, pinned(shop)) == (FINE, "1.2.0")
    assert "1.3.0 was not committed." in out
    bump(shop.root, "1.3.0")
    code, _, err = roll("--release", "web", "--commit")
    assert code == FAILED
    assert "environments/live.yaml" in err


def test_going_back_from_one_release_needs_a_release_that_is_there(
    shop: Repository, roll: Callable[..., Outcome]
) -> None:
    for file in ("dev.yaml", "live.yaml"):
        change(shop.root, "cleanup: 1.0.0, ", "", file)
    change(
        shop.root,
        '  cleanup:\n    image: ghcr.io/example/cleanup\n    schedule: {cron: "0 3 * * *"}\n',
        "",
        "platform.yaml",
    )
    gone = save(shop, "Remove the cleanup")
    code, _, err = roll("--release", "cleanup")
    assert code == USAGE
    assert f"cleanup is not in live any more since {gone[:10]}: bring it back in the spec first" in err


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["--release", "wbe"], USAGE, 'there is no release "wbe" in live; did you mean "web"?'),
        (["--release", "web", "--to", "nope"], USAGE, 'Git knows no commit "nope" here'),
        (["--release", "web", "--to=--all"], USAGE, 'Git knows no commit "--all" here'),
        (["--env", "liev"], USAGE, 'there is no environment "liev"; did you mean "live"?'),
        (["--release", "web", "--to", "HEAD"], FAILED, "live runs web 1.2.0 already"),
        (["--to", "HEAD"], FAILED, "live runs these versions already"),
        (["--release", "cleanup"], FAILED, "1.0.0 is the first version of cleanup in live"),
    ],
)
def test_what_cannot_be_is_refused(
    arguments: list[str], code: int, said: str, shop: Repository, roll: Callable[..., Outcome]
) -> None:
    before = everything(shop)
    found = roll(*arguments)
    assert (found.code, found.out) == (code, "")
    assert said in found.err
    assert everything(shop) == before


def test_a_name_in_two_sections_needs_its_section(shop: Repository, roll: Callable[..., Outcome]) -> None:
    change(shop.root, "edge: 1.0.0", "edge: 1.0.0, web: 1.0.0")
    code, _, err = roll("--release", "web")
    assert code == USAGE
    assert '"web" may be workloads.web or charts.web: say which' in err
    change(shop.root, "edge: 1.0.0, web: 1.0.0", "edge: 1.0.0")
    assert roll("--release", "workloads.web").code == FINE


def test_a_revision_without_the_environment_or_the_release(
    shop: Repository, roll: Callable[..., Outcome]
) -> None:
    shop.git("switch", "--quiet", "--orphan", "other")
    shop.commit("Elsewhere")
    without = shop.git("rev-parse", "HEAD")
    broken = shop.commit("Broken", {"live.yaml": "a: [\n"})
    empty = shop.commit("Empty", {"live.yaml": "versions: {}\n"})
    shop.git("switch", "--quiet", "main")
    for commit, said in (
        (without, f"there was no environments/live.yaml at {without[:10]}; its history begins with "),
        (broken, f"environments/live.yaml of {broken[:10]} cannot be read: environments/live.yaml:2:1: "),
        (empty, f"web was not in live at {empty[:10]}"),
    ):
        code, _, err = roll("--release", "web", "--to", commit)
        assert code == FAILED
        assert said in err


def test_versions_may_come_from_a_spec_that_nobody_can_compare(
    shop: Repository, roll: Callable[..., Outcome]
) -> None:
    """The versions of then are readable, the rest is not: they are taken, and that is said."""
    text = (shop.root / "environments/live.yaml").read_text()
    shop.git("switch", "--quiet", "--create", "other")
    odd = shop.commit("Odd", {"live.yaml": text.replace("1.2.0", "1.0.5"), "platform.yaml": "a: [\n"})
    shop.git("switch", "--quiet", "main")
    code, out, _ = roll("--release", "web", "--to", odd)
    assert (code, pinned(shop)) == (FINE, "1.0.5")
    assert f"Nobody can say what else changed since: the spec of {odd[:10]} cannot be read." in out
    assert "The spec of today is valid with that.\n" in out


@pytest.mark.parametrize(
    "platform", ["- a list\n", "workloads: [1]\n", "defaults: 3\n", "workloads: {web: 1}\n", "profiles: x\n"]
)
def test_a_spec_of_another_shape_is_no_traceback(
    platform: str, shop: Repository, roll: Callable[..., Outcome]
) -> None:
    text = (shop.root / "environments/live.yaml").read_text()
    shop.git("switch", "--quiet", "--create", "other")
    odd = shop.commit("Odd", {"live.yaml": text.replace("1.2.0", "1.0.5"), "platform.yaml": platform})
    shop.git("switch", "--quiet", "main")
    code, out, _ = roll("--release", "web", "--to", odd)
    assert (code, pinned(shop)) == (FINE, "1.0.5")
    assert odd[:10] in out


def test_without_history_there_is_nothing_to_go_back_to(
    shop: Repository, roll: Callable[..., Outcome], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    clone = tmp_path / "clone"
    shop.git("clone", "--quiet", "--depth=1", f"file://{shop.root}", str(clone))
    assert main(["rollback", "--env", "live", "--release", "web"], clone, TODAY) == FAILED
    assert "this clone is shallow: run `git fetch --unshallow`, then this again" in capsys.readouterr().err
    shutil.rmtree(shop.root / ".git")
    code, _, err = roll("--release", "web")
    assert code == FAILED
    assert "this is no Git repository, so there is nothing to go back to" in err


def test_a_broken_spec_is_reported_as_by_check(shop: Repository, roll: Callable[..., Outcome]) -> None:
    (shop.root / "environments/live.yaml").write_text("a: [\n")
    code, _, err = roll("--release", "web")
    assert code == FAILED
    assert err.startswith("environments/live.yaml:2:1: ")
    assert err.endswith("Nothing was changed.\n")


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ("", "After the merge Argo CD's automated sync carries it out."),
        (
            "sync: {automated: false, selfHeal: false}",
            "Argo CD does not sync live by itself: a person has to, after the merge.",
        ),
        (
            'syncWindows: [{kind: deny, schedule: "0 11 * * *", duration: 3h}]',
            f"{CLOSED} a sync window denies it until 14:00 UTC; a person may sync.",
        ),
        (
            'syncWindows: [{kind: allow, schedule: "0 20 * * *", duration: 3h}]',
            f"{CLOSED} no sync window that allows it is open (0 20 * * * for 3h, UTC); a person may sync.",
        ),
    ],
)
def test_it_says_what_carries_it_out(
    setting: str, said: str, shop: Repository, roll: Callable[..., Outcome]
) -> None:
    if setting:
        file = shop.root / "environments/live.yaml"
        file.write_text(f"{file.read_text()}{setting}\n")
        save(shop, "Set it")
    assert said in roll("--release", "web", "--dry-run").lines


def test_a_database_is_not_rolled_back(shop: Repository, roll: Callable[..., Outcome]) -> None:
    change(shop.root, "    port: 8080\n", "    port: 8080\n    database: shop\n", "platform.yaml")
    save(shop, "Store something")
    found = roll("--release", "web", "--dry-run")
    assert found.code == FINE
    assert "the database shop stays as it is: if 1.2.0 migrated it, 1.1.0 must be able to work" in found.err


@pytest.mark.parametrize("number", range(4))
def test_the_examples_of_the_help_work(
    number: int, shop: Repository, roll: Callable[..., Outcome], capsys: pytest.CaptureFixture[str]
) -> None:
    shown = examples(roll("--help").out.partition("examples:\n")[2])
    assert len(shown) == 4
    assert main(shown[number], shop.root, TODAY) == FINE
    assert "Roll web in live back to 1." in capsys.readouterr().out


def test_the_whole_spec_of_then_may_fit_no_more(shop: Repository, roll: Callable[..., Outcome]) -> None:
    """The versions go back all the same: they are judged with the spec of today."""
    live = (shop.root / "environments/live.yaml").read_text()
    old = shop.commit("Old times", {"live.yaml": f"nonsense: 1\n{live}".replace("1.2.0", "1.2.1")})
    shop.commit("New times", {"live.yaml": live.replace("1.2.0", "1.3.0")})
    code, out, _ = roll("--release", "web")
    assert (code, pinned(shop)) == (FINE, "1.2.1")
    assert (
        "The spec of today is valid with that; "
        f"the whole spec of {old[:10]} would not be any more, for 1 error:\n"
        "    environments/live.yaml:1:1: nonsense: "
    ) in out


def machine(roll: Callable[..., Outcome], *arguments: str) -> tuple[int, Any]:
    code, out, err = roll("--output", "json", *arguments)
    assert err == ""
    document = json.loads(out)
    Draft202012Validator(SCHEMA).validate(document)
    return code, document


def test_machines_get_the_same(shop: Repository, roll: Callable[..., Outcome]) -> None:
    change(shop.root, "web: {replicas: 3}", "web: {replicas: 5}")
    save(shop, "Change more")
    code, dry = machine(roll, "--release", "web", "--dry-run")
    assert code == FINE
    assert dry["files"]["outdated"] == ["rendered/live/README.md", "rendered/live/values/web.yaml"]
    rollback = dry["rollback"]
    assert rollback["environment"] == "live"
    assert rollback["to"] == shop.git("rev-parse", "HEAD~2")
    assert rollback["moves"] == [{"release": "workloads.web", "old": "1.2.0", "new": "1.1.0"}]
    assert rollback["stays"] == [{"key": "workloads.web.replicas", "then": "3", "now": "5"}]
    assert rollback["differ"] == [
        {"file": "rendered/live/README.md", "lines": 1},
        {"file": "rendered/live/values/web.yaml", "lines": 1},
    ]
    assert rollback["notes"] == ["After the merge Argo CD's automated sync carries it out."]
    code, made = machine(roll, "--release", "web", "--commit")
    assert (code, made["branch"]) == (FINE, "rollback/live-web-1.1.0")
    assert made["rollback"] == rollback
    code, wrote = machine(roll, "--release", "web")
    assert (code, wrote["rollback"]) == (FINE, rollback)
    assert wrote["written"]["changed"] == dry["files"]["outdated"]


def test_machines_hear_of_refusals(shop: Repository, roll: Callable[..., Outcome]) -> None:
    code, refused = machine(roll, "--release", "cleanup")
    assert (code, refused["problems"][0]["file"]) == (FAILED, "environments/live.yaml")
    assert "first version of cleanup" in refused["problems"][0]["message"]
    code, refused = machine(roll, "--release", "charts.workload", "--to", _with_old_chart(shop))
    assert (code, "rollback" in refused) == (FAILED, True)
    assert "there is no folder argocd/charts/workload/0.9.0" in refused["problems"][0]["message"]
    (shop.root / "environments/live.yaml").write_text("a: [\n")
    code, refused = machine(roll, "--release", "web")
    assert (code, refused["problems"][0]["line"]) == (FAILED, 2)


def _with_old_chart(shop: Repository) -> str:
    live = (shop.root / "environments/live.yaml").read_text()
    old = shop.commit("Old", {"live.yaml": live.replace("workload: 1.0.0", "workload: 0.9.0")})
    shop.commit("New", {"live.yaml": live})
    return old


def test_when_git_stops_answering_the_change_stands_and_that_is_said(
    shop: Repository, roll: Callable[..., Outcome], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise HistoryError("git ls-tree: fatal: object missing")

    monkeypatch.setattr("generator.cli.rollback_since.history.documents", broken)
    code, out, _ = roll("--release", "web")
    assert (code, pinned(shop)) == (FINE, "1.1.0")
    assert "Nobody can say what else changed since: git ls-tree: fatal: object missing." in out
