"""The real terraform: found, kept off the network and off the user's settings, and run in copies only."""

from __future__ import annotations

import functools
import json
import os
import pathlib
import re
import shutil
import subprocess
import unittest
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import yaml

from tests.terraform import folders
from tests.terraform.stub import setup as stub

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

ROOT = pathlib.Path(__file__).parents[2]
TERRAFORM = ROOT / "terraform"
FETCHED = ROOT / ".tools" / "terraform" / "providers"  # where `make providers` puts them
REGISTRY = "registry.terraform.io"

# What a working folder may hold that is nobody's source.
LEFTOVERS = shutil.ignore_patterns(".terraform", "*.tfstate*", "*.tfplan", "backend_override.tf.json")

# Nothing of the user's may reach a run: not a workspace, not a credential, not a proxy to the world.
STRIPPED = ("TF_", "AWS_", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy")
SETTINGS = {
    "TF_CLI_CONFIG_FILE": os.devnull,
    "TF_IN_AUTOMATION": "1",
    "TF_INPUT": "0",
    "CHECKPOINT_DISABLE": "1",
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    "AWS_EC2_METADATA_DISABLED": "true",
}


class MissingError(unittest.SkipTest):
    """terraform or a provider is not on this machine: a test is skipped, and says how to get it."""


class FailedError(Exception):
    """terraform refused; the message is what it said."""


def pinned_version() -> str:
    """The version that the spec has every environment run."""
    spec = yaml.safe_load((ROOT / "environments" / "platform.yaml").read_text(encoding="utf-8"))
    return str(spec["platform"]["terraform"]["version"])


def plugin_folders() -> Iterator[pathlib.Path]:
    """Where providers may lie, in the order of terraform's own implied mirrors after ours."""
    home, data = pathlib.Path.home(), os.environ.get("XDG_DATA_HOME")
    shared = os.environ.get("XDG_DATA_DIRS", "/usr/local/share:/usr/share").split(":")
    yield from map(pathlib.Path, filter(None, [os.environ.get("TF_PLUGIN_DIR")]))
    yield FETCHED
    yield home / ".terraform.d" / "plugins"
    yield (pathlib.Path(data) if data else home / ".local" / "share") / "terraform" / "plugins"
    yield from (pathlib.Path(folder) / "terraform" / "plugins" for folder in shared if folder)
    yield from sorted(folder.parent for folder in pathlib.Path("/opt").glob(f"*/{REGISTRY}"))


@dataclass(frozen=True, kw_only=True)
class Terraform:
    """The binary, and the plugin folders that exist."""

    binary: pathlib.Path
    plugins: tuple[pathlib.Path, ...]

    def run(
        self,
        folder: pathlib.Path,
        *arguments: str | pathlib.Path,
        variables: Mapping[str, str] | None = None,
        feed: str = "",
    ) -> str:
        """Return what terraform wrote to its output.

        Raises:
            FailedError: it ended with anything but 0.
        """
        done = self.attempt(folder, *arguments, variables=variables, feed=feed)
        if done.returncode:
            command = " ".join(map(str, arguments))
            raise FailedError(f"terraform {command}: {done.stdout[-8000:]}{done.stderr[-8000:]}")
        return done.stdout

    def attempt(
        self,
        folder: pathlib.Path,
        *arguments: str | pathlib.Path,
        variables: Mapping[str, str] | None = None,
        feed: str = "",
    ) -> subprocess.CompletedProcess[str]:
        """Run terraform in a folder, with more environment variables and text to read if need be."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(STRIPPED)}
        environment = {**kept, **SETTINGS, **(variables or {})}
        command = [self.binary, *arguments]
        return subprocess.run(
            command, cwd=folder, env=environment, input=feed, capture_output=True, text=True, check=False
        )

    def init(self, folder: pathlib.Path) -> None:
        """Bring a copy's modules and providers; the providers are links into the plugin folders.

        Raises:
            MissingError: a provider is in none of the plugin folders.
            FailedError: terraform refused.
        """
        required = folders.providers(folder)
        # First, for with a real provider of the same version a test would reach somebody's cloud.
        searched = (*stub.places(required), *self.plugins)
        for source, version in required.items():
            if not any((plugins / REGISTRY / source).is_dir() for plugins in searched):
                raise MissingError(
                    f"the provider {source} {version} is not in a local mirror: run `make providers`, "
                    f"or set TF_PLUGIN_DIR to a folder that has {REGISTRY}/{source}"
                )
        _unlock(folder, [source for source in required if source in stub.SOURCES])
        places = [f"-plugin-dir={plugins}" for plugins in searched]
        self.run(folder, "init", "-backend=false", "-no-color", *places)

    def show(self, folder: pathlib.Path, *what: str | pathlib.Path) -> dict[str, Any]:
        """Return a plan, or the state, in terraform's JSON output format."""
        shown: dict[str, Any] = json.loads(self.run(folder, "show", "-json", *what))
        return shown


@functools.cache
def find() -> Terraform:
    """Return the terraform of this machine.

    Raises:
        MissingError: there is none, or it is another version than the spec's.
    """
    wanted = pinned_version()
    binary = shutil.which("terraform")
    if binary is None:
        raise MissingError(f"terraform is missing: install terraform {wanted} on PATH")
    plugins = tuple(dict.fromkeys(f for f in plugin_folders() if (f / REGISTRY).is_dir()))
    terraform = Terraform(binary=pathlib.Path(binary), plugins=plugins)
    version = json.loads(terraform.run(ROOT, "version", "-json"))["terraform_version"]
    if version != wanted:
        raise MissingError(f"{binary} is terraform {version}: install terraform {wanted} on PATH")
    return terraform


def _unlock(folder: pathlib.Path, sources: list[str]) -> None:
    """Take providers that have stand-ins out of a copy's lock file, which has hashes of the real ones."""
    file = folder / ".terraform.lock.hcl"
    if sources and file.is_file() and TERRAFORM not in file.parents:
        names = "|".join(re.escape(f"{REGISTRY}/{source}") for source in sources)
        blocks = re.compile(rf'^provider "(?:{names})" {{$.*?^}}$\n?', re.MULTILINE | re.DOTALL)
        file.write_text(blocks.sub("", file.read_text(encoding="utf-8")), encoding="utf-8")


def copy(target: pathlib.Path) -> pathlib.Path:
    """Copy terraform/ as a whole, for roots reach their modules by relative paths; return the copy."""
    return shutil.copytree(TERRAFORM, target / "terraform", ignore=LEFTOVERS)
