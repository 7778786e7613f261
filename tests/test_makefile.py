"""The Makefile hands over what somebody typed, whatever it is."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

pytestmark = pytest.mark.skipif(shutil.which("make") is None, reason="make is missing")

ODD = (
    "two words",
    "it's",
    'he said "no"',
    "costs $5",
    "$(id)",
    "`id`",
    "-x",
    "--commit",
    "a;b",
    "a\\",
    "*",
    "#1",
)


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """The Makefile beside a Python that only prints its arguments."""
    shutil.copy(ROOT / "Makefile", tmp_path)
    (tmp_path / "requirements").mkdir()
    (tmp_path / ".venv/bin").mkdir(parents=True)
    for file in ("requirements/run.txt", "requirements/commands.txt", ".venv/pyvenv.cfg"):
        (tmp_path / file).touch()
    for stamp in (".run.stamp", ".commands.stamp"):  # in this order, or the second would be older
        (tmp_path / ".venv" / stamp).touch()
    python = tmp_path / ".venv/bin/python"
    python.write_text("#!/bin/sh\nprintf '%s\\0' \"$@\"\n")
    python.chmod(0o755)
    return tmp_path


def arguments(checkout: Path, *words: str) -> list[str]:
    """Return what a target calls the generator with, behind `-m generator`."""
    command = ["make", "--no-print-directory", *words]
    variables = {"PATH": os.environ["PATH"]}
    run = subprocess.run(command, cwd=checkout, env=variables, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    module, generator, *found = run.stdout.split("\0")[:-1]
    assert (module, generator) == ("-m", "generator")
    return found


@pytest.mark.parametrize("text", ODD)
def test_what_was_typed_arrives_as_it_is(checkout: Path, text: str) -> None:
    assert arguments(checkout, "rollback", "ENV=live", f"REASON={text}") == [
        "rollback", "--env=live", f"--reason={text}",
    ]  # fmt: skip
    found = arguments(checkout, "promote", "WORKLOAD=web", f"TO={text}", f"VERSION={text}", "COMMIT=1")
    assert found == ["promote", f"--to={text}", "--workload=web", f"--to-version={text}", "--commit"]
    found = arguments(checkout, "new-workload", f"NAME={text}", "VERSION=1.0.0", f"SCHEDULE={text}")
    assert found == ["new-workload", "--version=1.0.0", f"--schedule={text}", "--", text]
    assert arguments(checkout, "remove-environment", f"NAME={text}") == ["remove-environment", "--", text]


def test_lines_become_one(checkout: Path) -> None:
    """A recipe with a line break would be two."""
    found = arguments(checkout, "rollback", "ENV=live", "REASON=orders fail\nsee 42")
    assert found[-1] == "--reason=orders fail see 42"


def test_several_names_are_several_options(checkout: Path) -> None:
    assert arguments(checkout, "promote", "WORKLOAD=a  b", "CHART=edge", "TO=live") == [
        "promote", "--to=live", "--workload=a", "--workload=b", "--chart=edge",
    ]  # fmt: skip
    assert arguments(checkout, "versions", "ENV=a b", "RELEASE=c d") == [
        "versions", "--env=a", "--env=b", "--release=c", "--release=d",
    ]  # fmt: skip


def test_what_is_empty_is_as_if_not_there(checkout: Path) -> None:
    assert arguments(checkout, "promote", "WORKLOAD=", "VERSION= ", "DRY=", "TO=live") == [
        "promote",
        "--to=live",
    ]


def test_no_recipe_pastes_what_was_typed_between_quotes() -> None:
    """`"$(NAME)"` lets the shell read what stands in it."""
    pasted = re.findall(r'--[a-z-]+[ =]"?\$\([A-Z]+\)"?', (ROOT / "Makefile").read_text())
    assert not [text for text in pasted if not re.search(r"ENV|STACK", text)]
