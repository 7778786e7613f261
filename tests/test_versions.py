"""The matrix: which version is newer, what lags by how much, and how it is shown."""

from __future__ import annotations

import json
import re
import shutil
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from generator.cli import main, versions_matrix
from generator.history import SECTIONS, Commit, History, Release, State, Track
from generator.versions import document, markdown, matrix, table
from generator.versions.back import before, before_all, left
from generator.versions.lag import lag
from generator.versions.runs import runs, went_forward
from generator.versions.semver import newer
from generator.versions.since import changed
from generator.versions.words import age, shown
from tests.history_repository import START, Repository
from tests.outcome import Outcome
from tests.test_cases import CASES, TODAY, lay_out

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

SCHEMA = json.loads((Path(__file__).parents[1] / "docs/versions.schema.json").read_text())
ORDERS, MENU = Release("workloads", "orders"), Release("workloads", "menu")
NOW = START + timedelta(days=30)
FINE, FAILED, USAGE = 0, 1, 2


def commit(number: int, *, cut: bool = False) -> Commit:
    """The commit made `number` days after the start."""
    return Commit(f"{number:040x}", START + timedelta(days=number), "Ana", f"Change {number}", cut=cut)


def track(*versions: str, cut: bool = False, first: int = 0) -> Track:
    """A history of orders, oldest first, a version a day; "" is none."""
    states = [
        State(commit(first + i, cut=cut and i == 0), {ORDERS: version} if version else {})
        for i, version in enumerate(versions)
    ]
    return Track(states=tuple(reversed(states)))


# https://semver.org/#spec-item-11, and what people write beside it.
ASCENDING = (
    *("0.9.9", "1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.beta", "1.0.0-beta", "1.0.0-beta.2"),
    *("1.0.0-beta.11", "1.0.0-rc.1", "1.0.0", "1.0.1", "1.2.0", "1.10.0", "v2.0.0", "10.0.0"),
)


@pytest.mark.parametrize(("lower", "higher"), list(pairwise(ASCENDING)))
def test_the_newer_version_by_semver(lower: str, higher: str) -> None:
    assert (newer(higher, lower), newer(lower, higher)) == (True, False)


@pytest.mark.parametrize(
    ("one", "other"),
    [("1.0.0", "1.0.0"), ("1.0.0", "v1.0.0"), ("1.0.0+a", "1.0.0+b"), ("9c91be2f", "1.0.0"), ("1.0", "1.1")],
)
def test_semver_does_not_tell(one: str, other: str) -> None:
    assert newer(one, other) is None


def test_a_digest_after_a_version_does_not_hide_it() -> None:
    assert newer(f"1.2.0@sha256:{'a' * 64}", "1.1.0")


@pytest.mark.parametrize(
    ("seen", "way"),
    [
        ("1", "1"),
        ("12", "12"),
        ("121", "1"),  # gone back
        ("1212", "12"),  # and forward again
        ("123", "123"),
        ("1232", "12"),  # going back once
        ("12321", "1"),  # and once more: no flip-flop
        ("12324", "124"),  # what was left is no step of the way
        ("123241", "1"),
        ("1231", "1"),  # far back at once
    ],
)
def test_the_way_that_led_here(seen: str, way: str) -> None:
    assert went_forward(list(seen)) == list(way)


@given(st.lists(st.integers(0, 4), min_size=1, max_size=30))
def test_going_back_again_and_again_ends_at_the_first(seen: list[int]) -> None:
    """Each step back drops exactly one version, whatever happened before, and never comes by one twice."""
    way = went_forward(seen)
    assert way[-1] == seen[-1]
    assert len(set(way)) == len(way)
    visited = [way[-1]]
    while len(way) > 1:
        seen = [*seen, way[-2]]
        shorter = went_forward(seen)
        assert shorter == way[:-1]
        way = shorter
        visited.append(way[-1])
    assert len(set(visited)) == len(visited)
    assert way == [seen[0]]


