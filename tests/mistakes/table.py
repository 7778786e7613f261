"""The mistakes of mistakes.yaml, how each is made in a copy of a repository, and the layers that see it."""

from __future__ import annotations

import contextlib
import io
import shutil
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import yaml

from generator.cli import main
from tests.manifests.checks import CHECKS, SCHEMAS
from tests.manifests.helm import HelmRefusedError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from tests.manifests.model import Environment

FOLDER = Path(__file__).parent
REPOSITORY = FOLDER.parents[1]
ENVIRONMENT = "live"
TODAY = date(2026, 11, 24)

# How a mistake is made, in the order of the page, and what that means.
MADE = {
    "in the spec": "an edit of `environments/`, then `make render`",
    "in the spec, not rendered": "an edit of `environments/` alone",
    "by hand": "an edit of `rendered/`",
    "in the generator": "a change of `generator/`, which then writes it at every run",
    "in a chart": "an edit of `argocd/charts/`",
}

# What sees a mistake, in the order in which it looks; then come the checks of tests/manifests/checks/.
LAYERS = {
    "spec": "`make render` and `make check`: the schema and the rules of the spec. Nothing is written.",
    "check": "`make check`, which CI runs: `rendered/` is what the spec renders to, byte by byte.",
    "helm": "`make test-offline`: real helm, with each chart's templates and the schema of its values.",
}


class Mistake(NamedTuple):
    """A mistake, as mistakes.yaml says it."""

    mistake: str
    made: str
    file: str
    edit: dict[str, str]
    caught: str
    says: str


def mistakes() -> list[Mistake]:
    text = (FOLDER / "mistakes.yaml").read_text(encoding="utf-8")
    return [Mistake(**entry) for entry in yaml.load(text, Loader=yaml.CSafeLoader)]


def lay_out(root: Path) -> None:
    """Make a repository without a mistake."""
    shutil.copytree(FOLDER / "environments", root / "environments")
    shutil.copytree(REPOSITORY / "argocd" / "charts", root / "argocd" / "charts")
    code, said = run(root, "render")
    assert code == 0, said


def make(mistake: Mistake, root: Path) -> None:
    file = root / mistake.file
    text = file.read_text(encoding="utf-8")
    for old, new in mistake.edit.items():
        assert text.count(old) == 1, f"{mistake.file} has {old!r} {text.count(old)} times, not once"
        text = text.replace(old, new)
    file.write_text(text, encoding="utf-8")


def run(root: Path, command: str) -> tuple[int, str]:
    """The exit code of a command of the generator and what it says."""
    with contextlib.redirect_stdout(io.StringIO()) as out, contextlib.redirect_stderr(out):
        code = main([command], root, TODAY)
    return code, out.getvalue()


def caught(mistake: Mistake, root: Path, load: Callable[[Path, str], Environment]) -> dict[str, str]:
    """What the first layer that sees a mistake says, by its name; the checks look all at once.

    An edit of the spec is judged by `render`, what stands in rendered/ by `check`, unless the generator
    itself writes it: then both agree with it, and the layers behind them must see it.
    """
    if mistake.made == "in the spec":
        code, said = run(root, "render")
        if code:
            return {"spec": said}
    if mistake.made != "in the generator":
        code, said = run(root, "check")
        if code:
            return {"check": said}
    try:
        environment = load(root, ENVIRONMENT)
    except HelmRefusedError as refused:
        return {"helm": str(refused)}
    return _complaints(environment, SCHEMAS) or _complaints(environment, CHECKS)


def _complaints(environment: Environment, names: Iterable[str]) -> dict[str, str]:
    found = {name: "\n".join(CHECKS[name].complaints(environment)) for name in names}
    return {name: text for name, text in found.items() if text}
