"""What a change does, per environment: read from Git, for people and for the comment of a pull request."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.cli import main
from generator.cli.diff_page import LIMIT, MARKER, page
from generator.diff import (
    Area,
    Changes,
    EnvironmentChange,
    File,
    Move,
    Run,
    clean,
    code,
    fence,
    sections,
    unified,
)
from generator.history import HistoryError, between, fork
from tests.history_repository import Repository
from tests.test_cases import CASES, TODAY, lay_out

ROOT = Path(__file__).parents[1]
CAPTURE = pytest.CaptureFixture[str]


@pytest.fixture
def shop(tmp_path: Path) -> Repository:
    """A repository with dev and live, rendered and committed; origin/main is there."""
    root = tmp_path / "shop"
    lay_out(root, CASES / "valid" / "base")
    for chart in ("edge", "workload"):
        # Git knows no empty folder.
        (root / f"argocd/charts/{chart}/1.0.0/Chart.yaml").write_text("name: it\n")
    repository = Repository(root)
    commit(repository, "first")
    repository.git("update-ref", "refs/remotes/origin/main", "HEAD")
    return repository


def commit(shop: Repository, message: str, *, render: bool = True) -> str:
    if render:
        assert main(["render"], shop.root, TODAY) == 0
    (shop.root / ".gitignore").write_text("/rendered/.render/\n")
    shop.git("add", "--all")
    shop.git("commit", "--quiet", f"--message={message}")
    shop.number += 1
    return shop.git("rev-parse", "HEAD")


def edit(shop: Repository, file: str, old: str, new: str) -> None:
    path = shop.root / file
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def shown(shop: Repository, capsys: CAPTURE, *options: str) -> str:
    capsys.readouterr()
    assert main(["diff", *options], shop.root, TODAY) == 0
    return capsys.readouterr().out


def test_without_a_change_nothing_happens(shop: Repository, capsys: CAPTURE) -> None:
    assert shown(shop, capsys) == "dev: nothing changes\nlive: nothing changes\n"


def test_a_version_moves_in_one_environment(shop: Repository, capsys: CAPTURE) -> None:
    edit(shop, "environments/live.yaml", "web: 1.0.0", "web: 1.1.0")
    main(["render"], shop.root, TODAY)
    text = shown(shop, capsys)
    assert text.startswith("dev: nothing changes\nlive: 2 rendered files\n  workload web: 1.0.0 -> 1.1.0\n")
    assert "  ~ rendered/live/values/web.yaml\n" in text
    assert re.search(r'^      \+ +tag: "?1\.1\.0', text, re.MULTILINE)
    assert text.endswith("not rendered: environments/ (1)\n")


def test_runs_of_terraform_are_named(shop: Repository, capsys: CAPTURE) -> None:
    edit(shop, "environments/live.yaml", "10.20.0.0/16", "10.21.0.0/16")
    edit(shop, "environments/dev.yaml", "profile: small\n", "profile: small\nterraform: {autoApply: true}\n")
    edit(shop, "environments/dev.yaml", "10.10.0.0/16", "10.11.0.0/16")
    commit(shop, "networks")
    text = shown(shop, capsys, "--output", "markdown")
    row = next(line for line in text.splitlines() if line.startswith("| `live`"))
    assert row.endswith("| platform (asks first), database (asks first) |")
    row = next(line for line in text.splitlines() if line.startswith("| `dev`"))
    assert row.endswith("| platform, database |"), "it applies by itself"
    assert "| _shared_ | | 1 | workspaces (asks first) |" in text


def test_a_commit_is_looked_at_without_being_checked_out(shop: Repository, capsys: CAPTURE) -> None:
    shop.git("switch", "--quiet", "--create", "theirs")
    edit(shop, "environments/dev.yaml", "web: 1.1.0", "web: 1.2.0")
    theirs = commit(shop, "theirs")
    shop.git("switch", "--quiet", "main")
    edit(shop, "environments/live.yaml", "web: 1.0.0", "web: 1.1.0")
    commit(shop, "ours, meanwhile")
    before = shop.git("status", "--porcelain")
    text = shown(shop, capsys, "--base", "main", "--head", theirs)
    assert "workload web: 1.1.0 -> 1.2.0" in text
    assert "live: nothing changes" in text, "what main did since is none of theirs"
    assert shop.git("status", "--porcelain") == before


def test_environments_come_and_go(shop: Repository, capsys: CAPTURE) -> None:
    text = (shop.root / "environments/dev.yaml").read_text()
    new = (
        text.replace("111111111111", "555555555555")
        .replace("dev.shop", "qa.shop")
        .replace("10.10.", "10.50.")
    )
    (shop.root / "environments/qa.yaml").write_text(new)
    commit(shop, "qa")
    said = shown(shop, capsys)
    assert "qa (new): " in said
    assert "workload web: new -> 1.1.0" in said
    gone = shown(shop, capsys, "--base", "HEAD", "--head", "HEAD~1")
    assert gone.startswith("dev: nothing changes"), "HEAD~1 is behind its own fork"
    shop.git("rm", "-rq", "environments/qa.yaml", "rendered/qa")
    said = shown(shop, capsys, "--base", "HEAD")
    assert "qa (gone): " in said
    assert "workload web: 1.1.0 -> gone" in said


def test_a_broken_spec_is_no_reason_to_say_nothing(shop: Repository, capsys: CAPTURE) -> None:
    (shop.root / "environments/dev.yaml").write_text("a: [\n")
    edit(shop, "environments/live.yaml", "web: 1.0.0", "web: 1.1.0")
    head = commit(shop, "broken", render=False)
    for options in ((), ("--head", head)):
        said = shown(shop, capsys, *options)
        assert "its file cannot be read" in said
        assert "workload web: 1.0.0 -> 1.1.0" in said
        assert "note: The spec has mistakes here" in said
    assert "| `dev` | cannot be read |" in shown(shop, capsys, "--output", "markdown")


@pytest.mark.parametrize(
    "options", [("--base", "nothing"), ("--head=--all", "--output=text"), ("--head", "v1:Makefile")]
)
def test_unknown_commits_are_wrong_usage(shop: Repository, options: tuple[str], capsys: CAPTURE) -> None:
    assert main(["diff", *options], shop.root, TODAY) == 2
    assert "Git knows no commit" in capsys.readouterr().err


def test_commits_that_share_nothing_are_no_change(shop: Repository, capsys: CAPTURE) -> None:
    shop.git("switch", "--quiet", "--orphan", "other")
    shop.git("commit", "--quiet", "--allow-empty", "--message=other")
    assert main(["diff", "--head", "HEAD"], shop.root, TODAY) == 2
    assert "git fetch --unshallow" in capsys.readouterr().err


def test_links_and_what_is_no_file_are_read_as_git_has_them(shop: Repository, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("not for anybody")
    (shop.root / "rendered/dev/link").symlink_to(secret)
    first = shop.git("rev-parse", "HEAD")
    second = commit(shop, "a link", render=False)
    for after in (second, None):
        (found,) = (c for c in between(shop.root, first, after) if c.path.endswith("link"))
        assert found.after == str(secret).encode()


def test_a_fork_is_where_the_branch_left(shop: Repository) -> None:
    assert fork(shop.root, "main", "HEAD") == shop.git("rev-parse", "HEAD")
    with pytest.raises(HistoryError):
        fork(shop.root, "main", "0" * 40)


# The page: nothing of what strangers write decides about its form.

HOSTILE = """\
```
</details>
<img src=x onerror=alert(1)>
@example/team
<!-- what changes -->
````
\u202ereversed\x1b[2J
"""


def hostile() -> Changes:
    file = File("rendered/dev/`|\n# @x <b>.yaml", b"", HOSTILE.encode())
    environment = EnvironmentChange(
        name="dev`|<b>",
        moves=(Move("workloads", "web|`\n@all", "1.0", "</td>|`2"),),
        files=(file,),
        runs=(Run("shop-dev-platform", "platform", waits=True),),
    )
    return Changes((environment,), areas=(Area("`|\n@x/", 1),))