@pytest.mark.parametrize(
    ("leading", "own", "expected"),
    [
        (["1.0.0"], ["1.0.0"], None),
        (["1.0.0", "1.1.0"], ["1.0.0"], ("behind", 1, 1)),
        (["1.0.0", "1.1.0", "1.2.0"], ["1.0.0"], ("behind", 2, 1)),
        (["1.0.0", "1.1.0", "1.2.0"], ["1.0.0", "1.1.0"], ("behind", 1, 2)),
        # The leader went back: what it left again is not ahead of anybody.
        (["1.0.0", "1.1.0", "1.0.0"], ["1.0.0"], None),
        (["1.0.0", "1.1.0", "1.2.0", "1.1.0"], ["1.0.0"], ("behind", 1, 1)),
        (["1.0.0", "1.1.0", "1.0.0"], ["1.1.0"], ("ahead", 0, 2)),
        # It went on again after going back: the lag begins then.
        (["1.0.0", "1.1.0", "1.0.0", "1.2.0"], ["1.0.0"], ("behind", 1, 3)),
        # A version that the leader never had.
        (["1.0.0", "1.1.0", "1.2.0"], ["1.0.0", "1.0.1"], ("behind", 2, 1)),
        (["1.0.0"], ["1.0.0", "1.0.1"], ("ahead", 0, 1)),
        # Hashes: history tells, or nothing does.
        (["aa", "bb", "cc"], ["aa"], ("behind", 2, 1)),
        (["aa", "bb"], ["cc"], ("differs", 0, 1)),
        # The release was away for a while.
        (["1.0.0", "", "1.1.0"], ["1.0.0"], ("behind", 1, 1)),
    ],
)
def test_a_lag_counts_what_the_leader_has_had_since(
    leading: list[str], own: list[str], expected: tuple[str, int, int] | None
) -> None:
    found = lag("dev", _runs(leading), _runs(own))
    if expected is None:
        assert found is None
        return
    assert found is not None
    assert (found.state, found.versions) == expected[:2]
    assert found.since == commit(expected[2])


@given(st.lists(st.integers(0, 4), min_size=1, max_size=12), st.data())
def test_a_lag_is_what_looking_at_every_day_shows(leading: list[int], data: st.DataObject) -> None:
    """One state a day, of the leader and of an environment that only ever takes what the leader has had."""
    own = [leading[data.draw(st.integers(0, day))] for day in range(len(leading))]
    found = lag("dev", _runs([f"1.{n}.0" for n in leading]), _runs([f"1.{n}.0" for n in own]))
    if own[-1] == leading[-1]:
        assert found is None
        return
    assert found is not None
    last = max(day for day, number in enumerate(leading) if number == own[-1])
    assert found.since == commit(last + 1)
    assert found.state == ("behind" if leading[-1] > own[-1] else "ahead")
    if found.state == "behind":
        assert 1 <= found.versions <= len(set(leading[last + 1 :]))


def _runs(versions: Sequence[str]) -> Any:
    return runs(track(*versions), ORDERS, versions[-1])


def test_a_run_ends_where_the_next_begins() -> None:
    found = runs(track("", "1.0.0", "1.0.0", "1.1.0", ""), ORDERS, "1.2.0")
    assert [(run.version, run.began, run.ended, run.over) for run in found] == [
        ("1.2.0", None, None, False),
        ("", commit(4), None, True),
        ("1.1.0", commit(3), commit(4), True),
        ("1.0.0", commit(1), commit(3), True),
    ]


def test_back_from_what_is_not_committed_is_what_is() -> None:
    found = before(track("1.0.0", "1.1.0"), ORDERS, "1.2.0")
    assert found is not None
    assert (found.present, found.earlier, found.came) == ({ORDERS: "1.2.0"}, {ORDERS: "1.1.0"}, None)


def test_back_over_a_time_without_the_release() -> None:
    found = before(track("1.0.0", "", "1.1.0"), ORDERS, "1.1.0")
    assert found is not None
    assert (found.earlier, found.came) == ({ORDERS: "1.0.0"}, commit(1))


@pytest.mark.parametrize(
    ("had", "version", "day"),
    [
        (("1.0.0", "1.1.0", "1.0.0"), "1.1.0", 2),
        (("1.0.0", "1.1.0", "1.1.0", "1.0.0", "1.0.0"), "1.1.0", 3),
        (("1.0.0", "1.1.0", "1.0.0", "1.1.0", "1.0.0"), "1.1.0", 4),  # the last time counts
        (("1.0.0", "1.1.0", "1.0.0"), "1.2.0", None),  # never ran
        (("1.0.0", "1.1.0", "1.2.0"), "1.0.0", None),  # led here; that is a downgrade, if anything
        (("1.0.0", "1.1.0", "1.0.0", "1.1.0"), "1.1.0", None),
    ],
)
def test_who_went_back_from_a_version(had: tuple[str, ...], version: str, day: int | None) -> None:
    assert left(track(*had), ORDERS, had[-1], version) == (None if day is None else commit(day))


