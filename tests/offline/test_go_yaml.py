"""Real Helm, which reads with Go's YAML, reads back exactly the data that was written."""

from __future__ import annotations

import base64
import json
import subprocess
from random import Random
from typing import TYPE_CHECKING, Any

import pytest

from generator.emit import yaml_text
from tests.yaml_corpus import FLOATS, INTEGERS, STRINGS, random_tree, short_strings

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.offline


@pytest.fixture(scope="module")
def chart(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A chart that renders nothing but the values it got, in base64 so that no sign is touched."""
    chart = tmp_path_factory.mktemp("chart")
    (chart / "templates").mkdir()
    (chart / "Chart.yaml").write_text("apiVersion: v2\nname: echo\nversion: 0.1.0\n")
    (chart / "templates" / "echo.yaml").write_text("echo: {{ .Values.docs | toJson | b64enc }}\n")
    return chart


def read_by_helm(helm: Path, chart: Path, values: Path, text: str) -> str:
    """Have Helm read a values file, and return as JSON what it found under `docs`."""
    values.write_text(text, encoding="utf-8", newline="")
    command = [str(helm), "template", "echo", str(chart), "--values", str(values)]
    run = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert run.returncode == 0, run.stderr
    return base64.b64decode(run.stdout.split("echo: ")[1]).decode()


def comparable(text: str) -> str:
    """Tell 1, "1" and true apart, but not 1 and 1.0: Go has one type of number, and no order of keys."""
    return json.dumps(json.loads(text, parse_int=float), sort_keys=True)


def assert_read_back(helm: Path, chart: Path, values: Path, docs: list[Any]) -> None:
    """Compare the documents with Helm's reading of them in one list, in which it drops no nulls."""
    read = json.loads(read_by_helm(helm, chart, values, yaml_text({"docs": docs})), parse_int=float)
    pairs = [(json.dumps(doc), json.dumps(back)) for doc, back in zip(docs, read, strict=True)]
    assert [(doc, back) for doc, back in pairs if comparable(doc) != comparable(back)] == []


def test_helm_reads_every_trap_as_the_string_it_is(helm: Path, chart: Path, tmp_path: Path) -> None:
    docs = [
        *STRINGS,
        *({"value": text, "nested": [[text, {"deep": text, "last": text}]]} for text in STRINGS),
        *({text: None} for text in STRINGS if len(text) < 200),
        {text: i for i, text in enumerate(STRINGS) if len(text) < 200},
    ]
    assert_read_back(helm, chart, tmp_path / "values.yaml", docs)


def test_helm_reads_no_short_plain_string_as_something_else(helm: Path, chart: Path, tmp_path: Path) -> None:
    plain = [text for text in short_strings() if yaml_text({"a": text}) == f"a: {text}\n"]
    assert_read_back(helm, chart, tmp_path / "values.yaml", plain)


def test_helm_keeps_numbers_booleans_and_nulls(helm: Path, chart: Path, tmp_path: Path) -> None:
    docs: list[Any] = [*INTEGERS, *FLOATS, True, False, None, {}, [], {"a": None, "b": [None, {"c": None}]}]
    assert_read_back(helm, chart, tmp_path / "values.yaml", docs)


def test_helm_reads_the_longest_keys(helm: Path, chart: Path, tmp_path: Path) -> None:
    assert_read_back(helm, chart, tmp_path / "values.yaml", [{"k" * 1024: 1, "\x00" * 170: 2, "😀" * 256: 3}])


def test_helm_reads_200_random_trees_as_they_were(helm: Path, chart: Path, tmp_path: Path) -> None:
    random = Random(0)  # noqa: S311  (the same trees in every run, no secret)
    assert_read_back(helm, chart, tmp_path / "values.yaml", [random_tree(random) for _ in range(200)])


def test_the_comparison_sees_what_other_dumpers_lose(helm: Path, chart: Path, tmp_path: Path) -> None:
    read = read_by_helm(helm, chart, tmp_path / "values.yaml", "docs: [1e3, 012, y]\n")
    assert comparable(read) == comparable("[1000, 10, true]") != comparable('["1e3", "012", "y"]')
