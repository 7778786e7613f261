"""Each check of tests/manifests/checks/ in all that it demands: manifest_checks.yaml changes one object."""

from __future__ import annotations

import copy
import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from tests.manifests.checks import CHECKS
from tests.mistakes.table import ENVIRONMENT, lay_out

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.manifests.model import Environment, Manifest

    Load = Callable[[Path, str], Environment]

pytestmark = pytest.mark.offline

TABLE = Path(__file__).with_name("manifest_checks.yaml")
CHANGES = [
    pytest.param(check, change, id=f"{check}-{change['says']}")
    for check, changes in yaml.safe_load(TABLE.read_text(encoding="utf-8")).items()
    for change in changes
]


@pytest.fixture(scope="session")
def sound(tmp_path_factory: pytest.TempPathFactory, load: Load) -> Environment:
    root = tmp_path_factory.mktemp("sound")
    lay_out(root)
    return load(root, ENVIRONMENT)


@pytest.mark.parametrize(("check", "change"), CHANGES)
def test_the_check_says_so(sound: Environment, check: str, change: dict[str, Any]) -> None:
    targets = [m for m in sound.manifests if change["of"] in (str(m), m.release)]
    assert targets
    ids = {id(m) for m in targets}
    manifests = [changed(m, change) if id(m) in ids else m for m in sound.manifests]
    environment = dataclasses.replace(sound, manifests=tuple(m for m in manifests if m is not None))
    complaints = CHECKS[check].complaints(environment)
    assert any(change["says"] in complaint for complaint in complaints), complaints


def changed(manifest: Manifest, change: dict[str, Any]) -> Manifest | None:
    """A copy that is changed, or None when the object goes."""
    if "at" not in change:
        return None
    if change["at"] in manifest._fields:
        return manifest._replace(**{change["at"]: change["to"]})
    content = copy.deepcopy(manifest.content)
    *parents, last = [int(step) if step.isdigit() else step for step in change["at"].split(" ")]
    node: Any = content
    for parent in parents:
        node = node[parent] if isinstance(node, list) else node.setdefault(parent, {})
    if "to" not in change:
        del node[last]
    else:
        node[last] = change["to"]
    return manifest._replace(content=content)
