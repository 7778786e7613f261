"""The live objects of an environment beside what the spec renders."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from generator.drift import converge
from generator.drift.blame import NOBODY, Blame, blame
from generator.drift.converge import Place
from generator.drift.difference import Missing, differences
from generator.drift.finding import Drift, Drifted, Finding
from generator.status.application import SKIP
from generator.status.moments import moment

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from generator.drift.difference import Difference
    from generator.status import Report
    from generator.status.desired import Release
    from generator.status.row import Row

    Document = Mapping[str, Any]
    Key = tuple[str, str]

APPLICATION, PROJECT, SET = "Application", "AppProject", "ApplicationSet"
_DEFAULT = "default"  # Argo CD makes this AppProject itself whenever it starts (server/settings, v1alpha1)
_NAMESPACE = "argocd"
# What a field is about, the first that its path starts with.
_ABOUT: tuple[tuple[tuple[str, ...], str], ...] = (
    (("spec", "syncPolicy", "automated"), "auto-sync"),
    (("spec", "project"), "project"),
    (("spec", "ignoreDifferences"), "ignore-differences"),
    (("metadata", "annotations", SKIP), "suspended"),
)
_VALUES = ("parameters", "values", "valuesObject", "valueFiles", "fileParameters", "ignoreMissingValueFiles")


class Live(NamedTuple):
    """What the cluster has, as lists of objects."""

    applications: Sequence[Document]
    projects: Sequence[Document]
    sets: Sequence[Document]


class Synced(NamedTuple):
    """What Git had at the revision that the root Application has synced, as far as that is known.

    The objects by kind and name, and the releases whose `values` have changed since.
    """

    objects: Mapping[Key, Document] = {}
    values: frozenset[str] = frozenset()


def compare(
    wanted: Iterable[tuple[str, Document]],
    live: Live,
    report: Report,
    synced: Synced,
) -> Drift:
    """Compare everything.

    `wanted` are the rendered objects, each with its file below the environment's folder; `report` is the
    status of the same objects.
    """
    place = Place(report.environment, report.context, _NAMESPACE)
    rows = {row.name: row for row in report.rows}
    found = {
        (kind, _name(document)): document
        for kind, documents in ((APPLICATION, live.applications), (PROJECT, live.projects))
        for document in documents
    }
    drifted: list[Drifted] = []
    pending: list[Drifted] = []
    rendered: set[Key] = set()
    for file, document in wanted:
        key = (str(document["kind"]), _name(document))
        rendered.add(key)
        row = rows.get(key[1]) if key[0] == APPLICATION else None
        one, other = found.get(key), synced.objects.get(key)
        if one is None:
            target = pending if synced.objects and other is None else drifted
            target.append(_missing(place, key, file))
            continue
        changed = differences(document, one)
        if changed and other is not None and not differences(other, one):
            pending.append(_drifted(place, key, row, one, changed))
            changed, row = [], None  # it runs what the old revision wants
        judged = list(_judged(place, key, row, one, changed))
        waits = key[0] == APPLICATION and key[1] in synced.values and not changed
        (pending if waits and _only(judged, "version") else drifted).extend(judged)
    for key, document in found.items():
        if key in rendered or key == (PROJECT, _DEFAULT):
            continue
        (pending if key in synced.objects else drifted).append(_unknown(place, key, document))
    drifted += [_unknown(place, (SET, _name(document)), document) for document in live.sets]
    return Drift(
        report.environment,
        report.context,
        report.server,
        report.now,
        tuple(drifted),
        tuple(pending),
        report.revision,
        report.complete,
        report.notes,
    )


def _only(judged: Iterable[Drifted], code: str) -> bool:
    return all(finding.code == code for drifted in judged for finding in drifted.findings)


def _judged(
    place: Place, key: Key, row: Row | None, document: Document, changed: list[Difference]
) -> Iterator[Drifted]:
    drifted = _drifted(place, key, row, document, changed)
    more = list(_running(row, document))
    back, keep = list(drifted.back), list(drifted.keep)
    if more and key[0] == APPLICATION and not any(f.code == "deleting" for f in more):
        back.append(converge.sync(place, key[1]))
        keep += _keep(place, key, row.release if row else None, more)
    if drifted.findings or more:
        yield drifted._replace(
            findings=(*drifted.findings, *more), back=tuple(back), keep=tuple(dict.fromkeys(keep))
        )


def _drifted(
    place: Place, key: Key, row: Row | None, document: Document, changed: list[Difference]
) -> Drifted:
    kind, name = key
    findings = tuple(_finding(difference, document) for difference in changed)
    back = (converge.undo(place, kind, name, changed),) if changed else ()
    keep = tuple(_keep(place, key, row.release if row else None, findings))
    return Drifted(kind, name, findings, back, keep)


def _keep(place: Place, key: Key, release: Release | None, findings: Iterable[Finding]) -> Iterator[str]:
    found = (converge.where(place.environment, *key, release, finding.code) for finding in findings)
    yield from dict.fromkeys(text for text in found if text)


def _finding(difference: Difference, document: Document) -> Finding:
    wanted = None if isinstance(difference.wanted, Missing) else difference.wanted
    found = None if isinstance(difference.found, Missing) else difference.found
    code = _code(difference)
    text = _TEXTS.get((code, wanted is None, found is None), "")
    if difference.path[-1] == "enabled":
        text = _OFF
    who = NOBODY if found is None else blame(document, difference.path)
    return Finding(code, text, difference.dotted, wanted, found, who)


_OFF = "automatic sync is off"
_TEXTS = {
    ("auto-sync", False, True): _OFF,
    ("auto-sync", True, False): "automatic sync is on, which the spec does not want",
    ("suspended", True, False): "Argo CD leaves it alone",
    ("values", True, False): "overrides the chart's values",
}


def _code(difference: Difference) -> str:
    for start, code in _ABOUT:
        if difference.path[: len(start)] == start:
            return code
    keys = [key for key in difference.path if isinstance(key, str)]
    if keys[-1] == "targetRevision":
        return "revision"
    if keys[-1] in _VALUES or "helm" in keys:
        return "values"
    return "changed"


def _running(row: Row | None, document: Document) -> Iterator[Finding]:
    """Yield what Argo CD's own comparison, and the pods, tell of an Application."""
    if row is None or row.application is None or row.release is None:
        return
    if (document.get("metadata") or {}).get("deletionTimestamp"):
        yield Finding("deleting", "it is being deleted")
        return
    application = row.application
    syncing = application.operation is not None and application.operation.phase == "Running"
    objects = [o for o in application.objects if o.sync in ("OutOfSync", "to be deleted")]
    if application.sync == "OutOfSync" and not syncing and row.name != "root":
        yield Finding("objects", f"its objects are not as Git has them: {_some(objects)}")
    elif application.sync == "Synced" and row.running and row.running != (row.release.version,):
        text = f"runs {' and '.join(row.running)} although it is synced, the spec has {row.release.version}"
        yield Finding("version", text, wanted=row.release.version, found=" ".join(row.running))


