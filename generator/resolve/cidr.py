"""IPv4 networks, as the spec writes them."""

from __future__ import annotations

from ipaddress import IPv4Network
from typing import TYPE_CHECKING

from generator.problem import Finding

if TYPE_CHECKING:
    from generator.problem import Path


def cidr(text: str, path: Path, bad: list[Finding]) -> IPv4Network:
    """Return the network; one that is none goes to `bad`, and anything comes back."""
    try:
        return IPv4Network(text)
    except ValueError:
        pass
    try:
        network = IPv4Network(text, strict=False)
    except ValueError:
        bad.append(
            Finding(path=path, message=f'"{text}" is not an IPv4 network', fix="write as 10.30.0.0/16")
        )
        return IPv4Network("0.0.0.0/32")
    message = f"{text} is an address inside a network, not a network"
    bad.append(Finding(path=path, message=message, fix=f"write {network}"))
    return network
