"""`explain`: why a key has its value in an environment, or which values of the spec made a rendered line."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from generator.cli.command import add_output, command
from generator.cli.report import FAILED, OK, Usage, counted, environment_named, report_problems, say
from generator.explain import NOTHING, Explanation, explain, merged_tree, read_path
from generator.layers import Layers
from generator.load import load
from generator.problem import did_you_mean, dotted
from generator.source import environment_names
from generator.source import load as read

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator
    from pathlib import Path as Folder

    from generator.cli.command import Commands
    from generator.problem import Path

EXAMPLES = """\
a key: its value in an environment, every layer that sets it, and which one wins
a line: the values of the spec that change it when one of them is changed, and no others; for a line that
  none changes, the keys that it would go with, and the module of generator/ that writes it. What a value is
  changed to is valid for its key alone: a rule may ask that another one changes with it
--all: a JSON document {"file", "lines": [{"line", "text", "causes", "stands_for", "decided_by"}]}; a cause
  has "path", "file", "line", "column" (where it stands in the spec), "value" and "layer"; "stands_for" are
  the keys that a line without a cause would go with; "decided_by" is the module that writes the line
--output json: also the answer; of a line the same document with that line alone, of a key
  {"environment", "path", "value", "layers"}, where a layer has "file", "line", "column", "path", "effect" and
  "value"; a key that is not set has no "value"

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
    parser.usage = f"{parser.prog} [-h] [--output {{text,json,github}}] (ENV KEY | FILE:LINE | --all FILE)"
    parser.add_argument(
        "what", metavar="ENV", help="the environment; or FILE:LINE, a line of a file of rendered/"
    )
    parser.add_argument("path", metavar="KEY", nargs="?", help="the key, as workloads.orders.replicas")
    parser.add_argument("--all", action="store_true", help="say in JSON what made every line of FILE")
    add_output(parser)
    parser.set_defaults(run=run)


def run(root: Folder, options: argparse.Namespace) -> int:
    """Explain; return the exit code."""
    what: str = options.what
    if not options.path:
        names = environment_names(root)
        if what in names:
            raise Usage(f"say which key of {what}, as: explain {what} network.nat")
        from generator.cli.explain_line import explain_line  # noqa: PLC0415  (a key does not wait for it)

        return explain_line(root, options, what)
    if options.all:
        raise Usage("--all wants one file of rendered/ and no key")
    return explain_key(root, options, what)


def explain_key(root: Folder, options: argparse.Namespace, name: str) -> int:
    """Explain a key of an environment; return the exit code."""
    environment = environment_named(name, environment_names(root))
    sources = read(root)
    loaded = load(sources, options.today)
    if loaded.spec is None or sources.platform is None:
        report_problems(loaded.problems, options.output)
        return FAILED
    layers = Layers(sources.platform, sources.environments)
    tree = merged_tree(layers, environment)
    path = read_path(options.path, tree)
    explanation = explain(layers, environment, path)
    if explanation.value is NOTHING:
        depth, here = _end(tree, path)
        if isinstance(here, list) and isinstance(path[depth], int):
            last = f", the last is [{len(here) - 1}]" if here else ""
            raise Usage(f"{dotted(path[:depth])} has {counted(len(here), 'item')}{last}")
        # A list or a scalar above the key sets it no more than one beside it does.
        if not any(layer.effect == "removes" or layer.path[-1] == path[-1] for layer in explanation.layers):
            raise Usage(f"no layer of {environment} sets {options.path}; {_nearest(path, depth, here)}")
    if options.output == "json":
        say(json.dumps(_document(environment, explanation), indent=2, ensure_ascii=False))
        return OK
    for line in _lines(environment, explanation):
        say(line)
    return OK


def _document(environment: str, explanation: Explanation) -> dict[str, Any]:
    layers = [
        {**layer.place._asdict(), "path": dotted(layer.path), "effect": layer.effect, "value": layer.value}
        for layer in explanation.layers
    ]
    value = {} if explanation.value is NOTHING else {"value": explanation.value}
    return {"environment": environment, "path": dotted(explanation.path), **value, "layers": layers}


def _end(tree: dict[str, Any], path: Path) -> tuple[int, Any]:
    """Return how many parts of a path that leaves the tree are in it, and what stands there."""
    here: Any = tree
    for depth, part in enumerate(path):
        if isinstance(here, dict):
            inside = part in here
        else:
            inside = isinstance(here, list) and isinstance(part, int) and part < len(here)
        if not inside:
            return depth, here
        here = here[part]
    return len(path), here


def _nearest(path: Path, depth: int, here: Any) -> str:
    """Suggest a key where the path leaves the tree."""
    if isinstance(here, dict):
        return did_you_mean(str(path[depth]), map(str, here)) or _ALL_KEYS
    return f"{dotted(path[:depth])} is {_shown(here)}"


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
