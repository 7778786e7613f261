"""Which tests run in one process, where an apply of minutes is shared."""

from __future__ import annotations

from xdist.scheduler import LoadFileScheduling

# The files of tests/apply/ that take the fixture `platform`, by what they do to it. What only looks shares
# one; what takes it through its life has its own, for an apply is mostly waiting, and both would end last.
PLATFORMS = {
    "test_access.py": "looked at",
    "test_contract.py": "looked at",
    "test_life.py": "changed",
    "test_requests.py": "looked at",
}


class ByPlatform(LoadFileScheduling):
    """Tests of tests/apply/ by file, or by the platform that files share; every other test by itself.

    Not by xdist's groups, which pytest 9.2 does not see: they are told by an attribute that it no longer has.
    """

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        folder, _, name = file.rpartition("/")
        return PLATFORMS.get(name, file) if folder == "tests/apply" else nodeid
