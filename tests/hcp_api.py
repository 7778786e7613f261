"""A stand-in for the part of HCP Terraform's API that the bootstrap uses: stateful, over HTTP, and strict.

It refuses what the real one refuses and what it would silently ignore: an unknown path, method, query or
attribute, a body that is no JSON:API document, a missing content type. Pages are short, so that all are read.
https://developer.hashicorp.com/terraform/cloud-docs/api-docs
"""

from __future__ import annotations

import contextlib
import copy
import json
import re
import threading
import time
import urllib.parse
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Json = dict[str, Any]

TYPE = "application/vnd.api+json"
PAGE = 2  # however many are asked for
PERSON, MACHINE, TEAM = "person.atlasv1.secret", "machine.atlasv1.secret", "team.atlasv1.secret"
LINK = "Repository requires the authenticated user to link a GitHub account via the GitHub App."
UNREADABLE = "Repository doesn't exist or isn't accessible."

# Attributes that may be sent, by type of object.
ATTRIBUTES: dict[str, dict[str, type]] = {
    "projects": {"name": str, "description": str},
    "workspaces": {
        "name": str,
        "terraform-version": str,
        "working-directory": str,
        "trigger-patterns": list,
        "file-triggers-enabled": bool,
        "queue-all-runs": bool,
        "speculative-enabled": bool,
        "auto-apply": bool,
        "allow-destroy-plan": bool,
        "execution-mode": str,
        "setting-overwrites": dict,
        "vcs-repo": dict,
    },
    "vars": {"key": str, "value": str, "description": str, "category": str, "hcl": bool, "sensitive": bool},
    "runs": {"message": str},
}
VCS = {"identifier", "branch", "github-app-installation-id"}


@dataclass
class User:
    """Who a token belongs to. `installations` are those that the user sees, None without a GitHub account."""

    name: str
    service: bool = False
    member: bool = True
    installations: list[str] | None = field(default_factory=lambda: ["somebody", "else", "techchallenge"])
    reads: bool = True
    makes_projects: bool = True
    fills_projects: bool = True


class Answer(Exception):  # noqa: N818  (it is one)
    """An answer that is an error."""

    def __init__(self, status: int, detail: str, title: str = "error") -> None:
        super().__init__(detail)
        self.status, self.detail, self.title = status, detail, title


@dataclass
class Fault:
    """What goes wrong with a request instead, `times` times. `after` carries the request out first."""

    method: str
    path: str
    act: Callable[[BaseHTTPRequestHandler], None]
    times: int = 1
    after: bool = False


