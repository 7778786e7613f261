"""EC2 security groups: what a rule that names another group says of itself."""

from __future__ import annotations

from moto.ec2.models.security_groups import SecurityGroupRule


def install() -> None:
    """Answer the description of such a rule, which moto keeps and then looks for among its address ranges."""

    def description(self: SecurityGroupRule) -> str | None:
        return self.ip_range.get("Description") or self.source_group.get("Description")

    SecurityGroupRule.description = property(description)
