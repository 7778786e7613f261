"""`make demo`: serve an environment's routes on loopback until Ctrl-C.

python -m tests.demo [--environment dev] [--port 8080]
"""

from __future__ import annotations

import argparse
import errno
import signal
import sys
import tempfile
from pathlib import Path

from tests.demo import ROOT, demo, environment, guide, packages, server
from tests.demo.environment import DemoError

PORTS = 2**16
CTRL_C = {signal.SIGINT}


def main() -> None:
    """Read, build, start, say what to do, wait, stop."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.demo", description="Serve an environment's routes here."
    )
    parser.add_argument("--environment", default="dev", help="default: dev")
    parser.add_argument("--port", type=int, default=8080, help="default: 8080")
    parser.add_argument("--rendered", type=Path, default=ROOT / "rendered", help="default: rendered/")
    chosen = parser.parse_args()
    if not 0 <= chosen.port < PORTS:
        parser.error(f"--port {chosen.port}: a port is 1 to {PORTS - 1}, or 0 for any that is free")
    try:
        _serve(chosen.rendered, chosen.environment, chosen.port)
    except DemoError as error:
        sys.stderr.write(f"error: {error}\n")
        sys.exit(2)
    except KeyboardInterrupt:  # while packages were built; nothing runs yet
        sys.exit(130)


def _serve(rendered: Path, name: str, port: int) -> None:
    found = environment.read(rendered, name)
    # Ctrl-C waits for us, and neither threads nor children ever get it: each would say something.
    signal.pthread_sigmask(signal.SIG_BLOCK, CTRL_C)
    signal.signal(signal.SIGTERM, _stop)
    try:
        with server.listening(port) as listener:
            archives = _built()
            with (
                tempfile.TemporaryDirectory() as folder,
                demo.running(found, listener, archives, Path(folder), _say) as started,
            ):
                _say(guide.text(started))
                # Looks up at times: what arrives just before the wait would not end it.
                while not signal.sigtimedwait(CTRL_C, 0.5):
                    pass
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise
        raise DemoError(
            f"port {port} is taken: end what listens there, or take another with --port"
        ) from error


def _built() -> dict[str, Path]:
    """The packages; building them takes a minute, and Ctrl-C ends it."""
    signal.pthread_sigmask(signal.SIG_UNBLOCK, CTRL_C)
    try:
        return packages.ready()
    finally:
        signal.pthread_sigmask(signal.SIG_BLOCK, CTRL_C)


def _stop(*_: object) -> None:
    """End as after Ctrl-C, once: everything that was started first."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    sys.exit(0)


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
