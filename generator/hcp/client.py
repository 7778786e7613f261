"""HCP Terraform's API, version 2: JSON:API over HTTPS, with one token.

https://developer.hashicorp.com/terraform/cloud-docs/api-docs
"""

from __future__ import annotations

import http.client
import json
import ssl
import time
import urllib.error
import urllib.parse
import urllib.request
from typing import TYPE_CHECKING, Any, NamedTuple

from generator.hcp import retry
from generator.hcp.settings import HOST
from generator.hcp.trouble import Rejected, Trouble, Unsure

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    Document = dict[str, Any]

ADDRESS = f"https://{HOST}"
TIMEOUT = 30.0
"""Seconds without a byte; the slowest of the requests used here answers in a few."""

_TYPE = "application/vnd.api+json"
_PAGE = 100  # the largest that there is
_TOO_MANY, _SERVER_ERROR = 429, 500


class Resource(NamedTuple):
    """An object of the API."""

    id: str
    attributes: Mapping[str, Any]
    relationships: Mapping[str, Any]

    def related(self, name: str) -> str:
        """Return the id of a related object, nothing where there is none."""
        data = (self.relationships.get(name) or {}).get("data") or {}
        return str(data.get("id", ""))


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """A redirect is an error: following it would hand the token to wherever it leads."""

    def redirect_request(self, *_arguments: object) -> None:
        """Follow nothing."""


class Client:
    """Requests as the owner of one token. `notice` hears why something takes long."""

    def __init__(self, token: str, notice: Callable[[str], None]) -> None:
        """Prepare requests; nothing is sent yet."""
        self._token, self._notice = token, notice
        context = ssl.create_default_context()
        self._opener = urllib.request.build_opener(_NoRedirects, urllib.request.HTTPSHandler(context=context))

    def get(self, path: str, what: str, **query: str) -> Resource:
        """Return one object. `what` completes "refuses to ...".

        Raises:
            Rejected: HCP Terraform says no; 404 is "not there" as well as "not for you".
            Trouble: there is no usable answer.
        """
        return _resource(self._send("GET", path, what, query)["data"])

    def find(self, path: str, what: str, **query: str) -> Resource | None:
        """Return one object, or None when it is not there or not to be seen."""
        try:
            return self.get(path, what, **query)
        except Rejected as rejected:
            if rejected.status == http.HTTPStatus.NOT_FOUND:
                return None
            raise

    def list(self, path: str, what: str, query: Mapping[str, str] | None = None) -> Iterator[Resource]:
        """Yield every object of a collection, page by page."""
        number: int | None = 1
        while number:
            page = {"page[number]": str(number), "page[size]": str(_PAGE)}
            document = self._send("GET", path, what, {**(query or {}), **page})
            yield from map(_resource, document["data"])
            pagination = (document.get("meta") or {}).get("pagination") or {}
            number = pagination.get("next-page")

    def post(self, path: str, what: str, data: Document) -> Resource:
        """Make an object.

        Raises:
            Unsure: it may have been made or not; look, and ask again only when it is not there.
        """
        return _resource(self._send("POST", path, what, {}, {"data": data})["data"])

    def patch(self, path: str, what: str, data: Document) -> Resource:
        """Change attributes of an object. Twice is as good as once, so it is repeated when need be."""
        return _resource(self._send("PATCH", path, what, {}, {"data": data})["data"])

    def _send(
        self, method: str, path: str, what: str, query: Mapping[str, str], body: Document | None = None
    ) -> Document:
        url = f"{ADDRESS}/api/v2/{path}{'?' if query else ''}{urllib.parse.urlencode(query)}"
        data = None if body is None else json.dumps(body).encode()
        headers = {"Authorization": f"Bearer {self._token}", "Accept": _TYPE, "User-Agent": "hcp-bootstrap"}
        if data is not None:
            headers["Content-Type"] = _TYPE
        request = urllib.request.Request(url, data, headers, method=method)  # noqa: S310  (ADDRESS is HTTPS)
        waits = retry.pauses()
        while True:
            try:
                return self._open(request)
            except urllib.error.HTTPError as error:
                with error:
                    trouble, pause = _refused(error, what, method), next(waits, None)
                    again = error.code == _TOO_MANY or (error.code >= _SERVER_ERROR and method != "POST")
                    if pause is None or not again:
                        raise trouble from None
                    pause = retry.longer(pause, error.headers)
                    self._notice(f"HCP Terraform answers {error.code}; trying again in {pause:g} s")
            except (OSError, http.client.HTTPException) as error:
                reason = getattr(error, "reason", error)
                sent = not isinstance(error, urllib.error.URLError) or isinstance(reason, TimeoutError)
                trouble, pause = _silent(reason, what, sent=sent and method == "POST"), next(waits, None)
                if pause is None or isinstance(trouble, Unsure) or isinstance(reason, ssl.SSLError):
                    raise trouble from None
                self._notice(f"{HOST} does not answer ({_text(reason)}); trying again in {pause:g} s")
            time.sleep(pause)

    def _open(self, request: urllib.request.Request) -> Document:
        with self._opener.open(request, timeout=TIMEOUT) as response:
            content = response.read()
        try:
            document = json.loads(content)
            document["data"]
        except (ValueError, TypeError, KeyError):
            message = f"What answers at {HOST} is not HCP Terraform's API"
            raise Trouble(
                message, "A proxy in between may want you to sign in. Look with a browser."
            ) from None
        found: Document = document
        return found


