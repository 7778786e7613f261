"""DynamoDB: conditions that hold while they are written; moto looks, and then writes without a lock."""

from __future__ import annotations

import threading
from typing import Any

from moto.dynamodb.responses import DynamoHandler


def install() -> None:
    """Answer one call at a time."""
    lock, call_action = threading.Lock(), DynamoHandler.call_action

    def one_at_a_time(self: DynamoHandler) -> Any:
        with lock:
            return call_action(self)

    DynamoHandler.call_action = one_at_a_time
