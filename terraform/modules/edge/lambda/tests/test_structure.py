"""The shape of the functions: what imports what, so that neither drags the other's world along."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

HERE = Path(__file__).parents[1]
PACKAGES = ("authorizer", "common", "tokens")

# What is not of the standard library, and which modules may import it.
LIBRARIES = {
    "joserfc": {"authorizer/verification.py", "common/keys.py", "tokens/minting.py"},
    "cryptography": {"tokens/signatures.py"},
    "botocore": {"tokens/adapters/aws.py", "tokens/adapters/dynamodb.py"},
    "pymongo": {"tokens/adapters/mongodb.py"},
}


def imports(file: Path) -> set[str]:
    """Return the full names of what a module imports, wherever in it."""
    found = set()
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


MODULES = {f.relative_to(HERE).as_posix(): imports(f) for p in PACKAGES for f in (HERE / p).rglob("*.py")}


@pytest.mark.parametrize(
    ("package", "others"),
    [("common", {"authorizer", "tokens"}), ("authorizer", {"tokens"}), ("tokens", {"authorizer"})],
)
def test_the_functions_share_common_and_nothing_else(package: str, others: set[str]) -> None:
    found = {
        name: {i for i in names if i.partition(".")[0] in {*others, "fakes", "tests", "build"}}
        for name, names in MODULES.items()
        if name.startswith(f"{package}/")
    }
    assert {name: names for name, names in found.items() if names} == {}


def test_only_the_handler_and_adapters_know_adapters() -> None:
    knowing = {name for name, names in MODULES.items() if any(i.startswith("tokens.adapters") for i in names)}
    assert {name for name in knowing if not name.startswith("tokens/adapters/")} == {"tokens/handler.py"}


@pytest.mark.parametrize("library", LIBRARIES)
def test_a_library_is_imported_where_it_is_meant_to_be(library: str) -> None:
    using = {name for name, names in MODULES.items() if any(i.partition(".")[0] == library for i in names)}
    assert using == LIBRARIES[library]
