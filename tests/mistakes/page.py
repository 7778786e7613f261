"""docs/mistakes.md: what catches which mistake, for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.manifests.checks import CHECKS, SCHEMAS
from tests.mistakes.table import LAYERS, MADE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tests.mistakes.table import Mistake

INTRODUCTION = """\
<!-- Made from tests/mistakes/mistakes.yaml by `pytest tests/test_mistakes_page.py --update-cases`. -->

# What catches a mistake

Before a change reaches a cluster, five layers look at it, each at what those before it cannot see. Below
stands what people do wrong on a long day, which layer says so first, and a part of what it says. Each row
is a test: the mistake is made in a copy of a
[small platform](../tests/mistakes/environments/platform.yaml), and that layer has to notice it, and none
before it.

Something slipped through all of them? Add it to [mistakes.yaml](../tests/mistakes/mistakes.yaml), and where
no layer sees it a check: one file in [tests/manifests/checks/](../tests/manifests/checks/).
"""

# What looks at the objects: schemas first, for the API server would look no further either.
SCHEMAS_TITLE = "## 4. schemas\n\n`make test-offline`: each object fits the schema of its kind.\n"
CHECKS_TITLE = "## 5. checks\n\n`make test-offline`: all objects of an environment fit each other.\n"


def page(mistakes: Iterable[Mistake]) -> str:
    """The whole page; the mistakes come in the order of the layers, and then as they stand in the file."""
    found = list(mistakes)
    ways = _table(("made", "which is"), MADE.items())
    return "\n".join([INTRODUCTION, *ways, *_layers(found), *_checks(found)]).rstrip("\n") + "\n"


def _layers(mistakes: list[Mistake]) -> Iterator[str]:
    for number, (layer, about) in enumerate(LAYERS.items(), start=1):
        yield f"## {number}. {layer}\n\n{about}\n"
        rows = [(m.mistake, m.made, _code(m.says)) for m in mistakes if m.caught == layer]
        yield from _table(("mistake", "made", "it says"), rows)


def _checks(mistakes: list[Mistake]) -> Iterator[str]:
    for title, names in ((SCHEMAS_TITLE, SCHEMAS), (CHECKS_TITLE, [n for n in CHECKS if n not in SCHEMAS])):
        yield title
        rows = [(m.mistake, m.made, m.caught, _code(m.says)) for m in mistakes if m.caught in names]
        yield from _table(("mistake", "made", "check", "it says"), rows)
        yield from _table(("check", "demands"), [(name, f"{CHECKS[name].demand}.") for name in names])


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    for row in (head, ("---",) * len(head), *rows):
        yield f"| {' | '.join(row)} |"
    yield ""


def _code(text: str) -> str:
    return f"`{text}`"
