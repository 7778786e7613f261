"""Situations of a cluster, through the command line and a real Kubernetes client, over HTTPS.

A folder below situations/ is a test; tests/cluster/stage.py says what it may hold.
`pytest tests/cluster/test_status_situations.py --update-cases` writes what is seen now; read the diff.
"""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import jsonschema
import pytest

from generator.cli import clusters, main
from generator.cluster import errors, retry
from tests.cluster import live, stage

SITUATIONS = Path(__file__).parent / "situations"
DOCS = Path(__file__).parents[2] / "docs"
NAMES = sorted(folder.name for folder in SITUATIONS.iterdir())

# A server that goes away between connect and handshake makes CPython's ssl drop a socket without closing it
# (SSLSocket._create, where getpeername says ENOTCONN): the tests with `down` and `refuse`.
pytestmark = pytest.mark.filterwarnings(
    "ignore:Exception ignored in. <ssl.SSLSocket:pytest.PytestUnraisableExceptionWarning"
)


@pytest.fixture(autouse=True)
def _still(monkeypatch: pytest.MonkeyPatch) -> None:
    """A day that does not end, pauses that do, and nobody's own settings."""
    monkeypatch.setattr(clusters, "now", lambda: live.NOW)
    monkeypatch.setattr(retry, "_FIRST", 0.01)
    for name in ("AWS_PROFILE", "HTTPS_PROXY", "https_proxy", "TFE_TOKEN", "TF_TOKEN_app_terraform_io"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize("name", NAMES)
def test_situation(
    name: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
) -> None:
    folder = SITUATIONS / name
    about = stage.described(folder)
    words = stage.words(about)
    with stage.staged(about, tmp_path) as here:
        monkeypatch.chdir(tmp_path)  # so that messages have the same names, wherever this is
        monkeypatch.setenv("HOME", str(tmp_path))
        for variable, value in (about.get("variables") or {}).items():
            monkeypatch.setenv(variable, value)
        monkeypatch.setenv("KUBECONFIG", here.kubeconfig.name)
        monkeypatch.setenv("PATH", str(tmp_path / "bin"), prepend=os.pathsep)
        capsys.readouterr()
        code = main(words, here.root, stage.TODAY)
        shown = capsys.readouterr()
    assert shown.err == "", "neither progress nor anything else where nobody watches"
    seen = f"$ python -m generator {' '.join(words)}\n{here.tidy(shown.out)}exit code {code}\n"
    if request.config.getoption("--update-cases"):
        (folder / "expected.txt").write_text(seen)
    assert seen == (folder / "expected.txt").read_text()
    if "json" in words:
        schema = json.loads((DOCS / f"{words[0]}.schema.json").read_text())
        jsonschema.validate(json.loads(shown.out), schema, jsonschema.Draft202012Validator)
        assert json.loads(shown.out)["code"] == code


def test_every_kind_of_trouble_is_in_both_schemas() -> None:
    kinds = {one.kind for one in vars(errors).values() if isinstance(one, type)} - {errors.ClusterError.kind}
    for command in ("status", "drift"):
        schema = (DOCS / f"{command}.schema.json").read_text()
        enums = re.findall(r'"no-context",[^\]]*', schema)
        assert [set(re.findall(r'"([a-z-]+)"', enum)) for enum in enums] == [kinds], command


def test_tables_keep_to_their_width() -> None:
    """Commands to paste stay whole."""
    for name in NAMES:
        about = stage.described(SITUATIONS / name)
        if "json" not in about["type"]:
            lines = (SITUATIONS / name / "expected.txt").read_text().splitlines()
            wide = [
                line
                for line in lines
                if len(line) > 100 and not line.startswith(("    back: ", "    keep: "))
            ]
            assert wide == [], name
