"""Find what Terraform takes from a tfvars file in silence: what it ignores, drops or converts."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tests.terraform import folders
from tests.terraform.runner import FailedError

if TYPE_CHECKING:
    import pathlib
    from collections.abc import Iterator

    from tests.terraform.runner import Terraform

COMMENT = "//"  # a key that Terraform leaves alone, for people
FILE = "given.tfvars.json"


def faults(
    terraform: Terraform, root: pathlib.Path, values: dict[str, Any], scratch: pathlib.Path
) -> list[str]:
    """Return what is wrong with the values of a root's variables; `scratch` is an empty folder.

    Only the variables are copied, so neither providers nor credentials are needed; what the modules validate
    is not checked.
    """
    declared = folders.labelled(root, "variable")
    given = {name: value for name, value in values.items() if name != COMMENT}
    undeclared = [f"{name}: no such variable" for name in given if name not in declared]
    known = {name: value for name, value in given.items() if name in declared}
    for file in root.glob("variables*.tf"):
        (scratch / file.name).write_bytes(file.read_bytes())
    (scratch / FILE).write_text(json.dumps(known), encoding="utf-8")
    try:
        terraform.run(scratch, "plan", "-no-color", f"-var-file={FILE}")
    except FailedError as error:
        return [*undeclared, str(error)]
    return [*undeclared, *_differences(known, _taken(terraform, scratch, known))]


def _taken(terraform: Terraform, scratch: pathlib.Path, known: dict[str, Any]) -> dict[str, Any]:
    """Return the values as the configuration sees them."""
    expression = "jsonencode({" + ", ".join(f"{name} = var.{name}" for name in known) + "})"
    shown = terraform.run(scratch, "console", "-no-color", f"-var-file={FILE}", feed=expression + "\n")
    taken: dict[str, Any] = json.loads(json.loads(shown))
    return taken


def _differences(given: Any, taken: Any, path: str = "") -> Iterator[str]:
    """Yield where a value is not what was given; attributes that only the type has are defaults."""
    if isinstance(given, dict) and isinstance(taken, dict):
        for key, value in given.items():
            below = f"{path}.{key}".removeprefix(".")
            if key in taken:
                yield from _differences(value, taken[key], below)
            else:
                yield f"{below}: not in the variable's type, so Terraform drops it"
    elif isinstance(given, list) and isinstance(taken, list):
        if len(given) != len(taken):
            yield f"{path}: {len(given)} items become {len(taken)}"
        for index, pair in enumerate(zip(given, taken, strict=False)):
            yield from _differences(*pair, f"{path}[{index}]")
    elif type(given) is not type(taken) or given != taken:
        yield f"{path}: {json.dumps(given)} becomes {json.dumps(taken)}"
