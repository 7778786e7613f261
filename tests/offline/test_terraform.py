"""Every module and root of terraform/: format, validity, house rules, and their own tests."""

from __future__ import annotations

import dataclasses
import json
import re
from typing import TYPE_CHECKING, Any

import pytest

from tests.terraform import folders, runner
from tests.terraform.runner import TERRAFORM

if TYPE_CHECKING:
    import pathlib
    from collections.abc import Iterable

    from tests.terraform.runner import Terraform

pytestmark = pytest.mark.offline

MODULES = folders.modules(TERRAFORM)
ROOTS = folders.roots(TERRAFORM)
TESTS = [
    pytest.param(file, id=f"{folder.name}/{file.name}")
    for folder in (*MODULES, *ROOTS)
    for file in sorted(folder.glob("tests/*.tftest.hcl"))
]
EXACT = re.compile(r"\d+\.\d+\.\d+")


def named(parents: Iterable[pathlib.Path]) -> list[Any]:
    return [pytest.param(folder, id=f"{folder.parent.name}/{folder.name}") for folder in parents]


def test_there_is_something_to_test() -> None:
    assert MODULES
    assert ROOTS


def test_what_is_missing_says_how_to_get_it(terraform: Terraform) -> None:
    bare = dataclasses.replace(terraform, plugins=())
    with pytest.raises(runner.MissingError, match=r"hashicorp/aws 5\.100\.0 .* run `make providers`"):
        bare.init(ROOTS[0])


def test_files_are_formatted(terraform: Terraform) -> None:
    assert terraform.attempt(TERRAFORM, "fmt", "-check", "-recursive", "-diff", "-no-color").stdout == ""


@pytest.mark.parametrize("folder", named(ROOTS))
def test_a_root_is_valid(terraform: Terraform, tmp_path: pathlib.Path, folder: pathlib.Path) -> None:
    copied = runner.copy(tmp_path) / folder.relative_to(TERRAFORM)
    terraform.init(copied)
    terraform.run(copied, "validate", "-no-color")


# `terraform test` validates, too. Each file in a copy of its own, so that they run in parallel.
@pytest.mark.parametrize("file", TESTS)
def test_its_own_tests_pass(terraform: Terraform, tmp_path: pathlib.Path, file: pathlib.Path) -> None:
    copied = runner.copy(tmp_path) / file.relative_to(TERRAFORM)
    folder = copied.parents[1]
    terraform.init(folder)
    said = terraform.run(folder, "test", "-no-color", f"-filter={copied.relative_to(folder)}")
    assert "Success! 0 passed" not in said


@pytest.mark.parametrize("folder", named(MODULES))
def test_a_module_has_tests_of_its_own(folder: pathlib.Path) -> None:
    assert list(folder.glob("tests/*.tftest.hcl"))


@pytest.mark.parametrize("folder", named([*MODULES, *ROOTS]))
def test_variables_and_outputs_say_what_they_are(folder: pathlib.Path) -> None:
    variables, outputs = folders.labelled(folder, "variable"), folders.labelled(folder, "output")
    assert [name for name, body in variables.items() if not body.get("description")] == []
    assert [name for name, body in variables.items() if not body.get("type")] == []
    assert [name for name, body in outputs.items() if not body.get("description")] == []


@pytest.mark.parametrize("folder", named(MODULES))
def test_a_module_leaves_providers_and_state_to_the_root(folder: pathlib.Path) -> None:
    assert list(folders.blocks(folder, "provider")) == []
    for block in folders.blocks(folder, "terraform"):
        assert "backend" not in block
        assert "cloud" not in block


@pytest.mark.parametrize("folder", named(MODULES))
def test_a_module_allows_a_range(folder: pathlib.Path) -> None:
    (versions,) = folders.blocks(folder, "terraform")
    constraints = [versions["required_version"], *folders.providers(folder).values()]
    assert [c for c in constraints if ">=" not in c or "<" not in c] == []


# The roles of the runs themselves; a person makes them, and these are what the boundary is for.
UNBOUNDED = {"access"}


