"""Store transaction (PS3.18, 10.5; the response module: I.2). What is stored here are files of their own."""

from collections.abc import Iterator
from io import BytesIO
from typing import Any

from pydicom import dcmread

from tests.conformance.check import check
from tests.conformance.corpus import OTHER_NAME, File, pixels
from tests.conformance.multipart import BOUNDARY, related
from tests.conformance.origin_server import DICOM, JSON, STORE, OriginServer, expect, value

REFERENCED, FAILED, OTHER_FAILURES = "00081199", "00081198", "0008119A"
INSTANCE, SOP_CLASS, REASON, RETRIEVE_URL = "00081155", "00081150", "00081197", "00081190"


def fresh(server: OriginServer, name: str, study: str | None = None) -> File:
    """A file that the server has not got yet."""
    return server.corpus.file(name, study or f"stow-{name}", "dx", pixels("uint16", 4095), patient=9)


def referenced(answer: Any, sequence: str = REFERENCED) -> dict[str, dict[str, Any]]:
    """SOP Instance UID to item of the response module."""
    return {value(item, INSTANCE): item for item in answer.json().get(sequence, {}).get("Value", [])}


def is_there(server: OriginServer, file: File) -> bool:
    return server.get(f"{file.path}/metadata", JSON).status_code == 200


@check("10.5.3.1")
def stow_two_in_one_request(server: OriginServer) -> None:
    files = [fresh(server, "one", "stow-two"), fresh(server, "two", "stow-two")]
    answer = server.store([file.data for file in files])
    expect(answer, 200)
    assert set(referenced(answer)) == {file.instance for file in files}
    assert all(is_there(server, file) for file in files)


@check("10.5.3.3, I.2")
def stow_response_module(server: OriginServer) -> None:
    file = fresh(server, "module")
    answer = server.store([file.data])
    assert answer.headers["content-type"].startswith(JSON)
    item = referenced(answer)[file.instance]
    assert value(item, SOP_CLASS) == file.sop_class
    assert item[INSTANCE]["vr"] == item[SOP_CLASS]["vr"] == "UI"
    assert answer.json().get(FAILED, {}).get("Value", []) == []


@check("I.2")
def stow_retrieve_url_of_instance_resolves(server: OriginServer) -> None:
    file = fresh(server, "url")
    url = value(referenced(server.store([file.data]))[file.instance], RETRIEVE_URL)
    [found] = server.instances(server.resolved("/studies", url))
    assert found.SOPInstanceUID == file.instance


@check("I.2")
def stow_retrieve_url_of_study_resolves(server: OriginServer) -> None:
    file = fresh(server, "study-url")
    answer = server.store([file.data], study=file.study)
    [found] = server.instances(server.resolved(f"/studies/{file.study}", value(answer.json(), RETRIEVE_URL)))
    assert found.StudyInstanceUID == file.study


@check("10.5.1.1")
def stow_to_a_named_study(server: OriginServer) -> None:
    file = fresh(server, "named")
    expect(server.store([file.data], study=file.study), 200)
    assert is_there(server, file)


@check("RFC 9112, 7.1")
def stow_chunked_without_content_length(server: OriginServer) -> None:
    file = fresh(server, "chunked")
    body = related([file.data])

    def chunks() -> Iterator[bytes]:
        for start in range(0, len(body), 1000):  # boundaries lie across chunks
            yield body[start : start + 1000]

    headers = {"Content-Type": STORE, "Accept": JSON}
    answer = server.http.post("/studies", content=chunks(), headers=headers)
    expect(answer, 200)
    assert is_there(server, file)


@check("RFC 2046, 5.1.1")
def stow_boundary_without_quotes(server: OriginServer) -> None:
    file = fresh(server, "unquoted")
    expect(server.store([file.data], content_type=f"{DICOM}; boundary={BOUNDARY}"), 200)
    assert is_there(server, file)


@check("RFC 2387, 3.1", optional=True)
def stow_type_without_quotes(server: OriginServer) -> None:
    file = fresh(server, "untyped")
    content_type = f"multipart/related; type=application/dicom; boundary={BOUNDARY}"
    expect(server.store([file.data], content_type=content_type), 200)
    assert is_there(server, file)


@check("RFC 2045, 5.1")
def stow_parameters_in_another_order_and_case(server: OriginServer) -> None:
    file = fresh(server, "order")
    content_type = f'Multipart/Related; BOUNDARY="{BOUNDARY}"; Type="application/dicom"'
    expect(server.store([file.data], content_type=content_type), 200)
    assert is_there(server, file)


@check("8.6.1.2.1")
def stow_part_with_more_headers(server: OriginServer) -> None:
    file = fresh(server, "headers")
    headers = f"content-location: urn:x\ncontent-type: application/dicom\ncontent-length: {len(file.data)}\nX-Other: 1"
    expect(server.store([file.data], headers=headers), 200)
    assert is_there(server, file)


