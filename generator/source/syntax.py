"""What the YAML parser complains about, in words for somebody who has to mend the file.

libyaml names the grammar rule that failed ("did not find expected key, while parsing a block
mapping"). Here each of its complaints that people meet is paired with what to look for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.source.locate import offset_of
from generator.source.mistake import Mistake, quote

if TYPE_CHECKING:
    import yaml

_QUOTE_IT = "put the value in quotes if it is text"
_BACKSLASH = "use single quotes, or double the backslash"
_TAG = ('an unquoted "!" begins a tag, and tags are not supported', _QUOTE_IT)
_DIRECTIVE = ('a line that begins with "%" is a directive, and this is none for YAML 1.2', "remove the line")
_TAB = ("a tab indents this line", "indent with spaces")

# libyaml's problem, or the context it arose in where that says more: message and fix.
_WORDS = {
    "while scanning a quoted scalar": ("the quote opened here is never closed", "close it, or remove it"),
    "while scanning a simple key": (
        'a line without ":"',
        "write it as `key: value`; indent it further if it continues the text above",
    ),
    "while scanning an alias": ('an unquoted "*" begins an alias', _QUOTE_IT),
    "while scanning an anchor": ('an unquoted "&" begins an anchor', _QUOTE_IT),
    "while scanning a tag": _TAG,
    "while parsing a tag": _TAG,
    "found undefined tag handle": _TAG,
    "while scanning a directive": _DIRECTIVE,
    "while scanning a %YAML directive": _DIRECTIVE,
    "while scanning a %TAG directive": _DIRECTIVE,
    "found duplicate %YAML directive": _DIRECTIVE,
    "found duplicate %TAG directive": _DIRECTIVE,
    "found incompatible YAML document": _DIRECTIVE,
    "did not find expected ',' or ']'": (
        "the list is not closed here, or a comma is missing",
        'close it with "]", or put "," between its items; quote an item that holds brackets or braces',
    ),
    "did not find expected ',' or '}'": (
        "the map is not closed here, or a comma is missing",
        'close it with "}", or put "," between its entries; quote a value that holds brackets or braces',
    ),
    "mapping values are not allowed in this context": (
        'a ":" that belongs to no key',
        'quote the value if it holds ": ", else indent the line like the keys beside it',
    ),
    "did not find expected key": (
        "expected a key of the map that began above",
        "indent the line like that map's other keys",
    ),
    "did not find expected '-' indicator": (
        "expected the next item of the list that began above",
        'begin the line with "- ", or indent it like what it belongs to',
    ),
    "block sequence entries are not allowed in this context": (
        'a list cannot begin here with "- "',
        "begin it on a line of its own, indented; put text that begins with a dash in quotes",
    ),
    "mapping keys are not allowed in this context": ('"?" cannot begin a value', _QUOTE_IT),
    "found unknown escape character": (
        "in double quotes a backslash begins an escape, and this is none",
        _BACKSLASH,
    ),
    "did not find expected hexdecimal number": (
        "in double quotes this escape needs hexadecimal digits",
        _BACKSLASH,
    ),
    "found invalid Unicode character escape code": (
        "this escape names no character",
        'write the character itself, or an emoji as "\\U0001F600", not as two "\\ud83d"',
    ),
    "while scanning a block scalar": (
        'nothing but a comment may follow "|" or ">" on its line',
        "begin the text on the next line, indented, or put it in quotes",
    ),
    "found a tab character where an indentation space is expected": _TAB,
    "found a tab character that violates indentation": _TAB,
    "found unexpected ':'": (
        'a ":" in the middle of a value',
        "put a space after it, or the value in quotes",
    ),
    "did not find expected <document start>": (
        "the line belongs to nothing above it",
        'indent it like the file\'s first key; remove a "..." above it',
    ),
}

# What began there is what to look at: the parser gave up at the file's end or on the next line.
_BLAME_THE_BEGINNING = {"while scanning a quoted scalar", "while scanning a simple key"}


def explain(text: str, error: yaml.MarkedYAMLError) -> Mistake:
    """Say what an error of PyYAML's parser means; `other` is where that construct began which failed."""
    problem, context = error.problem or "", error.context or ""
    offset = offset_of(error.problem_mark or error.context_mark)
    began = offset_of(error.context_mark) if error.context_mark else offset
    words = _looked_at(text, offset, problem) or _WORDS.get(problem) or _WORDS.get(context)
    message, fix = words or (f"not valid YAML: {problem}", "")
    if context in _BLAME_THE_BEGINNING:
        offset = began
    return Mistake(offset, message, fix, other=began if began != offset else None)


def _looked_at(text: str, offset: int, problem: str) -> tuple[str, str] | None:
    """Say what is wrong where the text at the place says more than the parser."""
    found = text[offset : offset + 1]
    words = None
    if problem == "found character that cannot start any token":
        words = _TAB if found == "\t" else (f"a value cannot begin with {quote(found)}", _QUOTE_IT)
    elif problem == "did not find expected node content":
        words = (
            (f"a value is expected here, not {quote(found)}", f"write it; {_QUOTE_IT}")
            if found
            else ("the file ends where a value is expected", "write it, and close what is open")
        )
    elif problem == "did not find expected key":
        if found == ":":
            words = ("a key is missing here", 'write it before the ":"')
        elif text[:offset].rstrip(" ").endswith(("'", '"')):
            words = (
                "more text after a closing quote",
                "quote the value as a whole; in single quotes a ' is written twice",
            )
    return words
