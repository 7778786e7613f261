"""The stand-ins of Terraform providers: they know what their providers know, and mistakes do not pass."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from tests.terraform import folders
from tests.terraform.runner import TERRAFORM, FailedError
from tests.terraform.stub import notation, schema, setup, values
from tests.terraform.stub.schema import Attribute, Block, Nested
from tests.terraform.stub.values import UNKNOWN

if TYPE_CHECKING:
    import pathlib

    from tests.terraform.runner import Terraform
    from tests.terraform.stub.schema import Schema

pytestmark = pytest.mark.offline

CORRECTIONS = yaml.safe_load((setup.OURS / "mongodbatlas.yaml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def atlas() -> Schema:
    (stand_in,) = [s for s in setup.STAND_INS if s.source == "mongodb/mongodbatlas"]
    return schema.decode(json.loads(setup.recovered(stand_in).read_text(encoding="utf-8")))


# --- The schema ---


def test_what_is_recovered(atlas: Schema) -> None:
    assert len(atlas.resources) > 60
    assert len(atlas.data_sources) > 100
    user = atlas.resources["mongodbatlas_x509_authentication_database_user"]
    assert user.attributes["project_id"].required
    assert user.attributes["username"] == Attribute(type="string", optional=True)
    assert user.attributes["current_certificate"] == Attribute(type="string", computed=True)
    peering = atlas.data_sources["mongodbatlas_network_containers"].attributes["results"]
    assert peering.computed
    assert peering.type[0] == "list"
    assert peering.type[1][1]["regions"] == ["list", "string"]
    schedule = atlas.resources["mongodbatlas_cloud_backup_schedule"].blocks
    assert (schedule["policy_item_daily"].most, schedule["policy_item_weekly"].most) == (1, 0)
    assert atlas.resources["mongodbatlas_database_user"].blocks["roles"].nesting == "set"


@pytest.mark.parametrize("stand_in", setup.STAND_INS, ids=lambda stand_in: stand_in.source)
def test_a_stand_in_is_of_the_version_that_the_roots_pin(stand_in: setup.StandIn) -> None:
    pinned = [folders.providers(root).get(stand_in.source) for root in folders.roots(TERRAFORM)]
    served = schema.decode(json.loads(setup.recovered(stand_in).read_text(encoding="utf-8")))
    assert {version for version in pinned if version} == {served.version}
    assert served.source.endswith(stand_in.source)


def misspelt(block: Block, given: Any, place: str) -> list[str]:
    """Where an object that an attribute holds has what the schema has not: terraform drops it in silence."""
    found = []
    for name, value in given.items() if isinstance(given, dict) else []:
        attribute = block.attributes.get(name)
        if attribute is None:
            found.append(f"{place}.{name}")
        elif attribute.nested:
            for item in value if isinstance(value, list) else [value]:
                found += misspelt(attribute.nested.block, item, f"{place}.{name}")
    return found


def test_no_attribute_inside_of_another_is_misspelt(atlas: Schema) -> None:
    looked_at, found = 0, []
    for folder in (*folders.modules(TERRAFORM), *folders.roots(TERRAFORM)):
        for resource in folders.blocks(folder, "resource"):
            for kind, named in resource.items():
                known = atlas.resources.get(kind, Block()).attributes
                for body in named.values():
                    nested = {k: v for k, v in body.items() if k in known and known[k].nested}
                    looked_at += len(nested)
                    found += misspelt(Block(attributes=known), nested, f"{folder.name}/{kind}")
    assert looked_at
    assert found == []


def test_a_misspelt_one_is_found(atlas: Schema) -> None:
    cluster = atlas.resources["mongodbatlas_advanced_cluster"]
    given = {"replication_specs": [{"region_configs": [{"electable_specs": {"nodes": 3}}], "zone": ""}]}
    inside = "x.replication_specs"
    assert misspelt(cluster, given, "x") == [
        f"{inside}.region_configs.electable_specs.nodes",
        f"{inside}.zone",
    ]


@pytest.mark.parametrize("kind", ["resources", "data_sources"])
def test_whatever_terraform_uses_was_compared_with_the_sources(kind: str) -> None:
    block = {"resources": "resource", "data_sources": "data"}[kind]
    used = {
        name
        for folder in (*folders.modules(TERRAFORM), *folders.roots(TERRAFORM))
        for found in folders.blocks(folder, block)
        for name in found
        if name.startswith("mongodbatlas_")
    }
    assert used
    assert used <= CORRECTIONS[kind].keys()
    assert [
        name for name, told in CORRECTIONS[kind].items() if not told["source"].startswith("internal/")
    ] == []


def test_a_schema_is_kept_as_it_is(atlas: Schema) -> None:
    assert schema.decode(json.loads(json.dumps(schema.encode(atlas)))) == atlas


@pytest.mark.parametrize(
    "text",
    [
        "string",
        "optional strin",
        "required optional string",
        "optinal string",
        "optional list(strin)",
        "computed",
    ],
)
def test_the_notation_is_closed(text: str) -> None:
    with pytest.raises(ValueError, match=r"say required|is no type"):
        notation.attribute(text)


# --- Values ---

INNER = Block(
    attributes={
        "name": Attribute(type="string", required=True),
        "id": Attribute(type="string", computed=True),
    }
)
OUTER = Block(
    attributes={
        "size": Attribute(type="number", optional=True, computed=True),
        "tags": Attribute(type=["map", "string"], optional=True),
        "parts": Attribute(nested=Nested(nesting="list", block=INNER), required=True),
    },
    blocks={"rule": Nested(nesting="set", block=INNER)},
)


def test_what_the_provider_tells_is_open_until_it_is_filled() -> None:
    given: dict[str, Any] = {
        "size": None,
        "tags": None,
        "parts": [{"name": "a", "id": None}],
        "rule": [{"name": "r", "id": None}],
    }
    planned = values.opened(OUTER, given)
    assert planned == {
        "size": UNKNOWN,
        "tags": None,
        "parts": [{"name": "a", "id": UNKNOWN}],
        "rule": [{"name": "r", "id": UNKNOWN}],
    }
    assert values.fill(OUTER.shape, planned, {"size": 3, "parts": [{"id": "x"}]}) == {
        "size": 3,
        "tags": None,
        "parts": [{"name": "a", "id": "x"}],
        "rule": [{"name": "r", "id": ""}],
    }


def test_a_value_has_all_that_its_type_has_and_nothing_else() -> None:
    assert values.fit(INNER.shape, {"name": "a"}) == {"name": "a", "id": None}
    with pytest.raises(KeyError, match="nmae"):
        values.fit(INNER.shape, {"nmae": "a"})


# --- Served to terraform ---

MAIN = """
terraform {
  required_providers {
    mongodbatlas = {
      source  = "mongodb/mongodbatlas"
      version = "2.16.0"
    }
  }
}

