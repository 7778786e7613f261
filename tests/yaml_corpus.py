"""Strings that YAML parsers take for something else, and trees made of them."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from random import Random

WORDS = [
    *("y", "Y", "n", "N", "yes", "Yes", "YES", "no", "No", "NO", "on", "On", "ON", "off", "Off", "OFF"),
    *("true", "True", "TRUE", "false", "False", "FALSE", "null", "Null", "NULL", "~", ".inf", "-.inf"),
    *("+.inf", ".Inf", "inf", "Infinity", "-inf", ".nan", ".NaN", "NaN", "nan"),
]
NUMBERS = [
    *("0", "-0", "+1", "1.", ".5", "-.5", "1.4", "1.10", "1.4.2", "012", "08", "09", "0o17", "017"),
    *("0x1f", "0X1F", "0b11", "-0b11", "1e3", "1E3", "1e+3", "1e-3", "0e0", "12e03", "1_000", "1,000"),
    *("_1", "1_", "0_7", "12:30", "12:30:45", "190:20:30.15", "1:1", "0x1p-2", "1k", "3d", "7f", "100m"),
    *("128Mi", "1.5Gi", "10s", "0.1e1", "6e23", "1e400", "9007199254740993", "18446744073709551616"),
    *("333333333333", "000000000001", "10.30.0.0/16", "1.2.3.4", "2001:db8::1", "::1", "1-2"),
    *("1.4.2-rc.1", "\uff11\uff12", "\u0663"),
]
TIMES = [
    *("2001-01-01", "2001-1-1", "2001-12-14t21:59:43.10-05:00", "2001-12-14 21:59:43.10 -5"),
    *("2001-12-15 2:59:43.10", "2001-12-14T21:59:43Z", "2026-11", "21:59"),
]
SYNTAX = [
    *("", " ", "  ", " a", "a ", "=", "<<", "-", "- x", "-x", "--", "---", "--- x", "...", "?", "? x"),
    *(":", "a:", "a: b", "a:b", "a :b", ": a", "#", "# x", "x # y", "x#y", "&a", "*a", "!a", "!!str a"),
    *("|", "|-", ">", "> x", "%", "%YAML 1.2", "@a", "`a`", "'", '"', "'a'", '"a"', "it's", 'say "hi"'),
    *("\\", "a\\nb", "[", "]", "[a]", "{", "}", "{}", "{a: b}", "[]", ",", "a, b", "a,b"),
    *("{{ .Values.x }}", "${x}", "$(x)", "a{b}", "a[0]", "a]: b", "/", "/a", "//", "/1", "./a", "../a"),
    *("a=b", "=a", "a  b", "a\\", "arn:aws:sqs:*:*:orders", "http://a/b?c=d&e#f"),
    *("ghcr.io/a/b:1.4.2@sha256:0a1b", "refs/heads/main", "<", "<a>", "a<<", "0 3 * * *", "*/5 * * * *"),
    *("key: |",),
]
LINES = [
    *("\n", "\n\n", "a\n", "a\n\n", "a\n\n\n", "a\nb", "a\nb\n", "a\n\nb", "\na", "\n\na\n", " a\nb"),
    *("a\n b", "a\n  b\n c", "a \nb", "a\n \nb", "a\nb ", "a\nb \n", "a\n ", "a\n \n", "a\tb\nc"),
    *("a\n\tb", "\ta", "a\t", "\t", "a\t\n", "a\r\nb", "a\r", "\r", "#a\nb", "a\n#b", "- a\n- b\n"),
    *("a: b\nc: d\n", "---\na\n", "a\n---\n", "a\n...\n", "|\na", "a:\n", '"\n"', "\\\na", "%a\nb"),
    *("é\nç\n", "a\n\u2028b", "a\n\x85b", "a\n\ufeffb", "a\x0bb\nc", "👩\n"),
    *("x" * 300 + "\n" + "y " * 300 + "y",),
]
SIGNS = [
    *("é", "São Paulo", "ação: não", "日本語", "\xa0a", "a\xa0b", "a\xadb", "😀", "👨\u200d👩\u200d👧", "🇧🇷"),
    *("e\u0301", "\u0301", "\x00", "a\x00b", "\x01", "\x07", "\x08", "\x0b", "\x0c", "\x1b[0m", "\x7f"),
    *("\x80", "\x85", "a\x85b", "\x9f", "\u2028", "a\u2028b", "\u2029", "\ufeff", "\ufeffa", "a\ufeff"),
    *("\u200b", "\u202eabc", "\u2066a", "\ufffd", "\ue000", "\ufdd0", "\ufffe", "\uffff", "\U00010000"),
    *("\U0001fffe", "\U000e0041", "\U000f0000", "\U0010ffff", "word " * 400 + "end", "x" * 2000),
    *('" ' * 100,),
]
STRINGS = WORDS + NUMBERS + TIMES + SYNTAX + LINES + SIGNS

LARGEST_INT = 2**53
INTEGERS = [0, 1, -1, 7, 8, 10, 443, 8080, 65535, 2**31, -(2**31), 333333333333, LARGEST_INT, -LARGEST_INT]
FLOATS = [
    *(0.0, -0.0, 0.5, -0.5, 1.0, 0.1, 1 / 3, 100.0, 1e15, 1e16, 1e20, 1e22, -1e100, 1.5e300, 1e-4, 1e-5),
    *(1e-7, 1.5e-7, 5e-324, 2.2250738585072014e-308, 1.7976931348623157e308, float(LARGEST_INT + 2)),
]


def short_strings() -> list[str]:
    """Every string of up to 4 signs of those that numbers, times and words, or YAML's syntax, are made of."""
    alphabets = ("017.-+_:eExon/ #=", "a:# -,[]{}&*!|>'\"%@`?\\~")
    return [
        "".join(some) for signs in alphabets for length in range(5) for some in product(signs, repeat=length)
    ]


def random_tree(random: Random, depth: int = 5) -> dict[str, Any]:
    """A mapping of up to 6 keys, nested up to `depth` levels, over the whole corpus and random signs."""
    keys = (random_string(random)[:200] for _ in range(random.randint(1, 6)))
    return {key: random_node(random, depth - 1) for key in keys}


def random_node(random: Random, depth: int) -> Any:
    kind = random.choice(["map", "list", "text", "text", "text", "atom"] if depth else ["text", "atom"])
    if kind == "map":
        return random_tree(random, depth) if random.random() < 0.9 else {}
    if kind == "list":
        return [random_node(random, depth - 1) for _ in range(random.randint(0, 4))]
    if kind == "text":
        return random_string(random)
    return random.choice([None, True, False, random.randint(-LARGEST_INT, LARGEST_INT), *INTEGERS, *FLOATS])


def random_string(random: Random) -> str:
    if random.random() < 0.5:
        return random.choice(STRINGS)
    signs = random.choice(
        ["ab01 .:-#\n", "\n \t\r'\"\\x", "eE0123456789._+-:TZ", "aé日😀\u2028\x85\ufeff\x00 \n"]
    )
    return "".join(random.choices(signs, k=random.randint(0, 12)))
