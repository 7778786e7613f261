"""Where a person's token lies: as Terraform itself looks for it, after the variable of the provider `tfe`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

from generator.hcp.settings import HOST
from generator.hcp.trouble import Trouble

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

VARIABLES = ("TFE_TOKEN", "TF_TOKEN_" + HOST.replace(".", "_"))
FILE = ".terraform.d/credentials.tfrc.json"  # what `terraform login` writes
WORKSPACES = "TFE_WORKSPACES_TOKEN"
"""The variable with the token that the workspace is to have."""


class Token(NamedTuple):
    """A token, and where it was found."""

    value: str
    source: str


def found(environment: Mapping[str, str], home: Path) -> list[Token]:
    """Return the person's own token, and after it the one that the workspace is to have, if there is one.

    Raises:
        Trouble: the first is missing, or one cannot be used.
    """
    offered = environment.get(WORKSPACES, "")
    own = _own(environment, home)
    return [own, _checked(offered, WORKSPACES)] if offered.strip() else [own]


def _own(environment: Mapping[str, str], home: Path) -> Token:
    for name in VARIABLES:
        if environment.get(name, "").strip():
            return _checked(environment[name], name)
    value = _stored(home / FILE)
    if value is None:
        message = f"There is no token for {HOST}"
        fix = f"Run `terraform login`, which keeps one in ~/{FILE}, or set {VARIABLES[0]} to one of yours."
        raise Trouble(message, fix)
    return _checked(value, f"~/{FILE}")


def _stored(file: Path) -> str | None:
    try:
        stored = json.loads(file.read_text(encoding="utf-8"))
        value = stored["credentials"][HOST]["token"]
    except (FileNotFoundError, KeyError):
        return None
    except (OSError, ValueError, TypeError) as error:
        reason = getattr(error, "strerror", None) or "not as `terraform login` writes it"
        raise Trouble(f"Cannot read ~/{FILE}: {reason}", "Mend it, or run `terraform login`.") from None
    return str(value)


def _checked(value: str, source: str) -> Token:
    """Refuse what cannot be in a header, which would show in an error: something was pasted with it."""
    value = value.strip()
    if not (value.isascii() and value.isprintable()) or " " in value:
        message = f"What is in {source} is no token: there are spaces or other characters in it"
        raise Trouble(message, "Copy the token again, without anything around it.")
    return Token(value, source)
