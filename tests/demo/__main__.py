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
STOPS = {signal.SIGINT, signal.SIGTERM}


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
    try:
        with server.listening(port) as listener:
            archives = packages.ready()
            # Ctrl-C waits for us from here on, and the children never get it: each would say something.
            signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
            signal.signal(signal.SIGTERM, _stop)
            with (
                tempfile.TemporaryDirectory() as folder,
                demo.running(found, listener, archives, Path(folder), _say) as started,
            ):
                _say(guide.text(started))
                signal.pthread_sigmask(signal.SIG_BLOCK, STOPS)
                signal.sigwait(STOPS)
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise
        raise DemoError(
            f"port {port} is taken: end what listens there, or take another with --port"
        ) from error


def _stop(*_: object) -> None:
    """End as after Ctrl-C, everything that was started first."""
    sys.exit(0)


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
