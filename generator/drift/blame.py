"""Who set a field, and when, as far as the API server remembers.

https://kubernetes.io/docs/reference/using-api/server-side-apply/#field-management
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from generator.status.moments import moment

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    Document = Mapping[str, Any]
    Path = tuple[str | int, ...]


class Blame(NamedTuple):
    """A field manager, as kubectl-edit or argocd-server, and when it last wrote the object."""

    manager: str
    when: datetime | None


NOBODY = Blame("", None)


def blame(document: Document, path: Path) -> Blame:
    """Return who owns a field, the last one of several; NOBODY for what is not there any more.

    Of a field in a list the whole list's owner, where the list has no keys.
    """
    found: list[tuple[int, str, Blame]] = []
    for entry in (document.get("metadata") or {}).get("managedFields") or ():
        depth = _depth(entry.get("fieldsV1") or {}, path)
        if depth:
            time = str(entry.get("time") or "")
            found.append((depth, time, Blame(str(entry.get("manager") or ""), moment(time))))
    return max(found, key=lambda one: one[:2])[2] if found else NOBODY


def _depth(fields: Document, path: Path) -> int:
    """Return how far down the path a manager owns fields: 0 for not at all.

    What has fields below it is owned by whoever owns those, unless the path ends there.
    """
    depth = 0
    for key in path:
        found = fields.get(f"f:{key}") if isinstance(key, str) else _item(fields, key)
        if found is None:
            return depth if not set(fields) - {"."} else 0
        fields, depth = found, depth + 1
    return depth


def _item(fields: Document, index: int) -> Document | None:
    """Return the fields of an item of a list that has keys; those of Argo CD's lists have none."""
    items = [key for key in fields if key.startswith("k:") and json.loads(key[2:])]
    return fields[items[index]] if index < len(items) else None
