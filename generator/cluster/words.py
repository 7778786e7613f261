"""What several messages say alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from generator.cluster.kubeconfig import Context

_LONGEST = 300


def one_line(text: str, longest: int = _LONGEST) -> str:
    """Return a text of somebody else's on one line, without control characters, cut at the end."""
    line = "".join(c if c.isprintable() else " " for c in text)
    line = " ".join(line.split())
    return line if len(line) <= longest else f"{line[: longest - 4]} ..."


def sign_in(context: Context) -> str:
    """Say how to get fresh credentials for a context."""
    program = context.command[0].rpartition("/")[2] if context.command else ""
    if program == "aws":
        profile = f" --profile {context.profile}" if context.profile else ""
        return (
            f"Sign in again: aws sso login{profile}\n"
            f"Still refused? aws sts get-caller-identity{profile} says who you are; the cluster knows only "
            "the roles with an access entry: docs/status.md"
        )
    if program:
        return f"Sign in again with whatever {program} takes its credentials from."
    return f"Put fresh credentials into the kubeconfig: kubectl config view --context {context.name}"
