"""Metadata (PS3.18, 10.4.1.1.2) in the DICOM JSON Model (annex F)."""

import base64
import json

from tests.conformance.check import check
from tests.conformance.corpus import CREATOR, DESCRIPTION, NAME
from tests.conformance.origin_server import JSON, OriginServer, expect, value, values

INSTANCE = "00080018"


@check("10.4.1.1.2")
def metadata_of_a_study(server: OriginServer) -> None:
    file = server.corpus["plain"]
    found = values(server.metadata(f"/studies/{file.study}"), INSTANCE)
    assert {one.instance for one in server.corpus.of_study(file)} <= set(found)


@check("10.4.1.1.2")
def metadata_of_a_series(server: OriginServer) -> None:
    file = server.corpus["plain"]
    found = values(server.metadata(f"/studies/{file.study}/series/{file.series}"), INSTANCE)
    assert sorted(found) == sorted([file.instance, server.corpus["brighter"].instance])


@check("10.4.1.1.2")
def metadata_of_an_instance(server: OriginServer) -> None:
    file = server.corpus["plain"]
    assert values(server.metadata(file.path), INSTANCE) == [file.instance]


@check("10.4.4")
def metadata_to_who_takes_anything(server: OriginServer) -> None:
    answer = server.get(f"{server.corpus['plain'].path}/metadata", "*/*")
    expect(answer, 200)
    assert answer.headers["content-type"].startswith(JSON)
    assert len(answer.json()) == 1


@check("10.4.1.1.2, 8.7.3.4")
def metadata_holds_no_pixels(server: OriginServer) -> None:
    file = server.corpus["plain"]
    [found] = server.metadata(file.path)
    pixels = found.get("7FE00010", {})
    assert "InlineBinary" not in pixels
    assert "Value" not in pixels


@check("F.2.2")
def metadata_tags_are_upper_case_and_in_order(server: OriginServer) -> None:
    [found] = server.metadata(server.corpus["plain"].path)
    tags = list(found)
    assert tags == sorted(tags)
    assert all(len(tag) == 8 and tag == tag.upper() for tag in tags)


@check("F.2.2")
def metadata_has_no_file_meta_and_no_group_lengths(server: OriginServer) -> None:
    [found] = server.metadata(server.corpus["plain"].path)
    assert not [tag for tag in found if tag.startswith("0002") or tag.endswith("0000")]


@check("F.2.2")
def metadata_every_attribute_has_a_vr(server: OriginServer) -> None:
    [found] = server.metadata(server.corpus["implicit"].path)
    assert all(len(item["vr"]) == 2 and item["vr"].isupper() for item in found.values())


@check("F.2.2")
def metadata_person_names_have_their_groups(server: OriginServer) -> None:
    [found] = server.metadata(server.corpus["plain"].path)
    assert found["00100010"] == {"vr": "PN", "Value": [{"Alphabetic": NAME}]}
    assert found["00081070"]["Value"] == [{"Alphabetic": "Lê^Thị"}, {"Alphabetic": "Phạm^Văn"}]


@check("F.2.5")
def metadata_empty_value_has_no_value(server: OriginServer) -> None:
    [found] = server.metadata(server.corpus["plain"].path)
    assert found["00200060"] == {"vr": "CS"}


@check("F.2.5")
def metadata_empty_sequence_has_no_value(server: OriginServer) -> None:
    [found] = server.metadata(server.corpus["plain"].path)
    assert found["00540220"] in ({"vr": "SQ"}, {"vr": "SQ", "Value": []})


@check("F.2.4")
def metadata_sequence_holds_its_items(server: OriginServer) -> None:
    [found] = server.metadata(server.corpus["plain"].path)
    [item] = found["00082218"]["Value"]
    assert item["00080104"] == {"vr": "LO", "Value": ["Chest"]}


@check("F.2.3")
def metadata_numbers_are_numbers(server: OriginServer) -> None:
    [found] = server.metadata(server.corpus["plain"].path)
    assert found["00187026"] == {"vr": "DS", "Value": [350.5, 425.25]}
    assert found["00181411"] == {"vr": "DS", "Value": [412.5]}
    assert found["00200013"] == {"vr": "IS", "Value": [1]}


@check("F.2.3")
def metadata_several_values_are_a_list(server: OriginServer) -> None:
    [found] = server.metadata(server.corpus["plain"].path)
    assert found["00200020"] == {"vr": "CS", "Value": ["L", "F"]}


@check("F.2.3")
def metadata_attribute_tags_are_eight_digits(server: OriginServer) -> None:
    [found] = server.metadata(server.corpus["plain"].path)
    assert found["00720026"] == {"vr": "AT", "Value": ["00181063"]}


@check("F.2.2")
def metadata_private_elements_are_there(server: OriginServer) -> None:
    [found] = server.metadata(server.corpus["plain"].path)
    assert (value(found, "00290010"), value(found, "00291011")) == (CREATOR, "riêng")


@check("F.2.6, F.2.7")
def metadata_binary_is_inline_or_behind_a_uri(server: OriginServer) -> None:
    [found] = server.metadata(server.corpus["plain"].path)
    item = found["00291010"]
    assert ("InlineBinary" in item) != ("BulkDataURI" in item)
    assert "Value" not in item
    base64.b64decode(item.get("InlineBinary", ""), validate=True)


@check("8.8.2, F.2")
def metadata_is_utf8(server: OriginServer) -> None:
    answer = server.get(f"{server.corpus['plain'].path}/metadata", JSON)
    [found] = json.loads(answer.content.decode("utf-8"))
    assert value(found, "00081030") == DESCRIPTION
    assert found["00080005"] == {"vr": "CS", "Value": ["ISO_IR 192"]}


@check("10.4.4")
def metadata_as_xml_is_xml_or_406(server: OriginServer) -> None:
    accept = 'multipart/related; type="application/dicom+xml"'
    answer = server.get(f"{server.corpus['plain'].path}/metadata", accept)
    if answer.status_code != 406:
        expect(answer, 200)
        assert b"<NativeDicomModel" in answer.content


@check("10.4.3.1")
def metadata_of_an_unknown_study_is_404(server: OriginServer) -> None:
    expect(server.get(f"/studies/{server.corpus.uid('unknown')}/metadata", JSON), 404)


@check("10.4.3.1")
def metadata_of_an_unknown_instance_is_404(server: OriginServer) -> None:
    plain = server.corpus["plain"]
    path = plain.path.replace(plain.instance, server.corpus.uid("unknown"))
    expect(server.get(f"{path}/metadata", JSON), 404)
