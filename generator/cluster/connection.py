"""One request to the API server of a context: credentials, TLS and proxies as the kubernetes client has them.

Answers are bytes: the client's models of what they hold would cost more than asking.
"""

from __future__ import annotations

import json
import logging
import subprocess
from threading import Lock
from typing import TYPE_CHECKING, Any

from kubernetes.client import ApiClient, Configuration
from kubernetes.config import kube_config
from kubernetes.config.config_exception import ConfigException
from kubernetes.config.dateutil import parse_rfc3339
from kubernetes.config.exec_provider import ExecProvider
from kubernetes.config.kube_config import FileOrData, KubeConfigLoader

from generator.cluster.errors import Expired, NoContext
from generator.cluster.words import one_line, sign_in

if TYPE_CHECKING:
    from collections.abc import Mapping

    from urllib3 import BaseHTTPResponse

    from generator.cluster.kubeconfig import Context, Kubeconfig

NAME = "platform-generator"
"""What the API's logs call us, and the owner of fields that we set."""

_PLUGIN_SECONDS = 60.0  # a plugin may ask a person for a code
CONNECTIONS = 8  # at once; API Priority and Fairness gives one user a share, not the server

# The client logs what it then also raises, or swallows; what people are to read is printed elsewhere.
logging.getLogger("urllib3").setLevel(logging.CRITICAL)


class Connection:
    """A connection pool to the API server of one context. Several threads may use it."""

    def __init__(self, kubeconfig: Kubeconfig, context: Context) -> None:
        """Read the credentials, which may run a plugin; nothing is sent yet.

        Raises:
            NoContext: the context is not usable as it stands.
            Expired: the plugin that brings the credentials brought none.
        """
        self._kubeconfig, self.context = kubeconfig, context
        self._lock = Lock()
        self.renew()

    def renew(self) -> None:
        """Read the credentials again, as after a 401."""
        configuration = Configuration()
        configuration.retries = False  # retry.py is what does it
        configuration.connection_pool_maxsize = CONNECTIONS
        try:
            _Loader(self._kubeconfig.merged, self.context).load_and_set(configuration)
        except ConfigException as error:
            fix = f"kubectl --context {self.context.name} version says whether kubectl can use it."
            raise NoContext(f"context {self.context.title}: {one_line(str(error))}", fix) from None
        before = getattr(self, "_client", None)
        client = ApiClient(configuration)
        client.user_agent = NAME
        self._client = client
        if before is not None:
            before.rest_client.close()

    def close(self) -> None:
        """Close what is open."""
        self._client.rest_client.close()

    def send(
        self,
        method: str,
        path: str,
        headers: Mapping[str, str],
        body: Any,
        seconds: tuple[float, float],
    ) -> BaseHTTPResponse:
        """Send one request; return the answer, whatever its status, its body unread.

        `seconds` to connect, and without a byte. Raises what urllib3 raises, and as `__init__` where
        credentials had to be renewed.
        """
        client = self._client
        sent = dict(headers)
        with self._lock:  # a token that ends is renewed here, once
            client.update_params_for_auth(sent, [], ["BearerToken"], path, method, body)
        sent["User-Agent"] = client.user_agent
        answer = client.call_api(
            method, client.configuration.host + path, sent, body, _request_timeout=seconds
        )
        response: BaseHTTPResponse = answer.response
        return response


class _Loader(KubeConfigLoader):  # type: ignore[misc]  # it has no types
    """The client's own reading of a context, but a plugin that fails is an error and not a line in a log."""

    def __init__(self, merged: Any, context: Context) -> None:
        super().__init__(config_dict=merged, active_context=context.name, config_base_path=None)
        self._chosen = context

    def _load_from_exec_plugin(self) -> bool | None:
        if "exec" not in self._user:
            return None
        folder = self._get_base_path(self._cluster.path)
        status = _run(ExecProvider(self._user["exec"], folder, self._cluster), self._chosen)
        if status.get("token"):
            self.token = f"Bearer {status['token']}"
        elif status.get("clientCertificateData") and status.get("clientKeyData"):
            self.cert_file, self.key_file = (
                FileOrData(status, None, key, file_base_path=folder, base64_file_content=False).as_file()
                for key in ("clientCertificateData", "clientKeyData")
            )
        else:
            plugin = self._user["exec"]["command"]
            raise Expired(
                f"{plugin} of context {self._chosen.title} brought neither token nor certificate",
                sign_in(self._chosen),
            )
        if status.get("expirationTimestamp"):
            self.expiry = parse_rfc3339(status["expirationTimestamp"])
        return True


def clean() -> None:
    """Remove the files that the client keeps certificates and keys in: the process ends without `atexit`."""
    kube_config._cleanup_temp_files()  # noqa: SLF001  (the client offers no other way)


def _run(provider: ExecProvider, context: Context) -> Mapping[str, Any]:
    """Run the plugin as the client would, with an end, and keep what it says for the message."""
    request = {"apiVersion": provider.api_version, "kind": "ExecCredential", "spec": {"interactive": False}}
    if provider.cluster:
        request["spec"]["cluster"] = provider.cluster.value
    plugin = provider.args[0]
    try:
        ended = subprocess.run(  # noqa: S603  (the person's own kubeconfig says what to run)
            provider.args,
            env={**provider.env, "KUBERNETES_EXEC_INFO": json.dumps(request)},
            cwd=provider.cwd,
            capture_output=True,
            stdin=subprocess.DEVNULL,
            timeout=_PLUGIN_SECONDS,
            check=False,
        )
    except FileNotFoundError:
        message = f"{plugin}, which brings the credentials of context {context.title}, is not installed"
        raise NoContext(message, "Install it, or put its folder on PATH.") from None
    except OSError as error:
        message = f"{plugin}, which brings the credentials of context {context.title}: {error.strerror}"
        raise NoContext(message, "Run it by hand to see why.") from None
    except subprocess.TimeoutExpired:
        message = f"{plugin} brought no credentials for context {context.title} in {_PLUGIN_SECONDS:g} s"
        raise Expired(message, sign_in(context)) from None
    if ended.returncode:
        said = one_line(ended.stderr.decode(errors="replace")) or f"exit code {ended.returncode}"
        raise Expired(f"{plugin} has no credentials for context {context.title}: {said}", sign_in(context))
    try:
        status = json.loads(ended.stdout)["status"]
        if isinstance(status, dict):
            return status
    except (ValueError, KeyError, TypeError):
        pass
    message = f"{plugin} of context {context.title} did not print an ExecCredential"
    raise NoContext(message, "Run it by hand: it has to print JSON with status.token.")
