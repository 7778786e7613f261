"""Layers into one tree per environment.

base (`defaults`, `workloadDefaults`, `components`, `workloads`) <- profile <- environment. Maps merge,
lists replace, null removes; below a component's `values:` null is kept, for Helm. Untouched subtrees
are shared between the results, never copied: nobody may change a tree.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from generator.problem import Finding, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Mapping

    from generator.problem import Path

Tree = dict[str, Any]

_NOTHING: Tree = {}  # one object, so that merges over it are found again by identity

_MEMBERS = ("workloadDefaults", "components", "workloads")
ONLY_ENVIRONMENT = ("profile", "versions")
"""Keys of an environment's own file, which no lower layer has."""


class Merged(NamedTuple):
    """One environment after the merge, as complete as its layers make it.

    `findings` are nulls that remove nothing, with paths in the merged tree.
    """

    settings: Tree
    versions: Tree
    components: dict[str, Tree]
    workloads: dict[str, Tree]
    findings: list[Finding]


class Merger:
    """Merges environments over one platform document, remembering what they have in common.

    `memo` maps the identities of two trees to their merge; both stay alive as long as the documents do.
    """

    def __init__(self, platform: Tree) -> None:
        """Merge over the document of platform.yaml."""
        self.platform = platform
        self.memo: dict[tuple[int, int], tuple[Tree, Tree, Tree]] = {}

    def environment(self, tree: Tree) -> Merged:
        """Merge one environment's document over its profile and the base."""
        profile = (self.platform.get("profiles") or {}).get(tree.get("profile")) or {}
        misses: list[Finding] = []
        settings: Tree = {}
        for layer in (self.platform.get("defaults") or {}, profile, tree):
            settings = merge(settings, _settings(layer), (), misses)
        layers = [self.platform, profile, tree]
        defaults = _NOTHING
        for layer in layers:
            own = layer.get("workloadDefaults", {})
            defaults = _NOTHING if own is None else self._merge(defaults, own, ("workloadDefaults",), misses)
        return Merged(
            settings=settings,
            versions=tree.get("versions") or {},
            components=self._members(layers, "components", _NOTHING, misses),
            workloads=self._members(layers, "workloads", defaults, misses),
            findings=misses,
        )

    def _members(
        self, layers: list[Tree], section: str, defaults: Tree, misses: list[Finding]
    ) -> dict[str, Tree]:
        """Merge each named entry of a section, starting from `defaults`."""
        result: dict[str, Tree] = {}
        for layer in layers:
            entries = layer.get(section, {})
            if entries is None:  # null removes all that the lower layers have
                result.clear()
                continue
            for name, entry in entries.items():
                if entry is None:
                    if result.pop(name, None) is None:
                        misses.append(_miss((section, name), result))
                else:
                    below = result.get(name, defaults)
                    result[name] = self._merge(below, entry, (section, name), misses)
        return result

    def _merge(self, lower: Tree, upper: Tree, path: Path, misses: list[Finding]) -> Tree:
        if not upper:
            return lower
        key = (id(lower), id(upper))
        known = self.memo.get(key)
        if known is None:
            # The trees stand in the memo too: an identity is only unique while its object lives.
            known = self.memo[key] = (merge(lower, upper, path, misses), lower, upper)
        return known[0]


def merge(
    lower: Mapping[str, Any], upper: Mapping[str, Any], path: Path = (), misses: list[Finding] | None = None
) -> Tree:
    """Return `lower` with `upper` on top; the `values` of a component keep their nulls.

    A null that removes nothing is appended to `misses`, for it is most likely a typing mistake.
    """
    result = dict(lower)
    for key, value in upper.items():
        if value is None:
            if result.pop(key, None) is None and misses is not None:
                misses.append(_miss((*path, key), result))
        elif isinstance(value, dict):
            below = result.get(key)
            if key == "values" and len(path) == 2 and path[0] == "components":  # noqa: PLR2004  (component, name)
                result[key] = merge_values(below if isinstance(below, dict) else {}, value)
            else:
                result[key] = merge(below if isinstance(below, dict) else {}, value, (*path, key), misses)
        else:
            result[key] = value
    return result


def merge_values(lower: Mapping[str, Any], upper: Mapping[str, Any]) -> Tree:
    """Return Helm values with `upper` on top: as `merge`, but null stays, for Helm to act on."""
    result = dict(lower)
    for key, value in upper.items():
        below = result.get(key)
        if isinstance(value, dict) and isinstance(below, dict):
            result[key] = merge_values(below, value)
        else:
            result[key] = value
    return result


def _settings(layer: Tree) -> Tree:
    return {k: v for k, v in layer.items() if k not in _MEMBERS and k not in ONLY_ENVIRONMENT}


def _miss(path: Path, known: Tree) -> Finding:
    return Finding(
        path=path,
        message="null removes nothing here: no layer below sets it",
        fix=did_you_mean(str(path[-1]), known) or "delete the line",
    )
