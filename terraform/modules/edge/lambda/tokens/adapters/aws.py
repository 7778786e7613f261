"""Clients of AWS services, with limits on how long they may take."""

from __future__ import annotations

import time
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

import botocore.session
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from tokens.ports import UnavailableError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tokens.ports import Dependency

# A code takes 7 calls (two secrets, three counters, the code, the mail) and a question to MongoDB, a token at
# most 6. With two attempts each at 3 s that can be more than 42 s, and Lambda ends the function after 28 s,
# with no line in the log. So no attempt starts later than LONGEST after the request did: the last one ends at
# 15 + 3 s, and MongoDB, should it come then, 4 s later. That is 22 s.
LONGEST = 15  # seconds
CONFIG = Config(connect_timeout=1, read_timeout=2, retries={"mode": "standard", "total_max_attempts": 2})

_ends: ContextVar[float] = ContextVar("_ends", default=float("inf"))


class TooLateError(BotoCoreError):  # type: ignore[misc]  # botocore has no types
    """The request took too long already; not tried, and not tried again."""

    fmt = "no time is left"


def begin() -> None:
    """Let a request begin: from now on its calls have LONGEST."""
    _ends.set(time.monotonic() + LONGEST)


def client(service: str) -> Any:
    """Return a client in the function's own region, with its own role."""
    made = botocore.session.get_session().create_client(service, config=CONFIG)
    made.meta.events.register("before-send", _in_time)
    return made


def _in_time(**_: Any) -> None:
    """Refuse an attempt that starts too late."""
    if time.monotonic() > _ends.get():
        raise TooLateError


@contextmanager
def calls(dependency: Dependency) -> Iterator[None]:
    """Turn what AWS says of a failure into who failed."""
    try:
        yield
    except (BotoCoreError, ClientError) as error:
        raise UnavailableError(dependency) from error
