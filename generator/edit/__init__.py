"""Edits of the spec that keep every other byte: comments, order, quotes, line ends. Text in, text out.

    text = set_value("environments/dev.yaml", text, ("versions", "workloads", "orders"), "1.5.0")
    text = add(file, text, ("versions", "workloads", "menu"), "0.1.0")      in its place among sorted keys
    text = add(file, text, ("workloads", "menu"), Written("port: 80 # c"))  YAML as it is to stand there
    text = put(file, text, ("network", "cidr"), "10.40.0.0/16")             set or added
    text = insert(file, text, ("platform", "promotion"), 1, "qa")
    text = remove(file, text, ("versions", "workloads", "menu"))            with its own comment

change     the edits; each finds its bytes, splices, and has the result verified
block      lines put into a map, or taken out of it
flow       the same between braces
lists      an item put into a list
splice     a piece of text in the place of another
entry      where a key, its value and its comment stand in the text
scalars    how a value is written: as the one before it, in quotes where a reader would take it for a number
verify     the new text must read as the old one but for that one path
refused    what could not be edited, where, and what a person can do

What cannot be done without touching more than was asked is refused: `Refused` has a problem with a place.
"""

from generator.edit.change import add, insert, put, remove, set_value
from generator.edit.refused import Refused
from generator.edit.scalars import Value, Written

__all__ = ["Refused", "Value", "Written", "add", "insert", "put", "remove", "set_value"]