def test_nothing_in_a_change_ends_its_fence_or_its_table() -> None:
    text = page(hostile())
    lines = text.split("\n")
    opened = next(i for i, line in enumerate(lines) if re.fullmatch("`{5,}diff", line))
    ticks = lines[opened].removesuffix("diff")
    closed = lines.index(ticks, opened + 1)
    inside = [i for i, line in enumerate(lines) if "onerror" in line or "@example/team" in line]
    assert inside
    assert all(opened < i < closed for i in inside)
    assert lines[:opened].count("</details>") == 0
    outside = "\n".join(lines[:opened] + lines[closed + 1 :])
    assert re.sub(r"`[^`\n]*`|<code>[^<\n]*</code>", "", outside).count("@") == 0, "nobody is called"
    rows = [line for line in lines if line.startswith("| ")]
    assert {row.count("|") for row in rows} == {5}
    assert "\u202e" not in text
    assert "\x1b" not in text


@given(st.text())
def test_code_is_one_span_on_one_line(text: str) -> None:
    shown = code(text)
    assert shown[0] == shown[-1] == "`"
    assert not set("`|\n\r") & set(shown[1:-1])
    shown.encode()


@given(st.text())
def test_no_line_closes_a_fence(text: str) -> None:
    ticks = fence(text)
    assert len(ticks) >= 3
    assert not any(ticks in line for line in text.split("\n"))