def test_there_is_no_way_back_from_the_first_version() -> None:
    assert before(track("1.0.0", "1.0.0"), ORDERS, "1.0.0") is None
    assert before(Track(), ORDERS, "1.0.0") is None
    assert before_all(track("1.0.0"), {ORDERS: "1.0.0"}) is None
    assert before_all(Track(), {ORDERS: "1.0.0"}) is None


def _block(*states: Mapping[Release, str]) -> Track:
    return Track(states=tuple(State(commit(i), pinned) for i, pinned in enumerate(states))[::-1])


def test_back_with_everything_is_before_the_last_change_of_what_is_there_now() -> None:
    one, two = {ORDERS: "1.0.0"}, {ORDERS: "1.0.0", MENU: "0.1.0"}
    three = {ORDERS: "1.1.0", MENU: "0.2.0"}
    found = before_all(_block(one, two, three), three)
    assert found is not None
    assert (found.earlier, found.came) == (two, commit(2))
    # Gone back, the next step would take the menu away, which is for nobody to do by going back.
    assert before_all(_block(one, two, three, two), two) is None
    # And what came in the meantime stays.
    new = Release("workloads", "new")
    found = before_all(_block(one, two, three, {**three, new: "0.0.1"}), {**three, new: "0.0.1"})
    assert found is not None
    assert (found.present, found.earlier, found.came) == (three, two, commit(2))


def test_what_changed_between_two_trees() -> None:
    then = {"a": {"b": 1, "gone": {"x": [1], "y": None}}, "list": [1, 2], "same": {"z": 0}}
    now = {"a": {"b": 2, "new": {"p": True}}, "list": [1, 3], "same": {"z": 0}, "empty": {}, "t": "x" * 50}
    assert [(".".join(map(str, c.path)), c.old, c.new) for c in changed(then, now)] == [
        ("a.b", "1", "2"),
        ("a.new.p", "-", "true"),
        ("a.gone.x", "[1]", "-"),
        ("a.gone.y", "null", "-"),
        ("list", "[1, 2]", "[1, 3]"),
        ("empty", "-", "{}"),
        ("t", "-", f"{'x' * 37}..."),
    ]


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(-5, "0m"), (59, "0m"), (3599, "59m"), (3600, "1h"), (2 * 86400 - 1, "47h"), (2 * 86400, "2d")],
)
def test_an_age_has_one_unit(seconds: int, text: str) -> None:
    assert age(START, START + timedelta(seconds=seconds)) == text


def test_a_hash_is_shown_by_its_beginning() -> None:
    assert shown("9c91be2f" + "0" * 56) == "9c91be2f"
    assert shown(f"1.2.0@sha256:9c91be2f{'0' * 56}") == "1.2.0@sha256:9c91be2f"
    assert shown("1.5.0-rc.1") == "1.5.0-rc.1"


class Made(NamedTuple):
    """What a matrix is made from."""

    today: dict[str, dict[Release, str]]
    history: History

    def matrix(self, order: Sequence[str] = ("dev", "live")) -> Any:
        return matrix(self.today, self.history, order, now=NOW, sections=SECTIONS)


TOKEN = Release("functions", "token")


def made() -> Made:
    """Two environments: orders lags, the menu is not committed, a function differs, one is only in dev."""
    edge, only = Release("charts", "edge"), Release("workloads", "only|dev")
    old = {ORDERS: "1.0.0", edge: "1.0.0", TOKEN: "a" * 64}
    dev = {**old, ORDERS: "1.1.0", only: "0.1.0"}
    live = {**old, TOKEN: "b" * 64}
    tracks = {
        "dev": Track(states=(State(commit(8), dev), State(commit(1), old))),
        "live": Track(states=(State(commit(2), live),)),
    }
    today = {"live": live, "dev": {**dev, MENU: "0.2.0"}}
    return Made(today, History(tracks=tracks, head="f" * 40))


