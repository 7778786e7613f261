"""Who approves what: `.github/CODEOWNERS`, read as GitHub reads it."""

from __future__ import annotations

import fnmatch
import re
import subprocess
from pathlib import Path

import pytest

from generator import render, writer
from generator.cli import main
from generator.render import codeowners
from generator.writer import disk
from tests.test_cases import CASES, TODAY, lay_out

ROOT = Path(__file__).parents[1]
PLATFORM, LIVE, DEV = "@example/platform", "@example/live", "@example/dev"


def owners_of(text: str, file: str) -> list[str]:
    """The owners of a file: those of the last pattern that matches, as GitHub has it."""
    found: list[str] = []
    for line in text.splitlines():
        if line and not line.startswith("#"):
            pattern, *owners = line.split()
            if pattern == "*" or fnmatch.fnmatchcase(f"/{file}", pattern):
                found = owners
    return found


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A platform whose environment `live` is protected and has owners of its own."""
    lay_out(tmp_path, CASES / "valid" / "base")
    platform, live, dev = (tmp_path / f"environments/{name}.yaml" for name in ("platform", "live", "dev"))
    text = platform.read_text()
    platform.write_text(text.replace("  name: shop\n", f'  name: shop\n  owners: ["{PLATFORM}"]\n'))
    live.write_text(live.read_text() + f'owners: ["{LIVE}"]\ndeletionProtection: true\n')
    dev.write_text(dev.read_text() + f'owners: ["{DEV}"]\n')
    return tmp_path


def rendered(root: Path) -> str:
    assert main(["render"], root, TODAY) == 0
    return (root / codeowners.PATH).read_text()


@pytest.mark.parametrize(
    ("file", "owners"),
    [
        ("rendered/dev/values/web.yaml", [DEV]),
        ("rendered/dev/README.md", [DEV]),
        ("rendered/live/terraform/platform.tfvars.json", [LIVE]),
        ("rendered/shared/terraform/workspaces.tfvars.json", [PLATFORM]),
        ("environments/dev.yaml", [DEV]),
        ("environments/live.yaml", [LIVE]),
        ("environments/platform.yaml", [PLATFORM, DEV, LIVE]),
        ("environments/new.yaml", [PLATFORM]),
        ("terraform/modules/edge/main.tf", [PLATFORM, LIVE]),
        ("generator/cli/render.py", [PLATFORM, LIVE]),
        ("argocd/charts/edge/1.0.0/Chart.yaml", [PLATFORM, LIVE]),
        (".github/workflows/checks.yaml", [PLATFORM, LIVE]),
        (codeowners.PATH, [PLATFORM, LIVE]),
        ("requirements/run.txt", [PLATFORM, LIVE]),
        ("Makefile", [PLATFORM, LIVE]),
        ("docs/reviews.md", [PLATFORM]),
        ("README.md", [PLATFORM]),
    ],
)
def test_approval_follows_what_a_file_reaches(shop: Path, file: str, owners: list[str]) -> None:
    assert owners_of(rendered(shop), file) == owners


def test_every_file_of_this_repository_has_an_owner() -> None:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    text = (ROOT / codeowners.PATH).read_text()
    assert [f for f in listed.decode().split("\0")[:-1] if not owners_of(text, f)] == []


def test_every_pattern_matches_a_file_of_this_repository() -> None:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    files = [f"/{f}" for f in listed.decode().split("\0")[:-1]]
    patterns = [
        line.split()[0] for line in (ROOT / codeowners.PATH).read_text().splitlines() if line[:1] == "/"
    ]
    assert patterns
    assert [p for p in patterns if not any(fnmatch.fnmatchcase(f, p) for f in files)] == []


def test_an_environment_without_owners_is_the_platforms(shop: Path) -> None:
    live = shop / "environments/live.yaml"
    live.write_text(live.read_text().replace(f'owners: ["{LIVE}"]\n', ""))
    text = rendered(shop)
    assert owners_of(text, "rendered/live/README.md") == [PLATFORM]
    assert owners_of(text, "terraform/x.tf") == [PLATFORM], "nobody is named twice"


def test_without_owners_there_is_no_file_and_one_that_was_rendered_goes(shop: Path) -> None:
    rendered(shop)
    for name in ("platform", "live", "dev"):
        file = shop / f"environments/{name}.yaml"
        lines = file.read_text().splitlines(keepends=True)
        file.write_text("".join(line for line in lines if "owners:" not in line))
    assert main(["check"], shop, TODAY) == 1
    assert main(["render"], shop, TODAY) == 0
    assert not (shop / codeowners.PATH).exists()
    assert main(["check"], shop, TODAY) == 0


def test_check_says_when_it_is_stale(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rendered(shop)
    dev = shop / "environments/dev.yaml"
    dev.write_text(dev.read_text().replace(DEV, "@example/others"))
    assert main(["check"], shop, TODAY) == 1
    assert f"  ~ {codeowners.PATH}\n" in capsys.readouterr().out
    assert main(["check", "--output", "json"], shop, TODAY) == 1
    assert f'"{codeowners.PATH}"' in capsys.readouterr().out


def test_one_environment_alone_leaves_it_as_it_is(shop: Path) -> None:
    rendered(shop)
    file = shop / codeowners.PATH
    file.write_text(file.read_text() + "/mine @me\n")
    assert main(["render", "--env", "dev"], shop, TODAY) == 0
    assert file.read_text().endswith("/mine @me\n")
    assert main(["check", "--env", "dev"], shop, TODAY) == 0


def test_a_hand_edit_is_refused_and_forced_away(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = rendered(shop)
    (shop / codeowners.PATH).write_text(text + "* @me\n")
    assert main(["render"], shop, TODAY) == 1
    assert f"  {codeowners.PATH}\n" in capsys.readouterr().err
    assert (shop / codeowners.PATH).read_text() == text + "* @me\n"
    assert main(["render", "--force"], shop, TODAY) == 0
    assert (shop / codeowners.PATH).read_text() == text


@pytest.mark.parametrize("more", [[], ["--force"]])
def test_a_file_that_a_person_wrote_is_never_replaced(
    shop: Path, more: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    file = shop / codeowners.PATH
    file.parent.mkdir()
    file.write_text("* @me\n")
    assert main(["render", *more], shop, TODAY) == 1
    assert capsys.readouterr().err == (
        "error: .github/CODEOWNERS: must be what `make render` makes, but is a file that somebody wrote: "
        "move it away, then run again\n"
    )
    assert file.read_text() == "* @me\n"
    assert not (shop / "rendered/dev").exists(), "all or nothing"


def test_its_folder_is_never_a_link(shop: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    (shop / ".github").symlink_to(elsewhere)
    assert main(["render"], shop, TODAY) == 1
    assert list(elsewhere.iterdir()) == []


def test_what_else_is_beside_it_stays(shop: Path) -> None:
    workflow = shop / ".github/workflows/checks.yaml"
    workflow.parent.mkdir(parents=True)
    workflow.write_text("# Generated by make render, says a file that is none of ours\n")
    rendered(shop)
    assert workflow.exists()


def test_a_link_in_its_place_is_somebodys(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rendered(shop)
    file = shop / codeowners.PATH
    file.rename(shop / "owners")
    file.symlink_to("../owners")
    assert main(["render"], shop, TODAY) == 1
    assert "edited by hand" in capsys.readouterr().err
    assert main(["render", "--force"], shop, TODAY) == 0
    assert not file.is_symlink()


def test_what_git_has_is_no_hand_edit(shop: Path) -> None:
    text = rendered(shop)
    git = ["git", "-C", str(shop), "-c", "user.name=a", "-c", "user.email=a@b.example"]
    subprocess.run([*git, "init", "-q"], check=True)
    (shop / codeowners.PATH).write_text(text + "\n# another version's\n")
    subprocess.run([*git, "add", "."], check=True)
    subprocess.run([*git, "commit", "-qm", "as another branch has it"], check=True)
    assert main(["render"], shop, TODAY) == 0
    assert (shop / codeowners.PATH).read_text() == text


def test_a_line_is_explained(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = rendered(shop).splitlines()
    capsys.readouterr()
    number = 1 + next(i for i, line in enumerate(lines) if line.startswith("/rendered/live/"))
    assert main(["explain", f"{codeowners.PATH}:{number}"], shop, TODAY) == 0
    said = capsys.readouterr().out
    assert said.startswith(f"{codeowners.PATH}:{number}: /rendered/live/** {LIVE}\n")
    assert re.search(r"environments/live\.yaml:\d+:\d+ +owners\[0\]", said)
    assert "environments/dev.yaml" not in said
    assert main(["explain", f"{codeowners.PATH}:999"], shop, TODAY) == 2
    assert f"{codeowners.PATH} has {len(lines)} lines" in capsys.readouterr().err


def test_what_the_spec_does_not_render_any_more_is_said(
    shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rendered(shop)
    for name in ("platform", "live", "dev"):
        file = shop / f"environments/{name}.yaml"
        file.write_text(
            "".join(line for line in file.read_text().splitlines(keepends=True) if "owners:" not in line)
        )
    assert main(["explain", f"{codeowners.PATH}:1"], shop, TODAY) == 2
    assert f"does not render {codeowners.PATH} any more; `make render` removes it" in capsys.readouterr().err


def test_the_writer_knows_every_place_that_is_rendered_to() -> None:
    assert frozenset(render.OUTSIDE) == disk.OUTSIDE


def test_the_writer_takes_no_other_file_outside(tmp_path: Path) -> None:
    scope = writer.Scope(frozenset(), outside=frozenset({"Makefile"}))
    with pytest.raises(ValueError, match="no place for a rendered file"):
        writer.compare(tmp_path, (), scope)
    scope = writer.Scope(frozenset(), outside=disk.OUTSIDE)
    with pytest.raises(ValueError, match="outside of what this run renders"):
        writer.compare(tmp_path, [(".github/workflows/x.yaml", b"# Generated by make render\n")], scope)
    with pytest.raises(ValueError, match="outside of what this run renders"):
        writer.compare(
            tmp_path, [(codeowners.PATH, b"# Generated by make render\n")], writer.Scope(frozenset())
        )
