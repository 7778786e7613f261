"""Where an environment's packages are uploaded to, as `make render` wrote it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pathlib
    from collections.abc import Iterator


class UsageError(Exception):
    """There is nothing to upload to: no such environment, or one that needs no packages."""


@dataclass(frozen=True, kw_only=True)
class Target:
    """Where an environment's packages lie, and the role of GitHub's runs that upload them."""

    environment: str
    account: str
    region: str
    bucket: str
    role: str

    @property
    def role_arn(self) -> str:
        """The role's ARN, in the partition that the region is of."""
        partition = {"cn": "aws-cn", "us-gov": "aws-us-gov"}
        first = next(
            (name for prefix, name in partition.items() if self.region.startswith(f"{prefix}-")), "aws"
        )
        return f"arn:{first}:iam::{self.account}:role/{self.role}"


def targets(root: pathlib.Path) -> Iterator[Target]:
    """Yield where packages are uploaded to, in the order of the environments' names.

    Raises:
        UsageError: a file is not what `make render` writes.
    """
    for file in sorted(root.glob("rendered/*/terraform/packages.tfvars.json")):
        try:
            values = json.loads(file.read_text(encoding="utf-8"))
            yield Target(
                environment=file.parents[1].name,
                account=values["account_id"],
                region=values["region"],
                bucket=values["packages"]["bucket"],
                role=values["packages"]["uploader_role_name"],
            )
        except (ValueError, LookupError, TypeError):
            name = file.relative_to(root)
            raise UsageError(f"{name} is not what make render writes: run make render") from None


def target(root: pathlib.Path, environment: str) -> Target:
    """Return where an environment's packages are uploaded to.

    Raises:
        UsageError: there is no such environment, or it has no gateway, so that it runs no function.
    """
    known = sorted(folder.parent.name for folder in root.glob("rendered/*/terraform") if folder.is_dir())
    names = [name for name in known if name != "shared"]
    if environment not in names:
        there = f"there are {', '.join(names)}" if names else "there is none in rendered/: run make render"
        raise UsageError(f'there is no environment "{environment}"; {there}')
    found = [one for one in targets(root) if one.environment == environment]
    if not found:
        raise UsageError(
            f"{environment} runs no Lambda function, for its gateway is off: there is nothing to upload. "
            f"With gateway.enabled: true in environments/{environment}.yaml run make render first"
        )
    return found[0]
