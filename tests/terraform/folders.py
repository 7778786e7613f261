"""What a folder of Terraform files declares, read without running terraform."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import hcl2
from hcl2 import SerializationOptions

if TYPE_CHECKING:
    import pathlib
    from collections.abc import Iterator

    Block = dict[str, Any]

OPTIONS = SerializationOptions(strip_string_quotes=True, explicit_blocks=False, with_comments=False)


def modules(terraform: pathlib.Path) -> list[pathlib.Path]:
    """Every module below terraform/modules."""
    return _with_files(terraform / "modules")


def roots(terraform: pathlib.Path) -> list[pathlib.Path]:
    """Every root below terraform/stacks."""
    return _with_files(terraform / "stacks")


def _with_files(parent: pathlib.Path) -> list[pathlib.Path]:
    return sorted({file.parent for file in parent.glob("*/*.tf")})


def read(file: pathlib.Path) -> dict[str, list[Block]]:
    """Return a file's top-level blocks by their type."""
    with file.open(encoding="utf-8") as text:
        blocks: dict[str, list[Block]] = hcl2.load(text, serialization_options=OPTIONS)
    return blocks


def blocks(folder: pathlib.Path, kind: str) -> Iterator[Block]:
    """Yield a folder's blocks of a kind; one with a label is a mapping from it."""
    for file in sorted(folder.glob("*.tf")):
        yield from read(file).get(kind, [])


def labelled(folder: pathlib.Path, kind: str) -> dict[str, Block]:
    """Return a folder's `variable`, `output` or `module` blocks by their names."""
    return {name: body for block in blocks(folder, kind) for name, body in block.items()}


def providers(folder: pathlib.Path) -> dict[str, str]:
    """Return source -> version constraint of all that a folder and the modules it calls require."""
    found: dict[str, str] = {}
    for body in labelled(folder, "module").values():
        if str(body["source"]).startswith("."):
            found |= providers((folder / body["source"]).resolve())
    for block in blocks(folder, "terraform"):
        for required in block.get("required_providers", []):
            found |= {body["source"]: body.get("version", "") for body in required.values()}
    return found
