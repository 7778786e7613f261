"""API Gateway v2: domains that come up, stages that change, the tags of both, and what AWS refuses.

moto answers a domain without what AWS adds to it, and has neither a change of a domain nor one of a stage.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from moto.apigatewayv2 import urls
from moto.apigatewayv2.exceptions import APIGatewayV2Error
from moto.apigatewayv2.models import Api, ApiGatewayV2Backend, DomainName, Stage
from moto.apigatewayv2.responses import ApiGatewayV2Response

if TYPE_CHECKING:
    from moto.apigatewayv2.models import Route
    from moto.core.responses import TYPE_RESPONSE

# AWS General Reference, "Amazon API Gateway endpoints and quotas": the zone is that of us-east-1.
ADDED = {"domainNameStatus": "AVAILABLE", "ipAddressType": "ipv4", "hostedZoneId": "Z1UJRXOUMOOFQ8"}

# What UpdateStage may change, and moto's attribute for it.
OF_A_STAGE = {
    "accessLogSettings": "access_log_settings",
    "autoDeploy": "auto_deploy",
    "defaultRouteSettings": "default_route_settings",
    "description": "description",
    "stageVariables": "stage_variables",
}


class ConflictError(APIGatewayV2Error):
    """As API Gateway answers it."""

    code = 409

    def __init__(self, message: str) -> None:
        """Say what stands in the way."""
        super().__init__("ConflictException", message)


class NoSuchRouteError(APIGatewayV2Error):
    """As API Gateway answers it."""

    code = 404

    def __init__(self, key: str) -> None:
        """Name the route."""
        super().__init__(
            "NotFoundException", f"Unable to find Route by key {key} within the provided RouteSettings"
        )


def install() -> None:
    """Mend all of it."""
    _complete_domains()
    _complete_stages()
    _keep_tags()
    _refuse_two_routes_of_one_key()
    _refuse_to_delete_what_is_used()


# --- Domains


def _complete_domains() -> None:
    to_json = DomainName.to_json

    def completed(self: DomainName) -> dict[str, Any]:
        document: dict[str, Any] = to_json(self)
        region = self.domain_name_arn.split(":")[3]
        target = {
            "apiGatewayDomainName": f"d-{abs(hash(self.domain_name)):x}.execute-api.{region}.amazonaws.com"
        }
        document["domainNameConfigurations"] = [
            {**ADDED, **target, **configuration} for configuration in self.domain_name_configurations
        ]
        if not self.mutual_tls_authentication:
            del document["mutualTlsAuthentication"]  # an empty one would be one
        return document

    def update_domain_name(self: ApiGatewayV2Response) -> TYPE_RESPONSE:
        """UpdateDomainName."""
        domain = self.apigatewayv2_backend.get_domain_name(unquote(self.path.split("/")[-1]))
        wanted = json.loads(self.body)
        domain.domain_name_configurations = wanted.get(
            "domainNameConfigurations", domain.domain_name_configurations
        )
        return 200, {}, json.dumps(domain.to_json())

    DomainName.to_json = completed
    ApiGatewayV2Response.update_domain_name = update_domain_name


# --- Stages


def _complete_stages() -> None:
    create = Api.create_stage

    def create_stage(self: Api, config: dict[str, Any]) -> Stage:
        _refuse_unknown_routes(self, config)
        return create(self, config)

    def update_stage(self: ApiGatewayV2Response) -> TYPE_RESPONSE:
        """UpdateStage."""
        stage, api, wanted = _stage(self), _api(self), json.loads(self.body)
        _refuse_unknown_routes(api, wanted)
        for member, attribute in OF_A_STAGE.items():
            if member in wanted:
                setattr(stage, attribute, wanted[member])
        stage.route_settings = {**stage.route_settings, **wanted.get("routeSettings", {})}
        return 200, {}, json.dumps(stage.to_json())

    def delete_route_settings(self: ApiGatewayV2Response) -> TYPE_RESPONSE:
        """DeleteRouteSettings."""
        key = unquote(self.path.split("/routesettings/")[1])
        if _stage(self).route_settings.pop(key, None) is None:
            raise NoSuchRouteError(key)
        return 204, {}, ""

    Api.create_stage = create_stage
    ApiGatewayV2Response.update_stage = update_stage
    ApiGatewayV2Response.delete_route_settings = delete_route_settings
    of_a_route = (
        r"{0}/v2/apis/(?P<api_id>[^/]+)/stages/(?P<stage_name>[^/]+)/routesettings/(?P<route_key>.+)$"
    )
    urls.url_paths[of_a_route] = ApiGatewayV2Response.dispatch


def _api(response: ApiGatewayV2Response) -> Api:
    return response.apigatewayv2_backend.get_api(response.path.split("/apis/")[1].split("/")[0])


def _stage(response: ApiGatewayV2Response) -> Stage:
    name = response.path.split("/stages/")[1].split("/")[0]
    return _api(response).get_stage(unquote(name))


def _refuse_unknown_routes(api: Api, config: dict[str, Any]) -> None:
    known = {route.route_key for route in api.get_routes()}
    for key in config.get("routeSettings") or {}:
        if key not in known:
            raise NoSuchRouteError(key)


# --- Tags of both, which moto keeps apart from those that it can change


def _keep_tags() -> None:
    create_stage, stage_to_json = Api.create_stage, Stage.to_json
    create_domain, domain_to_json = ApiGatewayV2Backend.create_domain_name, DomainName.to_json

    def create_tagged_stage(self: Api, config: dict[str, Any]) -> Stage:
        stage = create_stage(self, config)
        stage.api = self
        self.backend.tag_resource(f"{self.arn}/stages/{stage.name}", stage.tags)
        return stage

    def create_tagged_domain(self: ApiGatewayV2Backend, **arguments: Any) -> DomainName:
        domain = create_domain(self, **arguments)
        domain.backend = self
        self.tag_resource(domain.domain_name_arn, domain.tags)
        return domain

    def tagged_stage(self: Stage) -> dict[str, Any]:
        tags = self.api.backend.get_tags(f"{self.api.arn}/stages/{self.name}")
        return {**stage_to_json(self), "tags": tags}

    def tagged_domain(self: DomainName) -> dict[str, Any]:
        return {**domain_to_json(self), "tags": self.backend.get_tags(self.domain_name_arn)}

    Api.create_stage, Stage.to_json = create_tagged_stage, tagged_stage
    ApiGatewayV2Backend.create_domain_name, DomainName.to_json = create_tagged_domain, tagged_domain
    for kind in (r"apis/(?P<arn_pt2>[^/]+)/stages", "domainnames"):
        path = rf"{{0}}/v2/tags/(?P<resource_arn>[^/]+)/{kind}/(?P<arn_pt3>[^/]+)$"
        urls.url_paths[path] = ApiGatewayV2Response.dispatch


# --- What AWS refuses


def _refuse_two_routes_of_one_key() -> None:
    create = Api.create_route

    def create_route(self: Api, **arguments: Any) -> Route:
        if arguments["route_key"] in {route.route_key for route in self.get_routes()}:
            raise ConflictError(f"Route with key {arguments['route_key']} already exists for this API")
        return create(self, **arguments)

    Api.create_route = create_route


def _refuse_to_delete_what_is_used() -> None:
    delete_integration, delete_authorizer = Api.delete_integration, Api.delete_authorizer
    delete_link = ApiGatewayV2Backend.delete_vpc_link

    def integration(self: Api, integration_id: str) -> None:
        for route in self.get_routes():
            if route.target == f"integrations/{integration_id}":
                raise ConflictError(
                    f"Cannot delete Integration '{integration_id}' because it is referenced by a Route"
                )
        delete_integration(self, integration_id)

    def authorizer(self: Api, authorizer_id: str) -> None:
        for route in self.get_routes():
            if route.authorizer_id == authorizer_id:
                raise ConflictError(
                    f"Cannot delete Authorizer '{authorizer_id}' because it is referenced by a Route"
                )
        delete_authorizer(self, authorizer_id)

    def vpc_link(self: ApiGatewayV2Backend, vpc_link_id: str) -> None:
        used = {i.connection_id for api in self.get_apis() for i in api.get_integrations()}
        if vpc_link_id in used:
            raise ConflictError(f"VPC link {vpc_link_id} is used by an integration")
        delete_link(self, vpc_link_id)

    Api.delete_integration, Api.delete_authorizer = integration, authorizer
    ApiGatewayV2Backend.delete_vpc_link = vpc_link
