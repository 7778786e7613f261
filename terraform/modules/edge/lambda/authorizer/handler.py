"""Where Lambda enters: `authorizer.handler.handle`."""

from __future__ import annotations

import os
import time
from typing import Any

from authorizer import decision, settings

SETTINGS = settings.read(os.environ)  # a function with wrong settings does not start


def handle(event: Any, _context: object) -> dict[str, Any]:
    """Answer a request of the gateway."""
    return decision.answer(event, SETTINGS, time.time())
