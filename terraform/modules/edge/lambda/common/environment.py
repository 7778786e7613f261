"""Settings from environment variables: all that is wrong with them is said at once, at the start."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Parse = Callable[[str], Any]

ORIGIN = re.compile(r"https://[a-z0-9][a-z0-9.-]{0,250}[a-z0-9](:[0-9]{1,5})?")
WORDS = re.compile(r"[\x21-\x7e]{1,2048}")


class SettingsError(Exception):
    """A function cannot start. Names the variables and what was expected, never a value."""


def read(environment: Mapping[str, str], variables: Mapping[str, Parse]) -> dict[str, Any]:
    """Return what each variable says, by its name.

    Raises:
        SettingsError: some are missing or wrong.
    """
    values, problems = {}, []
    for name, parse in variables.items():
        if name not in environment:
            problems.append(f"{name} is not set")
            continue
        try:
            values[name] = parse(environment[name])
        except ValueError as error:
            problems.append(f"{name}: {error}")
    if problems:
        raise SettingsError("; ".join(problems))
    return values


def origin(text: str) -> str:
    """Return an issuer: https, a host, perhaps a port; no slash at the end, for it is compared as text."""
    if not ORIGIN.fullmatch(text):
        raise ValueError("expected https://<host> without a path or a slash at the end")
    return text


def word(text: str) -> str:
    """Return a name: printable ASCII without a space."""
    if not WORDS.fullmatch(text):
        raise ValueError("expected a name of printable ASCII without spaces")
    return text
