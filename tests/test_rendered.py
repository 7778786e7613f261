"""The shipped rendered/: what Argo CD and Helm will make of it, by their own schemas."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from jsonschema import Draft202012Validator

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[1]
RENDERED = ROOT / "rendered"
ENVIRONMENTS = sorted(f.stem for f in (ROOT / "environments").glob("*.yaml") if f.stem != "platform")
APPLICATIONS = sorted(RENDERED.glob("*/argocd/apps/*.yaml")) + sorted(RENDERED.glob("*/argocd/root.yaml"))

# Components whose chart's values are not among the upstream data, with the reason.
WITHOUT_UPSTREAM_VALUES = {
    "cluster-autoscaler": "upstream/ has no copy of its values.yaml; the chart 9.59.0 was read at its source",
    "opentelemetry-collector": "upstream/ has no copy of its values.yaml",
}

# Maps that a chart copies to a ConfigMap as they are, though its defaults are not empty.
FREE = {"argo-cd.configs.cm", "argo-cd.configs.params", "argo-cd.configs.rbac"}

# Charts that a chart brings along, whose own values are not among the upstream data: not covered.
SUBCHARTS = {"argo-cd.redis-ha": "argo-cd's values.yaml repeats only what it changes of dandydev/redis-ha"}

# Kubernetes' own types (core/v1) that a chart copies to its pods as they are, though its defaults are not
# empty: by the key's name, what may stand there besides the defaults.
_IDENTITY = ("runAsUser", "runAsGroup", "runAsNonRoot", "seccompProfile", "seLinuxOptions")
_CONTAINER = ("allowPrivilegeEscalation", "capabilities", "privileged", "procMount", "readOnlyRootFilesystem")
_POD = ("fsGroup", "fsGroupChangePolicy", "supplementalGroups", "sysctls")
PASSED_ON = {
    "resources": ("requests", "limits", "claims"),
    "podSecurityContext": (*_IDENTITY, *_POD),
    "containerSecurityContext": (*_IDENTITY, *_CONTAINER),
    "securityContext": (*_IDENTITY, *_CONTAINER, *_POD),  # of the pod in one chart, of a container in another
}

STRINGS = {"type": "object", "additionalProperties": {"type": "string"}}
# A custom resource says nothing of its metadata: it is Kubernetes' ObjectMeta, here what we write of it.
METADATA = {
    "type": "object",
    "required": ["name", "namespace"],
    "additionalProperties": False,
    "properties": {
        "name": {"type": "string"},
        "namespace": {"const": "argocd"},
        "labels": STRINGS,
        "annotations": STRINGS,
        "finalizers": {"const": ["resources-finalizer.argocd.argoproj.io"]},
    },
}


def documents(file: Path) -> list[dict[str, Any]]:
    return list(yaml.load_all(file.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader))


def identity(file: Path) -> str:
    return str(file.relative_to(RENDERED))


def structural(crd: Path) -> dict[str, Any]:
    """The schema of a custom resource, closed: the API server drops unknown keys without a word."""
    version = documents(crd)[0]["spec"]["versions"][0]
    schema: dict[str, Any] = close(version["schema"]["openAPIV3Schema"])
    schema["properties"]["metadata"] = METADATA
    return schema


def close(node: Any) -> Any:
    if isinstance(node, list):
        return [close(item) for item in node]
    if not isinstance(node, dict):
        return node
    closed = {key: close(value) for key, value in node.items()}
    open_map = "additionalProperties" in node or node.get("x-kubernetes-preserve-unknown-fields")
    if node.get("type") == "object" and not open_map:
        closed["additionalProperties"] = False
    return closed


def maps(tree: Any) -> Iterator[dict[str, Any]]:
    """Yield every map in a tree, except those whose keys are free."""
    if isinstance(tree, dict):
        yield tree
    for key, value in tree.items() if isinstance(tree, dict) else enumerate(tree):
        if isinstance(value, dict | list) and key not in ("labels", "annotations"):
            yield from maps(value)


argocd_kinds = pytest.mark.parametrize(
    ("kind", "files"),
    [("applications", APPLICATIONS), ("appprojects", sorted(RENDERED.glob("*/argocd/projects.yaml")))],
)


@argocd_kinds
def test_argocd_objects_fit_their_custom_resource(kind: str, files: list[Path], upstream: Path) -> None:
    validator = Draft202012Validator(structural(upstream / "crds" / f"argoproj.io_{kind}.yaml"))
    assert files
    for file in files:
        for document in documents(file):
            found = [f"{identity(file)}: {e.json_path}: {e.message}" for e in validator.iter_errors(document)]
            assert found == []


@argocd_kinds
def test_a_key_that_the_custom_resource_does_not_have_is_noticed_anywhere(
    kind: str, files: list[Path], upstream: Path
) -> None:
    validator = Draft202012Validator(structural(upstream / "crds" / f"argoproj.io_{kind}.yaml"))
    for document in {d["spec"].get("project"): d for file in files for d in documents(file)}.values():
        changed = copy.deepcopy(document)
        for inner in maps(changed):
            inner["misspelt"] = "x"
            assert not validator.is_valid(changed), inner
            del inner["misspelt"]
        assert changed == document


def shape(value: Any) -> str:
    """A map, a list, or a scalar of whatever type: Helm's templates print those alike."""
    return "map" if isinstance(value, dict) else "list" if isinstance(value, list) else "scalar"


