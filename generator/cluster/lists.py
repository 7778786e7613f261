"""All objects of a kind, page by page.

https://kubernetes.io/docs/reference/using-api/api-concepts/#retrieving-large-results-sets-in-chunks
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any, NamedTuple

from generator.cluster.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Callable

PAGE = 500  # kubectl's --chunk-size


class Listed(NamedTuple):
    """Everything of a kind, and the version that a watch goes on from."""

    items: list[dict[str, Any]]
    resource_version: str


def read(page: Callable[[dict[str, str]], dict[str, Any]], api_version: str) -> Listed:
    """Return all that `page` answers, asked with the query of each page.

    The continuation of a list that takes long expires (410): it is begun again, once.
    """
    try:
        return _pages(page, api_version)
    except Refused as refused:
        if refused.status != HTTPStatus.GONE:
            raise
        return _pages(page, api_version)


def _pages(page: Callable[[dict[str, str]], dict[str, Any]], api_version: str) -> Listed:
    items: list[dict[str, Any]] = []
    more, version = "", ""
    while True:
        document = page({"limit": str(PAGE), **({"continue": more} if more else {})})
        metadata = document.get("metadata") or {}
        kind = str(document.get("kind") or "").removesuffix("List")
        for item in document.get("items") or ():
            # In a list they stand only once, above.
            item.setdefault("apiVersion", api_version)
            item.setdefault("kind", kind)
            items.append(item)
        version = version or str(metadata.get("resourceVersion") or "")
        more = str(metadata.get("continue") or "")
        if not more:
            return Listed(items, version)