def _resource(data: Document) -> Resource:
    return Resource(data["id"], data.get("attributes") or {}, data.get("relationships") or {})


def _refused(error: urllib.error.HTTPError, what: str, method: str) -> Trouble:
    if error.code == _TOO_MANY:
        message = "HCP Terraform has had too many requests of this token's owner (429)"
        return Trouble(
            message, "Something else of theirs asks all the time. Wait a minute and run this again."
        )
    if error.code >= _SERVER_ERROR:
        message = f"HCP Terraform cannot {what} at the moment ({error.code})"
        fix = "https://status.hashicorp.com says whether it is known. Run this again later: it goes on."
        return (Unsure if method == "POST" else Trouble)(message, fix)
    if error.code < http.HTTPStatus.BAD_REQUEST:
        message = f"What answers at {HOST} leads elsewhere ({error.code})"
        return Trouble(message, "A proxy in between may want you to sign in. The token was not sent there.")
    return Rejected(error.code, _detail(error), what)


def _detail(error: urllib.error.HTTPError) -> str:
    """HCP Terraform's own words: of each JSON:API error object the detail, or else the title."""
    try:
        errors = json.loads(error.read())["errors"]
        words = [str(e.get("detail") or e.get("title")) for e in errors]
    except (ValueError, TypeError, KeyError, AttributeError, OSError):
        words = []
    return "; ".join(words) or str(error.reason)


def _silent(reason: object, what: str, *, sent: bool) -> Trouble:
    if isinstance(reason, ssl.SSLError):
        message = f"No trusted connection to {HOST}: {getattr(reason, 'verify_message', '') or _text(reason)}"
        fix = (
            "Nothing was sent. Where a proxy looks into connections, name its certificates in SSL_CERT_FILE; "
            "elsewhere somebody is in between."
        )
        return Trouble(message, fix)
    message = f"{HOST} did not answer when asked to {what}: {_text(reason)}"
    fix = (
        "Look at your network and HTTPS_PROXY, then at https://status.hashicorp.com. "
        "Run this again: it goes on from here."
    )
    return (Unsure if sent else Trouble)(message, fix)


def _text(reason: object) -> str:
    if isinstance(reason, TimeoutError):
        return f"nothing came for {TIMEOUT:g} s"
    return getattr(reason, "strerror", None) or str(reason) or type(reason).__name__
