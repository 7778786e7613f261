"""The next free network of a group."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

_PRIVATE = [IPv4Network(n) for n in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10")]


def next_free(
    like: IPv4Network, peers: Collection[IPv4Network], taken: Collection[IPv4Network]
) -> IPv4Network | None:
    """Return a network as large as `like`, in the same private space, that overlaps none that is `taken`.

    It goes on behind the last of the `peers`, with the distance that they keep: after 10.10, 10.20 and 10.30
    comes 10.40. None when the space is full.
    """
    space = next((block for block in _PRIVATE if like.subnet_of(block)), like)
    inside = sorted(peer for peer in peers if peer.subnet_of(space))
    for candidate in _candidates(like, space, inside):
        if not any(candidate.overlaps(other) for other in taken):
            return candidate
    return None


def _candidates(like: IPv4Network, space: IPv4Network, peers: list[IPv4Network]) -> Iterator[IPv4Network]:
    size = like.num_addresses
    if peers:
        starts = [int(peer.network_address) for peer in peers]
        steps = {two - one for one, two in pairwise(starts)}
        step = steps.pop() if len(steps) == 1 else size
        step = step if step >= size and step % size == 0 else size
        first = -(-(starts[-1] + 1) // size) * size if step == size else starts[-1] + step
        for start in range(first, int(space.broadcast_address) - size + 2, step):
            yield IPv4Network((IPv4Address(start), like.prefixlen), strict=False)
    yield from space.subnets(new_prefix=like.prefixlen)
