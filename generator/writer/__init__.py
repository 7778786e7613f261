"""The only part that touches `rendered/`: compare first, then replace what differs, whole or not at all.

    with locked(root):                                  lock     two renders at once take turns
        difference = compare(root, files, scope)        plan     added, changed, stale; never writes
        edited = hand_edited(root, difference)          edits    asks state (last render) and git
        apply(root, difference)                         apply    stage, record in state, swap in, prune
    changed_since(root, base)                       git      what a branch changes
    with exchanged(root, changes): ...              exchange files of the spec, all or none
    commit(root, branch, message, files)            commit   a branch with one commit, beside the work tree

`apply` belongs to every render, also when nothing differs: it clears what a killed one left.
All paths are relative to `rendered/`, with slashes: `dev/values/orders.yaml`. The few files that others look
for elsewhere (`disk.OUTSIDE`) bear their paths from the repository's root; `from_root` says where any stands.
"""

from generator.writer.apply import apply
from generator.writer.disk import from_root
from generator.writer.edits import hand_edited
from generator.writer.errors import WriterError
from generator.writer.git import changed_since
from generator.writer.lock import locked
from generator.writer.plan import Difference, Scope, compare, joined, orphans

__all__ = [
    "Difference",
    "Scope",
    "WriterError",
    "apply",
    "changed_since",
    "compare",
    "from_root",
    "hand_edited",
    "joined",
    "locked",
    "orphans",
]
