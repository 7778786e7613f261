"""What moves when an environment takes over versions, and what speaks against it. Pure: trees in, moves out.

running    what an environment pins, and what runs in it
moves      which versions change, and to what
guards     what goes backwards, and what skips an environment
words      a branch, a commit message, a table
"""

from generator.promote.guards import Guards, refusals, skipped, untold
from generator.promote.moves import Move, Plan, Request, plan
from generator.promote.running import SECTIONS, Running, running
from generator.promote.words import branch, message, short, table

__all__ = [
    "SECTIONS",
    "Guards",
    "Move",
    "Plan",
    "Request",
    "Running",
    "branch",
    "message",
    "plan",
    "refusals",
    "running",
    "short",
    "skipped",
    "table",
    "untold",
]
