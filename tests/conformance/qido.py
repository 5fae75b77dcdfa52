"""Search transaction (PS3.18, 10.6; its parameters: 8.3.4; the form of the answer: annex F)."""

from typing import Any

from tests.conformance.check import check
from tests.conformance.corpus import COLUMNS, DESCRIPTION, FRAMES, NAME, OTHER_NAME, PLAIN_NAME, ROWS
from tests.conformance.origin_server import JSON, OriginServer, expect, value, values

STUDY, SERIES, INSTANCE, CLASS = "0020000D", "0020000E", "00080018", "00080016"
PATIENT_ID, PATIENT_NAME, STUDY_DESCRIPTION, STUDY_DATE = "00100020", "00100010", "00081030", "00080020"
#: What is returned of a study whatever is asked (table 10.6.3-3): type R and U.
OF_A_STUDY = (
    *(STUDY_DATE, "00080030", "00080050", "00080061", "00080090", PATIENT_NAME, PATIENT_ID, "00100030", "00100040"),
    *(STUDY, "00200010", "00201206", "00201208"),
)
#: Of a series (table 10.6.3-4) and of an instance that is an image (table 10.6.3-5).
OF_A_SERIES = ("00080060", SERIES, "00200011", "00201209")
OF_AN_INSTANCE = (CLASS, INSTANCE, "00200013", "00280010", "00280011", "00280100")


def studies(server: OriginServer, **parameters: Any) -> list[str]:
    """Which of the three studies of the corpus a search finds, by name, sorted."""
    names = {server.corpus.uid(name): name for name in ("first", "second", "third")}
    parameters = {"PatientID": f"{server.corpus.run}-*", **parameters}
    found = values(server.found("/studies", **parameters), STUDY)
    assert len(set(found)) == len(found), "a study must be found once"
    return sorted(names[uid] for uid in found if uid in names)


@check("10.6.3.3.1")
def qido_studies_return_what_is_required(server: OriginServer) -> None:
    [found] = server.found("/studies", StudyInstanceUID=server.corpus.uid("first"))
    missing = [tag for tag in OF_A_STUDY if tag not in found]
    assert not missing, f"must hold {missing}"


@check("10.6.3.3.1")
def qido_studies_count_series_and_instances(server: OriginServer) -> None:
    [found] = server.found("/studies", StudyInstanceUID=server.corpus.uid("third"))
    assert (value(found, "00201206"), value(found, "00201208")) == (1, 1)


@check("10.6.3.3.1")
def qido_studies_name_their_modalities(server: OriginServer) -> None:
    [found] = server.found("/studies", StudyInstanceUID=server.corpus.uid("first"))
    assert {"DX", "CR", "OT"} <= set(found["00080061"]["Value"])


@check("10.6.3.3.1")
def qido_studies_retrieve_url_resolves(server: OriginServer) -> None:
    [found] = server.found("/studies", StudyInstanceUID=server.corpus.uid("third"))
    [instance] = server.instances(server.resolved("/studies", value(found, "00081190")))
    assert instance.StudyInstanceUID == server.corpus.uid("third")


