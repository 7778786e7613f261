"""JSON for Terraform's `*.tfvars.json`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


def json_text(data: Mapping[str, object]) -> str:
    """Write `data` (dict, list, str, int, float, bool, None; keys in their order) with 2-space indents.

    Raises ValueError for nan, infinities and lone surrogates (RFC 8259, sections 6 and 8.1, has no
    way to write them), TypeError for other types.
    """
    text = json.dumps(data, indent=2, ensure_ascii=False, allow_nan=False) + "\n"
    try:
        text.encode()
    except UnicodeEncodeError as error:
        line = text.split("\n")[text.count("\n", 0, error.start)].strip()
        raise ValueError(f"cannot write {line!a} as JSON: it holds half of a surrogate pair") from None
    return text