TEXT = """\
             dev             live
workloads
  menu       0.2.0    new    -
  only|dev   0.1.0    22d    -
  orders     1.1.0    22d    1.0.0    28d -1
charts
  edge       1.0.0    29d    1.0.0    28d
functions
  token      aaaaaaaa 29d    bbbbbbbb 28d !=

  orders   live   1.0.0      1 version behind 1.1.0 of dev since 2026-09-09 (22d)
  token    live   bbbbbbbb   not aaaaaaaa of dev since 2026-09-03 (28d)
"""
MARKDOWN = """\
| release | dev | live |
| --- | --- | --- |
| workload menu | `0.2.0` not committed yet |  |
| workload only\\|dev | `0.1.0` since 2026-09-09 |  |
| workload orders | `1.1.0` since 2026-09-09 | \
**`1.0.0`** since 2026-09-03; 1 version behind 1.1.0 of dev since 2026-09-09 |
| chart edge | `1.0.0` since 2026-09-02 | `1.0.0` since 2026-09-03 |
| function token | `aaaaaaaa` since 2026-09-02 | \
**`bbbbbbbb`** since 2026-09-03; not aaaaaaaa of dev since 2026-09-03 |
"""


def test_the_table_for_people() -> None:
    assert "\n".join(table(made().matrix())) + "\n" == TEXT


def test_the_table_for_a_page() -> None:
    assert "\n".join(markdown(made().matrix())) + "\n" == MARKDOWN


def test_the_document_for_machines_keeps_to_its_schema() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    found = document(made().matrix())
    Draft202012Validator(SCHEMA).validate(found)
    by_name = {row["name"]: row for row in found["releases"]}
    assert by_name["orders"]["environments"]["live"] == {
        "version": "1.0.0",
        "committed": True,
        "since": {
            "commit": f"{2:040x}",
            "date": "2026-09-03T08:00:00Z",
            "author": "Ana",
            "subject": "Change 2",
        },
        "lag": {
            "state": "behind",
            "versions": 1,
            "since": {
                "commit": f"{8:040x}",
                "date": "2026-09-09T08:00:00Z",
                "author": "Ana",
                "subject": "Change 8",
            },
        },
    }
    assert by_name["menu"]["environments"] == {"dev": {"version": "0.2.0", "committed": False}}
    assert by_name["token"]["environments"]["live"]["lag"]["state"] == "differs"


def test_without_an_order_the_newest_version_leads() -> None:
    """Columns come by name then, and so does a release that all have."""
    found = made().matrix(order=())
    leaders = {str(row.release): row.leader for row in found.rows}
    assert found.environments == ("live", "dev")  # as the spec lists them
    assert leaders["orders"] == "dev"
    assert leaders["edge"] == "dev"  # had it first
    assert leaders["token"] == "live"  # noqa: S105  (no password; it had another one last)


def test_colours_are_put_around_what_lags_and_nothing_else() -> None:
    lines = list(table(made().matrix(), lambda text, colour: f"<{colour}>{text}</>"))
    assert [line for line in lines if "<" in line] == [
        "  orders     1.1.0    22d    <lag>1.0.0    28d -1</>",
        "  token      aaaaaaaa 29d    <other>bbbbbbbb 28d !=</>",
        "  orders   live   1.0.0      <lag>1 version behind 1.1.0 of dev since 2026-09-09 (22d)</>",
        "  token    live   bbbbbbbb   <lag>not aaaaaaaa of dev since 2026-09-03 (28d)</>",
    ]


@given(st.integers(1, 30), st.integers(1, 12))
def test_many_environments_stand_in_parts_of_a_hundred_columns(number: int, length: int) -> None:
    names = [f"e{i:0{length}}" for i in range(number)]
    today = {name: {ORDERS: f"1.{i}.0"} for i, name in enumerate(names)}
    tracks = {name: Track(states=(State(commit(i), today[name]),)) for i, name in enumerate(names)}
    found = matrix(today, History(tracks=tracks), names, now=NOW, sections=SECTIONS)
    lines = list(table(found))
    part = lines[: max(i for i, line in enumerate(lines) if line.startswith("  orders   1.")) + 1]
    assert max(map(len, part)) <= 100
    heads = [line.split() for line in part if line.startswith("           e")]
    assert [name for head in heads for name in head] == names
    versions = [word for line in part if line.startswith("  orders") for word in line.split() if "." in word]
    assert versions == [f"1.{i}.0" for i in range(number)]


