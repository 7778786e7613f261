"""What Git remembers of the environments, read from real repositories."""

from __future__ import annotations

import subprocess
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from generator.history import (
    HistoryError,
    Release,
    contents,
    documents,
    listed,
    pinned,
    read,
    recent,
    resolved,
)
from generator.source import Document
from tests.history_repository import START, Repository, pins

if TYPE_CHECKING:
    from pathlib import Path

    from generator.history import History

ORDERS = Release("workloads", "orders")


@pytest.fixture(autouse=True)
def _own_git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No settings of this machine, and no repository around the test's folder."""
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository(tmp_path / "repository")


def orders(history: History, environment: str = "dev") -> list[str]:
    """The versions of orders, the newest first; "" where it is not pinned."""
    return [state.versions.get(ORDERS, "") for state in history.tracks[environment].states]


def test_a_state_has_its_commit_its_date_and_its_versions(repository: Repository) -> None:
    first = repository.commit("Begin", {"dev.yaml": pins(orders="1.0.0", menu="0.1.0")})
    repository.commit("Nothing of an environment", {"platform.yaml": "a: b\n"})
    second = repository.commit("Release orders 1.1.0", {"dev.yaml": pins(orders="1.1.0", menu="0.1.0")})
    history = read(repository.root, ["dev"])
    newest, oldest = history.tracks["dev"].states
    assert (newest.commit.id, newest.commit.subject, newest.commit.author) == (
        second,
        "Release orders 1.1.0",
        "Ana",
    )
    # The committer's date, not the author's, which is a month older here.
    assert (oldest.commit.id, oldest.commit.when) == (first, START)
    assert newest.commit.when == START + timedelta(hours=2)
    assert newest.versions == {ORDERS: "1.1.0", Release("workloads", "menu"): "0.1.0"}
    assert (history.head, history.shallow, history.missing) == (second, False, "")


def test_a_merge_is_one_step_at_its_own_date(repository: Repository) -> None:
    repository.commit("Begin", {"dev.yaml": pins(orders="1.0.0")})
    repository.git("switch", "--quiet", "--create", "work")
    repository.commit("Try", {"dev.yaml": pins(orders="1.1.0-rc.1")})
    repository.commit("Release", {"dev.yaml": pins(orders="1.1.0")})
    repository.git("switch", "--quiet", "main")
    repository.commit("Something else", {"platform.yaml": "a: b\n"})
    repository.git("merge", "--quiet", "--no-ff", "--message", "Merge the release", "work")
    states = read(repository.root, ["dev"]).tracks["dev"].states
    assert [(state.commit.subject, state.versions[ORDERS]) for state in states] == [
        ("Merge the release", "1.1.0"),
        ("Begin", "1.0.0"),
    ]
    assert states[0].commit.when == repository.now


def test_a_renamed_environment_keeps_its_history(repository: Repository) -> None:
    repository.commit("Begin", {"live.yaml": pins(orders="1.0.0")})
    repository.commit("Release", {"live.yaml": pins(orders="1.1.0")})
    repository.git("mv", "environments/live.yaml", "environments/production.yaml")
    repository.commit("Call it production")
    repository.commit("Release", {"production.yaml": pins(orders="1.2.0")})
    history = read(repository.root, ["production"])
    assert orders(history, "production") == ["1.2.0", "1.1.0", "1.1.0", "1.0.0"]
    assert history.tracks["production"].files == (
        "environments/production.yaml",
        "environments/live.yaml",
    )


def test_a_new_file_under_an_old_name_does_not_take_the_history_with_it(repository: Repository) -> None:
    repository.commit("Begin", {"live.yaml": pins(orders="1.0.0")})
    repository.git("mv", "environments/live.yaml", "environments/production.yaml")
    repository.commit("Call it production")
    repository.commit("Another one", {"live.yaml": pins(orders="9.0.0")})
    history = read(repository.root, ["live", "production"])
    assert orders(history, "production") == ["1.0.0", "1.0.0"]
    assert orders(history, "live") == ["9.0.0"]


def test_an_environment_that_was_away_ran_nothing_meanwhile(repository: Repository) -> None:
    repository.commit("Begin", {"dev.yaml": pins(orders="1.0.0")})
    repository.commit("Remove", {"dev.yaml": None})
    repository.commit("Bring back", {"dev.yaml": pins(orders="1.0.0")})
    assert orders(read(repository.root, ["dev"])) == ["1.0.0", "", "1.0.0"]


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        ("versions: {orders: [\n", "the file ends where a value is expected"),
        ("<<<<<<< ours\nversions: {}\n", "a merge conflict is not resolved here"),
        ("- a list\n", "map"),
    ],
)
def test_a_commit_that_left_no_yaml_is_passed_over_and_named(
    broken: str, said: str, repository: Repository
) -> None:
    repository.commit("Begin", {"dev.yaml": pins(orders="1.0.0")})
    bad = repository.commit("Break", {"dev.yaml": broken})
    repository.commit("Mend", {"dev.yaml": pins(orders="1.1.0")})
    history = read(repository.root, ["dev"])
    assert orders(history) == ["1.1.0", "1.0.0"]
    [(commit, reason)] = history.tracks["dev"].unread
    assert commit.id == bad
    assert said in reason


