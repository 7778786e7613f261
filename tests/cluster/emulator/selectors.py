"""Label and field selectors of lists and watches."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from tests.cluster.emulator.errors import bad_request

if TYPE_CHECKING:
    from collections.abc import Callable

Json = dict[str, Any]
TERM = re.compile(
    r"\s*(?:(?P<not>!)\s*(?P<absent>[\w./-]+)"
    r"|(?P<set>[\w./-]+)\s+(?P<how>in|notin)\s*\((?P<among>[^)]*)\)"
    r"|(?P<key>[\w./-]+)\s*(?P<op>==|=|!=|>|<)\s*(?P<value>[\w./-]*)"
    r"|(?P<present>[\w./-]+))\s*(?:,|$)"
)

# What can be asked of every resource, and what some can be asked besides (their registries' strategy.go).
EVERYWHERE = ("metadata.name", "metadata.namespace")
FIELDS: dict[str, tuple[str, ...]] = {
    "pods": (
        "spec.nodeName",
        "spec.restartPolicy",
        "spec.schedulerName",
        "spec.serviceAccountName",
        "spec.hostNetwork",
        "status.phase",
        "status.podIP",
        "status.nominatedNodeName",
    ),
    "namespaces": ("status.phase",),
    "nodes": ("spec.unschedulable",),
    "secrets": ("type",),
    "jobs": ("status.successful",),
    "services": ("spec.clusterIP", "spec.type"),
    "events": (
        "involvedObject.kind",
        "involvedObject.namespace",
        "involvedObject.name",
        "involvedObject.uid",
        "involvedObject.apiVersion",
        "involvedObject.resourceVersion",
        "involvedObject.fieldPath",
        "reason",
        "reportingComponent",
        "source",
        "type",
    ),
}


def labels(text: str) -> Callable[[Json], bool]:
    """Whether a map of labels matches.

    Raises:
        StatusError: 400, the selector cannot be read.
    """
    terms = []
    position = 0
    while position < len(text):
        match = TERM.match(text, position)
        if match is None or match.end() == position:
            raise bad_request(f"unable to parse requirement: found '{text[position:]}', expected: identifier")
        terms.append(_term(match))
        position = match.end()
    return lambda found: all(term(found) for term in terms)


def _term(match: re.Match[str]) -> Callable[[Json], bool]:  # noqa: PLR0911 - one an operator
    if match["absent"]:
        return lambda found: match["absent"] not in found
    if match["present"]:
        return lambda found: match["present"] in found
    if match["set"]:
        among = {word.strip() for word in match["among"].split(",")}
        if match["how"] == "in":
            return lambda found: found.get(match["set"]) in among
        return lambda found: found.get(match["set"]) not in among
    key, op, value = match["key"], match["op"], match["value"]
    if op == "!=":
        return lambda found: found.get(key) != value
    if op in "<>":
        return lambda found: _compares(found.get(key), op, value)
    return lambda found: found.get(key) == value


def _compares(found: str | None, op: str, value: str) -> bool:
    try:
        return found is not None and (int(found) > int(value) if op == ">" else int(found) < int(value))
    except ValueError:
        return False


def fields(text: str, plural: str, version: str) -> Callable[[Json], bool]:
    """Whether an object matches.

    Raises:
        StatusError: 400, the selector cannot be read or the resource cannot be asked for this.
    """
    terms = []
    for part in filter(None, text.split(",")):
        match = re.fullmatch(r"\s*([^=!\s]+)\s*(==|=|!=)\s*(.*?)\s*", part)
        if match is None:
            raise bad_request(f"invalid selector: '{text}'; can't understand '{part}'")
        name, op, value = match.groups()
        if name not in EVERYWHERE and name not in FIELDS.get(plural, ()):
            raise bad_request(
                f'Unable to find "{version}, Resource={plural}" that match label selector "", '
                f'field selector "{text}": field label not supported: {name}'
            )
        terms.append((name.split("."), op != "!=", value))
    return lambda found: all((_at(found, path) == value) is equal for path, equal, value in terms)


def _at(found: Any, path: list[str]) -> str:
    for step in path:
        found = found.get(step) if isinstance(found, dict) else None
    if isinstance(found, bool):
        return str(found).lower()
    return "" if found is None else str(found)
