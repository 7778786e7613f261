"""`explain FILE:LINE` and `explain --all FILE`: the values of the spec that made a line of `rendered/`."""

from __future__ import annotations

import json
import re
from difflib import SequenceMatcher
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from generator.cli.report import FAILED, OK, Usage, complain, counted, report_problems, say
from generator.explain import causes, presence
from generator.explain.modules import Modules
from generator.explain.rerun import NoSuchFile, Rerun
from generator.load import load
from generator.problem import did_you_mean, dotted
from generator.render import OUTSIDE, SHARED
from generator.source import load as read
from generator.writer import from_root

if TYPE_CHECKING:
    import argparse
    from collections.abc import Collection

    from generator.explain.leaves import Leaf
    from generator.problem import Place
    from generator.source import Sources

RENDERED = "rendered"
_PLACE = re.compile(r"(.+?)(?:(?::|#L)(\d+)(?:(?::|C|-(?:L|#L)?)\d+)*)?:?")
_WIDTH = 60  # of a value


class Asked(NamedTuple):
    """A file, by its path below rendered/ or one of `OUTSIDE`, and a line of it, which may be missing."""

    file: str
    line: int | None


def explain_line(root: Path, options: argparse.Namespace, text: str) -> int:
    """Explain one line of a file, or all with `--all`; return the exit code."""
    asked = _asked(root, text)
    if asked.line is None and not options.all:
        raise Usage(f"say which line, as {from_root(asked.file)}:12, or --all for all of them, in JSON")
    if asked.line is not None and options.all:
        raise Usage(f"--all says what made every line of a file; leave out line {asked.line}, or --all")
    sources = read(root)
    loaded = load(sources, options.today)
    if loaded.spec is None or sources.platform is None:
        report_problems(loaded.problems, options.output)
        return FAILED
    try:
        rerun = Rerun(sources.platform, sources.environments, sources.charts, asked.file)
    except NoSuchFile:
        raise Usage(_unrendered(root, asked.file, sources.environments)) from None
    stale = _read(root, asked.file) != rerun.before
    if options.all:
        if stale:
            complain(f"{_stale(asked.file)}; these are the lines that it renders now.")
        _print_json(sources, rerun, causes.of_all_lines(rerun))
        return OK
    line = _current(root, asked, rerun) if stale else asked.line
    if line is None:
        return FAILED
    if not 1 <= line <= rerun.length:
        raise Usage(f"{from_root(asked.file)} has {counted(rerun.length, 'line')}; there is no line {line}")
    if options.output == "json":
        _print_json(sources, rerun, {line: causes.of_line(rerun, line)})
    else:
        _print(sources, rerun, line)
    return OK


def _asked(root: Path, text: str) -> Asked:
    """Read `rendered/dev/README.md:12`, as editors and GitHub paste it.

    That is: with a column, absolute, as `:12-14` or `#L12-L14`, of which the first line is meant.
    """
    match = _PLACE.fullmatch(text)
    name, line = (match[1], match[2]) if match else (text, None)
    parts = [part for part in Path(name).parts if part != "."]
    if Path(name).is_absolute():
        for top in (root, root.resolve()):
            if Path(name).is_relative_to(top):
                parts = list(Path(name).relative_to(top).parts)
    if "/".join(parts) in OUTSIDE:
        return Asked("/".join(parts), int(line) if line else None)
    if parts[:1] != [RENDERED] or len(parts) < 2 or ".." in parts:  # noqa: PLR2004  (a folder and a file)
        raise Usage(
            f"{name} is no file of {RENDERED}/; write {RENDERED}/dev/README.md:12 for a line, "
            "dev network.nat for a key of an environment"
        )
    return Asked("/".join(parts[1:]), int(line) if line else None)


def _unrendered(root: Path, file: str, environments: Collection[str]) -> str:
    """Say of a file that nothing renders what becomes of it, or which one may be meant."""
    name = root / from_root(file)
    if name.is_symlink() or not name.is_file():
        return f"nothing renders {from_root(file)}; {_nearest(root, file)}"
    from generator import writer  # noqa: PLC0415  (only a leftover asks for it)

    folder, slash, _ = file.partition("/")
    says = f"the spec does not render {from_root(file)}"
    ours = bool(slash) and not folder.startswith(".")  # a folder that a render may own
    outside = frozenset({file} & set(OUTSIDE))
    found = writer.compare(root, (), writer.Scope(frozenset({folder} if ours else ()), outside=outside))
    if file not in found.stale:
        return f"{says}, and no render wrote it: `make render` leaves it as it is"
    if folder != SHARED and folder not in environments and not outside:
        return (
            f"{says} any more: there is no environments/{folder}.yaml; "
            f"`make render REMOVE={folder}` removes the folder"
        )
    if writer.hand_edited(root, found._replace(stale=(file,))):
        return (
            f"{says}, and neither a render nor Git has it as it is: delete it, "
            "or `make render FORCE=1` removes it"
        )
    return f"{says} any more; `make render` removes it"


