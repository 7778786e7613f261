"""What machines read: the same document from `check` and `render`, and GitHub's annotations."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from jsonschema import Draft202012Validator

from generator.cli import machine, main
from generator.problem import Place, Problem
from generator.writer import Difference
from tests.test_cases import CASES, TODAY, lay_out

if TYPE_CHECKING:
    from collections.abc import Callable

SCHEMA = json.loads((Path(__file__).parents[1] / "docs/report.schema.json").read_text())
FINE, FAILED = 0, 1
NOTHING: list[str] = []


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A repository that is rendered and current."""
    lay_out(tmp_path, CASES / "valid" / "base")
    assert main(["render", "--output", "github"], tmp_path, TODAY) == FINE
    return tmp_path


@pytest.fixture
def report(shop: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, Any]]:
    """Run a command; return its exit code and its document, which keeps to the published schema."""

    def call(command: str, *arguments: str) -> tuple[int, Any]:
        capsys.readouterr()
        code = main([command, "--output", "json", *arguments], shop, TODAY)
        out, err = capsys.readouterr()
        assert err == ""
        document = json.loads(out)
        Draft202012Validator(SCHEMA).validate(document)
        return code, document

    return call


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("case", sorted(f.name for f in (CASES / "invalid").iterdir() if f.is_dir()))
def test_every_problem_there_is_keeps_to_the_schema(
    case: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lay_out(tmp_path, CASES / "invalid" / case)
    found = {}
    for command in ("check", "render"):
        main([command, "--output", "json"], tmp_path, TODAY)
        document = json.loads(capsys.readouterr().out)
        Draft202012Validator(SCHEMA).validate(document)
        found[command] = document["problems"]
    assert found["check"] == found["render"]
    assert found["check"]
    main(["render", "--output", "github"], tmp_path, TODAY)
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == len(found["check"])
    assert all(line.startswith(("::error file=", "::warning file=")) for line in lines)


def test_render_says_what_it_wrote(shop: Path, report: Callable[..., tuple[int, Any]]) -> None:
    current = {"problems": NOTHING, "written": {"new": NOTHING, "changed": NOTHING, "deleted": NOTHING}}
    assert report("render") == (FINE, current)
    (shop / "rendered/dev/README.md").unlink()
    code, document = report("render")
    assert (code, document["written"]["new"]) == (FINE, ["rendered/dev/README.md"])
    assert report("render") == (FINE, current)


def test_render_reports_a_hand_edit_like_any_problem(
    shop: Path, report: Callable[..., tuple[int, Any]]
) -> None:
    edited = shop / "rendered/dev/README.md"
    edited.write_text(edited.read_text() + "mine\n")
    code, document = report("render")
    assert code == FAILED
    assert "written" not in document
    [problem] = document["problems"]
    assert problem["file"] == "rendered/dev/README.md"
    assert "edited by hand" in problem["message"]
    assert "environments/" in problem["fix"]
    assert report("render", "--force")[0] == FINE


def test_render_reports_an_environment_that_is_gone(
    shop: Path, report: Callable[..., tuple[int, Any]]
) -> None:
    (shop / "environments/live.yaml").unlink()
    code, document = report("render")
    assert (code, "written" in document) == (FAILED, False)
    assert [p["file"] for p in document["problems"]] == ["rendered/live"]


@pytest.mark.parametrize("command", ["check", "render"])
def test_what_the_disk_refuses_is_a_problem_too(
    command: str, shop: Path, report: Callable[..., tuple[int, Any]]
) -> None:
    (shop / "rendered/dev/README.md").unlink()
    (shop / "rendered/dev/README.md").mkdir()
    code, document = report(command)
    assert code == FAILED
    assert not {"files", "written"} & document.keys()
    [problem] = document["problems"]
    assert problem["message"].startswith("rendered/dev/README.md: must be a file")


def test_what_the_disk_refuses_is_told_to_a_person(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (shop / "rendered/dev/README.md").unlink()
    (shop / "rendered/dev/README.md").mkdir()
    capsys.readouterr()
    for command in ("check", "render"):
        assert main([command], shop, TODAY) == FAILED
        assert capsys.readouterr().err.startswith("error: rendered/dev/README.md: must be a file")


@pytest.mark.parametrize("command", ["check", "render"])
def test_wrong_usage_is_no_document(command: str, shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert main([command, "--env", "dve", "--output", "json"], shop, TODAY) == 2
    out, err = capsys.readouterr()
    assert (out, err.startswith("error: there is no environment")) == ("", True)


QUESTIONS = [
    ("explain", "dev", "network.nat"),
    ("explain", "rendered/dev/README.md:12"),
    ("explain", "--all", "rendered/dev/README.md"),
    ("backend", "--env", "dev", "--stack", "platform"),
]


@pytest.mark.parametrize("question", QUESTIONS, ids=" ".join)
def test_who_asks_of_an_invalid_spec_gets_the_same_report(
    question: tuple[str, ...],
    shop: Path,
    report: Callable[..., tuple[int, Any]],
    capsys: pytest.CaptureFixture[str],
) -> None:
    spec = shop / "environments/dev.yaml"
    spec.write_text(spec.read_text() + "nonsense: 1\n")
    code, document = report(*question)
    assert (code, document) == report("check")
    assert [problem["path"] for problem in document["problems"]] == ["nonsense"]
    assert main([*question, "--output", "github"], shop, TODAY) == FAILED
    assert capsys.readouterr().out.startswith("::error file=environments/dev.yaml,line=")


def test_explain_answers_in_json(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def answer(*question: str) -> Any:
        capsys.readouterr()
        assert main(["explain", "--output", "json", *question], shop, TODAY) == FINE
        return json.loads(capsys.readouterr().out)

    file = "environments/platform.yaml"
    profile = {"file": file, "line": 20, "column": 21, "path": "profiles.small.network.nat"}
    default = {"file": file, "line": 8, "column": 23, "path": "defaults.network.nat"}
    assert answer("dev", "network.nat") == {
        "environment": "dev",
        "path": "network.nat",
        "value": "single",
        "layers": [
            {**profile, "effect": "wins", "value": "single"},
            {**default, "effect": "overruled", "value": "single"},
        ],
    }
    file = "rendered/dev/values/web.yaml"
    every = answer("--all", file)
    for entry in every["lines"]:
        assert answer(f"{file}:{entry['line']}") == {"file": file, "lines": [entry]}


def unescaped(text: str) -> str:
    """As the runner reads it (actions/runner, ActionCommand.cs): %25 last."""
    for code, character in (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%")):
        text = text.replace(code, character)
    return text


@pytest.mark.parametrize(
    "nasty", ["a:b,c", "100%", "%0A", "%253A", "a\r\n::error::b", "::stop-commands::x", "ü\u2028"]
)
def test_an_annotation_says_exactly_what_the_problem_says(nasty: str) -> None:
    problem = Problem(
        place=Place(f"environments/{nasty}.yaml", 3, 5), message=nasty, path=("workloads", nasty), fix=nasty
    )
    line = machine.as_github(machine.Report([problem]))
    assert line.endswith("\n")
    assert not {"\r", "\n"} & set(line[:-1]), "what a value says never begins a line of its own"
    _, head, message = line[:-1].split("::", 2)
    command, _, properties = head.partition(" ")
    assert command == "error"
    found = {key: unescaped(value) for key, value in (p.split("=", 1) for p in properties.split(","))}
    assert found == {
        "file": f"environments/{nasty}.yaml",
        "line": "3",
        "col": "5",
        "title": f"workloads.{nasty}",
    }
    assert unescaped(message) == f"{nasty}\nfix: {nasty}"


def test_what_was_written_is_no_annotation() -> None:
    difference = Difference(added=("dev/a",), changed=(), stale=(), contents={})
    assert machine.as_github(machine.Report([], difference, written=True)) == ""
    assert machine.as_github(machine.Report([], difference)) != ""


def test_a_stream_has_a_document_a_line() -> None:
    line = machine.as_json_line(machine.Report([Problem(place=Place("a"), message="two\nlines")]))
    assert line.count("\n") == 1
    assert json.loads(line) == json.loads(
        machine.as_json(machine.Report([Problem(place=Place("a"), message="two\nlines")]))
    )
