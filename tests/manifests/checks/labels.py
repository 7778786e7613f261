"""Every label and every key of an annotation is one that Kubernetes accepts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tests.manifests.pods import pods

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tests.manifests.model import Environment

# kubernetes.io, "Labels and Selectors": an optional DNS subdomain and a slash, then up to 63 characters.
KEY = re.compile(r"([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?/)?[A-Za-z0-9]([-_.A-Za-z0-9]{0,61}[A-Za-z0-9])?")
VALUE = re.compile(r"([A-Za-z0-9]([-_.A-Za-z0-9]{0,61}[A-Za-z0-9])?)?")


def check(environment: Environment) -> Iterator[str]:
    """Yield the labels and annotations that the API server refuses."""
    for manifest in environment.manifests:
        yield from _labels(str(manifest), manifest.labels)
        for key in manifest.annotations:
            if not KEY.fullmatch(key):
                yield f"{manifest}: {key!r} cannot be the key of an annotation"
    for pod in pods(environment):
        yield from _labels(f"{pod}: its pods", pod.labels)


def _labels(where: str, labels: Mapping[str, str]) -> Iterator[str]:
    for key, value in labels.items():
        if not KEY.fullmatch(key):
            yield f"{where}: {key!r} cannot be the key of a label"
        if not VALUE.fullmatch(value):
            yield f"{where}: label {key}: {value!r} is longer than 63, or not of A-Z a-z 0-9 - _ ."
