"""What all transactions share (PS3.18, 8): capabilities, methods, errors, caches, other sites, and a client's view."""

from io import BytesIO
from xml.etree import ElementTree

import numpy as np
from dicomweb_client import DICOMwebClient
from pydicom import dcmread

from tests.conformance.check import check
from tests.conformance.corpus import NAME, pixels
from tests.conformance.origin_server import JSON, OriginServer, expect, value

WADL = "application/vnd.sun.wadl+xml"
_NAMESPACE = "{http://wadl.dev.java.net/2009/02}"
ORIGIN = "http://viewer.example"


@check("8.9.1")
def capabilities_are_told(server: OriginServer) -> None:
    answer = server.http.options("/", headers={"Accept": WADL})
    expect(answer, 200)
    assert answer.headers["content-type"].startswith((WADL, "application/xml"))


@check("8.9, H")
def capabilities_name_the_base_and_the_resources(server: OriginServer) -> None:
    answer = server.http.options("/", headers={"Accept": WADL})
    root = ElementTree.fromstring(answer.content)
    assert root.tag == f"{_NAMESPACE}application"
    [resources] = root.findall(f"{_NAMESPACE}resources")
    assert resources.attrib["base"].rstrip("/") == str(server.http.base_url).rstrip("/")
    assert "studies" in {one.attrib["path"].strip("/") for one in resources.iter(f"{_NAMESPACE}resource")}


@check("8.5, RFC 9110, 15.5.6")
def method_that_is_not_offered_is_405(server: OriginServer) -> None:
    expect(server.http.put("/studies", content=b""), 405)


@check("8.6.3", optional=True)
def errors_say_what_is_wrong(server: OriginServer) -> None:
    answer = server.get(f"/studies/{server.corpus.uid('unknown')}/metadata", JSON)
    expect(answer, 404)
    assert answer.content
    assert answer.headers["content-type"].startswith(("application/", "text/plain"))


@check("8.6.3", optional=True)
def errors_repeat_nothing_that_was_asked_for(server: OriginServer) -> None:
    answer = server.get("/studies", JSON, PatientName=NAME, limit="many")
    assert NAME not in answer.text


@check("RFC 9110, 15.5.1", optional=True)
def errors_of_a_path_that_is_none(server: OriginServer) -> None:
    expect(server.get(f"/studies/{server.corpus.uid('first')}/nothing", JSON), 404)


@check("8.4.3, RFC 9110, 8.8.3", optional=True)
def cache_instance_has_an_etag(server: OriginServer) -> None:
    answer = server.get(server.corpus["plain"].path, "application/dicom")
    assert answer.headers.get("etag")


@check("8.4.3, RFC 9110, 13.1.2", optional=True)
def cache_frame_that_is_known_is_304(server: OriginServer) -> None:
    path = f"{server.corpus['plain'].path}/rendered"
    first = server.get(path, "image/jpeg")
    headers = {"Accept": "image/jpeg", "If-None-Match": first.headers["etag"]}
    again = server.http.get(path, headers=headers)
    assert (again.status_code, again.content) == (304, b"")


@check("8.4.3, RFC 9111, 5.2.2", optional=True)
def cache_search_may_not_be_kept(server: OriginServer) -> None:
    answer = server.get("/studies", JSON, PatientID=server.corpus.patient(1))
    assert any(word in answer.headers.get("cache-control", "") for word in ("no-cache", "no-store", "max-age=0"))


@check("8.4.3, RFC 9111, 5.2.2", optional=True)
def cache_patients_pictures_are_private(server: OriginServer) -> None:
    answer = server.get(f"{server.corpus['plain'].path}/rendered", "image/jpeg")
    assert any(word in answer.headers.get("cache-control", "") for word in ("private", "no-store"))


@check("RFC 9110, 12.5.5", optional=True)
def cache_knows_that_answers_vary_by_accept(server: OriginServer) -> None:
    answer = server.get(f"{server.corpus['plain'].path}/rendered", "image/jpeg")
    assert "accept" in answer.headers.get("vary", "").lower()


@check("Fetch, 3.2.3", optional=True)
def cors_answer_may_be_read_by_a_viewer(server: OriginServer) -> None:
    answer = server.http.get("/studies", params={"limit": 1}, headers={"Accept": JSON, "Origin": ORIGIN})
    assert answer.headers.get("access-control-allow-origin") in {ORIGIN, "*"}


@check("Fetch, 3.2.2", optional=True)
def cors_preflight_allows_a_search(server: OriginServer) -> None:
    asked = {"Access-Control-Request-Method": "GET", "Access-Control-Request-Headers": "authorization"}
    answer = server.http.options("/studies", headers={"Origin": ORIGIN, **asked})
    expect(answer, 200, 204)
    assert answer.headers.get("access-control-allow-origin") in {ORIGIN, "*"}


@check("Fetch, 3.2.2", optional=True)
def cors_preflight_allows_a_store(server: OriginServer) -> None:
    asked = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "content-type"}
    answer = server.http.options("/studies", headers={"Origin": ORIGIN, **asked})
    expect(answer, 200, 204)
    assert "POST" in answer.headers.get("access-control-allow-methods", "")


def dicomweb_client(server: OriginServer) -> DICOMwebClient:
    client = DICOMwebClient(str(server.http.base_url).rstrip("/"))
    client.set_http_retry_params(retry=False)
    return client


@check("dicomweb-client", optional=True)
def client_searches(server: OriginServer) -> None:
    found = dicomweb_client(server).search_for_studies(search_filters={"PatientID": server.corpus.patient(1)})
    assert [value(item, "0020000D") for item in found] == [server.corpus.uid("first")]


@check("dicomweb-client", optional=True)
def client_retrieves_an_instance(server: OriginServer) -> None:
    file = server.corpus["plain"]
    found = dicomweb_client(server).retrieve_instance(file.study, file.series, file.instance)
    assert np.array_equal(found.pixel_array, file.pixels[0])


@check("dicomweb-client", optional=True)
def client_retrieves_a_series(server: OriginServer) -> None:
    file = server.corpus["plain"]
    assert len(dicomweb_client(server).retrieve_series(file.study, file.series)) == 2


@check("dicomweb-client", optional=True)
def client_retrieves_metadata(server: OriginServer) -> None:
    file = server.corpus["plain"]
    found = dicomweb_client(server).retrieve_study_metadata(file.study)
    assert file.instance in {value(item, "00080018") for item in found}


@check("dicomweb-client", optional=True)
def client_retrieves_frames(server: OriginServer) -> None:
    file = server.corpus["frames"]
    found = dicomweb_client(server).retrieve_instance_frames(file.study, file.series, file.instance, [1, 3])
    assert found == [file.pixels[0].tobytes(), file.pixels[2].tobytes()]


@check("dicomweb-client", optional=True)
def client_retrieves_a_rendered_instance(server: OriginServer) -> None:
    file = server.corpus["plain"]
    client = dicomweb_client(server)
    found = client.retrieve_instance_rendered(file.study, file.series, file.instance, media_types=("image/png",))
    assert found.startswith(b"\x89PNG")


@check("dicomweb-client", optional=True)
def client_stores(server: OriginServer) -> None:
    file = server.corpus.file("client", "stow-client", "dx", pixels("uint16", 4095), patient=9)
    answer = dicomweb_client(server).store_instances([dcmread(BytesIO(file.data))])
    assert [item.ReferencedSOPInstanceUID for item in answer.ReferencedSOPSequence] == [file.instance]