class Hcp:
    """What is there."""

    def __init__(self) -> None:
        self.users = {
            PERSON: User("alice"),
            MACHINE: User("techchallenge-machine", makes_projects=False),
            TEAM: User("api-team_1", service=True),
        }
        self.organizations = ["a-company", "another", "techchallenge"]
        self.members = ["platform@techchallenge.example"]
        self.teams = ["owners", "platform-admins", "developers"]
        self.projects: list[Json] = [self._object("projects", {"name": "Default Project"})]
        self.workspaces: list[Json] = []
        self.vars: dict[str, list[Json]] = {}
        self.runs: dict[str, list[Json]] = {}
        self.fetched = True  # whether there is a configuration version to run
        self.faults: list[Fault] = []
        self.requests: list[str] = []
        self.lock = threading.RLock()

    def state(self) -> Json:
        """Everything that was made, without ids that depend on the order."""
        names = {w["id"]: w["attributes"]["name"] for w in self.workspaces}
        return copy.deepcopy(
            {
                "projects": [p["attributes"] for p in self.projects],
                "workspaces": [w["attributes"] for w in self.workspaces],
                "vars": {names[w]: [v["attributes"] for v in vs] for w, vs in self.vars.items()},
                "runs": {names[w]: [r["attributes"] for r in rs] for w, rs in self.runs.items()},
            }
        )

    def changes(self) -> list[str]:
        """The requests that were to change something."""
        return [r for r in self.requests if not r.startswith("GET")]

    # One function for each endpoint, called alike: who asks, what stands in the path, the query, the body.
    # ruff: noqa: ARG002

    def account(self, user: User) -> Json:
        attributes = {"username": user.name, "is-service-account": user.service}
        return {"id": f"user-{user.name}", "type": "users", "attributes": attributes}

    def organization(self, user: User, name: str) -> Json:
        if not user.member or name not in self.organizations:
            raise Answer(404, "not found")
        return {"id": name, "type": "organizations", "attributes": {"name": name}}

    def list_organizations(self, user: User) -> list[Json]:
        return [self.organization(user, name) for name in self.organizations] if user.member else []

    def installations(self, user: User, query: Json) -> list[Json]:
        if user.service:
            raise Answer(403, "Team and Organization Tokens are not supported", "forbidden")
        name = query.get("filter[name]", "")
        return [
            {"id": f"ghain-{n}", "type": "github-app-installations", "attributes": {"name": n}}
            for n in user.installations or []
            if name.lower() in n.lower()
        ]

    def list_members(self, user: User, query: Json) -> list[Json]:
        wanted = query.get("filter[email]", "").split(",")
        found = [m for m in self.members if m in wanted]
        return [{"id": f"ou-{m}", "type": "organization-memberships", "attributes": {}} for m in found]

    def list_teams(self, user: User, query: Json) -> list[Json]:
        wanted = query.get("filter[names]", "").split(",")
        return [
            {"id": f"team-{t}", "type": "teams", "attributes": {"name": t}} for t in self.teams if t in wanted
        ]

    def list_projects(self, user: User, query: Json) -> list[Json]:
        found = self.projects
        if "filter[names]" in query:  # does not mind capitals
            found = [p for p in found if p["attributes"]["name"].lower() == query["filter[names]"].lower()]
        return found if user.fills_projects or len(query) == 1 else []

    def make_project(self, user: User, body: Json) -> Json:
        attributes = self._attributes(body, "projects", {"name"})
        if not user.makes_projects:
            raise Answer(404, "not found")
        if attributes["name"] in [p["attributes"]["name"] for p in self.projects]:
            raise Answer(422, "Name has already been taken", "invalid attribute")
        self.projects.append(self._object("projects", attributes))
        return self.projects[-1]

    def workspace(self, user: User, name: str) -> Json:
        return self._one(self.workspaces, lambda w: w["attributes"]["name"] == name)

    def make_workspace(self, user: User, body: Json) -> Json:
        attributes = self._attributes(body, "workspaces", {"name"})
        project = body["data"]["relationships"]["project"]["data"]
        self._one(self.projects, lambda p: p["id"] == project["id"])
        assert project["type"] == "projects"
        if attributes["name"] in [w["attributes"]["name"] for w in self.workspaces]:
            raise Answer(422, "Name has already been taken", "invalid attribute")
        self._connect(user, attributes)
        made = self._object("workspaces", attributes) | {"relationships": {"project": {"data": project}}}
        self.workspaces.append(made)
        self.vars[made["id"]], self.runs[made["id"]] = [], []
        return made

    def change_workspace(self, user: User, workspace: str, body: Json) -> Json:
        found = self._one(self.workspaces, lambda w: w["id"] == workspace)
        attributes = self._attributes(body, "workspaces", set())
        self._connect(user, attributes)
        found["attributes"] |= attributes
        return found

    def list_vars(self, user: User, workspace: str) -> list[Json]:
        hidden = copy.deepcopy(self.vars[workspace])
        for variable in hidden:
            if variable["attributes"]["sensitive"]:
                variable["attributes"]["value"] = None
        return hidden

    def make_var(self, user: User, workspace: str, body: Json) -> Json:
        attributes = self._attributes(body, "vars", {"key", "category"})
        assert attributes["category"] in {"env", "terraform"}
        taken = [(v["attributes"]["key"], v["attributes"]["category"]) for v in self.vars[workspace]]
        if (attributes["key"], attributes["category"]) in taken:
            raise Answer(422, "Key has already been taken", "invalid attribute")
        self.vars[workspace].append(self._object("vars", attributes))
        return self.vars[workspace][-1]

    def change_var(self, user: User, workspace: str, variable: str, body: Json) -> Json:
        assert body["data"]["id"] == variable
        found = self._one(self.vars[workspace], lambda v: v["id"] == variable)
        found["attributes"] |= self._attributes(body, "vars", set())
        return found

    def list_runs(self, user: User, workspace: str) -> list[Json]:
        return self.runs[workspace][::-1]

    def make_run(self, user: User, body: Json) -> Json:
        attributes = self._attributes(body, "runs", set())
        workspace = body["data"]["relationships"]["workspace"]["data"]
        self._one(self.workspaces, lambda w: w["id"] == workspace["id"])
        assert workspace["type"] == "workspaces"
        if not self.fetched:
            raise Answer(422, "Configuration version is missing", "invalid attribute")
        self.runs[workspace["id"]].append(self._object("runs", attributes | {"status": "pending"}))
        return self.runs[workspace["id"]][-1]

    # What they share.

    def _connect(self, user: User, attributes: Json) -> None:
        vcs = attributes.get("vcs-repo")
        if vcs is None:
            return
        assert set(vcs) == VCS, vcs
        if user.service or user.installations is None:
            raise Answer(422, LINK, "invalid attribute")
        if not user.reads or vcs["github-app-installation-id"] not in [
            f"ghain-{n}" for n in user.installations
        ]:
            raise Answer(422, UNREADABLE, "invalid attribute")

    def _attributes(self, body: Json, kind: str, required: set[str]) -> Json:
        data = body["data"]
        if (
            set(body) != {"data"}
            or data.get("type") != kind
            or not set(data) <= {*("type", "id", "attributes", "relationships")}
        ):
            raise Answer(422, f"not a document of {kind}: {body}")
        known = ATTRIBUTES[kind]
        for name, value in data["attributes"].items():
            if name not in known or type(value) is not known[name]:
                raise Answer(422, f"{name}: {value!r} is no attribute of {kind}")
        if required - set(data["attributes"]):
            raise Answer(422, f"missing: {required - set(data['attributes'])}")
        attributes: Json = data["attributes"]
        return attributes

    def _one(self, there: list[Json], wanted: Callable[[Json], bool]) -> Json:
        found = [t for t in there if wanted(t)]
        if not found:
            raise Answer(404, "not found")
        return found[0]

    def _object(self, kind: str, attributes: Json) -> Json:
        prefix = {"projects": "prj", "workspaces": "ws", "vars": "var", "runs": "run"}[kind]
        number = getattr(self, "_count", 0)
        self._count = number + 1
        return {"id": f"{prefix}-{number:016}", "type": kind, "attributes": attributes}


