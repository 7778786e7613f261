"""Which tests run in one process, where an apply of minutes is shared."""

from __future__ import annotations

from xdist.scheduler import LoadFileScheduling

# Files of tests/apply/ that look at the same applied platform, in the order of their names.
ON_ONE_PLATFORM = {"test_access.py", "test_contract.py", "test_life.py", "test_requests.py"}


class ByPlatform(LoadFileScheduling):
    """As `--dist loadfile`, but the files that share a platform count as one.

    Not by xdist's groups, which pytest 9.2 does not see: they are told by an attribute that it no longer has.
    """

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        folder, _, name = file.rpartition("/")
        return "platform" if folder == "tests/apply" and name in ON_ONE_PLATFORM else file
