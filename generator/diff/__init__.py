"""What a change does, per environment: which versions move, which rendered files differ, which runs start.

change   the parts of a change
moves    which versions differ between two files of an environment
grouped  files by the environment that they reach
lines    what differs between two texts, as lines that nothing in them can break out of
page     as much of it as fits in a comment
"""

from generator.diff.change import Area, Changes, EnvironmentChange, File, Move, Run
from generator.diff.grouped import Grouped, grouped
from generator.diff.lines import clean, code, fence, line, unified
from generator.diff.moves import moves
from generator.diff.page import Section, sections

__all__ = [
    "Area",
    "Changes",
    "EnvironmentChange",
    "File",
    "Grouped",
    "Move",
    "Run",
    "Section",
    "clean",
    "code",
    "fence",
    "grouped",
    "line",
    "moves",
    "sections",
    "unified",
]