#: Parameters to the studies that they find (table 10.6.1-5).
_MATCHES: dict[str, tuple[dict[str, str], list[str]]] = {
    "accession_number": ({"AccessionNumber": "{run}-second"}, ["second"]),
    "study_instance_uid": ({"StudyInstanceUID": "{first}"}, ["first"]),
    "study_id": ({"StudyID": "78"}, ["second"]),
    "study_date": ({"StudyDate": "20260315"}, ["second"]),
    "study_date_range": ({"StudyDate": "20251231-20260102"}, ["first", "third"]),
    "study_date_from": ({"StudyDate": "20260102-"}, ["first", "second"]),
    "study_date_until": ({"StudyDate": "-20260102"}, ["first", "third"]),
    "study_time_range": ({"StudyTime": "100000-110000"}, ["first", "second"]),
    "modalities_in_study": ({"ModalitiesInStudy": "CR"}, ["first", "third"]),
    "referring_physician": ({"ReferringPhysicianName": "Bác^Sĩ", "StudyID": "77"}, ["first"]),
    "patient_name": ({"PatientName": NAME}, ["first"]),
    "patient_name_of_ascii": ({"PatientName": PLAIN_NAME}, ["third"]),
    "patient_id": ({"PatientID": "{run}-2"}, ["second"]),
    "tag": ({"00100010": OTHER_NAME}, ["second"]),
    "wildcard_at_the_end": ({"PatientName": "Nguyễn*"}, ["first"]),
    "wildcard_on_both_sides": ({"PatientName": "*Văn*"}, ["second"]),
    "wildcard_of_one_letter": ({"PatientName": "Tr?n^V?n^Đức"}, ["second"]),
    "wildcard_star_alone": ({"PatientName": "*"}, ["first", "second", "third"]),
    "list_of_uids": ({"StudyInstanceUID": "{first},{third}"}, ["first", "third"]),
    "two_conditions": ({"ModalitiesInStudy": "CR", "StudyDate": "20260102-"}, ["first"]),
    "empty_value_matches_all": ({"AccessionNumber": ""}, ["first", "second", "third"]),
}


def _match(parameters: dict[str, str], expected: list[str]) -> Any:
    def run(server: OriginServer) -> None:
        uids = {name: server.corpus.uid(name) for name in ("first", "third")}
        given = {name: text.format(run=server.corpus.run, **uids) for name, text in parameters.items()}
        found = studies(server, **given)
        assert found == expected, f"must find {expected}, not {found}"

    return run


for _name, (_parameters, _expected) in _MATCHES.items():
    check("8.3.4.1, 10.6.1.2", name=f"qido_match_{_name}")(_match(_parameters, _expected))


@check("RFC 3986, 2.1", optional=True)
def qido_wildcard_may_be_percent_encoded(server: OriginServer) -> None:
    query = f"PatientID={server.corpus.run}-%2A&ModalitiesInStudy=CR"
    answer = expect(server.http.get(f"/studies?{query}", headers={"Accept": JSON}), 200)
    assert len(answer.json()) == 2


@check("8.3.4.3")
def qido_includefield_by_keyword(server: OriginServer) -> None:
    [found] = server.found("/studies", StudyInstanceUID=server.corpus.uid("first"), includefield="StudyDescription")
    assert value(found, STUDY_DESCRIPTION) == DESCRIPTION


@check("8.3.4.3")
def qido_includefield_by_tag(server: OriginServer) -> None:
    [found] = server.found("/studies", StudyInstanceUID=server.corpus.uid("first"), includefield=STUDY_DESCRIPTION)
    assert value(found, STUDY_DESCRIPTION) == DESCRIPTION


@check("8.3.4.3")
def qido_includefield_lists_several(server: OriginServer) -> None:
    fields = "PatientSex,StudyDescription"
    [found] = server.found("/studies", StudyInstanceUID=server.corpus.uid("first"), includefield=fields)
    assert (value(found, STUDY_DESCRIPTION), value(found, "00100040")) == (DESCRIPTION, "F")


@check("8.3.4.3")
def qido_includefield_all(server: OriginServer) -> None:
    [found] = server.found("/studies", StudyInstanceUID=server.corpus.uid("first"), includefield="all")
    assert value(found, STUDY_DESCRIPTION) == DESCRIPTION


@check("8.3.4.3")
def qido_includefield_of_an_instance(server: OriginServer) -> None:
    plain = server.corpus["plain"]
    path = plain.path.rpartition("/")[0]
    [found] = server.found(path, SOPInstanceUID=plain.instance, includefield="BodyPartExamined")
    assert value(found, "00180015") == "CHEST"


@check("8.3.4.4")
def qido_limit(server: OriginServer) -> None:
    assert len(server.found("/studies", PatientID=f"{server.corpus.run}-*", limit=2)) == 2


