"""One line of JSON for every request: a reason code, never what somebody sent."""

from __future__ import annotations

import json
import re
import sys
import traceback
from pathlib import PurePath
from typing import Any

REQUEST = re.compile(r"[A-Za-z0-9=_-]{1,64}")


def write(**fields: str | int) -> None:
    """Write a line. The values are codes of ours; only `request_id` makes one from an event."""
    sys.stdout.write(json.dumps(fields) + "\n")
    sys.stdout.flush()


def origin(error: BaseException) -> dict[str, str]:
    """Return an exception's kind and the line that raised it: nothing that was said or held there."""
    *_, (frame, line) = traceback.walk_tb(error.__traceback__)
    file = "/".join(PurePath(frame.f_code.co_filename).parts[-2:])
    return {"error": type(error).__name__, "at": f"{file}:{line}"}


def request_id(event: Any) -> str:
    """Return the id that the gateway gave a request, or `-` when there is none that looks like one."""
    context = event.get("requestContext") if isinstance(event, dict) else None
    found = context.get("requestId") if isinstance(context, dict) else None
    return found if isinstance(found, str) and REQUEST.fullmatch(found) else "-"