def unknown_keys(values: Any, defaults: Any, path: str) -> Iterator[str]:
    """What is set and does not exist in the chart; an empty map, list or null there is open."""
    if values is None or defaults in ({}, [], None) or path in FREE or path in SUBCHARTS:
        return
    if shape(values) != shape(defaults):
        yield f"{path}: {values!r}, where the chart has {defaults!r}"
        return
    if not isinstance(values, dict):
        return
    known = dict.fromkeys(PASSED_ON.get(path.rpartition(".")[2], ())) | defaults
    for key, value in values.items():
        if key not in known:
            yield f"{path}.{key}"
        else:
            yield from unknown_keys(value, known[key], f"{path}.{key}")


@pytest.mark.parametrize(
    ("values", "found"),
    [
        (
            {
                "replicas": 3,
                "map": {"known": "x"},
                "list": [{"any": 1}],
                "open": {"any": 1},
                "unset": {"a": 1},
            },
            [],
        ),
        ({"replicas": None, "map": None}, []),
        ({"replica": 3}, ["c.replica"]),
        ({"map": {"unknown": 1}}, ["c.map.unknown"]),
        ({"replicas": {"min": 1}}, ["c.replicas: {'min': 1}, where the chart has 1"]),
        ({"resources": {"limits": {"memory": "1Gi"}}}, []),
        ({"resources": {"limit": {"memory": "1Gi"}}}, ["c.resources.limit"]),
        ({"map": True}, ["c.map: True, where the chart has {'known': ''}"]),
    ],
)
def test_a_value_that_the_chart_does_not_read_is_found(values: dict[str, Any], found: list[str]) -> None:
    chart = {
        "replicas": 1,
        "map": {"known": ""},
        "list": [{"some": 1}],
        "open": {},
        "unset": None,
        "resources": {"requests": {"cpu": "100m"}},
    }
    assert list(unknown_keys(values, chart, "c")) == found


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_every_value_exists_in_the_chart(environment: str, upstream: Path) -> None:
    components = [
        documents(file)[0]
        for file in (RENDERED / environment / "argocd" / "apps").glob("*.yaml")
        if documents(file)[0]["spec"]["project"] == "components"
    ]
    assert components
    for application in components:
        name = application["metadata"]["name"]
        version = application["spec"]["sources"][0]["targetRevision"]
        file = upstream / "values" / f"{name}-{version}.yaml"
        assert file.exists() != (name in WITHOUT_UPSTREAM_VALUES), (
            f"{file.name}: add it to upstream/, or {name} with a reason to WITHOUT_UPSTREAM_VALUES, not both"
        )
        if name in WITHOUT_UPSTREAM_VALUES:
            continue
        [defaults] = documents(file)
        [values] = documents(RENDERED / environment / "values" / f"{name}.yaml")
        assert list(unknown_keys(values, defaults, name)) == []


