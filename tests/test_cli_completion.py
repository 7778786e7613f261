"""Completion in the real shells: what a Tab makes of a line, here and in somebody else's folder."""

from __future__ import annotations

import os
import pty
import re
import select
import shutil
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from generator.cli import main
from generator.cli.completion import SHELLS, candidates
from generator.cli.completion.values import Candidate
from tests.history_repository import Repository
from tests.test_cases import CASES, TODAY, lay_out

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[1]
PATIENCE = 20.0  # seconds for a Tab, on a machine that is busy with other tests
PYTHON = ".venv/bin/python"
SCRIPT = f"{PYTHON} -m generator completion"

# What is typed, and what a Tab makes of it.
COMPLETED = {
    "make expl": "make explain ",
    "make explain E": "make explain ENV=",
    "make explain ENV=l": "make explain ENV=live ",
    "make explain ENV=live KEY=workloads.we": "make explain ENV=live KEY=workloads.web.",
    "make explain ENV=live KEY=workloads.web.repl": "make explain ENV=live KEY=workloads.web.replicas ",
    "make explain KEY=network.n": "make explain KEY=network.n",  # of which environment is not yet said
    "make explain AT=ren": "make explain AT=rendered/",
    "python -m generator explain ./ren": "python -m generator explain ./rendered/",
    "python -m generator explain --all ren": "python -m generator explain --all rendered/",
    "make plan ENV=dev STACK=d": "make plan ENV=dev STACK=database ",
    "make check OUTPUT=j": "make check OUTPUT=json ",
    "make render REM": "make render REMOVE=",
    "make render REMOVE=q": "make render REMOVE=qa ",
    f"{PYTHON} -m generator expl": f"{PYTHON} -m generator explain ",
    "python -m generator check --e": "python -m generator check --env ",
    "python3 -m generator check --env l": "python3 -m generator check --env live ",
    "python -m generator check --env=l": "python -m generator check --env=live ",
    "python -m generator check --output g": "python -m generator check --output github ",
    "python -m generator backend --stack pl": "python -m generator backend --stack platform ",
    "python -m generator explain live workloads.web.image": (
        "python -m generator explain live workloads.web.image "
    ),
    "python -m generator render --remove-environment=q": (
        "python -m generator render --remove-environment=qa "
    ),
    "python -m generator completion z": "python -m generator completion zsh ",
}
# Typing on after a Tab shows whether it left a space.
TYPED_ON = {
    "make expl\tE\tl\tKEY=workloads.w\timag": "make explain ENV=live KEY=workloads.web.image ",
    f"{PYTHON} -m generator exp\tlive workl\tw\timag": (
        f"{PYTHON} -m generator explain live workloads.web.image "
    ),
}


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkout whose path no shell reads without quotes, and an environment that is gone from it."""
    root = tmp_path_factory.mktemp("completion") / "it's a shop"
    lay_out(root, CASES / "valid" / "base")
    assert main(["render", "--output", "github"], root, TODAY) == 0
    (root / "rendered/live").rename(root / "rendered/live.was")
    shutil.copytree(root / "rendered/live.was", root / "rendered/qa")
    (root / "rendered/live.was").rename(root / "rendered/live")
    for name in ("generator", "Makefile"):
        (root / name).symlink_to(ROOT / name)
    (root / ".venv").symlink_to(sys.prefix)
    return root


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Somebody else's project."""
    root = tmp_path_factory.mktemp("elsewhere")
    (root / "Makefile").write_text("zebra:\n\techo zebra\n")
    (root / "zoo.py").write_text("")
    return root


def found(shell: str) -> str:
    path = shutil.which(shell)
    if path is None:
        pytest.skip(f"{shell} is missing: install it, as with apt-get install {shell}")
    return path