def test_bytes_that_are_no_text_are_passed_over(repository: Repository) -> None:
    repository.commit("Begin", {"dev.yaml": pins(orders="1.0.0")})
    (repository.root / "environments/dev.yaml").write_bytes(b"\xff\xfe\x00")
    repository.commit("Save it as UTF-16")
    history = read(repository.root, ["dev"])
    assert orders(history) == ["1.0.0"]
    assert history.tracks["dev"].unread[0][1] == "not UTF-8"


@pytest.mark.parametrize("subject", ["", ":100644 x", "\x01 \x02", "ação ✓", "a\n\nbody: of\n:text"])
def test_any_subject_is_read(subject: str, repository: Repository) -> None:
    repository.commit(subject, {"dev.yaml": pins(orders="1.0.0")})
    repository.commit("next", {"dev.yaml": pins(orders="1.1.0")})
    history = read(repository.root, ["dev"])
    assert orders(history) == ["1.1.0", "1.0.0"]
    assert history.tracks["dev"].states[1].commit.subject == subject.partition("\n")[0].strip()


@pytest.mark.parametrize(
    "setting",
    [
        "log.showSignature=true",
        "color.ui=always",
        "diff.renames=false",
        "log.diffMerges=combined",
        "log.showRoot=false",
        "core.quotePath=true",
        "log.decorate=full",
        "diff.relative=false",
        "log.abbrevCommit=true",
    ],
)
def test_settings_of_a_person_change_nothing(setting: str, repository: Repository) -> None:
    repository.commit("Begin", {"açaí.yaml": pins(orders="1.0.0"), "live.yaml": pins(orders="1.0.0")})
    repository.git("mv", "environments/live.yaml", "environments/dev.yaml")
    repository.git("switch", "--quiet", "--create", "work")
    repository.commit("Release", {"dev.yaml": pins(orders="1.1.0")})
    repository.git("switch", "--quiet", "main")
    repository.git("merge", "--quiet", "--no-ff", "--message", "Merge", "work")
    before = read(repository.root, ["dev", "açaí"])
    assert orders(before) == ["1.1.0", "1.0.0"]
    assert orders(before, "açaí") == ["1.0.0"]
    repository.git("config", *setting.split("="))
    assert read(repository.root, ["dev", "açaí"]) == before


def test_a_shallow_clone_says_where_it_is_cut(repository: Repository, tmp_path: Path) -> None:
    repository.commit("Begin", {"dev.yaml": pins(orders="1.0.0")})
    cut = repository.commit("Release", {"dev.yaml": pins(orders="1.1.0")})
    repository.commit("Release", {"dev.yaml": pins(orders="1.2.0")})
    repository.git("clone", "--quiet", "--depth=2", f"file://{repository.root}", str(tmp_path / "clone"))
    history = read(tmp_path / "clone", ["dev"])
    assert history.shallow
    assert orders(history) == ["1.2.0", "1.1.0"]
    assert [(state.commit.id == cut, state.commit.cut) for state in history.tracks["dev"].states] == [
        (False, False),
        (True, True),
    ]
    assert not read(repository.root, ["dev"]).shallow


def test_a_platform_below_the_repositorys_top(tmp_path: Path) -> None:
    top = Repository(tmp_path / "top")
    root = top.root / "infra"
    (root / "environments").mkdir(parents=True)
    (root / "environments/dev.yaml").write_text(pins(orders="1.0.0"))
    commit = top.commit("Begin", {"dev.yaml": "not: this one\n"})
    assert orders(read(root, ["dev"])) == ["1.0.0"]
    found, problems = documents(root, commit)
    assert (set(found), problems) == ({"dev"}, [])
    assert pinned(found["dev"].tree) == {ORDERS: "1.0.0"}
    assert listed(root, commit, "environments").keys() == {"environments/dev.yaml"}


def test_without_a_repository_or_a_commit_there_is_no_history(tmp_path: Path) -> None:
    (tmp_path / "plain").mkdir()
    history = read(tmp_path / "plain", ["dev"])
    assert history.missing == "this is no Git repository"
    assert history.tracks["dev"].states == ()
    assert read(Repository(tmp_path / "new").root, ["dev"]).missing == "nothing has been committed yet"


