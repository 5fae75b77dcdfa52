"""What is served here, told to who asks: ``OPTIONS /dicom-web`` (PS3.18, 8.9), made from the routes themselves.

The answer is WADL (PS3.18, annex H): resources within resources, as their paths are, with methods and media types.
"""

import re
from collections.abc import Iterable
from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring

from fastapi import APIRouter, Request, Response
from fastapi.routing import APIRoute

from serving import schemas
from serving.dicomweb.accept import choose
from serving.dicomweb.urls import BASE, base_url
from serving.services import Services

WADL = "application/vnd.sun.wadl+xml"
_NAMESPACE = "http://wadl.dev.java.net/2009/02"
_IN_PATH = re.compile(r"\{(\w+)\}")


def add_routes(api: APIRouter, _: Services) -> None:
    def tell(request: Request) -> Response:
        """Resources, methods and media types as WADL."""
        media_type = choose(request, (WADL, "application/xml"))
        routes = [route for route in api.routes if isinstance(route, APIRoute) and route.include_in_schema]
        return Response(wadl(routes, base_url(request)), media_type=media_type)

    for path, shown in (("", True), ("/", False)):
        api.add_api_route(
            path,
            tell,
            methods=["OPTIONS"],
            summary="Retrieve Capabilities",
            response_class=Response,
            include_in_schema=shown,
            responses={200: {"content": {WADL: {}}}, **schemas.problem_responses(406)},
        )


def wadl(routes: Iterable[APIRoute], base: str) -> bytes:
    """The document; ``base`` is the URL of the interface as its client calls it."""
    application = Element("application", xmlns=_NAMESPACE)
    resources = {"": SubElement(application, "resources", base=base)}
    for route in sorted(routes, key=lambda route: route.path_format):
        path = route.path_format.removeprefix(BASE).strip("/") or "/"
        for method in sorted(route.methods or ()):
            _add_method(_resource(resources, path), route, method)
    return bytes(tostring(application, encoding="utf-8", xml_declaration=True))


def _resource(resources: dict[str, Element], path: str) -> Element:
    """The element of a path, made with those above it where it is not there yet."""
    if path not in resources:
        above, _, own = path.rpartition("/") if path != "/" else ("", "", path)
        resources[path] = SubElement(_resource(resources, above), "resource", path=own)
        for name in _IN_PATH.findall(own):
            SubElement(resources[path], "param", name=name, style="template", required="true")
    return resources[path]


def _add_method(resource: Element, route: APIRoute, method: str) -> None:
    made = SubElement(resource, "method", name=method)
    extra = route.openapi_extra or {}
    request = SubElement(made, "request")
    for parameter in extra.get("parameters", ()):
        if parameter["in"] == "query":
            SubElement(request, "param", name=parameter["name"], style="query")
    for media_type in extra.get("requestBody", {}).get("content", {}):
        SubElement(request, "representation", mediaType=media_type)
    for status, answer in route.responses.items():
        _add_response(made, str(status), answer)


def _add_response(method: Element, status: str, answer: dict[str, Any]) -> None:
    response = SubElement(method, "response", status=status)
    for media_type in answer.get("content", {}):
        SubElement(response, "representation", mediaType=media_type)