ORGANIZATION, WORKSPACE = "/organizations/(techchallenge)", "/workspaces/(ws-[0-9]+)"
COLLECTION = {"page[number]", "page[size]"}
ENDPOINTS: list[tuple[str, str, str, set[str]]] = [
    ("GET", "/account/details", "account", set()),
    ("GET", "/organizations/([^/]+)", "organization", set()),
    ("GET", "/organizations", "list_organizations", COLLECTION),
    ("GET", "/github-app/installations", "installations", {"filter[name]", *COLLECTION}),
    ("GET", f"{ORGANIZATION}/organization-memberships", "list_members", {"filter[email]", *COLLECTION}),
    ("GET", f"{ORGANIZATION}/teams", "list_teams", {"filter[names]", *COLLECTION}),
    (
        *("GET", f"{ORGANIZATION}/projects", "list_projects"),
        {"filter[names]", "filter[permissions][create-workspace]", *COLLECTION},
    ),
    ("POST", f"{ORGANIZATION}/projects", "make_project", set()),
    ("GET", f"{ORGANIZATION}/workspaces/([^/]+)", "workspace", set()),
    ("POST", f"{ORGANIZATION}/workspaces", "make_workspace", set()),
    ("PATCH", WORKSPACE, "change_workspace", set()),
    ("GET", f"{WORKSPACE}/vars", "list_vars", COLLECTION),
    ("POST", f"{WORKSPACE}/vars", "make_var", set()),
    ("PATCH", f"{WORKSPACE}/vars/(var-[0-9]+)", "change_var", set()),
    ("GET", f"{WORKSPACE}/runs", "list_runs", COLLECTION),
    ("POST", "/runs", "make_run", set()),
]


