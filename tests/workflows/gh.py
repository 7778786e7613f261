"""A `gh` that answers from a file and writes down what it was asked: copied to a machine's PATH by job.py."""

import json
import os
import sys
from pathlib import Path
from typing import Any

HUB = Path(os.environ["HUB"])
ARGUMENTS = sys.argv[1:]


def option(*names: str) -> str:
    return next((ARGUMENTS[i + 1] for i, word in enumerate(ARGUMENTS) if word in names), "")


def main() -> int:
    state = json.loads((HUB / "state.json").read_text())
    given = sys.stdin.read() if option("--input") == "-" else ""
    body_file = option("--body-file")
    call = {
        "arguments": ARGUMENTS,
        "token": os.environ.get("GH_TOKEN", ""),
        "input": given,
        "body": Path(body_file).read_text() if body_file else "",
    }
    with (HUB / "calls.jsonl").open("a") as log:
        log.write(json.dumps(call) + "\n")
    if not call["token"]:
        sys.stderr.write(
            "gh: To use GitHub CLI in a GitHub Actions workflow, set the GH_TOKEN environment variable.\n"
        )
        return 4
    if ARGUMENTS[:2] == ["pr", "create"]:
        sys.stdout.write("https://github.com/techchallenge/techchallenge-infra/pull/99\n")
        return 0
    if ARGUMENTS[:1] != ["api"]:
        return 1
    path = next(word for word in ARGUMENTS[1:] if word.startswith("repos/")).partition("?")[0]
    method = option("--method") or "GET"
    if method != "GET":
        return 0 if json.loads(given)["body"] else 1
    found = answer(path, state)
    # As the real one: what GitHub says of an error is printed like any other answer.
    sys.stdout.write(found or json.dumps({"message": "Not Found", "status": "404"}))
    return 0 if found else 1


def answer(path: str, state: dict[str, Any]) -> str:
    if path.endswith("/pulls"):
        words = [ARGUMENTS[i + 1] for i, word in enumerate(ARGUMENTS) if word in ("-f", "--raw-field")]
        asked = dict(word.split("=", 1) for word in words)
        found = [
            pull
            for pull in state["pulls"]
            if pull["state"] == asked["state"]
            and pull["base"]["ref"] == asked["base"]
            and f"{pull['head']['user']['login']}:{pull['head']['ref']}" == asked["head"]
        ]
        return json.dumps(found)
    if path.endswith("/comments"):
        pages = state["comments"] if "--paginate" in ARGUMENTS else state["comments"][:1]
        return "".join(json.dumps(page) for page in pages)
    if "/environments/" in path:
        known = state["environments"].get(path.rpartition("/")[2])
        return json.dumps(known) if known else ""
    return ""


sys.exit(main())