def permits(project: dict[str, Any], namespace: str) -> bool:
    """Whether a project's Applications may touch a namespace; `!` refuses (argo-cd docs, projects.md)."""
    patterns = [destination["namespace"] for destination in project["destinations"]]
    return f"!{namespace}" not in patterns and ("*" in patterns or namespace in patterns)


@pytest.mark.parametrize("file", APPLICATIONS, ids=identity)
def test_an_application_names_what_exists_and_stays_inside_its_project(file: Path) -> None:
    [application] = documents(file)
    metadata, spec = application["metadata"], application["spec"]
    environment = identity(file).split("/")[0]
    fences = documents(RENDERED / environment / "argocd" / "projects.yaml")
    projects = {fence["metadata"]["name"]: fence["spec"] for fence in fences}
    project = projects[spec["project"]]
    assert permits(project, spec["destination"]["namespace"])
    sources, read = spec.get("sources") or [spec["source"]], set()
    for source in sources:
        assert source["repoURL"] in project["sourceRepos"]
        if "chart" in source:
            assert source["targetRevision"][0].isdigit(), "a chart's version is pinned"
        else:
            assert source["targetRevision"].startswith("refs/heads/")
        if "path" in source:
            assert (ROOT / source["path"]).is_dir()
            read.add(f"/{source['path']}")
        for value_file in source.get("helm", {}).get("valueFiles", []):
            path = value_file.removeprefix("$values").lstrip("/")
            refs = [s["repoURL"] for s in sources if s.get("ref") == "values"]
            own = projects["root"]["sourceRepos"]
            assert (refs if value_file.startswith("$") else [source["repoURL"]]) == own, "this repository"
            read.add(f"/{path}")
            assert (ROOT / path).is_file()
            assert path == f"rendered/{environment}/values/{metadata['name']}.yaml"
    # A path that is not named here would change without a refresh.
    assert set(metadata["annotations"]["argocd.argoproj.io/manifest-generate-paths"].split(";")) == read
    wave = metadata["annotations"].get("argocd.argoproj.io/sync-wave")
    assert wave is None if metadata["name"] == "root" else isinstance(wave, str)
    assert ("finalizers" in metadata) == (metadata["name"] not in ("root", "argo-cd", "edge"))


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_the_root_application_brings_every_other(environment: str) -> None:
    folder = RENDERED / environment / "argocd"
    [root] = documents(folder / "root.yaml")
    assert ROOT / root["spec"]["source"]["path"] == folder
    directory = root["spec"]["source"]["directory"]
    assert directory == {"recurse": True, "exclude": "root.yaml"}, "all but itself"
    kinds = {d["kind"] for file in folder.rglob("*.yaml") for d in documents(file)}
    assert kinds == {"Application", "AppProject"}


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_the_picture_is_closed_and_names_every_workload(environment: str) -> None:
    page = (RENDERED / environment / "README.md").read_text(encoding="utf-8")
    picture = page.split("```mermaid\n")[1].split("```")[0].splitlines()
    marks = [line.split()[0] for line in picture if line.split()[0] in ("subgraph", "end")]
    assert marks == ["subgraph", "subgraph", "end", "end"]
    for file in (RENDERED / environment / "argocd" / "apps").glob("*.yaml"):
        assert f"| {file.stem} |" in page


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_what_is_no_longer_there_can_still_be_deleted(environment: str) -> None:
    """Argo CD deletes and prunes nothing that the project of today does not permit."""
    fences = documents(RENDERED / environment / "argocd" / "projects.yaml")
    projects = {fence["metadata"]["name"]: fence["spec"] for fence in fences}
    assert all(permits(projects[name], "a-workload-of-yesterday") for name in ("edge", "workloads"))
    assert permits(projects["components"], "a-component-of-yesterday")


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_workloads_stay_out_of_what_is_not_theirs(environment: str) -> None:
    fences = documents(RENDERED / environment / "argocd" / "projects.yaml")
    projects = {fence["metadata"]["name"]: fence["spec"] for fence in fences}
    taken = ["argocd", "default", "external-secrets", "ingress-nginx", "kube-system", "observability"]
    assert [n for n in taken if permits(projects["workloads"], n)] == []
    assert [n for n in taken if permits(projects["edge"], n)] == ["ingress-nginx"]
    assert [n for n in taken if permits(projects["root"], n)] == ["argocd"]
