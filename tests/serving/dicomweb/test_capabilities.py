"""What is served, told to who asks (PS3.18, 8.9)."""

from collections.abc import Iterator
from xml.etree.ElementTree import Element, fromstring

import httpx
import pytest

from serving.dicomweb.capabilities import WADL
from tests.fakes import StubReader
from tests.serving.live import live

NAMESPACE = "{http://wadl.dev.java.net/2009/02}"


@pytest.fixture(scope="module")
def client() -> Iterator[httpx.Client]:
    with live(StubReader()) as client:
        yield client


def methods(element: Element, path: str = "") -> Iterator[tuple[str, str]]:
    """Method and path of each, from the resources within resources."""
    for resource in element.findall(f"{NAMESPACE}resource"):
        own = f"{path}/{resource.attrib['path']}".rstrip("/")
        yield from ((method.attrib["name"], own) for method in resource.findall(f"{NAMESPACE}method"))
        yield from methods(resource, own)


@pytest.mark.parametrize("path", ["/dicom-web", "/dicom-web/"])
def test_exactly_the_routes_are_told(client: httpx.Client, path: str) -> None:
    answer = client.options(path)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, WADL)
    (resources,) = fromstring(answer.content)
    assert resources.attrib == {"base": f"{client.base_url}/dicom-web"}
    served = client.get("/openapi.json").json()["paths"]
    expected = {
        (method.upper(), path.removeprefix("/dicom-web"))
        for path, operations in served.items()
        if path.startswith("/dicom-web")
        for method in operations
    }
    told = list(methods(resources))
    assert set(told) == expected
    assert len(told) == len(expected)


def test_a_method_says_what_it_takes_and_gives(client: httpx.Client) -> None:
    document = fromstring(client.options("/dicom-web", headers={"Accept": "application/xml"}).content)
    studies = next(one for one in document.iter(f"{NAMESPACE}resource") if one.attrib["path"] == "studies")
    post, get = sorted(studies.findall(f"{NAMESPACE}method"), key=lambda method: method.attrib["name"] == "GET")
    taken = [one.attrib["mediaType"] for one in post.findall(f"{NAMESPACE}request/{NAMESPACE}representation")]
    assert taken == ["multipart/related", "application/dicom"]
    assert "limit" in {one.attrib["name"] for one in get.iter(f"{NAMESPACE}param")}
    given = {one.attrib["mediaType"] for one in get.iter(f"{NAMESPACE}representation")}
    assert "application/dicom+json" in given


def test_what_is_not_offered_is_not_acceptable(client: httpx.Client) -> None:
    assert client.options("/dicom-web", headers={"Accept": "text/html"}).status_code == 406