def _some(things: Sequence[object]) -> str:
    if not things:
        return "Argo CD does not say which"
    more = f" and {len(things) - 3} more" if len(things) > 3 else ""  # noqa: PLR2004  (enough to start with)
    return ", ".join(map(str, things[:3])) + more


def _missing(place: Place, key: Key, file: str) -> Drifted:
    text = "the spec has it, the cluster does not"
    return Drifted(*key, (Finding("missing", text),), (converge.make(place, file),), ())


def _unknown(place: Place, key: Key, document: Document) -> Drifted:
    kind, name = key
    entries = (document.get("metadata") or {}).get("managedFields") or ()
    first: Document = min(entries, key=lambda e: str(e.get("time") or ""), default={})
    maker = Blame(str(first.get("manager") or ""), moment(first.get("time")))
    text = "the spec does not have it"
    own = f"environments/{place.environment}.yaml"
    keep = (f"components or workloads in {own}",) if kind == APPLICATION else ()
    if kind == SET:
        text = "nothing here uses ApplicationSets: it makes Applications that the spec does not have"
    finding = Finding("unknown", text, blame=maker)
    return Drifted(kind, name, (finding,), (converge.remove(place, kind, name),), keep)


def _name(document: Document) -> str:
    return str((document.get("metadata") or {}).get("name") or "")
