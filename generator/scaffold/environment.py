"""A new environment's file, made from another one's: what must differ differs, everything else stays."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from generator.edit import put, remove, set_value
from generator.source import Document, parse

if TYPE_CHECKING:
    from collections.abc import Iterator
    from ipaddress import IPv4Network

    from generator.model import Environment
    from generator.problem import Path

_HEADER = re.compile(r"(?:[ \t]*(?:#[^\r\n]*)?(?:\r\n|\r|\n))*")


class NewEnvironment(NamedTuple):
    """What a new environment is. `makes_identity_providers`: it is the first in its account."""

    name: str
    description: str
    account: str
    domain: str
    cidr: IPv4Network
    makes_identity_providers: bool

    @property
    def file(self) -> str:
        """Its file, from the repository's root."""
        return f"environments/{self.name}.yaml"


def derived_domain(name: str, source: Environment) -> str:
    """`staging.shop.example` -> `qa.shop.example`, `shop.example` -> `qa.shop.example`."""
    rest = source.domain.removeprefix(f"{source.name}.")
    return f"{name}.{rest}"


def environment_text(text: str, source: Environment, new: NewEnvironment) -> str:
    """Return the file of `source`, comments and all, as that of the new environment. Raises Refused."""
    header = _HEADER.match(text.lstrip("\ufeff"))
    end = len(text) - len(text.lstrip("\ufeff")) + (header.end() if header else 0)
    text = text[:end].replace(f"`{source.name}`", f"`{new.name}`") + text[end:]
    file = f"environments/{source.name}.yaml"  # what cannot be edited stands there
    text = put(file, text, ("description",), new.description)
    for path, value in _elsewhere(_tree(file, text), source.account):
        text = set_value(file, text, path, value.replace(source.account, new.account))
    text = put(file, text, ("account",), new.account)
    text = put(file, text, ("domain",), new.domain)
    text = put(file, text, ("network", "cidr"), str(new.cidr))
    tree = _tree(file, text)
    if "registry" in tree:
        text = remove(file, text, ("registry",))
    if not new.makes_identity_providers:
        text = put(file, text, ("identityProviders",), value=False)
    elif "identityProviders" in tree:
        text = remove(file, text, ("identityProviders",))
    return text


def mentions(text: str, source: Environment) -> list[int]:
    """Return the lines, from 1, that still name what the file was made from; a profile may be called so."""
    words = "|".join(map(re.escape, (source.name, source.domain)))
    word = re.compile(rf"(?<![\w.-])(?:{words})(?![\w-])")
    lines = enumerate(text.splitlines(), 1)
    return [number for number, line in lines if word.search(line) and not line.startswith("profile:")]


def _elsewhere(tree: Any, account: str, path: Path = ()) -> Iterator[tuple[Path, str]]:
    """Yield the texts that hold the account's id, as ARNs do; images lie where they lay."""
    if isinstance(tree, str):
        if account in tree and path != ("account",) and f"{account}.dkr.ecr." not in tree:
            yield path, tree
        return
    below = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    for part, value in below:
        yield from _elsewhere(value, account, (*path, part))


def _tree(file: str, text: str) -> dict[str, Any]:
    parsed = parse(file, text)
    if not isinstance(parsed, Document):
        raise TypeError("an edit left a text that does not parse")
    return parsed.tree