def test_an_empty_matrix_says_so() -> None:
    assert list(table(matrix({}, History(tracks={}), (), now=NOW, sections=SECTIONS))) == [
        "Nothing has a version here."
    ]
    same = {name: {ORDERS: "1.0.0"} for name in ("a", "b")}
    found = matrix(same, History(tracks={n: Track() for n in same}, missing="x"), (), now=NOW, sections=())
    assert list(table(found))[-1] == "orders runs in one version, wherever it runs."


# The command.


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    """The test platform, committed once; then dev went on by two versions."""
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    monkeypatch.setattr(versions_matrix, "now", lambda: NOW)
    root = tmp_path / "shop"
    lay_out(root, CASES / "valid" / "base")
    repository = Repository(root)
    bump(root, "dev", "1.0.0")
    repository.commit("Begin")
    for version in ("1.1.0", "1.2.0"):
        bump(root, "dev", version)
        repository.commit(f"Release web {version}")
    return repository


def bump(root: Path, environment: str, version: str) -> None:
    file = root / f"environments/{environment}.yaml"
    text, number = re.subn(r"(?<=web: )\d[^,}]*", version, file.read_text())
    assert number == 1
    file.write_text(text)


def run(shop: Repository, capsys: pytest.CaptureFixture[str], *arguments: str) -> Outcome:
    capsys.readouterr()
    code = main(["versions", *arguments], shop.root, TODAY)
    return Outcome(code, *capsys.readouterr())


