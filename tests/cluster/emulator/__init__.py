"""A stand-in for a Kubernetes API server: stateful, over real HTTPS on loopback. README.md says what it
does."""

from tests.cluster.emulator.emulator import Emulator, Request, running
from tests.cluster.emulator.faults import Fault

__all__ = ["Emulator", "Fault", "Request", "running"]
