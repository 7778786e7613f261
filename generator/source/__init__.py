"""Text to trees: reads `environments/*.yaml`, and says where in a file each value stands.

folder     which files there are; all problems of all files in one list
document   one file: its tree, and the place of any path in it
doubt      is this text, or this tree, worth a closer look? (the fast half of checking)
diagnose   what is wrong with it, in words and with places (the slow half, over `locate`)
syntax     the parser's complaints, said in a way that helps
locate     text -> nodes with offsets, from PyYAML's events
scalar     how a plain scalar is read
lines      offset -> line and column
"""

from generator.source.document import Document, parse
from generator.source.folder import Sources, environment_names, load

__all__ = ["Document", "Sources", "environment_names", "load", "parse"]
