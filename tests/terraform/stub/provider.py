"""The rules of a provider: these take everything as it is told; one that refuses something has its own."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from tests.terraform.stub.values import Values
    from tests.terraform.stub.world import Kinds


class RefusedError(Exception):
    """The provider, or the service behind it, says no; the message is what it says."""


class Rules:
    """What a provider does with its resources. `kinds` is all that there is, to look into and change."""

    # What a change of anything else leaves open in the plan.
    volatile: ClassVar[dict[str, set[str]]] = {}

    def configure(self, config: Values) -> None:
        """Take the configuration of the provider, or refuse it."""

    def key(self, kind: str, values: Values) -> str:
        """Return by what a resource is found, and imported."""
        del kind
        return str(values["id"])

    def create(self, kinds: Kinds, kind: str, planned: Values) -> Values:
        """Return what a new resource has where the plan was open, or refuse it."""
        del kinds
        return {"id": digest(kind, planned)[:24]}

    def update(self, kinds: Kinds, kind: str, prior: Values, planned: Values) -> Values:
        """Return what a changed resource has where the plan was open, or refuse it."""
        del kinds, kind, planned
        return prior

    def delete(self, kinds: Kinds, kind: str, stored: Values) -> None:
        """Refuse to delete a resource, or not."""

    def read(self, kinds: Kinds, kind: str, stored: Values) -> Values:
        """Return a resource as it is now."""
        del kinds, kind
        return stored

    def search(self, kinds: Kinds, kind: str, config: Values) -> Values:
        """Return what a data source reads."""
        del kinds, config
        raise RefusedError(f"the stand-in cannot read {kind}: teach it in tests/terraform/stub/")


def digest(*parts: object) -> str:
    """Return 64 hexadecimal digits, always the same for the same parts."""
    return hashlib.sha256(json.dumps(parts, sort_keys=True, default=repr).encode()).hexdigest()