def _nearest(root: Path, file: str) -> str:
    folder = (root / from_root(file)).parent
    known = sorted(f.name for f in folder.iterdir() if f.is_file()) if folder.is_dir() else []
    return did_you_mean(Path(file).name, known) or f"see what there is in {RENDERED}/"


def _read(root: Path, file: str) -> str | None:
    """Read a rendered file; a checkout with CRLF, as on Windows, has the same lines."""
    try:
        return (root / from_root(file)).read_bytes().decode().replace("\r\n", "\n")
    except (OSError, UnicodeDecodeError):
        return None


def _stale(file: str) -> str:
    return f"{from_root(file)} is not what the spec renders now: run `make render`"


def _current(root: Path, asked: Asked, rerun: Rerun) -> int | None:
    """Return the line of the new rendering that a line of an outdated file is now; None if it is gone."""
    old = (_read(root, asked.file) or "").split("\n")
    line = asked.line or 0
    if old == [""]:
        complain(f"{_stale(asked.file)}; what is explained is line {line} of that.")
        return line
    if not 1 <= line < len(old):
        raise Usage(f"{from_root(asked.file)} has {counted(len(old) - 1, 'line')}; there is no line {line}")
    blocks = SequenceMatcher(None, old, rerun.before.split("\n"), autojunk=False).get_matching_blocks()
    now = next((b.b + line - b.a for b in blocks if b.a < line <= b.a + b.size), None)
    if now is None:
        complain(f"{_stale(asked.file)}. Its line {line} is another one then:\n{old[line - 1]}")
    elif now == line:
        complain(f"{_stale(asked.file)}; line {line} stays as it is.")
    else:
        complain(f"{_stale(asked.file)}; line {line} is line {now} then.")
    return now


def _print(sources: Sources, rerun: Rerun, line: int) -> None:
    say(f"{from_root(rerun.path)}:{line}: {rerun.before.split(chr(10))[line - 1].strip()}")
    found = causes.of_line(rerun, line)
    table = [(str(_place(sources, leaf)), dotted(leaf.path), _shown(leaf.value)) for leaf in found]
    widths = [max((len(row[column]) for row in table), default=0) for column in range(3)]
    for (place, path, value), leaf in zip(table, found, strict=True):
        say(f"  {place:<{widths[0]}}  {path:<{widths[1]}}  {value:<{widths[2]}}  {leaf.layer}")
    if not found:
        entries = presence.of_lines(rerun, [line])[line]
        says = "no value of the spec changes it"
        say(f"  {says}; it goes with" if entries else f"  {says}")
        rows = [(str(_place(sources, entry)), dotted(entry.path)) for entry in entries]
        rows.append((Modules(rerun).of(line), "writes it"))
        width = max(len(place) for place, _ in rows)
        for place, path in rows:
            say(f"  {place:<{width}}  {path}")


def _print_json(sources: Sources, rerun: Rerun, found: dict[int, list[Leaf]]) -> None:
    modules = Modules(rerun)
    texts = rerun.before.split("\n")
    standing = presence.of_lines(rerun, [line for line, leaves in found.items() if not leaves])
    document = {
        "file": f"{from_root(rerun.path)}",
        "lines": [
            {
                "line": line,
                "text": texts[line - 1],
                "causes": [_cause(sources, leaf) for leaf in leaves],
                "stands_for": [_entry(sources, entry) for entry in standing.get(line, ())],
                "decided_by": modules.of(line),
            }
            for line, leaves in found.items()
        ],
    }
    say(json.dumps(document, indent=2, ensure_ascii=False))


def _cause(sources: Sources, leaf: Leaf) -> dict[str, Any]:
    return {**_entry(sources, leaf), "value": leaf.value, "layer": leaf.layer}


def _entry(sources: Sources, entry: Leaf) -> dict[str, Any]:
    place = _place(sources, entry)
    return {"path": dotted(entry.path), "file": place.file, "line": place.line, "column": place.column}


def _place(sources: Sources, leaf: Leaf) -> Place:
    documents = [d for d in (sources.platform, *sources.environments.values()) if d and d.file == leaf.file]
    return documents[0].place(leaf.path)


def _shown(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _WIDTH else f"{text[: _WIDTH - 4]} ..."
