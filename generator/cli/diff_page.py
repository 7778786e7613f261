"""What changes, as the comment of a pull request: Markdown whose form nothing in the change decides."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jinja2 import Environment, StrictUndefined

from generator.cli.diff_changes import shown
from generator.cli.report import counted
from generator.diff import code, sections

if TYPE_CHECKING:
    from generator.diff import Changes

MARKER = "<!-- what changes, per environment -->"
"""The first line, by which the comment is found again."""
LIMIT = 60_000
"""Bytes. GitHub takes 65,536 characters ("Body is too long (maximum is 65536 characters)")."""

_LEVELS = ((48_000, 60, 12), (30_000, 20, 6), (0, 5, 3), (0, 0, 1))
"""Bytes of differences, files and versions that are named each: less and less, until all of it fits."""

_TEMPLATE = """\
{{ marker }}
### What changes, per environment

| environment | versions | rendered files | Terraform |
| --- | --- | --- | --- |
{% for environment in changes.environments -%}
| {{ environment.name | code }}{% if environment.state %} ({{ environment.state }}){% endif %} | \
{% if environment.unread %}cannot be read{% else %}\
{% for move in environment.moves[:versions] %}{% if not loop.first %}<br>{% endif %}\
{% if move.kind != "workload" %}{{ move.kind }} {% endif %}{{ move.name | code }} \
{% if move.old %}{{ move.old | version | code }}{% else %}new{% endif %} → \
{% if move.new %}{{ move.new | version | code }}{% else %}gone{% endif %}{% endfor %}\
{% if environment.moves | length > versions %}\
<br>and {{ environment.moves | length - versions }} more{% endif %}\
{% endif %} | {{ environment.files | length or "" }} | \
{% for run in environment.runs %}{% if not loop.first %}, {% endif %}{{ run.stack }}\
{% if run.waits %} (asks first){% endif %}{% endfor %} |
{% endfor -%}
{% if changes.shared or changes.runs -%}
| _shared_ | | {{ changes.shared | length or "" }} | \
{% for run in changes.runs %}{{ run.stack }} (asks first){% endfor %} |
{% endif %}
{%- for title, section in sections %}
<details><summary>{{ title | code_in_html }}: {{ section.files | length + section.unnamed }} rendered \
{{ "file" if section.files | length + section.unnamed == 1 else "files" }}</summary>
{% for file in section.files %}
- {{ {"+": "new", "~": "changed", "-": "deleted"}[file.mark] }} {{ file.path | code }}
{%- endfor %}
{%- if section.unnamed %}
- and {{ section.unnamed }} more
{%- endif %}
{% if section.text %}
{{ section.fence }}diff
{{ section.text }}
{{ section.fence }}
{% endif %}
{%- if section.left_out %}
Of {{ section.left_out | files }} what differs is too long for a comment: see _Files changed_.
{% endif %}
</details>
{% endfor %}
{%- if changes.areas %}
Not rendered: {% for area in changes.areas[:areas] %}{% if not loop.first %}, {% endif %}\
{{ area.name | code }} ({{ area.number }}){% endfor %}\
{% if changes.areas | length > areas %} and more{% endif %}.
{% endif %}
{%- for note in changes.notes %}
> {{ note }}
{% endfor %}"""
_AREAS = 30


def page(changes: Changes) -> str:
    """Return the comment, in at most `LIMIT` bytes of UTF-8."""
    text = ""
    for room, names, versions in _LEVELS:
        text = _page(changes, room, names, versions)
        if len(text.encode()) <= LIMIT:
            return text
    end = "\n\nThe rest is too long for a comment.\n"
    cut = text.encode()[: LIMIT - len(end)].decode(errors="ignore")
    return cut[: cut.rindex("\n")] + end


def _page(changes: Changes, room: int, names: int, versions: int) -> str:
    jinja = Environment(undefined=StrictUndefined, keep_trailing_newline=True, autoescape=False)  # noqa: S701  (no HTML; `code` escapes)
    jinja.filters |= {
        "code": code,
        "code_in_html": _code_in_html,
        "files": lambda number: counted(number, "file"),
        "version": shown,
    }
    groups = [(e.name, e.files) for e in changes.environments if e.files]
    if changes.shared:
        groups.append(("shared", changes.shared))
    found = sections([files for _, files in groups], room, names)
    titled = list(zip((name for name, _ in groups), found, strict=True))
    return jinja.from_string(_TEMPLATE).render(
        marker=MARKER, changes=changes, sections=titled, versions=versions, areas=_AREAS
    )


def _code_in_html(text: str) -> str:
    inner = code(text)[1:-1].replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return f"<code>{inner}</code>"