provider "mongodbatlas" {
  client_id     = "id"
  client_secret = "secret"
}

resource "mongodbatlas_project" "this" {
  name   = "one"
  org_id = "0123456789abcdef01234567"
}

resource "mongodbatlas_advanced_cluster" "this" {
  project_id   = mongodbatlas_project.this.id
  name         = "one"
  cluster_type = "REPLICASET"

  replication_specs = [{
    region_configs = [{
      provider_name   = "AWS"
      region_name     = "US_EAST_1"
      priority        = 7
      electable_specs = { instance_size = "M10", node_count = 3 }
    }]
  }]

  mongo_db_major_version = "8.0"
  backup_enabled         = true
}

data "mongodbatlas_projects" "all" {}

output "projects" {
  value = [for project in data.mongodbatlas_projects.all.results : project.name]
}
"""


@pytest.fixture
def root(terraform: Terraform, tmp_path: pathlib.Path) -> pathlib.Path:
    folder = tmp_path / "root"
    folder.mkdir()
    (folder / "main.tf").write_text(MAIN, encoding="utf-8")
    terraform.init(folder)
    return folder


def edit(root: pathlib.Path, old: str, new: str) -> None:
    text = (root / "main.tf").read_text(encoding="utf-8")
    assert old in text
    (root / "main.tf").write_text(text.replace(old, new), encoding="utf-8")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("client_secret", "client_secrt", 'named "client_secrt" is not expected'),
        ("org_id", "organization_id", 'argument "org_id" is required'),
        ('org_id = "0123456789abcdef01234567"', "", 'argument "org_id" is required'),
        ('provider_name   = "AWS"', "", 'attribute "provider_name" is required'),
        ("priority        = 7", 'priority        = "first"', "a number is required"),
        ("backup_enabled         = true", "backup_enabled         = []", "bool required"),
        ("backup_enabled ", "backups_enabled ", 'named "backups_enabled" is not expected'),
        ("mongodbatlas_advanced_cluster", "mongodbatlas_advanced_clustr", "does not support resource type"),
        ("all.results", "all.result", 'Did you mean "results"'),
    ],
)
def test_a_mistake_does_not_validate(
    terraform: Terraform, root: pathlib.Path, old: str, new: str, message: str
) -> None:
    edit(root, old, new)
    with pytest.raises(FailedError, match=message):
        terraform.run(root, "validate", "-no-color")


def test_what_is_right_validates(terraform: Terraform, root: pathlib.Path) -> None:
    terraform.run(root, "validate", "-no-color")


def test_it_remembers_refuses_and_imports(terraform: Terraform, root: pathlib.Path) -> None:
    variables = {"STUB_WORLD": str(root / "world.json")}

    def run(*arguments: str) -> str:
        return terraform.run(root, *arguments, "-no-color", variables=variables)

    run("apply", "-auto-approve")
    edit(root, "M10", "M30")
    assert "1 changed" in run("apply", "-auto-approve")
    assert json.loads(terraform.run(root, "output", "-json", "projects", variables=variables)) == ["one"]
    edit(root, '"8.0"', '"7.0"')
    with pytest.raises(FailedError, match="CANNOT_DOWNGRADE_MONGODB"):
        run("apply", "-auto-approve")
    edit(root, '"7.0"', '"8.0"')
    edit(
        root,
        "backup_enabled         = true",
        "backup_enabled = true\n  termination_protection_enabled = true",
    )
    run("apply", "-auto-approve")
    with pytest.raises(FailedError, match="TERMINATION_PROTECTION"):
        run("destroy", "-auto-approve")
    (key,) = json.loads((root / "world.json").read_text(encoding="utf-8"))["mongodbatlas_advanced_cluster"]
    run("state", "rm", "mongodbatlas_advanced_cluster.this")
    run("import", "mongodbatlas_advanced_cluster.this", key)
    assert "No changes" in run("plan")


def test_nobody_is_let_in_without_credentials(terraform: Terraform, root: pathlib.Path) -> None:
    edit(root, 'client_secret = "secret"', "")
    with pytest.raises(FailedError, match="client_id and client_secret are needed"):
        terraform.run(root, "plan", "-no-color")
