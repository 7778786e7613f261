"""Clients of AWS services, with limits on how long they may take."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import botocore.session
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from tokens.ports import UnavailableError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tokens.ports import Dependency

# A request makes up to five calls, and the gateway waits 30 s at most.
CONFIG = Config(connect_timeout=1, read_timeout=2, retries={"mode": "standard", "total_max_attempts": 2})


def client(service: str) -> Any:
    """Return a client in the function's own region, with its own role."""
    return botocore.session.get_session().create_client(service, config=CONFIG)


@contextmanager
def calls(dependency: Dependency) -> Iterator[None]:
    """Turn what AWS says of a failure into who failed."""
    try:
        yield
    except (BotoCoreError, ClientError) as error:
        raise UnavailableError(dependency) from error