class Terminal:
    """An interactive shell: what is typed comes out with what its completion adds."""

    def __init__(self, command: list[str], cwd: Path, home: Path) -> None:
        self._terminal, inside = pty.openpty()
        environment = {"PATH": os.environ["PATH"], "HOME": str(home), "TERM": "dumb", "LC_ALL": "C.UTF-8"}
        self.process = subprocess.Popen(
            command,
            cwd=cwd,
            env=environment,
            stdin=inside,
            stdout=inside,
            stderr=inside,
            start_new_session=True,
        )
        os.close(inside)
        self.text = ""
        # zsh takes back a space that it added when the next key is none that types.
        self.keeps_spaces = "zsh" not in command[0]

    def type(self, keys: str) -> None:
        os.write(self._terminal, keys.encode())

    def until(self, pattern: str) -> re.Match[str]:
        end = time.monotonic() + PATIENCE
        while not (match := re.search(pattern, self.text, re.DOTALL)):
            ready, _, _ = select.select([self._terminal], [], [], max(0.0, end - time.monotonic()))
            assert ready, f"no {pattern} in: {self.text}"
            self.text += os.read(self._terminal, 65536).decode(errors="replace")
        self.text = self.text[match.end() :]
        return match

    def run(self, line: str) -> None:
        """Run a command and wait for its end; the shell puts the mark together, so that an echo is none."""
        self.type(f"{line}; echo do''ne\n")
        self.until("done\r?\n")

    def completed(self, line: str) -> str:
        """Type a line and a Tab; return the line as it is then."""
        self.text = ""
        # Ctrl-A and Ctrl-E go to its ends. It is not run: its words are printed, and @ shows where it ended.
        self.type(f"{line}\t\x01printf '<%s>' \x05@; echo\n")
        words = self.until(r"<([^<>%]+(?:><[^<>]*)*)@>")[1].replace("><", " ")
        return words if self.keeps_spaces else words.rstrip()

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        os.close(self._terminal)


@contextmanager
def terminal(shell: str, shop: Path, home: Path, before: str = "") -> Iterator[Terminal]:
    """A shell as a person sets it up; `before` stands above in its start-up file."""
    command, start = {
        "bash": (["bash", "--norc", "--noprofile", "-i"], f"source <({SCRIPT} bash)"),
        "zsh": (
            ["zsh", "-f", "-i"],
            f"bindkey -e; autoload -Uz compinit; compinit -u; source <({SCRIPT} zsh)",
        ),
    }[shell]
    session = Terminal([found(shell), *command[1:]], shop, home)
    try:
        session.run(f"{before}{start}")
        yield session
    finally:
        session.close()


@pytest.mark.parametrize("shell", ["bash", "zsh"])
def test_a_tab_completes(shell: str, shop: Path, tmp_path: Path) -> None:
    lines = COMPLETED | TYPED_ON
    with terminal(shell, shop, tmp_path) as session:
        found = {line: session.completed(line) for line in lines}
        assert found == {
            line: after if session.keeps_spaces else after.rstrip() for line, after in lines.items()
        }


def fish(shop: Path, cwd: Path, *lines: str) -> list[set[str]]:
    """What fish offers for each line, with nothing of its owner's configuration."""
    script = [f"cd {str(shop)!r}", f"{SCRIPT} fish | source", f"cd {str(cwd)!r}"]
    for line in lines:
        script += [f"complete -C '{line}'", "echo ----"]
    # A home of its own instead of --no-config, which is without fish's own completions too.
    environment = {"PATH": os.environ["PATH"], "HOME": str(shop), "LC_ALL": "C.UTF-8"}
    run = subprocess.run(
        [found("fish"), "-c", "\n".join(script)], env=environment, capture_output=True, text=True, check=True
    )
    assert run.stderr == ""
    parts = run.stdout.split("----\n")[:-1]
    return [{offer.partition("\t")[0] for offer in part.splitlines()} for part in parts]


def test_a_tab_completes_in_fish(shop: Path) -> None:
    offered = fish(shop, shop, *COMPLETED)
    for (line, after), offers in zip(COMPLETED.items(), offered, strict=True):
        assert offers == ({after.split()[-1]} if after != line else set()), line