class Handler(BaseHTTPRequestHandler):
    """One connection. Requests are answered one after the other, as one state wants it."""

    hcp: Hcp
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self._answer()

    def do_PATCH(self) -> None:
        self._answer()

    def _answer(self) -> None:
        url = urllib.parse.urlsplit(self.path)
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length)
        self.hcp.requests.append(f"{self.command} {url.path.removeprefix('/api/v2')}")
        fault = next(
            (f for f in self.hcp.faults if f.method == self.command and re.search(f.path, url.path)), None
        )
        if fault:
            fault.times -= 1
            if not fault.times:
                self.hcp.faults.remove(fault)
            if fault.after:
                self._result(url, body)
            fault.act(self)
            return
        status, document = self._result(url, body)
        self.send(status, json.dumps(document))

    def _result(self, url: urllib.parse.SplitResult, body: bytes) -> tuple[int, Json]:
        with self.hcp.lock:
            try:
                return self._carried_out(url, body)
            except Answer as answer:
                error = {"status": str(answer.status), "title": answer.title, "detail": answer.detail}
                return answer.status, {"errors": [error]}

    def _carried_out(self, url: urllib.parse.SplitResult, body: bytes) -> tuple[int, Json]:
        user = self.hcp.users.get((self.headers.get("Authorization") or "").removeprefix("Bearer "))
        if user is None:
            raise Answer(401, "unauthorized", "unauthorized")
        query = dict(urllib.parse.parse_qsl(url.query, strict_parsing=bool(url.query)))
        found = [(re.fullmatch(f"/api/v2{e[1]}", url.path), e) for e in ENDPOINTS if e[0] == self.command]
        match, endpoint = next(((m, e) for m, e in found if m), (None, None))
        if match is None or endpoint is None:
            raise Answer(404, f"there is no {self.command} {url.path}")
        _, pattern, function, known = endpoint
        if not set(query) <= known:
            raise Answer(400, f"unknown query {set(query) - known}")
        arguments: list[Any] = list(match.groups())
        if pattern.startswith(ORGANIZATION):
            del arguments[0]
        if "filter[" in str(known):
            arguments.append({k: v for k, v in query.items() if not k.startswith("page")})
        if self.command in {"POST", "PATCH"}:
            if self.headers.get("Content-Type") != TYPE:
                raise Answer(415, "no JSON:API document")
            arguments.append(json.loads(body))
        answer = getattr(self.hcp, function)(user, *arguments)
        if isinstance(answer, list):
            return 200, paged(answer, int(query.get("page[number]", "1")))
        return (201 if self.command == "POST" else 200), {"data": answer}

    def send(self, status: int, text: str, headers: dict[str, str] | None = None) -> None:
        data = text.encode()
        self.send_response(status)
        for name, value in {"Content-Type": TYPE, **(headers or {})}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_arguments: object) -> None:
        """Say nothing."""


def paged(found: list[Json], number: int) -> Json:
    """A page of a collection, as the API gives it out."""
    start, pages = (number - 1) * PAGE, max(1, -(-len(found) // PAGE))
    following = number + 1 if number < pages else None
    pagination = {"current-page": number, "next-page": following, "total-pages": pages}
    return {"data": found[start : start + PAGE], "meta": {"pagination": pagination}}


def status(
    code: int, detail: str = "", headers: dict[str, str] | None = None
) -> Callable[[BaseHTTPRequestHandler], None]:
    """Answer with an error."""
    text = json.dumps({"errors": [{"status": str(code), "title": "error", "detail": detail}]})
    return lambda handler: handler.send(code, text, headers)  # type: ignore[attr-defined]  # it is a Handler


def page(
    code: int, text: str, headers: dict[str, str] | None = None
) -> Callable[[BaseHTTPRequestHandler], None]:
    """Answer with something that is no document of the API."""
    return lambda handler: handler.send(code, text, headers)  # type: ignore[attr-defined]  # it is a Handler


def silence(seconds: float) -> Callable[[BaseHTTPRequestHandler], None]:
    """Answer nothing for a while, and then hang up."""

    def act(handler: BaseHTTPRequestHandler) -> None:
        time.sleep(seconds)
        handler.close_connection = True

    return act


def hang_up(handler: BaseHTTPRequestHandler) -> None:
    """Close the connection without an answer."""
    handler.close_connection = True


@contextlib.contextmanager
def serving(hcp: Hcp) -> Iterator[str]:
    """Serve on loopback; return the address."""
    handler = type("Bound", (Handler,), {"hcp": hcp})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
