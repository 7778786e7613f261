"""The generator's shape: which part may import which, and which parts touch the outside world."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

GENERATOR = Path(__file__).parents[1] / "generator"

# The parts in the order of the data flow, each with the parts that it imports when it runs.
IMPORTS = {
    "problem": set(),
    "banner": set(),
    "source": {"problem"},
    "schema": {"problem"},
    "merge": {"problem"},
    "model": set(),
    "catalog": set(),
    "resolve": {"problem", "model", "catalog"},
    "rules": {"problem", "model", "catalog"},
    "layers": {"problem", "merge"},
    "load": {"problem", "schema", "merge", "model", "resolve", "rules", "layers"},
    "emit": set(),
    "render": {"banner", "schema", "merge", "model", "catalog", "emit"},
    "triggers": set(),
    "git": set(),
    "writer": {"banner", "git"},
    "explain": {"source", "schema", "merge", "model", "resolve", "render"},
    "edit": {"problem", "source", "emit"},
    "hcp": set(),
    "cluster": set(),
    "history": {"problem", "source", "git"},
    "versions": set(),
    "diff": set(),
    "promote": {"problem", "merge", "model", "versions"},
    "status": {"model"},
    "drift": {"status"},
    "bootstrap": {"problem", "model", "render", "writer", "cluster", "status"},
    "teardown": {"model", "cluster", "bootstrap"},
    "scaffold": {"source", "edit"},
    "cli": {
        *("problem", "source", "layers", "load", "model", "render", "triggers", "writer", "explain", "hcp"),
        *("history", "versions", "diff", "edit", "promote", "scaffold"),
        *("cluster", "status", "drift", "bootstrap", "teardown"),
    },
    "__main__": {"cli"},
}

# Modules from which nothing of the outside world can be reached.
PURE = {
    "__future__",
    "base64",
    "bisect",
    "collections",
    "contextlib",
    "dataclasses",
    "datetime",
    "decimal",
    "difflib",
    "enum",
    "functools",
    "hashlib",
    "ipaddress",
    "itertools",
    "json",
    "jsonschema_rs",
    "math",
    "re",
    "shlex",
    "textwrap",
    "typing",
}
# Ways out that are open without an import; `.today` and the like would make the bytes depend on the day.
CALLS = {"open", "print", "input", "exit", "quit", "breakpoint", "eval", "exec", "__import__"} | {
    *(".open", ".read_text", ".read_bytes", ".write_text", ".write_bytes", ".glob", ".rglob", ".iterdir"),
    *(".now", ".utcnow", ".today", ".exit", "._exit"),
}
DISK = {"source", "git", "writer", "hcp", "cluster", "history", "cli", "bootstrap", "teardown"}
# What else a module may import or call, with the reason.
EXCEPTIONS = {
    "__main__.py": {"gc", "os", "sys", "._exit"},  # the only place that exits
    "catalog/__init__.py": {"importlib"},  # a chart's module is found by the component's name
    "explain/modules.py": {"sys"},  # watches which function returns what; reaches nothing else
    "rules/__init__.py": {"importlib", "pathlib", ".glob"},  # a module of rules is found by lying there
    "rules/schedule.py": {"pathlib", "tzdata", ".read_text"},  # the list of time zones in the package
    "schema/bundle.py": {"pathlib", ".glob", ".read_bytes"},  # reads the definitions beside it
}

MODULES = {f.relative_to(GENERATOR).as_posix(): ast.parse(f.read_text()) for f in GENERATOR.rglob("*.py")}


def part(file: str) -> str:
    """`schema/bundle.py` -> `schema`, `load.py` -> `load`; nothing for the package itself."""
    return file.partition("/")[0].removesuffix(".py").replace("__init__", "")


def nodes(tree: ast.AST, *, types: bool = False) -> Iterator[ast.AST]:
    """Everything in a module; what stands under `if TYPE_CHECKING` never runs and comes only on demand."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING" and not types:
            continue
        yield node
        yield from nodes(node, types=types)


def imported(tree: ast.AST, *, types: bool = False) -> Iterator[str]:
    """Yield the full names of what a module imports, wherever in it the import stands."""
    for node in nodes(tree, types=types):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"relative import in line {node.lineno}"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def imported_parts(file: str, tree: ast.AST, *, types: bool = False) -> set[str]:
    names = [name.split(".") for name in imported(tree, types=types)]
    return {name[1] for name in names if name[0] == "generator"} - {part(file)}


def called(tree: ast.AST) -> set[str]:
    """Name what a module calls, methods with a dot before them."""
    names = set()
    for node in nodes(tree):
        match node:
            case ast.Call(func=ast.Name(id=name)):
                names.add(name)
            case ast.Call(func=ast.Attribute(attr=name)):
                names.add(f".{name}")
    return names


def test_every_part_imports_exactly_what_the_table_says() -> None:
    found: dict[str, set[str]] = {}
    for file, tree in MODULES.items():
        if part(file):
            found.setdefault(part(file), set()).update(imported_parts(file, tree))
    assert found == IMPORTS, "an import was added or went away: judge its direction, then correct IMPORTS"


def test_the_table_has_one_direction() -> None:
    order = list(IMPORTS)
    backwards = {p: parts & set(order[order.index(p) :]) for p, parts in IMPORTS.items()}
    assert {p: parts for p, parts in backwards.items() if parts} == {}


def test_types_are_imported_in_the_same_direction() -> None:
    order = list(IMPORTS)
    backwards = {
        (file, other)
        for file, tree in MODULES.items()
        for other in imported_parts(file, tree, types=True)
        if not part(file) or order.index(other) > order.index(part(file))
    }
    assert backwards == set()


def test_only_source_writer_and_cli_reach_the_outside_world() -> None:
    found = {}
    for file, tree in MODULES.items():
        if part(file) not in DISK:
            modules = {name.partition(".")[0] for name in imported(tree)} - {"generator"}
            found[file] = (modules - PURE) | (called(tree) & CALLS)
    assert {file: ways for file, ways in found.items() if ways} == EXCEPTIONS


def test_source_and_writer_do_not_print_and_only_the_entry_exits() -> None:
    loud = {"print", "input", "exit", "quit", ".exit", "._exit", "SystemExit"}
    found = {(part(file), name) for file, tree in MODULES.items() for name in called(tree) & loud}
    # `teardown` asks a person before it deletes everything.
    assert found == {("cli", "print"), ("cli", "input"), ("cli", "._exit"), ("__main__", "._exit")}