@given(st.text())
def test_what_is_clean_stays_as_it_is(text: str) -> None:
    assert clean(clean(text)) == clean(text)


def test_a_difference_is_that_of_the_lines() -> None:
    assert list(unified(File("a", b"1\n2\n3\n", b"1\n2b\n3\n"))) == [
        "@@ -1,3 +1,3 @@",
        " 1",
        "-2",
        "+2b",
        " 3",
    ]
    assert list(unified(File("a", None, b"1\n"))) == ["@@ -0,0 +1 @@", "+1"]
    assert list(unified(File("a", b"\xff", b"1\n"))) == ["(no text, or too long to be shown)"]
    assert list(unified(File("a", b"1\n" * 5000, b""))) == ["(no text, or too long to be shown)"]


def test_environments_share_the_room() -> None:
    big = tuple(File(f"rendered/a/{n}", None, b"x" * 400 + b"\n") for n in range(50))
    small = (File("rendered/b/1", b"1\n", b"2\n"),)
    first, second = sections([big, small], room=4000, names=10)
    assert (len(first.files), first.unnamed) == (10, 40)
    assert first.left_out > 40
    assert "+2" in second.text, "the last one is not crowded out"
    assert second.left_out == 0
    assert len(first.text) + len(second.text) <= 4000


@pytest.mark.parametrize(
    ("environments", "files", "moves"), [(1, 1, 1), (3, 290, 40), (60, 200, 200), (900, 5, 5)]
)
def test_the_comment_is_never_too_long(environments: int, files: int, moves: int) -> None:
    changes = Changes(
        tuple(
            EnvironmentChange(
                name=f"environment-{e}",
                moves=tuple(Move("workloads", f"workload-{m}", "1.0.0", "é" * 20) for m in range(moves)),
                files=tuple(
                    File(f"rendered/environment-{e}/{f}", None, "é\n".encode() * 60) for f in range(files)
                ),
            )
            for e in range(environments)
        )
    )
    text = page(changes)
    assert len(text.encode()) <= LIMIT
    assert text.startswith(MARKER)
    assert text.count("<details>") == text.count("</details>") or text.endswith("too long for a comment.\n")


def test_the_page_of_a_small_change(shop: Repository, capsys: CAPTURE) -> None:
    edit(shop, "environments/live.yaml", "web: 1.0.0", "web: 1.1.0")
    (shop.root / "generator").mkdir()
    (shop.root / "generator/more.py").write_text("")
    commit(shop, "more")
    text = shown(shop, capsys, "--output", "markdown")
    head, _, rest = text.partition("<details>")
    assert head == (
        f"{MARKER}\n### What changes, per environment\n\n"
        "| environment | versions | rendered files | Terraform |\n| --- | --- | --- | --- |\n"
        "| `dev` |  |  |  |\n"
        "| `live` | `web` `1.0.0` → `1.1.0` | 2 |  |\n\n"
    )
    assert rest.startswith(
        "<summary><code>live</code>: 2 rendered files</summary>\n\n- changed `rendered/live/README.md`\n"
    )
    assert "\n```diff\n~ rendered/live/README.md\n@@ " in rest
    assert rest.endswith("```\n\n</details>\n\nNot rendered: `environments/` (1), `generator/` (1).\n")


def test_only_the_page_waits_for_jinja() -> None:
    program = "import sys; from generator.cli import main; main(['diff', '--base', 'HEAD'])"
    program += "; assert 'generator.diff' in sys.modules; assert 'jinja2' not in sys.modules"
    run = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr
