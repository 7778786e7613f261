"""The least that any renderer does: start Python, parse the spec, write the finished bytes.

Arguments: the repository, an archive of the finished files (tests/bench/run.py packs it), where to write.
"""

import sys
from pathlib import Path

import ryaml

root, archive, out = map(Path, sys.argv[1:])
for file in sorted((root / "environments").iterdir()):
    ryaml.loads(file.read_text())
index, _, data = archive.read_bytes().partition(b"\0")
made: set[str] = set()
position = 0
for line in index.decode().splitlines():
    path, size = line.rsplit("\t", 1)
    folder = path.rpartition("/")[0]
    if folder not in made:
        (out / folder).mkdir(parents=True, exist_ok=True)
        made.add(folder)
    with open(f"{out}/{path}", "wb") as target:  # noqa: PTH123  (20,000 Path objects are not the floor)
        target.write(data[position : position + int(size)])
    position += int(size)
