"""`explain`: why a key has its value in an environment, or which values of the spec made a rendered line."""

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
a key: its value in an environment, every layer that sets it, and which one wins
a line: the values of the spec that change it when one of them is changed, and no others; for a line that
  none changes, the keys that it would go with, and the module of generator/ that writes it
--all: a JSON document {"file", "lines": [{"line", "text", "causes", "stands_for", "decided_by"}]}; a cause
  has "path", "file", "line", "column" (where it stands in the spec), "value" and "layer"; "stands_for" are
  the keys that a line without a cause would go with; "decided_by" is the module that writes the line

examples:
  python -m generator explain dev network.nat
  python -m generator explain dev cluster.nodeGroups.general.max
  python -m generator explain rendered/dev/terraform/platform.tfvars.json:8
  python -m generator explain --all rendered/dev/README.md
"""
_ALL_KEYS = "environments/platform.yaml explains every key"
_WIDTH = 48  # of a map or list, shown in one line


def register(commands: Commands) -> None:
    """Add the command to the parser."""
    parser = command(
        commands, "explain", "say where a key's value or a rendered line comes from", __doc__, EXAMPLES
    )
    parser.usage = f"{parser.prog} [-h] (ENV KEY | FILE:LINE | --all FILE)"
    parser.add_argument(
        "what", metavar="ENV", help="the environment; or FILE:LINE, a line of a file of rendered/"
    )
    parser.add_argument("path", metavar="KEY", nargs="?", help="the key, as workloads.orders.replicas")
    parser.add_argument("--all", action="store_true", help="say in JSON what made every line of FILE")
    parser.set_defaults(run=run)


def run(root: Path, options: argparse.Namespace) -> int:
    """Explain; return the exit code."""
    what: str = options.what
    if options.path is None:
        names = environment_names(root)
        if what in names:
            raise Usage(f"say which key of {what}, as: explain {what} network.nat")
        from generator.cli.explain_line import explain_line  # noqa: PLC0415  (a key does not wait for it)

        return explain_line(root, options, what)
    if options.all:
        raise Usage("--all wants one file of rendered/ and no key")
    return explain_key(root, options, what)


def explain_key(root: Path, options: argparse.Namespace, name: str) -> int:
    """Explain a key of an environment; return the exit code."""
    environment = environment_named(name, environment_names(root))
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