def test_fish_says_what_each_is(shop: Path) -> None:
    script = f"{SCRIPT} fish | source; complete -C 'python -m generator ren'"
    run = subprocess.run(
        [found("fish"), "--no-config", "-c", script], cwd=shop, capture_output=True, text=True, check=True
    )
    assert run.stdout == "render\twrite rendered/ from the spec\n"


# For bash, two completions that were there before ours: by a function, and by a list.
MINE = {
    "bash": "alpha() { COMPREPLY=(zebra-mine); }; complete -F alpha make; complete -W 'zoo-mine' python; ",
    "zsh": "",
}
USUAL = {
    "bash": {
        "make z": "make zebra-mine ",
        "python z": "python zoo-mine ",
        "make -s z": "make -s zebra-mine ",
    },
    "zsh": {"make ze": "make zebra", "python z": "python zoo.py", "make -s ze": "make -s zebra"},
}


@pytest.mark.parametrize("shell", USUAL)
def test_elsewhere_completion_is_the_usual_one(
    shell: str, shop: Path, elsewhere: Path, tmp_path: Path
) -> None:
    with terminal(shell, shop, tmp_path, MINE[shell]) as session:
        assert session.completed("make expl").rstrip() == "make explain"
        session.run(f'cd "{elsewhere}"')
        assert {line: session.completed(line) for line in USUAL[shell]} == USUAL[shell]
        session.run(f'cd "{shop}"')
        assert session.completed("make expl").rstrip() == "make explain"


def test_options_of_make_are_left_to_the_usual_completion(shop: Path, tmp_path: Path) -> None:
    with terminal("bash", shop, tmp_path, MINE["bash"]) as session:
        for line in ("make -C /somewhere/else z", "make -", "make ENV=dev -f other.mk x"):
            assert session.completed(line) == f"{line.rpartition(' ')[0]} zebra-mine "


def test_in_bash_files_are_completed_where_nothing_else_is(
    shop: Path, elsewhere: Path, tmp_path: Path
) -> None:
    with terminal("bash", shop, tmp_path) as session:
        session.run(f"cd {elsewhere}")
        for _ in range(2):  # the first looks for a loader of completions
            assert session.completed("python zo") == "python zoo.py "
            assert session.completed("make Makef") == "make Makefile "


def test_in_bash_completions_that_are_loaded_later_are_used(
    shop: Path, elsewhere: Path, tmp_path: Path
) -> None:
    loader = "_completion_loader() { usual() { COMPREPLY=(loaded-$1); }; complete -F usual $1; }; "
    with terminal("bash", shop, tmp_path, loader) as session:
        session.run(f"cd {elsewhere}")
        assert session.completed("make x") == "make loaded-make "
        assert session.completed("python x") == "python loaded-python "
        session.run(f'cd "{shop}"')
        assert session.completed("make expl") == "make explain "


def test_elsewhere_fish_offers_the_usual(shop: Path, elsewhere: Path) -> None:
    targets, none = fish(shop, elsewhere, "make ", "make expl")
    assert "zebra" in targets
    assert not targets & {"explain", "render"}
    assert "explain" not in none


@pytest.mark.parametrize("shell", SHELLS)
def test_the_script_is_one_that_its_shell_reads(shell: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["completion", shell], ROOT, TODAY) == 0
    script = capsys.readouterr().out
    assert "@ROOT@" not in script
    check = ["--no-execute"] if shell == "fish" else ["-n"]
    run = subprocess.run([found(shell), *check], input=script, capture_output=True, text=True, check=False)
    assert (run.returncode, run.stderr) == (0, "")


