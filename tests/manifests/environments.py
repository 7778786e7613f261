"""Reads an environment out of rendered/ and renders it as Argo CD will."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import yaml

from tests.manifests.cluster import CLUSTER_KINDS
from tests.manifests.model import HELM_HOOK, WAVE, Application, Environment, Manifest, Source

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from tests.manifests.helm import Helm

    Object = dict[str, Any]

# What a source and its parts may say for this module to render what Argo CD will.
SOURCE = {"repoURL", "targetRevision", "chart", "path", "ref", "helm", "directory"}
HELM = {"releaseName", "valueFiles"}
DIRECTORY = {"recurse", "exclude"}


class NotUnderstoodError(Exception):
    """An Application asks Argo CD for something that this module does not do; the text is what."""


def names(root: Path) -> list[str]:
    """The environments of a repository."""
    return sorted(file.stem for file in (root / "environments").glob("*.yaml") if file.stem != "platform")


def load(root: Path, name: str, helm: Helm, archives: Path) -> Environment:
    """Render an environment of the repository at `root`, with the charts of the components in `archives`.

    Raises:
        ChartMissingError: a component's chart is not in `archives`.
        HelmRefusedError: a release does not render.
        NotUnderstoodError: an Application says what this module does not know.
    """
    folder = root / "rendered" / name
    tfvars: Object = json.loads((folder / "terraform" / "platform.tfvars.json").read_text(encoding="utf-8"))
    version = tfvars["cluster"]["kubernetes_version"]
    [root_object] = documents(folder / "argocd" / "root.yaml")
    children = sorted((folder / "argocd" / "apps").glob("*.yaml"))
    contents = [root_object, *(content for file in children for content in documents(file))]
    applications = tuple(read(root, content, archives) for content in contents)
    rendered = [(a, list(_rendered(a, helm, version))) for a in applications]
    rendered[0][1].append(root_object)  # made by hand, once, and then its own business
    cluster_kinds = CLUSTER_KINDS | set(_cluster_kinds(o for _, found in rendered for o in found))
    manifests = tuple(
        Manifest(a.name, a.project, a.wave, _namespace(content, a, cluster_kinds), content)
        for a, found in rendered
        for content in found
    )
    return Environment(name, version, tfvars, applications, manifests)


def documents(file: Path) -> list[Object]:
    text = file.read_text(encoding="utf-8")
    return [d for d in yaml.load_all(text, Loader=yaml.CSafeLoader) if d]


def read(root: Path, content: Object, archives: Path) -> Application:
    """Read an Application."""
    spec = content["spec"]
    sources = spec["sources"] if "sources" in spec else [spec["source"]]
    refs = {source["ref"] for source in sources if "ref" in source}
    return Application(
        name=content["metadata"]["name"],
        project=spec["project"],
        wave=int((content["metadata"].get("annotations") or {}).get(WAVE, 0)),
        server=spec["destination"]["server"],
        namespace=spec["destination"]["namespace"],
        options=frozenset(spec["syncPolicy"]["syncOptions"]),
        namespace_labels=(spec["syncPolicy"].get("managedNamespaceMetadata") or {}).get("labels") or {},
        sources=tuple(_source(root, content, source, refs, archives) for source in sources),
    )


def _source(root: Path, content: Object, source: Object, refs: set[str], archives: Path) -> Source:
    helm, directory = source.get("helm") or {}, source.get("directory") or {}
    unknown = (source.keys() - SOURCE) | (helm.keys() - HELM) | (directory.keys() - DIRECTORY)
    if unknown:
        raise NotUnderstoodError(f"Application {content['metadata']['name']}: {', '.join(sorted(unknown))}")
    chart: Path | None = None
    plain_files: tuple[Path, ...] = ()
    if "chart" in source:
        chart = archives / f"{source['chart']}-{source['targetRevision']}.tgz"
    elif (root / source.get("path", "") / "Chart.yaml").is_file():
        chart = root / source["path"]
    elif "path" in source:
        plain_files = _plain_files(root / source["path"], directory)
    value_files = tuple(_value_file(root, chart, file, refs) for file in helm.get("valueFiles", []))
    return Source(
        repository=source["repoURL"],
        chart=chart,
        release_name=helm.get("releaseName", content["metadata"]["name"]),
        value_files=value_files,
        values=tuple(content for file in value_files if file.is_file() for content in documents(file)),
        plain_files=plain_files,
    )


def _plain_files(folder: Path, directory: Object) -> tuple[Path, ...]:
    found = folder.rglob("*.yaml") if directory.get("recurse") else folder.glob("*.yaml")
    files = tuple(sorted(f for f in found if f.relative_to(folder).as_posix() != directory.get("exclude")))
    if not files:
        raise NotUnderstoodError(f"{folder.name}: a folder without a chart or an object")
    return files


def _value_file(root: Path, chart: Path | None, file: str, refs: set[str]) -> Path:
    """Of the repository's root after `/` or the name of a source that refers to it, else of the chart."""
    first, _, rest = file.partition("/")
    if first == "" or first.removeprefix("$") in refs:
        return root / rest
    if chart is None:
        raise NotUnderstoodError(f"{file}: values for no chart")
    return chart / file


def _rendered(application: Application, helm: Helm, version: str) -> Iterator[Object]:
    for source in application.sources:
        if source.chart is not None:
            rendered = helm.template(
                source.release_name,
                source.chart,
                source.value_files,
                namespace=application.namespace,
                kubernetes_version=version,
            )
            yield from (content for content in rendered if not _is_test(content))
        for file in source.plain_files:
            yield from documents(file)


def _is_test(content: Object) -> bool:
    """Whether it is an object of `helm test`, which Argo CD never applies."""
    return "test" in (content["metadata"].get("annotations") or {}).get(HELM_HOOK, "")


def _cluster_kinds(contents: Iterable[Object]) -> Iterator[str]:
    for content in contents:
        if content["kind"] == "CustomResourceDefinition" and content["spec"]["scope"] == "Cluster":
            yield content["spec"]["names"]["kind"]


def _namespace(content: Object, application: Application, cluster_kinds: set[str] | frozenset[str]) -> str:
    if content["kind"] in cluster_kinds:
        return ""
    namespace: str = content["metadata"].get("namespace") or application.namespace
    return namespace
