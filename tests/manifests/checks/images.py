"""Every image is pinned: by its digest, or by a tag that names one build."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tests.manifests.pods import pods

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.manifests.model import Environment

# `latest` and its likes, and a version without its last part: 1, v1.4.
MOVES = re.compile(r"(latest|main|master|stable|edge|nightly|dev|v?\d+(\.\d+)?)(-.*)?")


def check(environment: Environment) -> Iterator[str]:
    """Yield the images that may be another tomorrow."""
    for pod in pods(environment):
        for container in pod.containers:
            image = container["image"]
            if "@sha256:" in image:
                continue
            _, colon, tag = image.rpartition("/")[2].partition(":")
            if not colon or MOVES.fullmatch(tag):
                yield f"{pod}: container {container['name']}: {image} moves: pin a full version or a digest"
