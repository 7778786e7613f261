"""`explain`: a key's value in an environment, every layer that sets it, and which one wins."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from generator.cli.command import command
from generator.cli.report import FAILED, OK, Usage, environment_named, print_problems, say
from generator.explain import NOTHING, Explanation, explain, merged_tree, read_path
from generator.layers import Layers
from generator.load import load
from generator.problem import did_you_mean, dotted
from generator.source import environment_names
from generator.source import load as read

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator
    from pathlib import Path

    from generator.cli.command import Commands

EXAMPLES = """\
examples:
  python -m generator explain dev network.nat
  python -m generator explain dev cluster.nodeGroups.general.max
"""
_ALL_KEYS = "environments/platform.yaml explains every key"
_WIDTH = 48  # of a map or list, shown in one line


def register(commands: Commands) -> None:
    """Add the command to the parser."""
    parser = command(commands, "explain", "say where a key's value comes from", __doc__, EXAMPLES)
    parser.add_argument("env", metavar="ENV", help="the environment")
    parser.add_argument("path", metavar="PATH", help="the key, as workloads.orders.replicas")
    parser.set_defaults(run=run)


def run(root: Path, options: argparse.Namespace) -> int:
    """Explain; return the exit code."""
    environment = environment_named(options.env, environment_names(root))
    sources = read(root)
    loaded = load(sources, options.today)
    if loaded.spec is None or sources.platform is None:
        print_problems(loaded.problems)
        return FAILED
    layers = Layers(sources.platform, sources.environments)
    tree = merged_tree(layers, environment)
    path = read_path(options.path, tree)
    explanation = explain(layers, environment, path)
    if not explanation.layers:
        raise Usage(f"no layer of {environment} sets {options.path}; {_nearest(tree, options.path)}")
    for line in _lines(environment, explanation):
        say(line)
    return OK


def _nearest(tree: dict[str, Any], text: str) -> str:
    """Suggest a key where the path leaves the tree."""
    here: Any = tree
    for part in read_path(text, tree):
        if isinstance(here, dict) and part in here:
            here = here[part]
        elif isinstance(here, dict):
            return did_you_mean(str(part), map(str, here)) or _ALL_KEYS
    return _ALL_KEYS


def _lines(environment: str, explanation: Explanation) -> Iterator[str]:
    name = dotted(explanation.path)
    if explanation.value is NOTHING:
        yield f"{name} is not set in {environment}"
    else:
        yield f"{name} is {_shown(explanation.value)} in {environment}"
    rows = [(str(layer.place), layer.effect, _shown(layer.value)) for layer in explanation.layers]
    widths = [max(len(row[column]) for row in rows) for column in (0, 1)]
    for place, effect, value in rows:
        yield f"  {place:<{widths[0]}}  {effect:<{widths[1]}}  {value}"


def _shown(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _WIDTH else f"{text[: _WIDTH - 4]} ..."
