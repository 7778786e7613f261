"""An environment's life: no change replaces anything or leaves something to do, and in the end all goes away.

Each test edits the spec that the tests before it left: together they are a history, in this order.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from tests.terraform.deployment import Change
from tests.terraform.runner import TERRAFORM, FailedError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from tests.apply.conftest import Platform

    Tree = dict[str, Any]

pytestmark = pytest.mark.apply

ADDONS = {
    "coredns": "v1.13.1-eksbuild.1",
    "kube-proxy": "v1.35.0-eksbuild.2",
    "vpc-cni": "v1.21.2-eksbuild.1",
}
GENERAL_IS_UPDATED = Change("update", 'module.cluster.aws_eks_node_group.this["general"]')


def live(platform: Platform, edit: Callable[[Tree], None]) -> list[Change]:
    """Edit the spec, apply it, plan once more; return what the first plan said."""
    values = platform.edit(edit)
    changes = platform.deployment.plan(values, "-refresh=false")
    assert changes
    platform.deployment.apply()
    assert platform.deployment.plan(values) == []
    return changes


def actions(changes: Iterable[Change]) -> set[str]:
    return {change.action for change in changes}


def outside(changes: Iterable[Change], module: str) -> list[Change]:
    return [change for change in changes if not change.address.startswith(f"module.{module}.")]


def test_kubernetes_is_upgraded_in_order(platform: Platform) -> None:
    def upgrade(tree: Tree) -> None:
        tree["cluster"] |= {"kubernetesVersion": "1.35", "addons": ADDONS}

    seen = len(platform.deployment.emulator.calls())
    changes = live(platform, upgrade)
    assert actions(changes) == {"update"}
    assert outside(changes, "cluster") == []
    steps = [
        f"{call.action} {call.parameters.get('addonName', '')}".strip()
        for call in platform.deployment.emulator.calls()[seen:]
        if call.service == "eks" and call.action.startswith("Update")
    ]
    assert steps[0] == "UpdateClusterVersion"
    assert sorted(steps[1:3]) == ["UpdateAddon kube-proxy", "UpdateAddon vpc-cni"]
    assert steps[3:] == ["UpdateNodegroupVersion", "UpdateAddon coredns"]


def test_a_node_group_is_scaled(platform: Platform) -> None:
    def scale(tree: Tree) -> None:
        tree["cluster"]["nodeGroups"]["general"]["max"] = 6

    assert live(platform, scale) == [GENERAL_IS_UPDATED]


def test_a_minimum_above_what_runs_is_refused_until_as_many_run(platform: Platform) -> None:
    """The cure is the one that the module's page has, with its numbers."""
    page = (TERRAFORM / "modules" / "cluster" / "README.md").read_text(encoding="utf-8")
    numbers = dict(re.findall(r"(minSize|maxSize|desiredSize)=(\d+)", page))
    [refusal] = re.findall(r"Minimum capacity \d+ can't be greater than desired size \d+", page)

    def raise_minimum(tree: Tree) -> None:
        tree["cluster"]["nodeGroups"]["general"] |= {
            "min": int(numbers["minSize"]),
            "max": int(numbers["maxSize"]),
        }

    values = platform.edit(raise_minimum)
    assert platform.deployment.plan(values) == [GENERAL_IS_UPDATED]
    with pytest.raises(FailedError, match=f"InvalidParameterException: {refusal}"):
        platform.deployment.apply()
    region = platform.spec.environment().region
    eks = platform.deployment.emulator.client("eks", region)
    cluster = {"clusterName": platform.spec.environment().cluster_name}
    [group] = eks.list_nodegroups(**cluster)["nodegroups"]
    scaling = {name: int(number) for name, number in numbers.items()}
    eks.update_nodegroup_config(**cluster, nodegroupName=group, scalingConfig=scaling)
    platform.deployment.plan(values)
    platform.deployment.apply()
    assert platform.deployment.plan(values) == []
    described = eks.describe_nodegroup(**cluster, nodegroupName=group)["nodegroup"]
    assert described["scalingConfig"] == scaling


def test_a_tag_is_added(platform: Platform) -> None:
    def tag(tree: Tree) -> None:
        tree["tags"]["Team"] = "kitchen"

    assert actions(live(platform, tag)) == {"update"}


def test_a_zone_is_added(platform: Platform) -> None:
    def widen(tree: Tree) -> None:
        tree["network"]["zones"] = 3

    changes = live(platform, widen)
    # AWS changes no VPC link: the next one comes first, and what goes through it moves.
    link = Change("replace", 'module.edge["gateway"].aws_apigatewayv2_vpc_link.this')
    changes.remove(link)
    assert actions(changes) == {"create", "update"}
    assert not [c for c in changes if "eks" in c.address]


def test_a_node_group_is_added(platform: Platform) -> None:
    def add(tree: Tree) -> None:
        tree["cluster"]["nodeGroups"]["batch"] = {
            "instanceTypes": ["m7g.xlarge"],
            "min": 0,
            "max": 3,
            "capacity": "spot",
            "labels": {"purpose": "batch"},
            "taints": [{"key": "purpose", "value": "batch", "effect": "NoSchedule"}],
        }

    changes = live(platform, add)
    assert actions(changes) == {"create"}
    assert outside(changes, "cluster") == []


def test_destroy_leaves_nothing(platform: Platform) -> None:
    platform.deployment.destroy()
    assert platform.inventory() == platform.before
