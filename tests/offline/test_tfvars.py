"""Every rendered tfvars file fits its root: nothing ignored, dropped, converted, missing or refused."""

from __future__ import annotations

import copy
import json
import pathlib
from typing import TYPE_CHECKING, Any

import pytest

from tests.terraform import folders, tfvars
from tests.terraform.runner import TERRAFORM

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.terraform.runner import Terraform

    Values = dict[str, Any]

pytestmark = pytest.mark.offline

ROOT = pathlib.Path(__file__).parents[2]
# The stack `state` is rendered only where states are in S3, as in this golden case.
RENDERED = (ROOT / "rendered", ROOT / "tests" / "cases" / "valid" / "s3" / "rendered")
FILES = [
    pytest.param(root, file, id=str(file.relative_to(ROOT)))
    for root in folders.roots(TERRAFORM)
    for folder in RENDERED
    for file in sorted(folder.glob(f"*/terraform/{root.name}.tfvars.json"))
]


@pytest.mark.parametrize(("root", "file"), FILES)
def test_a_rendered_file_fits_its_root(
    terraform: Terraform, tmp_path: pathlib.Path, root: pathlib.Path, file: pathlib.Path
) -> None:
    assert tfvars.faults(terraform, root, json.loads(file.read_text(encoding="utf-8")), tmp_path) == []


def test_every_root_has_rendered_files() -> None:
    rendered = {file.name for folder in RENDERED for file in folder.glob("*/terraform/*.tfvars.json")}
    assert {f"{root.name}.tfvars.json" for root in folders.roots(TERRAFORM)} <= rendered


def test_variables_stand_where_the_check_looks_for_them() -> None:
    misplaced = [
        str(file.relative_to(TERRAFORM))
        for folder in (*folders.roots(TERRAFORM), *folders.modules(TERRAFORM))
        for file in folder.glob("*.tf")
        if "variable" in folders.read(file) and not file.name.startswith("variables")
    ]
    assert misplaced == []


VARIABLES = """
variable "name" {
  description = "A name."
  type        = string

  validation {
    condition     = var.name != "refused"
    error_message = "name is refused."
  }
}

variable "sizes" {
  description = "Sizes by name."
  type = map(object({
    min     = number
    max     = optional(number, 9)
    public  = bool
    zones   = list(string)
    hosts   = set(string)
  }))
}
"""
GIVEN = {
    "//": "for people",
    "name": "dev",
    "sizes": {"general": {"min": 1, "public": True, "zones": ["b", "a"], "hosts": ["x", "y"]}},
}


def undeclared(values: Values) -> None:
    values["regoin"] = "us-east-1"


def unknown_key(values: Values) -> None:
    values["sizes"]["general"]["mni"] = 2


def number_for_a_string(values: Values) -> None:
    values["name"] = 111111111111


def string_for_a_number(values: Values) -> None:
    values["sizes"]["general"]["min"] = "1"


def string_for_a_boolean(values: Values) -> None:
    values["sizes"]["general"]["public"] = "true"


def number_in_a_list(values: Values) -> None:
    values["sizes"]["general"]["zones"][1] = 1


def twice_in_a_set(values: Values) -> None:
    values["sizes"]["general"]["hosts"].append("x")


def missing(values: Values) -> None:
    del values["name"]


def missing_key(values: Values) -> None:
    del values["sizes"]["general"]["min"]


def refused(values: Values) -> None:
    values["name"] = "refused"


FAULTS: list[tuple[Callable[[Values], None], str]] = [
    (undeclared, "regoin: no such variable"),
    (unknown_key, "sizes.general.mni: not in the variable's type, so Terraform drops it"),
    (number_for_a_string, 'name: 111111111111 becomes "111111111111"'),
    (string_for_a_number, 'sizes.general.min: "1" becomes 1'),
    (string_for_a_boolean, 'sizes.general.public: "true" becomes true'),
    (number_in_a_list, 'sizes.general.zones[1]: 1 becomes "1"'),
    (twice_in_a_set, "sizes.general.hosts: 3 items become 2"),
    (missing, "No value for required variable"),
    (missing_key, 'attribute "min" is required'),
    (refused, "name is refused."),
]


@pytest.fixture
def root(tmp_path: pathlib.Path) -> pathlib.Path:
    folder = tmp_path / "root"
    folder.mkdir()
    (folder / "variables.tf").write_text(VARIABLES)
    return folder


@pytest.fixture
def scratch(tmp_path: pathlib.Path) -> pathlib.Path:
    folder = tmp_path / "scratch"
    folder.mkdir()
    return folder


def test_what_fits_has_no_fault(terraform: Terraform, root: pathlib.Path, scratch: pathlib.Path) -> None:
    assert tfvars.faults(terraform, root, GIVEN, scratch) == []


@pytest.mark.parametrize(("spoil", "expected"), FAULTS, ids=[spoil.__name__ for spoil, _ in FAULTS])
def test_each_fault_is_found(
    terraform: Terraform,
    root: pathlib.Path,
    scratch: pathlib.Path,
    spoil: Callable[[Values], None],
    expected: str,
) -> None:
    values = copy.deepcopy(GIVEN)
    spoil(values)
    (fault,) = tfvars.faults(terraform, root, values, scratch)
    assert expected in fault
