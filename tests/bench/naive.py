"""What most people would write: PyYAML's C parser and dumper, the same files, no validation, no comparison.

Arguments: the repository, where to write.
"""

import json
import sys
from pathlib import Path

import yaml

from generator import render, resolve
from generator.merge import Merger
from generator.model import Spec
from generator.render import banner

root, out = map(Path, sys.argv[1:])


def dump(data: dict) -> str:
    return yaml.dump(data, Dumper=yaml.CSafeDumper, sort_keys=False, allow_unicode=True)


def dump_json(data: dict) -> str:
    return json.dumps(data, indent=2, ensure_ascii=False) + "\n"


banner.yaml_text, banner.json_text = dump, dump_json
trees = {
    file.stem: yaml.load(file.read_text(), Loader=yaml.CSafeLoader)
    for file in sorted((root / "environments").iterdir())
}
shared = trees.pop("platform")
platform, merger, resolver = resolve.platform(shared["platform"]), Merger(shared), resolve.Resolver()
environments = [
    resolver.environment(name, platform, merger.environment(tree)) for name, tree in trees.items()
]
spec = Spec(platform=platform, environments=tuple(environments), charts={})
for files in (*map(render.environment, spec.environments), render.shared(spec)):
    for path, data in files:
        target = out / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