@pytest.mark.parametrize("broken", ["platform.yaml", "live.yaml", "dev.yaml"])
def test_a_spec_in_pieces_completes_what_it_can(
    broken: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lay_out(tmp_path, CASES / "valid" / "base")
    (tmp_path / "environments" / broken).write_text("{")
    words = ["python", "-m", "generator", "explain", "live", "workloads.web.i"]
    assert main(["completion", "bash", "--", *words], tmp_path, TODAY) == 0
    out, err = capsys.readouterr()
    assert (out, err) == ("workloads.web.image\n" if broken == "dev.yaml" else "", "")
    assert main(["completion", "bash", "--", *words[:4], "li"], tmp_path, TODAY) == 0
    assert capsys.readouterr().out == "live\n"


def test_every_key_can_be_reached(repository: Path) -> None:
    """Going down wherever there is more ends at every value of an environment."""
    pending, leaves = [""], []
    while pending:
        for offer in candidates(repository, ["make", "explain", "ENV=dev", f"KEY={pending.pop()}"]):
            key = offer.text.removeprefix("KEY=")
            (pending if key.endswith((".", "[")) else leaves).append(key)
    assert len(leaves) == len(set(leaves)) > 150
    assert {"versions.workloads.orders", "workloads.orders.routes[0].path", "domain"} <= set(leaves)


def test_after_all_no_environment_is_offered(repository: Path) -> None:
    offered = candidates(repository, ["python", "-m", "generator", "explain", "--all", ""])
    assert [candidate.text for candidate in offered] == ["rendered/"]


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        ("make ", {"render", "check", "watch", "explain", "plan", "apply", "test"}),
        ("make watch ", {"ENV="}),
        ("make render ENV=dev ", {"FORCE=", "REMOVE=", "OUTPUT="}),
        ("make explain E", {"ENV="}),
        ("make versions ", {"ENV=", "RELEASE=", "LAGGING=", "REVISION=", "OUTPUT="}),
        ("make versions OUTPUT=", {"OUTPUT=text", "OUTPUT=json", "OUTPUT=markdown"}),
        ("make rollback ENV=production RELEASE=or", {"RELEASE=orders"}),
        ("python -m generator rollback --env production --release ", {"orders", "ingress-nginx", "token"}),
        ("python -m generator versions --output ", {"text", "json", "markdown"}),
        ("make help ren", {"render"}),
        ("make no-such-target ", {"render"}),
        ("python -m generator check --", {"--env", "--watch", "--output"}),
        ("python -m generator check --env dev -", {"--watch", "--output", "--help", "-h"}),
        ("python -m generator check ", {"--env", "--watch", "--output"}),
        ("python -m generator check --nonsense --out", {"--output"}),
        ("python -m generator explain ", {"dev", "production", "rendered/"}),
        ("python -m generator explain ./ren", {"./rendered/"}),
        ("python -m generator explain ./rendered/dev/R", {"./rendered/dev/README.md"}),
        ("make explain AT=./rendered/d", {"AT=./rendered/dev/"}),
        ("python -m generator explain --all rendered/dev/R", {"rendered/dev/README.md"}),
        ("make help x=1 ", {"render"}),
        ("python -m generator backend --stack ", {"platform", "database"}),
        ("python -m generator explain dev workloads.orders.routes[", {"workloads.orders.routes[0]."}),
    ],
)
def test_what_is_offered(words: str, offered: set[str], repository: Path) -> None:
    found = {candidate.text for candidate in candidates(repository, words.split(" "))}
    assert offered <= found
    last = words.rpartition(" ")[2]
    assert all(text.startswith(last) for text in found)
    if last or "-m generator check" in words:
        assert "ENV=dev" not in found


def test_back_is_offered_to_commits_and_on_to_environments(tmp_path: Path) -> None:
    lay_out(tmp_path, CASES / "valid" / "base")
    shutil.copy(ROOT / "Makefile", tmp_path)
    repository = Repository(tmp_path)
    commit = repository.commit("Begin with it")
    offered = candidates(tmp_path, ["make", "rollback", "ENV=live", "TO="])
    assert list(offered) == [Candidate(f"TO={commit[:10]}", "2026-09-01 Begin with it")]
    offered = candidates(tmp_path, ["python", "-m", "generator", "rollback", "--env", "live", "--to", ""])
    assert [candidate.text for candidate in offered] == [commit[:10]]
    assert "TO=live" in {candidate.text for candidate in candidates(tmp_path, ["make", "promote", "TO="])}
