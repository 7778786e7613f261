"""The bootstrap: every step looks first, so it may end anywhere and be run again."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from generator.hcp import organization, project, run, token, variables, workspace
from generator.hcp.step import Step

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from generator.hcp.client import Client, Resource
    from generator.hcp.credentials import Token
    from generator.hcp.settings import Settings


class Offer(NamedTuple):
    """The token that the workspace is to have, and a client that asks as its owner."""

    token: Token
    client: Client


class Wish(NamedTuple):
    """What is asked for: `source` names the person's own token, `rotate` has the offer replace another."""

    source: str
    offer: Offer | None = None
    rotate: bool = False


def check(client: Client, settings: Settings, wish: Wish) -> Iterator[Step]:
    """Yield what is there and what is missing; nothing is changed.

    Raises:
        Trouble: it cannot even be looked at.
    """
    user = yield from _people(client, settings, wish)
    found_app = organization.installation(client, settings)
    yield _app(settings) if found_app else organization.no_installation(settings, user)
    yield from _hopes(client, settings)
    found_project = project.find(client, settings)
    yield _there(found_project, f"project {settings.project}")
    found = workspace.find(client, settings)
    if found:
        workspace.ours(found, settings, found_project.id if found_project else None)
        yield from _difference(found, settings, found_app)
        yield from _variables(client, settings, found)
    else:
        yield _there(None, f"workspace {settings.workspace}, with its variables")
    last = run.latest(client, found.id) if found else None
    yield _run(last, settings) if last else _there(None, f"run of {settings.workspace}")


def bootstrap(client: Client, settings: Settings, wish: Wish) -> Iterator[Step]:
    """Make what is missing, step by step, and yield what came of each; missing is what people must do.

    Raises:
        Trouble: a step failed; all before it are done.
    """
    user = yield from _people(client, settings, wish)
    app = organization.installation(client, settings)
    if not app:
        yield organization.no_installation(settings, user)
        return
    yield _app(settings)
    found_project, state = project.make(client, settings)
    yield Step(state, f"project {settings.project}")
    found, state = workspace.make(client, settings, found_project.id, app)
    yield Step(state, f"workspace {settings.workspace}")
    state = variables.set_arguments(client, settings, found.id)
    yield Step(state, f"variable {variables.ARGUMENTS}: {variables.arguments(settings)}")
    stored = yield from _store(client, settings, wish, found)
    hopes = list(_hopes(client, settings))
    yield from hopes
    if not stored or hopes:
        return
    queued = run.queue(client, found.id)
    if queued:
        last, state = queued
        yield _run(last, settings)._replace(state=state)
    else:
        fix = "HCP Terraform is still fetching the repository. Run this again in a minute."
        yield Step("missing", f"run of {settings.workspace}", fix)


def _people(client: Client, settings: Settings, wish: Wish) -> Generator[Step, None, str]:
    user = organization.username(organization.owner(client, wish.source))
    yield Step("ok", f"you are {user}, by the token in {wish.source}")
    yield organization.organization(client, settings)
    return user


def _hopes(client: Client, settings: Settings) -> Iterator[Step]:
    """Yield what the first run would fail for."""
    yield from organization.members(client, settings)
    yield from organization.teams(client, settings)


def _store(client: Client, settings: Settings, wish: Wish, found: Resource) -> Generator[Step, None, bool]:
    """Store the token if there is one to store; return whether the workspace has one then."""
    there = variables.find(client, found.id, variables.TOKEN)
    if there and not wish.rotate:
        kept = "kept as it is; ROTATE=1 replaces it" if wish.offer else "is there"
        yield Step("ok", f"variable {variables.TOKEN}: {kept}")
    elif wish.offer:
        user = token.fit(wish.offer.client, settings)
        state = variables.set_token(client, found.id, wish.offer.token.value)
        yield Step(state, f"variable {variables.TOKEN}: the token of {user}")
    else:
        yield token.none_yet(settings)
        return False
    return True


def _difference(found: Resource, settings: Settings, app: str | None) -> Iterator[Step]:
    different = workspace.differences(found, settings, app)
    if different:
        text = f"workspace {settings.workspace} is not as the spec has it: {', '.join(different)}"
        yield Step("missing", text)
    else:
        yield Step("ok", f"workspace {settings.workspace}")


def _variables(client: Client, settings: Settings, found: Resource) -> Iterator[Step]:
    there = variables.find(client, found.id, variables.ARGUMENTS)
    right = there and there.attributes.get("value") == variables.arguments(settings)
    yield _there(there if right else None, f"variable {variables.ARGUMENTS}: {variables.arguments(settings)}")
    stored = variables.find(client, found.id, variables.TOKEN)
    yield _token() if stored else token.none_yet(settings)


def _there(found: Resource | None, text: str) -> Step:
    return Step("ok" if found else "missing", text)


def _app(settings: Settings) -> Step:
    return Step("ok", f"GitHub App at {settings.owner}")


def _token() -> Step:
    return Step("ok", f"variable {variables.TOKEN}")


def _run(last: Resource, settings: Settings) -> Step:
    return Step(
        "ok", f"run {last.id} ({last.attributes.get('status', 'queued')}): {settings.page}/runs/{last.id}"
    )
