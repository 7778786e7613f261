"""Secrets in plain sight: this repository is read by many, and its history for ever."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from generator.problem import Finding
from generator.rules.registry import Context, Findings, environment_rule, workload_rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.model import Environment, Spec
    from generator.model.workload import Settings
    from generator.problem import Path

# Formats that their issuers document, so that a match is never a coincidence.
_TOKEN = re.compile(
    r"""
      (AKIA|ASIA)[A-Z0-9]{16}                 # AWS access key id
    | gh[pousr]_[A-Za-z0-9]{36,}              # GitHub
    | github_pat_[A-Za-z0-9_]{22,}
    | xox[abprs]-[A-Za-z0-9-]{10,}            # Slack
    | sk_live_[A-Za-z0-9]{16,}                # Stripe
    | eyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]{8,}   # JSON Web Token
    | -----BEGIN\ [A-Z ]*PRIVATE\ KEY-----
    | [a-z][a-z0-9+.-]*://[^/\s:@]+:[^/\s@]+@ # a URL with a password
    """,
    re.VERBOSE,
)
_NAME = re.compile(
    r"(PASS(WORD|WD|PHRASE)?|PWD|SECRET|TOKEN|CREDENTIALS?|(API|PRIVATE|SECRET|ACCESS|SIGNING|ENCRYPTION)_?KEY)$",
    re.IGNORECASE,
)
# In values a key often names a Secret, as existingSecret or secretKey do; these name what is in it.
_VALUE_NAME = re.compile(r"^(?!existing).*(password|passwd|token|api_?key|private_?key)$", re.IGNORECASE)
# Settings about a secret that are none: switches, modes, sizes, durations, places.
_HARMLESS = re.compile(
    r"^(|true|false|on|off|enabled|disabled|none|auto|iam|rotate|required|optional|\d{1,4}[smhd]?|https?://\S*|/\S*)$"
)
_OPTION = re.compile(r"^--?[a-z-]*(password|passwd|secret|token|api-?key)=(?P<value>.+)$", re.IGNORECASE)


@workload_rule
def secret_in_env(settings: Settings) -> Findings:
    """A variable whose name or value says that it is a secret."""
    for name, value in settings.env.items():
        if _TOKEN.search(value) or (_NAME.search(name) and not _HARMLESS.match(value)):
            yield Finding(
                path=("env", name),
                message="looks like a secret in plain sight",
                fix="rotate it if it is real; store it in AWS Secrets Manager and write "
                f"secrets: {{{name}: <name>}}",
            )


@workload_rule
def secret_in_command(settings: Settings) -> Findings:
    """A command line is seen by everybody who may list processes or pods."""
    for key, words in (("command", settings.command), ("args", settings.args)):
        for index, word in enumerate(words):
            option = _OPTION.match(word)
            plain = option and not _HARMLESS.match(option["value"]) and not option["value"].startswith("$(")
            if _TOKEN.search(word) or plain:
                yield Finding(
                    path=(key, index),
                    message="looks like a secret in plain sight",
                    fix="store it in AWS Secrets Manager, name it under secrets, and write $(VARIABLE) here",
                )


@environment_rule
def secret_in_values(environment: Environment, _spec: Spec, _context: Context) -> Findings:
    """The same in the Helm values of a component."""
    for component in environment.components:
        for path, key, text in _strings(component.values, ("components", component.name, "values")):
            if _TOKEN.search(text) or (_VALUE_NAME.search(key) and not _HARMLESS.match(text)):
                yield Finding(
                    path=path,
                    message="looks like a secret in plain sight",
                    fix="rotate it if it is real; name an existing Kubernetes Secret instead",
                )


def _strings(node: Any, path: Path) -> Iterator[tuple[Path, str, str]]:
    """Yield the strings in a tree, each with its path and the key it stands under."""
    if isinstance(node, str):
        yield path, str(path[-1]), node
    elif isinstance(node, dict):
        for key, value in node.items():
            yield from _strings(value, (*path, key))
    elif isinstance(node, list):
        for index, value in enumerate(node):
            yield from _strings(value, (*path, index))
