"""Bring the Terraform providers that the roots pin to where the tests look for them; run by `make providers`.

Only this needs the network: the tests link what lies here. terraform checks the providers' signatures.
"""

from __future__ import annotations

import json
import pathlib
import shutil
import subprocess
import sys
import tempfile

from tests.terraform import folders
from tests.terraform.runner import FETCHED, TERRAFORM


def main() -> int:
    """Fetch; return terraform's exit code."""
    required = {
        source.replace("/", "-"): {"source": source, "version": version}
        for root in folders.roots(TERRAFORM)
        for source, version in folders.providers(root).items()
    }
    with tempfile.TemporaryDirectory() as scratch:
        configuration = pathlib.Path(scratch) / "main.tf.json"
        configuration.write_text(json.dumps({"terraform": {"required_providers": required}}))
        done = subprocess.run(["terraform", "init", "-input=false"], cwd=scratch, check=False)
        if done.returncode == 0:
            shutil.rmtree(FETCHED, ignore_errors=True)
            shutil.copytree(pathlib.Path(scratch) / ".terraform" / "providers", FETCHED)
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
