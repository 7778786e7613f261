"""Runs a job of a workflow here: its shell steps as they are written, in a checkout, beside a played `gh`.

What GitHub does is done by this module: expressions, `if`, environment variables, outputs. What an action
does, a test says. Expressions that a test does not know fail.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
import yaml

if TYPE_CHECKING:
    from collections.abc import Mapping

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / ".github" / "workflows"
REPOSITORY = "techchallenge/techchallenge-infra"
_NAME = re.compile(r"'(?:[^']|'')*'|(?<![.\w])[A-Za-z_][\w.-]*(\()?")
_WORDS = {"true": "True", "false": "False", "null": "None"}


class Step(NamedTuple):
    """A step that ran: its name or what it uses, what it printed, and the outputs it set."""

    name: str
    code: int
    out: str
    outputs: Mapping[str, str]


class Ran(NamedTuple):
    """A job that ran; `summary` is what stands on its page."""

    steps: tuple[Step, ...]
    summary: str

    @property
    def passed(self) -> bool:
        return all(step.code == 0 for step in self.steps)

    @property
    def out(self) -> str:
        return "".join(step.out for step in self.steps)

    @property
    def names(self) -> list[str]:
        return [step.name for step in self.steps]


class Job:
    """A job, and the machine it runs on: `checkout` is what actions/checkout left there."""

    def __init__(self, workflow: str, name: str, checkout: Path, machine: Path) -> None:
        for tool in ("jq", "make", "openssl"):
            if shutil.which(tool) is None:
                pytest.skip(f"{tool} is missing: apt-get install {tool}")
        self.whole = yaml.safe_load((FOLDER / f"{workflow}.yaml").read_text(encoding="utf-8"))
        self.job: dict[str, Any] = self.whole["jobs"][name]
        self.checkout, self.machine = checkout, machine
        machine.mkdir(exist_ok=True)
        self.actions: dict[str, Mapping[str, str]] = {}  # outputs by action
        self.hub = Hub(machine)

    def wanted(self, context: Mapping[str, Any]) -> bool:
        """Whether GitHub would start the job."""
        return bool(evaluate(self.job.get("if", "true"), context))

    def run(self, context: Mapping[str, Any]) -> Ran:
        """Run the steps until one fails."""
        known = dict(context)
        done: list[Step] = []
        summary = self.machine / "summary.md"
        summary.write_text("")
        for number, step in enumerate(self.job["steps"]):
            step_id = step.get("id", f"step-{number}")
            if not evaluate(step.get("if", "true"), _Missing(known)):
                continue
            ran = self._action(step) if "uses" in step else self._shell(step, known, number, summary)
            done.append(ran)
            known |= {f"steps.{step_id}.outputs.{key}": value for key, value in ran.outputs.items()}
            known[f"steps.{step_id}.outcome"] = "success" if ran.code == 0 else "failure"
            if ran.code:
                break
        return Ran(tuple(done), summary.read_text())

    def _action(self, step: Mapping[str, Any]) -> Step:
        name = step["uses"].partition("@")[0]
        return Step(name, 0, "", self.actions.get(name, {}))

    def _shell(self, step: Mapping[str, Any], known: Mapping[str, Any], number: int, summary: Path) -> Step:
        script, output = self.machine / f"{number}.sh", self.machine / f"{number}.out"
        script.write_text(step["run"])
        output.write_text("")
        temp = self.machine / "temp"
        temp.mkdir(exist_ok=True)
        shell = step.get("shell") or self.whole.get("defaults", {}).get("run", {}).get("shell")
        # What GitHub starts: with `shell: bash` pipes fail as a whole, without it they do not.
        options = ["--noprofile", "--norc", "-eo", "pipefail"] if shell == "bash" else ["-e"]
        variables = {**self.whole.get("env", {}), **self.job.get("env", {}), **step.get("env", {})}
        run = subprocess.run(
            ["bash", *options, str(script)],
            cwd=self.checkout,
            env={
                **{
                    key: value
                    for key, value in os.environ.items()
                    if not key.startswith(("GIT", "GH_", "MAKE"))
                },
                "PATH": f"{self.hub.folder}:{os.environ['PATH']}",
                "GIT_CONFIG_GLOBAL": os.devnull,
                "GIT_CONFIG_NOSYSTEM": "1",
                "GITHUB_ACTIONS": "true",
                "GITHUB_OUTPUT": str(output),
                "GITHUB_STEP_SUMMARY": str(summary),
                "GITHUB_REPOSITORY": REPOSITORY,
                "GITHUB_REPOSITORY_OWNER": REPOSITORY.partition("/")[0],
                "GITHUB_SERVER_URL": "https://github.com",
                "GITHUB_RUN_ID": "42",
                "RUNNER_TEMP": str(temp),
                "HUB": str(self.hub.folder),
                **{key: filled(str(value), known) for key, value in variables.items()},
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,  # as in GitHub's log
            text=True,
            check=False,
        )
        outputs = dict(line.split("=", 1) for line in output.read_text().splitlines())
        return Step(step.get("name", step["run"].partition("\n")[0]), run.returncode, run.stdout, outputs)


def filled(text: str, known: Mapping[str, Any]) -> str:
    """Replace the expressions in a text by what they are; what is not set is empty, as with GitHub."""

    def value(match: re.Match[str]) -> str:
        found = evaluate(match[1], _Missing(known))
        return "" if found is None else str(found).lower() if isinstance(found, bool) else str(found)

    return re.sub(r"\$\{\{(.*?)\}\}", value, text, flags=re.DOTALL)


class _Missing(dict[str, Any]):
    """Outputs of steps that did not run, and outcomes of those, are empty; anything else must be known."""

    def __missing__(self, key: str) -> str:
        if key.startswith("steps."):
            return ""
        raise KeyError(key)


def evaluate(expression: str, known: Mapping[str, Any]) -> Any:
    """Work out an expression of GitHub's, of the kind that stands in these workflows."""
    text = re.sub(r"^\s*\$\{\{|\}\}\s*$", "", expression)
    functions = {
        "startsWith": lambda whole, start: str(whole).lower().startswith(start.lower()),
        "fromJSON": lambda given: SimpleNamespace(**json.loads(given)),
    }

    def python(match: re.Match[str]) -> str:
        word = match[0]
        if word.startswith("'"):
            return repr(word[1:-1].replace("''", "'"))
        if match[1]:
            return word if word[:-1] in functions else f"unknown_function_{word}"
        return _WORDS.get(word) or repr(known[word])

    source = _NAME.sub(python, text).replace("&&", " and ").replace("||", " or ")
    return eval(source.replace("\n", " ").strip(), {"__builtins__": {}, **functions})  # noqa: S307  (our own files)


class Hub:
    """GitHub, as `gh` shows it: it answers from `state`, and `calls` are what it was asked."""

    def __init__(self, machine: Path) -> None:
        self.folder = machine / "bin"
        self.folder.mkdir(exist_ok=True)
        script = self.folder / "gh"
        script.write_text(f"#!{sys.executable}\n{Path(__file__).with_name('gh.py').read_text()}")
        script.chmod(0o755)
        self.set(pulls=[], comments=[])

    def set(self, **state: Any) -> None:
        (self.folder / "state.json").write_text(json.dumps(state))

    @property
    def calls(self) -> list[dict[str, Any]]:
        log = self.folder / "calls.jsonl"
        return [json.loads(line) for line in log.read_text().splitlines()] if log.exists() else []

    def asked(self, *words: str) -> list[dict[str, Any]]:
        """The calls whose arguments start with `words`."""
        return [call for call in self.calls if call["arguments"][: len(words)] == list(words)]