@check("8.7.3.5.2")
def stow_part_that_names_its_transfer_syntax(server: OriginServer) -> None:
    file = fresh(server, "syntax")
    headers = f"Content-Type: application/dicom; transfer-syntax={file.transfer_syntax}"
    expect(server.store([file.data], headers=headers), 200)
    assert is_there(server, file)


@check("RFC 2046, 5.1.1")
def stow_preamble_is_passed_over(server: OriginServer) -> None:
    file = fresh(server, "preamble")
    expect(server.store([file.data], preamble=b"Not a part.\r\n"), 200)
    assert is_there(server, file)


@check("8.6.1.1", optional=True)
def stow_single_part(server: OriginServer) -> None:
    file = fresh(server, "single")
    headers = {"Content-Type": "application/dicom", "Accept": JSON}
    answer = server.http.post("/studies", content=file.data, headers=headers)
    expect(answer, 200)
    assert set(referenced(answer)) == {file.instance}


@check("10.5.3.1")
def stow_some_of_another_study_is_202(server: OriginServer) -> None:
    right, wrong = fresh(server, "right"), fresh(server, "wrong")
    answer = server.store([right.data, wrong.data], study=right.study)
    expect(answer, 202)
    assert set(referenced(answer)) == {right.instance}
    assert set(referenced(answer, FAILED)) == {wrong.instance}
    assert is_there(server, right)


@check("10.5.3.1")
def stow_all_of_another_study_is_409(server: OriginServer) -> None:
    wrong = fresh(server, "all-wrong")
    expect(server.store([wrong.data], study=server.corpus.uid("elsewhere")), 409)


@check("10.5.2")
def stow_of_another_study_is_not_stored(server: OriginServer) -> None:
    wrong = fresh(server, "not-stored")
    server.store([wrong.data], study=server.corpus.uid("elsewhere"))
    assert not is_there(server, wrong)


@check("I.2.2")
def stow_failed_item_says_why(server: OriginServer) -> None:
    wrong = fresh(server, "why")
    item = referenced(server.store([wrong.data], study=server.corpus.uid("elsewhere")), FAILED)[wrong.instance]
    assert value(item, SOP_CLASS) == wrong.sop_class
    assert item[REASON]["vr"] == "US"
    assert isinstance(value(item, REASON), int)


@check("10.5.3.1")
def stow_what_is_no_dicom_is_refused(server: OriginServer) -> None:
    answer = server.store([b"This is no DICOM file. " * 40])
    expect(answer, 400, 409)


@check("10.5.3.1")
def stow_what_is_no_dicom_spoils_nothing_else(server: OriginServer) -> None:
    good = fresh(server, "beside")
    answer = server.store([good.data, b"This is no DICOM file. " * 40])
    expect(answer, 202)
    assert set(referenced(answer)) == {good.instance}
    failures = [item for tag in (FAILED, OTHER_FAILURES) for item in answer.json().get(tag, {}).get("Value", [])]
    assert len(failures) == 1
    assert is_there(server, good)


@check("10.5.2")
def stow_the_same_again_changes_nothing(server: OriginServer) -> None:
    file = fresh(server, "again")
    first, second = server.store([file.data]), server.store([file.data])
    assert (first.status_code, second.status_code) == (200, 200)
    assert len(server.instances(f"/studies/{file.study}")) == 1


@check("10.5.2")
def stow_other_content_under_the_same_uid_changes_nothing(server: OriginServer) -> None:
    file = fresh(server, "first-one")
    corpus = server.corpus
    other = corpus.file("first-one", "stow-first-one", "dx", pixels("uint16", 99), patient=9, PatientName=OTHER_NAME)
    assert other.instance == file.instance
    server.store([file.data])
    server.store([other.data])
    [found] = server.instances(file.path)
    assert found.PixelData == file.pixels.tobytes()


@check("8.5, 10.5.3.1")
def stow_of_another_media_type_is_415(server: OriginServer) -> None:
    answer = server.http.post("/studies", content=b"text", headers={"Content-Type": "text/plain", "Accept": JSON})
    expect(answer, 415)


@check("8.5, 10.5.3.1")
def stow_of_parts_of_another_type_is_415(server: OriginServer) -> None:
    content_type = f'multipart/related; type="text/plain"; boundary="{BOUNDARY}"'
    answer = server.store([b"text"], content_type=content_type, headers="Content-Type: text/plain")
    expect(answer, 415)


@check("8.5, 10.5.3.1")
def stow_of_nothing_is_400(server: OriginServer) -> None:
    answer = server.http.post("/studies", content=b"", headers={"Content-Type": STORE, "Accept": JSON})
    expect(answer, 400)


@check("8.5, RFC 2046, 5.1.1")
def stow_without_a_boundary_is_400_or_415(server: OriginServer) -> None:
    answer = server.store([fresh(server, "boundless").data], content_type=DICOM)
    expect(answer, 400, 415)


@check("10.5.2")
def stow_keeps_every_value(server: OriginServer) -> None:
    file = server.corpus["plain"]
    [found] = server.instances(file.path)
    sent = dcmread(BytesIO(file.data))
    assert {element.tag: element.value for element in found} == {element.tag: element.value for element in sent}
