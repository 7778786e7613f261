"""Every rule is one that a golden case misses when it is gone. What each finds, the cases show."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from generator.rules import RULES
from generator.rules.registry import Rule
from tests.delete_each_rule import main

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_some_case_notices_when_a_rule_is_gone(capsys: pytest.CaptureFixture[str]) -> None:
    before = list(RULES)
    code = main()
    printed = capsys.readouterr()
    assert (code, printed.err) == (0, "")
    assert [line.split()[0] for line in printed.out.splitlines()] == before
    assert list(RULES) == before, "every rule must be back in its place"


def test_a_rule_that_no_case_notices_fails_the_script(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    blind = Rule("finds_nothing", "workload", lambda _settings: iter(()))
    monkeypatch.setitem(RULES, blind.name, blind)
    assert main([blind.name]) == 1
    assert "no case notices that these are gone: finds_nothing" in capsys.readouterr().err


def test_no_rule_hides_another_of_the_same_name(repository: Path) -> None:
    folder = repository / "generator" / "rules"
    written = [
        node.name
        for file in folder.glob("*.py")
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.FunctionDef) and any("_rule" in ast.unparse(d) for d in node.decorator_list)
    ]
    assert sorted(written) == sorted(RULES)
