"""The cheap half of checking: may something be wrong with this text, or with the tree read from it?

A wrong yes costs a look by `diagnose`, tens of milliseconds; a wrong no would let a misreading
through. So these err on the side of yes.
"""

from __future__ import annotations

import re
from typing import Any

from generator.source.scalar import EXACT

# A tag or an anchor stands where a token can begin. The indicator comes first in the expression,
# the look behind it second, so that the search skips from one indicator to the next.
_BEFORE = r"\s\[{,:?\ufeff"
TAG = re.compile(rf"!(?<![^{_BEFORE}]!)")
ANCHOR = re.compile(rf"&(?<![^{_BEFORE}]&)[\w-]")

# ryaml reads numbers too large for it as text: 1e400, 310 digits, 33 hexadecimal digits.
_LARGE = re.compile(r"[-+]?(\d{200}|[\d.]+[eE]\+?\d{3}|0[xob]\w{32})").match

# ryaml's time is quadratic in the depth of flow collections before it refuses them: so many
# brackets take it a second at most, five times as many half a minute.
_MANY_BRACKETS = 20_000


def in_text(text: str) -> bool:
    """Doubt a text before ryaml reads it.

    ryaml turns tags into maps, lets aliases multiply until memory is full (its own limit counts
    aliases, not what they stand for), and takes long over very deep nesting.
    """
    return (
        ("!" in text and TAG.search(text) is not None)
        or ("&" in text and "*" in text and ANCHOR.search(text) is not None)
        or text.count("[") + text.count("{") > _MANY_BRACKETS
    )


def in_tree(tree: Any) -> bool:
    """Doubt what ryaml made of a text: a key that is no text, an inexact number, no map at all.

    Half the time of all checking goes by here, so the loop is plain: all keys go into one set, and
    no value costs a call.
    """
    if type(tree) is not dict:
        return True
    keys: set[Any] = set(tree)
    pending: list[Any] = [tree.values()]
    for values in pending:  # grows while it is walked
        for value in values:
            kind = type(value)
            if kind is str:
                if value < ":" and _LARGE(value):  # ":" comes after signs, points and digits, before letters
                    return True
            elif kind is dict:
                keys.update(value)
                pending.append(value.values())
            elif kind is list:
                pending.append(value)
            elif (kind is int or kind is float) and not -EXACT <= value <= EXACT:  # nan is not in it either
                return True
    return "<<" in keys or any(type(key) is not str for key in keys)
