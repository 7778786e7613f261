"""The Terraform roots, and which files matter to which."""

from __future__ import annotations

# Of an environment, in the order of the first apply.
STACKS = ("access", "packages", "platform", "database")

# The modules that a root calls, directly or through others; a test reads the roots and compares.
_MODULES = {
    "access": ("access",),
    "packages": ("packages",),
    "platform": (
        *("alerts", "cluster", "edge", "identity", "ingress", "jwks", "logs", "network", "registry"),
        *("secrets", "sender"),
    ),
    "database": ("atlas_key", "atlas_project", "database", "hmac_key", "private_link"),
    "workspaces": ("workspaces",),
    "state": ("state",),
}
_TEMPLATES = {"identity": ("policies/*",)}


def folder(stack: str) -> str:
    """Return a root's folder, from the repository's root."""
    return f"terraform/stacks/{stack}"


def triggers(stack: str, var_file: str) -> list[str]:
    """Return glob patterns of the files that change what a root does with a var file.

    A pattern starts at the repository's root with a slash; `*` stays in a folder, `**` does not. Tests, prose
    and the source of functions, whose packages are pinned, match none.
    """
    return [
        f"/{var_file}",
        f"/{folder(stack)}/*",
        *(
            f"/terraform/modules/{module}/{files}"
            for module in _MODULES[stack]
            for files in ("*.tf", *_TEMPLATES.get(module, ()))
        ),
    ]
