"""The MongoDB Atlas project and cluster."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.model.settings import Database, TierRange

if TYPE_CHECKING:
    from generator.merge import Tree


def database(tree: Tree) -> Database:
    """Resolve the database."""
    scaling, backup = tree.get("autoscaling"), tree["backup"]
    return Database(
        organization=tree["organization"],
        tier=tree["tier"],
        version=tree["version"],
        autoscaling=TierRange(scaling["minTier"], scaling["maxTier"]) if scaling else None,
        shrink_from=tree.get("shrinkFrom", ""),
        retention_days=backup["retentionDays"],
        point_in_time=backup.get("pointInTime", False),
        auditing=tree.get("auditing", False),
        customer_key=tree.get("customerKey", False),
        retired=tuple(tree.get("retired", ())),
    )
