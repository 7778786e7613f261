"""Making something exactly once, whatever becomes of the answer."""

from __future__ import annotations

import time
from http import HTTPStatus
from typing import TYPE_CHECKING

from generator.hcp import retry
from generator.hcp.trouble import Rejected, Unsure

if TYPE_CHECKING:
    from collections.abc import Callable

    from generator.hcp.client import Resource
    from generator.hcp.step import State


def once(find: Callable[[], Resource | None], make: Callable[[], Resource]) -> tuple[Resource, State]:
    """Return what `find` finds, or else what `make` makes, and which of the two it was.

    A request without an answer may have been carried out, so it is looked for before it is sent again.
    Another run of this, at the same time, may have been quicker: then the name is taken, and it is found.

    Raises:
        Trouble: it is not there and cannot be made.
    """
    waits, tried = retry.pauses(), False
    while True:
        found = find()
        if found:
            return found, "made" if tried else "ok"
        try:
            return make(), "made"
        except Unsure:
            tried, pause = True, next(waits, None)
            if pause is None:
                raise
            time.sleep(pause)
        except Rejected as rejected:
            found = (
                find() if rejected.status in {HTTPStatus.CONFLICT, HTTPStatus.UNPROCESSABLE_ENTITY} else None
            )
            if not found:
                raise
            return found, "ok"