@check("8.3.4.4")
def qido_offset_goes_through_all(server: OriginServer) -> None:
    def page(offset: int) -> list[Any]:
        return values(server.found("/studies", PatientID=f"{server.corpus.run}-?", limit=1, offset=offset), STUDY)

    count = len(server.found("/studies", PatientID=f"{server.corpus.run}-?"))
    found = [uid for offset in range(count) for uid in page(offset)]
    assert len(found) == len(set(found)) == count, "each study must stand on one page"


@check("8.3.4.4")
def qido_offset_behind_the_end_is_empty(server: OriginServer) -> None:
    assert server.found("/studies", PatientID=f"{server.corpus.run}-*", offset=1000) == []


@check("8.3.4.2")
def qido_fuzzymatching_is_done_or_warned_of(server: OriginServer) -> None:
    parameters = {"PatientID": server.corpus.patient(1), "PatientName": "Nguyen^Thi Anh^Dao", "fuzzymatching": "true"}
    answer = server.get("/studies", JSON, **parameters)
    expect(answer, 200, 204)
    warned = answer.headers.get("warning", "").startswith("299 ")
    assert warned or (answer.content and answer.json()), "must match fuzzily, or warn that it does not (299)"


@check("10.6.3.1", optional=True)
def qido_of_a_word_that_is_no_attribute_is_400(server: OriginServer) -> None:
    expect(server.get("/studies", JSON, NoSuchAttribute="1"), 400)


@check("10.6.3.1")
def qido_limit_that_is_no_number_is_400(server: OriginServer) -> None:
    expect(server.get("/studies", JSON, limit="many"), 400)


@check("10.6.3.1")
def qido_date_that_is_none_is_400(server: OriginServer) -> None:
    expect(server.get("/studies", JSON, StudyDate="yesterday"), 400)


@check("10.6.3.1")
def qido_nothing_found_is_no_error(server: OriginServer) -> None:
    assert server.found("/studies", PatientID=f"{server.corpus.run}-none") == []


@check("10.6.4")
def qido_answers_dicom_json(server: OriginServer) -> None:
    answer = server.get("/studies", JSON, PatientID=server.corpus.patient(1))
    assert answer.headers["content-type"].startswith(JSON)


@check("10.6.4, 8.7.5")
def qido_answers_json_to_who_takes_anything(server: OriginServer) -> None:
    answer = server.get("/studies", "*/*", PatientID=server.corpus.patient(1))
    assert answer.headers["content-type"].startswith(JSON)
    assert len(answer.json()) == 1


@check("F.2.2")
def qido_person_name_has_its_groups(server: OriginServer) -> None:
    [found] = server.found("/studies", StudyInstanceUID=server.corpus.uid("first"))
    assert found[PATIENT_NAME] == {"vr": "PN", "Value": [{"Alphabetic": NAME}]}


@check("F.2.5")
def qido_empty_value_has_no_value(server: OriginServer) -> None:
    [found] = server.found("/studies", StudyInstanceUID=server.corpus.uid("third"))
    assert found["00100040"] == {"vr": "CS"}


@check("F.2.3")
def qido_numbers_are_numbers(server: OriginServer) -> None:
    plain = server.corpus["plain"]
    [found] = server.found(plain.path.rpartition("/")[0], SOPInstanceUID=plain.instance)
    assert (found["00200013"], found["00280010"]) == ({"vr": "IS", "Value": [1]}, {"vr": "US", "Value": [ROWS]})


@check("10.6.3.3.2")
def qido_series_return_what_is_required(server: OriginServer) -> None:
    found = server.found(f"/studies/{server.corpus.uid('first')}/series", Modality="DX")
    assert values(found, SERIES) == [server.corpus["plain"].series]
    missing = [tag for tag in OF_A_SERIES if tag not in found[0]]
    assert not missing, f"must hold {missing}"
    assert value(found[0], "00201209") == 2


@check("10.6.3.3.2")
def qido_series_retrieve_url_resolves(server: OriginServer) -> None:
    path = f"/studies/{server.corpus.uid('third')}/series"
    [found] = server.found(path)
    [instance] = server.instances(server.resolved(path, value(found, "00081190")))
    assert instance.SeriesInstanceUID == server.corpus["bare"].series


