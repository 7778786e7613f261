"""What ingress-nginx tells NGINX: the ConfigMap of the controller.

Keys and their meaning: ingress-nginx, docs/user-guide/nginx-configuration/configmap.md.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from generator.model import Environment

# API Gateway puts the caller's address here: the integration must map
# `overwrite:header.X-Client-Address` to `$context.identity.sourceIp`. An HTTP API sends no X-Forwarded-For
# of its own (only RFC 7239's Forwarded, which NGINX cannot read) and lets nobody overwrite the header, so
# what arrives under that name is the caller's own invention.
CLIENT_ADDRESS_HEADER = "X-Client-Address"

# Who calls, as the gateway's authorizer says: terraform/modules/edge/routes.tf.
CUSTOMER_HEADERS = ("X-Customer-Id", "X-Customer-Acr")

# Field of the access log: NGINX variable. `$uri` is the path without its query, where tokens travel; for the
# same reason there is no `$request`, no `$request_uri`, no `$http_referer`, no Authorization, no cookie.
_ACCESS_LOG = {
    "time": "$time_iso8601",
    "request_id": "$req_id",
    "client": "$remote_addr",
    "method": "$request_method",
    "host": "$host",
    "path": "$uri",
    "protocol": "$server_protocol",
    "status": "$status",
    "bytes_received": "$request_length",
    "bytes_sent": "$bytes_sent",
    "duration": "$request_time",
    "user_agent": "$http_user_agent",
    "namespace": "$namespace",
    "ingress": "$ingress_name",
    "service": "$service_name",
    "upstream": "$upstream_addr",
    "upstream_status": "$upstream_status",
    "upstream_duration": "$upstream_response_time",
    "tls_protocol": "$ssl_protocol",
}

# What an annotation may not contain: the pieces that broke out of the configuration in the past.
_BLOCKED_WORDS = "load_module,lua_package,_by_lua,location,root,proxy_pass,serviceaccount,{,},',\""


def config(environment: Environment) -> dict[str, str]:
    """Return the ConfigMap's data: all values are strings."""
    return {**_client_address(environment), **_customer(environment), **_PATHS, **_HARDENED, **_LOGGED}


def _client_address(environment: Environment) -> dict[str, str]:
    """Tell how the caller's real address arrives, and whom to believe: the load balancer and nobody else.

    The load balancer's targets are addresses, so without this every request seems to come from it.
    """
    trusted = {"proxy-real-ip-cidr": ",".join(environment.load_balancer_subnets)}
    if environment.gateway.enabled:
        # Not use-forwarded-headers: it also believes the caller's X-Forwarded-Host and X-Forwarded-Proto.
        return {"enable-real-ip": "true", "forwarded-for-header": CLIENT_ADDRESS_HEADER, **trusted}
    return {"use-proxy-protocol": "true", **trusted}


def _customer(environment: Environment) -> dict[str, str]:
    """Workloads are told by these headers who calls; without the gateway nobody knows, so nobody may say."""
    if environment.gateway.enabled:
        return {}
    return {"location-snippet": "\n".join(f'proxy_set_header {header} "";' for header in CUSTOMER_HEADERS)}


# What two programs could read in two ways: the gateway matches a path, NGINX cleans it up, a workload decodes
# it again (`..;` is `..` to a servlet container). Nobody needs any of it, so nothing of it gets through.
# Of the path as it was sent, up to the query: empty and dotted segments, a backslash, ; and #, and encoded
# what needs no encoding (RFC 3986, 2.3) or is one of / \ % ; ? # or a control character. And what is no
# UTF-8: overlong forms, which careless decoders read as . and /, and bytes that were not encoded at all.
_AMBIGUOUS = (
    r"^[^?]*(//|/\.\.?(/|\?|$)|[\x5c;#]"
    r"|%(2[def]|3[0-9]|4[1-9a-f]|5[0-9a]|5f|6[1-9a-f]|7[0-9ae]|5c|25|23|3[bf]|[01][0-9a-f]|7f"
    r"|c[01]|e0%[89]|f0%8|f[5-9a-f])|[\x80-\xff])"
)
_PATHS = {"server-snippet": f'if ($request_uri ~* "{_AMBIGUOUS}") {{\n  return 400;\n}}'}


_HARDENED = {
    # Annotations above it are refused: server-alias, auth-url, mirror-target, rewrite-target, ...
    # (docs/user-guide/nginx-configuration/annotations-risk.md). The generator writes only what is below.
    "annotations-risk-level": "Low",
    "annotation-value-word-blocklist": _BLOCKED_WORDS,
    "allow-cross-namespace-resources": "false",
    "strict-validate-path-type": "true",
    "ssl-protocols": "TLSv1.2 TLSv1.3",
    "ssl-session-tickets": "false",
    "hsts": "true",
    "hsts-include-subdomains": "true",
    "hsts-max-age": "31536000",
    "server-tokens": "false",
    "hide-headers": "Server,X-Powered-By,X-AspNet-Version",
    "enable-underscores-in-headers": "false",
    "ignore-invalid-headers": "true",
    "proxy-body-size": "1m",
}

_LOGGED = {
    "log-format-escape-json": "true",
    "log-format-upstream": json.dumps(_ACCESS_LOG, separators=(",", ":")),
    # Its lines carry the whole request, query included, so only those that say why one failed.
    "error-log-level": "error",
}
