"""What moves, what is refused, and in which words; without a disk."""
# ruff: noqa: E501  (a case is a line)

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from generator.emit import yaml_text
from generator.promote import (
    Guards,
    Move,
    Request,
    branch,
    message,
    plan,
    refusals,
    running,
    skipped,
    table,
    untold,
)
from generator.source import Document, parse

if TYPE_CHECKING:
    from generator.promote.running import Running

PLATFORM = {
    "defaults": {"gateway": {"enabled": True}},
    "components": {"argo-cd": {}, "ingress-nginx": {}},
    "workloads": {"orders": {}, "payments": {}},
}
ORDER = ("dev", "staging", "production")
HASH, OTHER = "ab" * 32, "cd" * 32


def environment(name: str, tree: dict[str, Any] | None = None, **versions: dict[str, str]) -> Running:
    document = parse(
        f"environments/{name}.yaml", yaml_text({"account": "1x", "versions": versions, **(tree or {})})
    )
    assert isinstance(document, Document)
    return running(PLATFORM, name, document)


DEV = environment(
    "dev",
    workloads={"orders": "1.5.0", "payments": "1.3.4"},
    components={"argo-cd": "10.1.1", "ingress-nginx": "4.15.1"},
    charts={"edge": "1.0.0", "workload": "1.1.0"},
    functions={"authorizer": HASH, "token": HASH},
)
STAGING = environment(
    "staging",
    workloads={"orders": "1.4.2", "payments": "1.3.4"},
    components={"argo-cd": "10.1.1", "ingress-nginx": "4.15.0"},
    charts={"edge": "1.0.0", "workload": "1.0.0"},
    functions={"authorizer": OTHER, "token": OTHER},
)


def moves(request: Request) -> list[tuple[str, str, str, str]]:
    found = plan(request)
    assert found.problems == []
    return [tuple(move) for move in found.moves]  # type: ignore[misc]  # a Move has four parts


def test_all_that_differs_moves() -> None:
    assert moves(Request(STAGING, DEV)) == [
        ("workloads", "orders", "1.4.2", "1.5.0"),
        ("components", "ingress-nginx", "4.15.0", "4.15.1"),
        ("charts", "workload", "1.0.0", "1.1.0"),
        ("functions", "authorizer", OTHER, HASH),
        ("functions", "token", OTHER, HASH),
    ]
    assert moves(Request(DEV, DEV)) == []


def test_what_is_named_moves_alone() -> None:
    named = (("charts", "workload"), ("workloads", "payments"))
    assert moves(Request(STAGING, DEV, named)) == [("charts", "workload", "1.0.0", "1.1.0")]
    assert moves(Request(STAGING, None, (("workloads", "orders"),), "1.6.0")) == [
        ("workloads", "orders", "1.4.2", "1.6.0")
    ]


def test_what_one_of_the_two_does_not_run_stays() -> None:
    lean = environment("lean", {"workloads": {"payments": None}}, workloads={"orders": "1.0.0"})
    found = plan(Request(lean, DEV))
    assert ("workloads", "payments") not in {(m.section, m.name) for m in found.moves}
    assert "payments stays in dev: lean does not run it" in found.notes
    assert "staging keeps payments 1.3.4: lean does not run it" in plan(Request(STAGING, lean)).notes
    assert "staging keeps argo-cd 10.1.1: lean does not run it" in plan(Request(STAGING, lean)).notes


def test_a_release_without_a_version_gets_its_first() -> None:
    new = environment("new")
    assert moves(Request(new, DEV, (("workloads", "orders"),))) == [("workloads", "orders", "", "1.5.0")]


@pytest.mark.parametrize(
    ("target", "source", "release", "said"),
    [
        (STAGING, DEV, ("workloads", "order"), 'no workload "order" runs in staging\n    fix: did you mean "orders"?'),
        (STAGING, DEV, ("components", "x"), 'no component "x" runs in staging\n    fix: one of: argo-cd, ingress-nginx'),
        (
            STAGING,
            environment("qa"),
            ("workloads", "orders"),
            "qa pins no version of orders\n    fix: say which: --to-version (make: VERSION=); or leave staging as it is",
        ),
    ],
)  # fmt: skip
def test_what_is_named_must_be_there(
    target: Running, source: Running, release: tuple[str, str], said: str
) -> None:
    found = plan(Request(target, source, (release,)))
    assert found.moves == []
    assert [str(problem).split(": ", 2)[2] for problem in found.problems] == [said]


def refused(target: Running, move: Move, between: list[Running], guards: Guards = Guards()) -> list[str]:  # noqa: B008  (a value)
    there = {running.name: running for running in between}
    return [problem.message for problem in refusals(Request(target, DEV), [move], there, guards)]


