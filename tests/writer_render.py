"""What `render` does with the writer: for its tests, in process and as a child that can be killed.

    python tests/writer_render.py ROOT '{"files": {...}, "folders": [...], ...}'

Exits with 0, or 3 when hand edits are refused and 4 on a WriterError; prints what happened, a line each.
"""

# ruff: noqa: T201  (its output is what the tests read)

from __future__ import annotations

import fcntl  # noqa: F401  (all that a render imports on its way must be here before the hook counts)
import hashlib  # noqa: F401
import json
import os
import resource
import shutil  # noqa: F401
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from generator.banner import yaml_banner
from generator.writer import (
    Scope,
    WriterError,
    apply,
    blob,  # noqa: F401  (as above)
    compare,
    disk,
    git,  # noqa: F401
    hand_edited,
    locked,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

REPOSITORY = Path(__file__).parents[1]
KINDS = {"open", "os.rename", "os.remove", "os.rmdir", "os.mkdir", "os.scandir"}
REFUSED, FAILED = 3, 4


def page(text: str, environment: str = "dev") -> bytes:
    """A generated file."""
    return (yaml_banner(f"environments/{environment}.yaml") + f"text: {text}\n").encode()


def scope(*folders: str, remove: tuple[str, ...] = (), outside: tuple[str, ...] = ()) -> Scope:
    return Scope(folders=frozenset(folders), remove=frozenset(remove), outside=frozenset(outside))


def render(
    root: Path,
    files: Mapping[str, bytes],
    owned: Scope | None = None,
    *,
    force: bool = False,
    waiting: Callable[[], object] | None = None,
    inside: Callable[[], object] = lambda: None,
) -> tuple[str, ...]:
    """Render `files`, by default owning the folders they are in; return the hand edits that stopped it."""
    owned = owned or scope(*tops(files), outside=tuple(disk.OUTSIDE.intersection(files)))
    with locked(root, waiting):
        inside()
        difference = compare(root, files.items(), owned)
        edited = () if force else hand_edited(root, difference)
        if not edited:
            apply(root, difference)
    return edited


def tops(files: Iterable[str]) -> set[str]:
    """The top-level folders of rendered/ that files are in."""
    return {path.partition("/")[0] for path in files if path not in disk.OUTSIDE}


def tree(root: Path) -> dict[str, bytes | str | None]:
    """Everything in rendered/ but the writer's own folder: bytes, a link's target, None for a folder.

    And what is rendered to places outside.
    """
    rendered = root / "rendered"
    return {path: (root / path).read_bytes() for path in disk.OUTSIDE if (root / path).is_file()} | {
        path.relative_to(rendered).as_posix(): path.readlink().as_posix()
        if path.is_symlink()
        else path.read_bytes()
        if path.is_file()
        else None
        for path in sorted(rendered.rglob("*"))
        if path.relative_to(rendered).parts[0] != ".render"
    }


def own(root: Path) -> set[str]:
    """The names in the writer's own folder."""
    return {path.name for path in (root / "rendered/.render").iterdir()}


def child(root: Path, files: Mapping[str, bytes], **options: Any) -> subprocess.Popen[str]:
    """Start a render in a process of its own."""
    order = {"files": {path: data.decode() for path, data in files.items()}, **options}
    return subprocess.Popen(
        # no site-packages: the writer needs the standard library alone, and starts in half the time
        [sys.executable, "-S", __file__, os.fspath(root), json.dumps(order)],
        env={**os.environ, "PYTHONPATH": os.fspath(REPOSITORY)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def _stop_at(number: int) -> None:
    """Die before the number-th event of the file system; with 0 only count, and print the count."""
    seen = 0

    def hook(event: str, _arguments: tuple[object, ...]) -> None:
        nonlocal seen
        if event in KINDS:
            seen += 1
            if seen == number:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(hook)
    if not number:
        import atexit  # noqa: PLC0415  (only here)

        atexit.register(lambda: print(seen))


def _limit_files(size: int, *, fatal: bool) -> None:
    """Let no file grow beyond `size` bytes: the write that would is cut, then fails or kills."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
    signal.signal(signal.SIGXFSZ, signal.SIG_DFL if fatal else signal.SIG_IGN)


def _main(root: Path, order: dict[str, Any]) -> Iterator[str]:
    files = {path: text.encode() for path, text in order["files"].items()}
    folders = order.get("folders") or tops(files)
    if "limit" in order:
        _limit_files(order["limit"], fatal=order.get("fatal", False))
    if order.get("nobody") and os.geteuid() == 0:  # root may write anywhere
        os.chdir(root)
        root = Path()
        os.seteuid(65534)
    if "stop" in order:
        _stop_at(order["stop"])

    def wait_inside() -> None:
        if order.get("hold"):
            print("holding", flush=True)
            sys.stdin.read()

    try:
        edited = render(
            root,
            files,
            scope(*folders, remove=tuple(order.get("remove", ())), outside=tuple(order.get("outside", ()))),
            force=order.get("force", False),
            waiting=lambda: print("waiting", flush=True),
            inside=wait_inside,
        )
    except WriterError as error:
        yield str(error)
        sys.stdout.flush()
        raise SystemExit(FAILED) from error
    if edited:
        yield from edited
        raise SystemExit(REFUSED)


if __name__ == "__main__":
    for line in _main(Path(sys.argv[1]), json.loads(sys.argv[2])):
        print(line)