def asked(shop: Repository, capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    code, out, err = run(shop, capsys, "--output", "json", *arguments)
    assert (code, err) == (FINE, "")
    found = json.loads(out)
    Draft202012Validator(SCHEMA).validate(found)
    return found


def test_the_command_says_what_lags(shop: Repository, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(shop, capsys, "--lagging", "--release", "web")
    assert (code, err) == (FINE, "")
    assert out.splitlines()[-1] == (
        "  web   live   1.0.0   2 versions behind 1.2.0 of dev since 2026-09-01 (29d)"
    )
    [row] = asked(shop, capsys, "--release", "web", "--env", "live")["releases"]
    assert set(row["environments"]) == {"live"}
    assert row["environments"]["live"]["lag"]["versions"] == 2
    assert row["environments"]["live"]["lag"]["since"]["subject"] == "Release web 1.1.0"


@pytest.mark.parametrize(
    ("options", "last"),
    [
        (("--env", "dev"), "Nothing lags in dev; elsewhere: web."),
        (("--env", "dev", "--release", "web"), "Nothing lags in dev; elsewhere: web."),
        (("--env", "dev", "--release", "edge"), "edge runs in one version, wherever it runs."),
        (
            ("--release", "edge", "--release", "workload"),
            "Each of these runs in one version, wherever it runs.",
        ),
        (("--env", "dev", "--lagging"), "Nothing lags in dev."),
        (("--release", "edge", "--lagging"), "Nothing of edge lags."),
        (("--release", "edge", "--env", "live", "--lagging"), "Nothing of edge lags in live."),
    ],
)
def test_what_is_not_shown_is_not_said_to_be_the_same(
    shop: Repository, capsys: pytest.CaptureFixture[str], options: tuple[str, ...], last: str
) -> None:
    """Who looks at one column must not read that all is well everywhere."""
    assert run(shop, capsys, *options).out.splitlines()[-1] == last


def test_a_release_that_is_not_there_is_said(shop: Repository, capsys: pytest.CaptureFixture[str]) -> None:
    file = shop.root / "environments/live.yaml"
    bump(shop.root, "live", "1.0.0, spare: 1.0.0")
    assert "spare" in file.read_text()
    out = run(shop, capsys, "--env", "dev", "--release", "spare").out
    assert out == "No version of spare is pinned in dev.\n"


def test_promotion_names_the_leader_and_the_order(
    shop: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    file = shop.root / "environments/platform.yaml"
    text = file.read_text()
    assert text.count("platform:\n") == 1
    file.write_text(text.replace("platform:\n", "platform:\n  promotion: [live, dev]\n"))
    found = asked(shop, capsys, "--release", "web")
    assert found["environments"] == ["live", "dev"]
    [row] = found["releases"]
    assert row["leader"] == "live"
    assert row["environments"]["dev"]["lag"]["state"] == "ahead"


def test_what_is_not_committed_is_new(shop: Repository, capsys: pytest.CaptureFixture[str]) -> None:
    bump(shop.root, "dev", "1.3.0")
    [row] = asked(shop, capsys, "--release", "web")["releases"]
    assert row["environments"]["dev"] == {"version": "1.3.0", "committed": False}
    assert row["environments"]["live"]["lag"]["versions"] == 3
    assert "1.3.0 new" in run(shop, capsys, "--release", "web").out


def test_as_of_a_commit(shop: Repository, capsys: pytest.CaptureFixture[str]) -> None:
    bump(shop.root, "dev", "1.3.0")
    found = asked(shop, capsys, "--release", "web", "--at", "HEAD~1")
    assert found["releases"][0]["environments"]["dev"]["version"] == "1.1.0"
    assert found["commit"] == shop.git("rev-parse", "HEAD~1")


def test_a_shallow_clone_is_said(
    shop: Repository, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    clone = tmp_path / "clone"
    shop.git("clone", "--quiet", "--depth=1", f"file://{shop.root}", str(clone))
    code = main(["versions", "--release", "web"], clone, TODAY)
    out, err = capsys.readouterr()
    assert code == FINE
    assert "git fetch --unshallow" in err
    assert "1.2.0 >29d" in out
    assert "behind 1.2.0 of dev since at least 2026-09-01" in out


def test_without_a_repository_there_are_versions_but_no_dates(
    shop: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.rmtree(shop.root / ".git")
    code, out, err = run(shop, capsys, "--release", "web")
    assert (code, err) == (FINE, "note: this is no Git repository, so there are no dates\n")
    assert out.splitlines()[-1] == "  web   live   1.0.0   behind 1.2.0 of dev"
    found = json.loads(run(shop, capsys, "--output", "json").out)
    Draft202012Validator(SCHEMA).validate(found)
    assert "commit" not in found


def test_where_git_refuses_there_are_versions_but_no_dates(
    shop: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    head = shop.git("rev-parse", "HEAD")
    (shop.root / ".git/objects" / head[:2] / head[2:]).unlink()
    code, out, err = run(shop, capsys, "--release", "web")
    assert code == FINE
    assert err.startswith("note: git log: fatal: bad object HEAD")
    assert out.splitlines()[-1] == "  web   live   1.0.0   behind 1.2.0 of dev"


def test_a_file_that_is_no_yaml_is_missing_and_said(
    shop: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    (shop.root / "environments/live.yaml").write_text("a: [\n")
    code, out, err = run(shop, capsys, "--release", "web")
    assert code == FAILED
    assert "live" not in out
    assert err == "note: environments/live.yaml cannot be read, so it counts as missing: run `make check`\n"


def test_a_broken_past_is_said(shop: Repository, capsys: pytest.CaptureFixture[str]) -> None:
    good = (shop.root / "environments/live.yaml").read_text()
    broken = shop.commit("Break", {"live.yaml": "a: [\n"})
    shop.commit("Mend", {"live.yaml": good})
    notes = asked(shop, capsys)["notes"]
    left = f"live: {broken[:10]} left no readable file and is passed over"
    assert notes == [f"{left}: the file ends where a value is expected"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--env", "liv"], 'there is no environment "liv"; did you mean "live"?'),
        (["--release", "wev"], 'there is no release "wev"; did you mean "web"?'),
        (["--at", "nope"], 'Git knows no commit "nope" here'),
        (["--at", "--all"], "expected one argument"),
        (["--at=--all"], 'Git knows no commit "--all" here'),
    ],
)
def test_wrong_names_are_refused_with_a_suggestion(
    arguments: list[str], said: str, shop: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    try:
        code, out, err = run(shop, capsys, *arguments)
    except SystemExit as stop:
        code = int(stop.code or 0)
        out, err = capsys.readouterr()
    assert (code, out) == (USAGE, "")
    assert said in err


@pytest.mark.parametrize(
    ("terminal", "environment", "coloured"),
    [
        (True, {}, True),
        (False, {}, False),
        (True, {"NO_COLOR": "1"}, False),
        (True, {"NO_COLOR": ""}, True),
        (True, {"TERM": "dumb"}, False),
    ],
)
def test_colours_are_for_terminals_that_want_them(
    terminal: bool,  # noqa: FBT001  (a parameter of the test)
    environment: dict[str, str],
    coloured: bool,  # noqa: FBT001  (as above)
    shop: Repository,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("NO_COLOR", "TERM"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("sys.stdout.isatty", lambda: terminal)
    assert ("\033[33m" in run(shop, capsys, "--release", "web").out) == coloured