def test_without_git_there_is_no_history(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")
    assert read(repository.root, ["dev"]).missing.startswith("git does not run here: ")


@pytest.mark.parametrize("revision", ["nope", "-x", "--all", "HEAD~9", "", "HEAD:environments"])
def test_a_revision_that_is_none_is_refused(revision: str, repository: Repository) -> None:
    repository.commit("Begin", {"dev.yaml": pins(orders="1.0.0")})
    with pytest.raises(HistoryError, match="Git knows no commit"):
        resolved(repository.root, revision)


def test_a_revision_may_be_anything_that_git_knows(repository: Repository) -> None:
    first = repository.commit("Begin", {"dev.yaml": pins(orders="1.0.0")})
    repository.git("tag", "--annotate", "--message=it", "v1")
    repository.commit("Release", {"dev.yaml": pins(orders="1.1.0")})
    for revision in ("v1", "HEAD~1", first[:8], ":/Begin", "main^"):
        assert resolved(repository.root, revision) == first
    assert orders(read(repository.root, ["dev"], "v1")) == ["1.0.0"]


def test_the_spec_of_a_commit_is_read_file_by_file(repository: Repository) -> None:
    commit = repository.commit(
        "Begin",
        {
            "dev.yaml": pins(orders="1.0.0"),
            "bad.yaml": "a: [\n",
            "note.txt": "no YAML",
            "platform.yaml": "a: b\n",
        },
    )
    repository.commit("Release", {"dev.yaml": pins(orders="1.1.0")})
    found, problems = documents(repository.root, commit)
    assert set(found) == {"dev", "platform"}
    assert isinstance(found["dev"], Document)
    assert pinned(found["dev"].tree) == {ORDERS: "1.0.0"}
    assert [problem.place.file for problem in problems] == ["environments/bad.yaml"]


def test_blobs_that_are_not_there_are_left_out(repository: Repository) -> None:
    repository.commit("Begin", {"dev.yaml": "a\n", "empty.yaml": ""})
    blobs = listed(repository.root, "HEAD", "environments")
    tree = repository.git("rev-parse", "HEAD^{tree}")
    data = contents(repository.root, [*blobs.values(), "0" * 40, tree, blobs["environments/dev.yaml"]])
    assert {data[blob] for blob in blobs.values()} == {b"a\n", b""}
    assert set(data) == set(blobs.values())


@pytest.mark.parametrize(
    "tree",
    [
        {},
        {"versions": None},
        {"versions": "1.0"},
        {"versions": {"workloads": ["a"]}},
        {"versions": {"workloads": {"a": None}}},
    ],
)
def test_what_is_no_version_pins_nothing(tree: dict[str, object]) -> None:
    assert pinned(tree) == {}


def test_pins_come_in_the_order_of_sections() -> None:
    tree = {"versions": {"odd": {"x": "1"}, "charts": {"edge": "1.0.0"}, "workloads": {"b": 1.5, "a": "2"}}}
    assert [(str(release), version) for release, version in pinned(tree).items()] == [
        ("a", "2"),
        ("b", "1.5"),
        ("edge", "1.0.0"),
        ("x", "1"),
    ]


def test_recent_commits_are_those_of_the_spec(repository: Repository) -> None:
    for number in range(5):
        repository.commit(f"Release {number}", {"dev.yaml": pins(orders=f"1.{number}.0")})
        (repository.root / "README").write_text(str(number))
        repository.commit("Write")
    assert [commit.subject for commit in recent(repository.root, 2)] == ["Release 4", "Release 3"]


def test_the_environment_of_a_hook_is_not_followed(
    repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository.commit("Begin", {"dev.yaml": pins(orders="1.0.0")})
    other = Repository(tmp_path / "other")
    other.commit("Other", {"dev.yaml": pins(orders="7.0.0")})
    monkeypatch.setenv("GIT_DIR", str(other.root / ".git"))
    assert orders(read(repository.root, ["dev"])) == ["1.0.0"]


def test_many_commits_take_no_more_processes_than_one(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The number of processes does not depend on the number of commits."""
    calls: list[list[str]] = []
    real = subprocess.run

    def counting(command: list[str], **options: object) -> object:
        calls.append(command)
        return real(command, **options)  # type: ignore[call-overload]  # as it came

    repository.commit("Begin", {"dev.yaml": pins(orders="1.0.0")})
    monkeypatch.setattr("generator.git.subprocess.run", counting)
    read(repository.root, ["dev"])
    few = len(calls)
    monkeypatch.undo()
    for number in range(8):
        repository.commit("Release", {"dev.yaml": pins(orders=f"1.1.{number}")})
    calls.clear()
    monkeypatch.setattr("generator.git.subprocess.run", counting)
    assert len(read(repository.root, ["dev"]).tracks["dev"].states) == 9
    assert len(calls) == few
