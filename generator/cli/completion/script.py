"""The script for a shell, with this checkout's place in it."""

from __future__ import annotations

import shlex
from pathlib import Path


def script(shell: str, root: Path) -> str:
    """Return the script. It runs code of this checkout alone, wherever somebody presses Tab."""
    template = Path(__file__).with_name(f"script.{shell}").read_text(encoding="utf-8").rstrip("\n")
    return template.replace("@ROOT@", shlex.quote(str(root.resolve())))
