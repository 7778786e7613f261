"""Where a stack keeps its state, for Terraform that runs on a person's machine.

HCP Terraform needs neither block, and a root with one could not be tested, so the roots have none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from generator.emit import json_text

if TYPE_CHECKING:
    from generator.model import Environment


def backend(environment: Environment, stack: str) -> str:
    """Return an override file of the stack's root, JSON: `cloud`, or S3 with its own locking."""
    return json_text({"terraform": _block(environment, stack)})


def _block(environment: Environment, stack: str) -> dict[str, Any]:
    terraform = environment.platform.terraform
    if terraform.backend == "hcp":
        workspace = environment.workspace_name(stack)
        return {"cloud": {"organization": terraform.organization, "workspaces": {"name": workspace}}}
    return {
        "backend": {
            "s3": {
                "bucket": terraform.bucket,
                "key": environment.state_key(stack),
                "region": terraform.region,
                "encrypt": True,
                "use_lockfile": True,  # without DynamoDB, since Terraform 1.10
            }
        }
    }