@check("10.6.1.2")
def qido_series_by_number(server: OriginServer) -> None:
    found = server.found(f"/studies/{server.corpus.uid('first')}/series", SeriesNumber="2")
    assert values(found, SERIES) == [server.corpus["implicit"].series]


@check("10.6.1.2")
def qido_series_by_uid(server: OriginServer) -> None:
    frames = server.corpus["frames"]
    found = server.found(f"/studies/{frames.study}/series", SeriesInstanceUID=frames.series)
    assert values(found, SERIES) == [frames.series]


@check("8.3.4.1, 10.6.1.2")
def qido_series_by_a_request_attribute(server: OriginServer) -> None:
    path = f"/studies/{server.corpus.uid('first')}/series"
    name = "RequestAttributesSequence.RequestedProcedureID"
    assert values(server.found(path, **{name: "PROCEDURE-1"}), SERIES) == [server.corpus["plain"].series]
    assert server.found(path, **{name: "PROCEDURE-2"}) == []


@check("10.6.1.1")
def qido_all_series(server: OriginServer) -> None:
    found = server.found("/series", PatientID=server.corpus.patient(1), Modality="CR")
    assert values(found, SERIES) == [server.corpus["implicit"].series]


@check("10.6.3.3.2")
def qido_all_series_tell_their_study(server: OriginServer) -> None:
    [found] = server.found(
        "/series", PatientID=server.corpus.patient(3), SeriesInstanceUID=server.corpus["bare"].series
    )
    assert (value(found, STUDY), value(found, PATIENT_ID)) == (server.corpus.uid("third"), server.corpus.patient(3))


@check("10.6.3.3.3")
def qido_instances_return_what_is_required(server: OriginServer) -> None:
    plain = server.corpus["plain"]
    found = server.found(plain.path.rpartition("/")[0])
    assert {plain.instance, server.corpus["brighter"].instance} == set(values(found, INSTANCE))
    missing = [tag for tag in OF_AN_INSTANCE if any(tag not in item for item in found)]
    assert not missing, f"must hold {missing}"


@check("10.6.3.3.3")
def qido_instances_count_their_frames(server: OriginServer) -> None:
    frames = server.corpus["frames"]
    [found] = server.found(frames.path.rpartition("/")[0])
    assert (value(found, "00280008"), value(found, "00280011")) == (FRAMES, COLUMNS)


@check("10.6.3.3.3")
def qido_instances_retrieve_url_resolves(server: OriginServer) -> None:
    path = server.corpus["bare"].path.rpartition("/")[0]
    [found] = server.found(path)
    [instance] = server.instances(server.resolved(path, value(found, "00081190")))
    assert instance.SOPInstanceUID == server.corpus["bare"].instance


@check("10.6.1.1")
def qido_instances_of_a_study(server: OriginServer) -> None:
    frames = server.corpus["frames"]
    found = server.found(f"/studies/{frames.study}/instances", SOPClassUID=frames.sop_class)
    assert values(found, INSTANCE) == [frames.instance]


@check("10.6.1.2")
def qido_instances_by_number(server: OriginServer) -> None:
    brighter = server.corpus["brighter"]
    found = server.found(brighter.path.rpartition("/")[0], InstanceNumber="2")
    assert values(found, INSTANCE) == [brighter.instance]


@check("10.6.1.1")
def qido_all_instances(server: OriginServer) -> None:
    rle = server.corpus["rle"]
    found = server.found("/instances", SOPInstanceUID=rle.instance)
    assert [(value(item, STUDY), value(item, SERIES), value(item, INSTANCE)) for item in found] == [
        (rle.study, rle.series, rle.instance)
    ]


@check("10.6.3.1")
def qido_series_of_an_unknown_study_are_none(server: OriginServer) -> None:
    answer = server.get(f"/studies/{server.corpus.uid('unknown')}/series", JSON)
    assert answer.status_code == 404 or not (answer.content and answer.json())
