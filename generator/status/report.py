"""The status of an environment: the spec's releases and the live objects put together. Pure."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

from generator.status import application, pods, row
from generator.status.desired import ROOT, Release, releases
from generator.status.owners import Owners
from generator.status.row import FINE, WORST_FIRST, Pods, Row

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from generator.model import Environment

    Document = Mapping[str, Any]

ROOT_NAME = "root"


class Distance(NamedTuple):
    """How far a revision is from the branch, in commits.

    It lacks `behind`, `of_ours` of which change this environment, and only it has `ahead`.
    """

    behind: int
    of_ours: int
    ahead: int


class Git(NamedTuple):
    """What the checkout knows.

    `reference` is as origin/main, `head` its commit; `missing` says why there is none, else it is "". A
    distance is None where the checkout does not have the revision. `unmerged` are files of the environment's
    spec that are not as the branch has them. `applied` are versions of jobs as the values had them at the
    revision that Argo CD has synced.
    """

    reference: str
    head: str = ""
    fetched: datetime | None = None
    distances: Mapping[str, Distance | None] = {}
    unmerged: tuple[str, ...] = ()
    missing: str = ""
    applied: Mapping[str, str] = {}


class Live(NamedTuple):
    """What the cluster has. `pods` is None where it may not be asked, and `notes` say so."""

    applications: Sequence[Document]
    pods: Sequence[Document] | None
    notes: tuple[str, ...] = ()
    deployments: Sequence[Document] = ()


class Report(NamedTuple):
    """The status of one environment. The rows are worst first, then in the spec's order.

    It is not `complete` when pods may not be listed.
    """

    environment: str
    context: str
    server: str
    now: datetime
    rows: tuple[Row, ...]
    git: Git
    revision: str
    branch: str
    complete: bool
    notes: tuple[str, ...]

    @property
    def fine(self) -> bool:
        """Whether everything is as the spec has it."""
        return all(r.state == FINE for r in self.rows)


def revisions(environment: Environment, live: Live) -> list[str]:
    """Return the commits of this repository that Argo CD speaks of, the root Application's first."""
    repository = environment.platform.repository.url
    found = [application.read(document, repository) for document in live.applications]
    found.sort(key=lambda a: a.name != ROOT_NAME)
    return list(dict.fromkeys(a.revision for a in found if a.revision))


def report(environment: Environment, context: tuple[str, str], live: Live, git: Git, now: datetime) -> Report:
    """Put a report together; `context` is the context's name and server."""
    repository = environment.platform.repository
    applications = {a.name: a for a in (application.read(d, repository.url) for d in live.applications)}
    wanted = [Release(ROOT_NAME, ROOT, "", "argocd"), *releases(environment)]
    its_pods, images = _pods(wanted, applications, live.pods or (), now)
    blocked = {why: text for d in live.deployments for why, text in _blocked(d)}
    none = Pods(0, known=live.pods is not None)
    rows = []
    for release in wanted:
        found, its = applications.get(release.name), its_pods.get(release.name, none)
        if found is None:
            rows.append(row.missing(release, its))
        else:
            seen = row.Seen(its, images.get(release.name, ()), blocked, git.applied.get(release.name, ""))
            rows.append(row.row(release, found, seen, now, automated=environment.sync.automated))
    names = {release.name for release in wanted}
    rows += [
        row.unknown(applications[name], its_pods.get(name, none))
        for name in sorted(applications)
        if name not in names
    ]
    rows.sort(key=lambda r: WORST_FIRST.index(r.state))
    return Report(
        environment=environment.name,
        context=context[0],
        server=context[1],
        now=now,
        rows=tuple(rows),
        git=git,
        revision=_revision(applications),
        branch=repository.branch,
        complete=live.pods is not None,
        notes=live.notes,
    )


def _blocked(deployment: Document) -> Iterator[tuple[tuple[str, str], str]]:
    """Yield why a Deployment cannot make its pods, as for a quota, by its namespace and name."""
    metadata = deployment.get("metadata") or {}
    for condition in (deployment.get("status") or {}).get("conditions") or ():
        if condition.get("type") == "ReplicaFailure" and condition.get("status") == "True":
            key = str(metadata.get("namespace") or ""), str(metadata.get("name") or "")
            yield key, str(condition.get("message") or condition.get("reason") or "")


def _revision(applications: Mapping[str, application.Application]) -> str:
    """Return the commit that the root Application has synced; without one, what most others have."""
    root = applications.get(ROOT_NAME)
    if root:
        return root.revision
    found = Counter(a.revision for a in applications.values() if a.revision)
    return found.most_common(1)[0][0] if found else ""


def _pods(
    wanted: Iterable[Release],
    applications: Mapping[str, application.Application],
    documents: Iterable[Document],
    now: datetime,
) -> tuple[dict[str, Pods], dict[str, list[str]]]:
    """Return the pods of each release, and the images that they run."""
    owners = Owners(wanted, applications.values())
    total: dict[str, int] = {}
    unready: dict[str, list[pods.Unready]] = {}
    images: dict[str, list[str]] = {}
    for pod in documents:
        name = "" if pods.is_over(pod) else owners.of(pod)
        if not name:
            continue
        total[name] = total.get(name, 0) + 1
        if not pods.is_ready(pod):
            unready.setdefault(name, []).append(pods.why(pod, now))
        if not (pod.get("metadata") or {}).get("deletionTimestamp"):
            images.setdefault(name, []).extend(pods.images(pod))
    found = {name: Pods(number, _worst_first(unready.get(name, ()))) for name, number in total.items()}
    return found, images


def _worst_first(unready: Iterable[pods.Unready]) -> tuple[pods.Unready, ...]:
    return tuple(sorted(unready, key=lambda pod: (pod.level != pods.HARD, str(pod))))