@pytest.mark.parametrize("folder", named(MODULES))
def test_every_role_has_the_boundary(folder: pathlib.Path) -> None:
    """Whoever applies a stack may make no role without it; better to learn that here."""
    roles = {
        name: body
        for block in folders.blocks(folder, "resource")
        for kind, named_bodies in block.items()
        if kind == "aws_iam_role"
        for name, body in named_bodies.items()
    }
    wanted = None if folder.name in UNBOUNDED else "${var.permissions_boundary_arn}"
    assert {name: body.get("permissions_boundary") for name, body in roles.items()} == dict.fromkeys(
        roles, wanted
    )


# What the provider reads in every plan: a secret's value, or one that AWS makes up to become one.
SECRET_TYPES = {
    *("aws_kms_secrets", "aws_ssm_parameter", "aws_ssm_parameters_by_path"),
    *("aws_secretsmanager_random_password", "aws_secretsmanager_secret_version"),
    "aws_secretsmanager_secret_versions",
}
SHARED = json.loads((TERRAFORM.parent / "rendered/shared/terraform/workspaces.tfvars.json").read_text())
SPECULATIVE = {w["stack"] for w in SHARED["workspaces"].values() if w["speculative"]}


def secrets_read(folder: pathlib.Path) -> set[str]:
    """Return what a folder, and the modules that it calls, have of these types."""
    found = {
        f"{folder.name}/{name}"
        for kind in ("resource", "data", "ephemeral")
        for block in folders.blocks(folder, kind)
        for name in block
        if name in SECRET_TYPES
    }
    called = (folder / body["source"] for body in folders.labelled(folder, "module").values())
    return found.union(*(secrets_read(module.resolve()) for module in called))


@pytest.mark.parametrize("stack", sorted(SPECULATIVE))
def test_a_root_that_is_planned_for_pull_requests_reads_no_secret(stack: str) -> None:
    """Whoever pushes a branch runs such a plan with its role, which is therefore allowed to read none."""
    assert secrets_read(TERRAFORM / "stacks" / stack) == set()


def test_a_root_that_reads_secrets_is_known_by_its_modules() -> None:
    found = secrets_read(TERRAFORM / "stacks" / "database")
    assert {
        "hmac_key/aws_secretsmanager_random_password",
        "database/aws_secretsmanager_secret_version",
    } <= found
    assert {"platform", "packages"} <= SPECULATIVE


# Providers whose hashes need not be locked yet: docs/hcp.md says how it is done where the registry is.
UNLOCKED = {"hashicorp/tfe", "mongodb/mongodbatlas"}


@pytest.mark.parametrize("folder", named(ROOTS))
def test_a_root_pins_exactly(folder: pathlib.Path) -> None:
    (versions,) = folders.blocks(folder, "terraform")
    assert versions["required_version"] == runner.pinned_version()
    (required,) = versions["required_providers"]
    assert [body for body in required.values() if not EXACT.fullmatch(body["version"])] == []
    file = folder / ".terraform.lock.hcl"
    locked = folders.read(file).get("provider", []) if file.is_file() else []
    hashes = {name.partition("/")[2]: body["hashes"] for block in locked for name, body in block.items()}
    sources = {body["source"] for body in required.values()}
    assert sources - UNLOCKED <= hashes.keys() <= sources
    # Nobody may lock what a stand-in is made of: only a registry gives zh.
    assert [name for name, known in hashes.items() if not any(h.startswith("zh:") for h in known)] == []


def test_a_lock_of_the_real_provider_does_not_keep_the_stand_in_out(
    terraform: Terraform, tmp_path: pathlib.Path
) -> None:
    folder = runner.copy(tmp_path) / "stacks" / "workspaces"
    known = folders.providers(folder)["hashicorp/tfe"]
    lock = folder / ".terraform.lock.hcl"
    real = f'version = "{known}"\n  hashes = ["h1:{43 * "A"}=", "zh:{64 * "0"}"]'
    lock.write_text(f'provider "{runner.REGISTRY}/hashicorp/tfe" {{\n  {real}\n}}\n', encoding="utf-8")
    terraform.init(folder)


@pytest.mark.parametrize("folder", named(ROOTS))
def test_a_root_leaves_its_backend_to_whoever_runs_it(folder: pathlib.Path) -> None:
    for block in folders.blocks(folder, "terraform"):
        assert "backend" not in block
        assert "cloud" not in block
