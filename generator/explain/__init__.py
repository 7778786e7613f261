"""Why something is as it is, asked of the core from outside: it carries no provenance.

keys     which layers of the spec say something of a key
leaves   the values of the spec that a person can change
others   other valid values for one of them
rerun    one file rendered again with some of them changed
lines    which lines of a file are other ones then
causes   which values made a line
presence which entries a line stands for that no value made
modules  which module made a line that no value made
"""

from generator.explain.keys import NOTHING, Explanation, Layer, explain, merged_tree, read_path

__all__ = ["NOTHING", "Explanation", "Layer", "explain", "merged_tree", "read_path"]
