"""Who approves what, for GitHub: somebody of each line that decides about a file of the pull request."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from generator.banner import yaml_banner

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from generator.model import Spec

PATH = ".github/CODEOWNERS"

UNSEEN = (
    *(".ci/**", ".github/**", "argocd/**", "generator/**", "requirements/**", "terraform/**"),
    *(".gitattributes", "Makefile", "pyproject.toml"),
)
"""What reaches environments past `rendered/`, or decides what is checked."""

_HEAD = """\
#
# Of the patterns that match a file the last one decides, and any one of its owners may approve.
# docs/reviews.md says what GitHub must be told for this to hold.
"""


def render(spec: Spec) -> Iterator[tuple[str, str]]:
    """Yield the file, by its path from the repository's root; nothing when the platform names no owners."""
    platform, environments = spec.platform.owners, spec.environments
    if not platform:
        return
    everybody = (*platform, *chain.from_iterable(e.owners for e in environments))
    # Who answers for an environment that is protected from deletion also approves what may change it unseen.
    answering = (*platform, *chain.from_iterable(e.owners for e in environments if e.deletion_protection))
    sections = (
        ("Everything that no line below names.", [("*", platform)]),
        (
            "What reaches environments unseen in rendered/, or decides what is checked.",
            [(f"/{pattern}", answering) for pattern in sorted(UNSEEN)],
        ),
        (
            "What all environments are made from, and what belongs to none.",
            [("/environments/platform.yaml", everybody), ("/rendered/shared/**", platform)],
        ),
        *(
            (
                f"The environment {e.name}.",
                [(f"/environments/{e.name}.yaml", e.owners), (f"/rendered/{e.name}/**", e.owners)],
            )
            for e in environments
        ),
    )
    yield (
        PATH,
        yaml_banner("`owners` in environments/")
        + _HEAD
        + "".join(chain.from_iterable(map(_section, sections))),
    )


def _section(section: tuple[str, Iterable[tuple[str, Iterable[str]]]]) -> Iterator[str]:
    title, lines = section
    yield f"\n# {title}\n"
    for pattern, owners in lines:
        yield f"{pattern} {' '.join(dict.fromkeys(owners))}\n"