@pytest.mark.parametrize(
    ("old", "new", "backwards"),
    [
        ("1.4.2", "1.4.1", True),
        ("1.4.2", "1.4.2-rc.1", True),
        ("1.4.2-rc.2", "1.4.2-rc.10", False),
        ("1.4.2-rc.10", "1.4.2-rc.2", True),
        ("1.10.0", "1.9.0", True),
        ("1.9.0", "1.10.0", False),
        ("v2.0.0", "1.9.9", True),
        ("1.4.2@sha256:ab", "1.4.1@sha256:cd", True),
        ("9c91be2", "1a2b3c4", False),
        ("1.4.2", "1a2b3c4", False),
        ("", "1.0.0", False),
    ],
)
def test_going_backwards_is_refused_until_told(old: str, new: str, *, backwards: bool) -> None:
    move = Move("workloads", "orders", old, new)
    assert refused(STAGING, move, []) == (
        [f"{new} is older than {old}, which runs in staging"] if backwards else []
    )
    assert refused(STAGING, move, [], Guards(downgrade=True)) == []


def test_of_what_has_no_order_a_note_says_so() -> None:
    hashes = Move("workloads", "orders", "9c91be2", "1a2b3c4")
    known = Move("workloads", "orders", "1.4.2", "1.5.0")
    functions = Move("functions", "token", HASH, OTHER)
    assert list(untold([hashes, known, functions])) == [
        "nothing tells whether orders 1a2b3c4 is newer than 9c91be2"
    ]


@pytest.mark.parametrize(
    ("order", "source", "target", "between"),
    [
        (ORDER, "dev", "staging", []),
        (ORDER, "dev", "production", ["staging"]),
        (ORDER, "production", "dev", []),
        (ORDER, "qa", "production", []),
        (ORDER, "dev", "qa", []),
        (ORDER, None, "dev", []),
        (ORDER, None, "staging", ["dev"]),
        (ORDER, None, "production", ["staging"]),
        ((), "dev", "production", []),
        (("a", "b", "c", "d"), "a", "d", ["b", "c"]),
    ],
)
def test_what_lies_between(
    order: tuple[str, ...], source: str | None, target: str, between: list[str]
) -> None:
    assert skipped(order, source, target) == between


def test_skipping_is_refused_until_told_or_until_it_runs_there() -> None:
    production = environment("production", workloads={"orders": "1.4.0"})
    move = Move("workloads", "orders", "1.4.0", "1.5.0")
    assert refused(production, move, [STAGING]) == ["1.5.0 would skip staging: it runs 1.4.2"]
    assert refused(production, move, [STAGING], Guards(skip=True)) == []
    assert refused(production, move._replace(new="1.4.2"), [STAGING]) == []
    assert refused(production, move, [environment("qa")]) == [
        "1.5.0 would skip qa: no version of it is pinned there"
    ]
    without = environment("qa", {"workloads": {"orders": None}})
    assert refused(production, move, [without]) == []


def test_a_number_that_lacks_its_quotes_moves_as_it_is_written() -> None:
    document = parse(
        "environments/x.yaml", "versions: {workloads: {orders: 1.10, payments: null}, components: 5}\n"
    )
    assert isinstance(document, Document)
    assert running(PLATFORM, "x", document).versions == {
        "workloads": {"orders": "1.10"},
        "components": {},
        "charts": {},
        "functions": {},
    }


ONE = [Move("workloads", "orders", "1.4.2", "1.5.0@sha256:" + HASH)]
FUNCTIONS = [Move("functions", "authorizer", OTHER, HASH), Move("functions", "token", "", HASH)]
SEVERAL = [*ONE, Move("components", "argo-cd", "10.1.1", "10.2.0")]


def test_branches_messages_and_tables() -> None:
    assert branch("staging", ONE) == "promote/staging-orders-1.5.0"
    assert (
        branch("staging", [ONE[0]._replace(new="1.5.0+a..b~c.lock")]) == "promote/staging-orders-1.5.0+a-.b-c"
    )
    assert branch("staging", FUNCTIONS) == "promote/staging-functions-abababababab"
    assert branch("staging", SEVERAL).startswith("promote/staging-2-releases-")
    assert message("staging", "dev", SEVERAL) == (
        f"Promote 2 releases to staging\n\n- orders 1.4.2 -> 1.5.0@sha256:{HASH}\n"
        "- argo-cd 10.1.1 -> 10.2.0 (component)\n\nFrom dev.\n"
    )
    assert message("dev", "", [ONE[0]._replace(new="1.5.0")]) == (
        "Promote orders 1.5.0 to dev\n\n- orders 1.4.2 -> 1.5.0\n"
    )
    assert table([SEVERAL[1], Move("workloads", "x", "", "1.0.0")]) == [
        "argo-cd  10.1.1 -> 10.2.0 (component)",
        "x        new -> 1.0.0",
    ]
    assert table(FUNCTIONS)[1] == "token       new -> abababababab (function)"
