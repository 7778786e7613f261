"""EC2 launch templates: their own tags."""

from __future__ import annotations

from typing import Any

from moto.ec2.models.launch_templates import LaunchTemplate, LaunchTemplateBackend

OWN = "launch-template"


def install() -> None:
    """Keep a template's own tags out of those of its instances, and answer them as they are now.

    moto files them among the instances' tag specifications, and answers those of the template's creation
    for ever.
    """
    create = LaunchTemplateBackend.create_launch_template

    def create_launch_template(
        self: LaunchTemplateBackend, name: str, description: str, data: dict[str, Any], tag_spec: Any
    ) -> LaunchTemplate:
        specifications = [s for s in data.pop("TagSpecifications", []) if s["ResourceType"] != OWN]
        if specifications:
            data["TagSpecifications"] = specifications
        return create(self, name, description, data, tag_spec)

    def tags(self: LaunchTemplate) -> list[dict[str, str]]:
        return self.get_tags()

    LaunchTemplateBackend.create_launch_template = create_launch_template
    LaunchTemplate.tags = property(tags, lambda *_: None)
