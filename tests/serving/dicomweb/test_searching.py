"""QIDO-RS over a live service, with real clients (PS3.18, 10.6)."""

from collections.abc import Iterator
from io import BytesIO
from typing import Any

import httpx
import psycopg
import pydicom
import pytest
from dicomweb_client.api import DICOMwebClient
from pydicom.dataset import Dataset
from pydicom.uid import ComprehensiveSRStorage

from serving.dicomweb.search_parameters import MOST_RESULTS, searched
from serving.searchable import INSIDE, tag_text, vr_of
from serving.store.descriptions import describe_some
from serving.store.searches import Level
from tests.fakes import StubReader
from tests.serving.files import dicom, png
from tests.serving.live import live, new_store, serving

JSON = "application/dicom+json"


def request(procedure: str) -> list[Dataset]:
    item = Dataset()
    item.RequestedProcedureID = procedure
    return [item]


FILES = [
    dicom(
        "1.1.1.1",
        StudyInstanceUID="1.1",
        SeriesInstanceUID="1.1.1",
        PatientName="Nguyễn^Thị Ánh^Đào",
        PatientID="P%1",
        StudyDate="20260101",
        StudyTime="080000.5",
        StudyID="7",
        AccessionNumber="A_1",
        StudyDescription="Ngực thẳng",
        ReferringPhysicianName="Bác^Sĩ",
        PatientSex="",
        SeriesNumber="1",
        InstanceNumber="1",
        RequestAttributesSequence=request("R-1"),
    ),
    dicom("1.1.1.2", StudyInstanceUID="1.1", SeriesInstanceUID="1.1.1", PatientName="Nguyễn^Thị Ánh^Đào",
          PatientID="P%1", InstanceNumber="2", SeriesNumber="1"),
    dicom("1.1.2.1", StudyInstanceUID="1.1", SeriesInstanceUID="1.1.2", PatientName="Nguyễn^Thị Ánh^Đào",
          PatientID="P%1", Modality="CR", SeriesNumber="2"),
    dicom("1.2.1.1", StudyInstanceUID="1.2", SeriesInstanceUID="1.2.1",
          PatientName="Yamada^Tarou=山田^太郎=やまだ^たろう",
          PatientID="P11", StudyDate="20260315", StudyTime="101530", StudyID="78", AccessionNumber="AX1"),
    dicom("1.3.1.1", StudyInstanceUID="1.3", SeriesInstanceUID="1.3.1", PatientName="", PatientID="",
          StudyDate="", SOPClassUID=ComprehensiveSRStorage, Modality="SR"),
]  # fmt: skip


@pytest.fixture(scope="module")
def service() -> Iterator[httpx.Client]:
    """Three studies; the files are those of ``FILES``, in their order."""
    with live(StubReader(), dicomweb_results="") as client:
        for file in FILES:
            answer = client.post("/dicom-web/studies", content=file, headers={"Content-Type": "application/dicom"})
            assert answer.status_code == 200
        client.post("/api/instances", content=png(), headers={"Content-Type": "image/png"})
        yield client


@pytest.fixture
def client() -> Iterator[httpx.Client]:
    """A service of its own, which shows what was received and nothing that it made."""
    with live(StubReader(), dicomweb_results="") as client:
        yield client


def find(client: httpx.Client, path: str, **parameters: Any) -> list[dict[str, Any]]:
    answer = client.get(f"/dicom-web{path}", params=parameters)
    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Type"] == JSON
    found: list[dict[str, Any]] = answer.json()
    return found


def values(found: list[dict[str, Any]], keyword: str) -> list[Any]:
    return [(item[tag_text(keyword)].get("Value") or [None])[0] for item in found]


@pytest.mark.parametrize(
    ("parameters", "studies"),
    [
        ({}, ["1.2", "1.1", "1.3"]),  # the latest date first; what is no DICOM is not found
        ({"PatientID": "P%1"}, ["1.1"]),  # "%" is a letter
        ({"PatientID": "P*1"}, ["1.2", "1.1"]),
        ({"PatientID": "P?1"}, ["1.2", "1.1"]),
        ({"PatientID": "p%1"}, []),  # case matters
        ({"PatientID": "' OR true --"}, []),
        ({"AccessionNumber": "A_1"}, ["1.1"]),  # nor is "_" a wildcard
        ({"PatientName": "Nguyễn*"}, ["1.1"]),
        ({"PatientName": "*ÁNH*"}, ["1.1"]),
        ({"PatientName": "nguyen^thi anh^dao"}, ["1.1"]),  # PS3.4, C.2.2.2.1: names without case and accents
        ({"PatientName": "Nguyễn"}, []),
        ({"PatientName": "Nguyễn^Th?*"}, ["1.1"]),
        ({"PatientName": "山田*"}, ["1.2"]),
        ({"PatientName": "Yamada^Tarou=山田^太郎=やまだ^たろう"}, ["1.2"]),
        ({"00100010": "YAMADA^TAROU"}, ["1.2"]),
        ({"ReferringPhysicianName": "bac*"}, ["1.1"]),
        ({"StudyDate": "20260101"}, ["1.1"]),
        ({"StudyDate": "-20260315"}, ["1.2", "1.1"]),  # no date is not before one
        ({"StudyDate": "20260102-"}, ["1.2"]),
        ({"StudyTime": "0800"}, ["1.1"]),
        ({"StudyTime": "080001-1015"}, ["1.2"]),
        ({"StudyID": "7"}, ["1.1"]),
        ({"StudyInstanceUID": "1.3,1.1"}, ["1.1", "1.3"]),
        ({"StudyInstanceUID": "1.3\\1.1"}, ["1.1", "1.3"]),
        ({"ModalitiesInStudy": "CR"}, ["1.1"]),
        ({"ModalitiesInStudy": "CR,SR"}, ["1.1", "1.3"]),
        ({"ModalitiesInStudy": "?R"}, ["1.1", "1.3"]),
        ({"StudyDescription": "Ngực*"}, ["1.1"]),
        ({"PatientName": "", "StudyDate": "*", "PatientID": "P11"}, ["1.2"]),
        ({"limit": "1"}, ["1.2"]),
        ({"limit": "2", "offset": "1"}, ["1.1", "1.3"]),
        ({"limit": "0"}, []),
        ({"offset": "3"}, []),
    ],
)
def test_studies_are_found_by_what_they_say(
    service: httpx.Client, parameters: dict[str, str], studies: list[str]
) -> None:
    assert values(find(service, "/studies", **parameters), "StudyInstanceUID") == studies


@pytest.mark.parametrize(
    ("path", "parameters", "uids"),
    [
        ("/series", {}, ["1.3.1", "1.2.1", "1.1.2", "1.1.1"]),
        ("/series", {"Modality": "DX", "PatientName": "nguyen*"}, ["1.1.1"]),
        ("/series", {"SeriesInstanceUID": "1.2.1"}, ["1.2.1"]),
        ("/studies/1.1/series", {}, ["1.1.2", "1.1.1"]),
        ("/studies/1.1/series", {"SeriesNumber": "2"}, ["1.1.2"]),
        ("/studies/1.1/series", {"RequestAttributesSequence.RequestedProcedureID": "R-?"}, ["1.1.1"]),
        ("/studies/1.9/series", {}, []),
        ("/instances", {"InstanceNumber": "2"}, ["1.1.1.2"]),
        ("/instances", {"SOPInstanceUID": "1.2.1.1,1.3.1.1"}, ["1.3.1.1", "1.2.1.1"]),
        ("/instances", {"SOPClassUID": ComprehensiveSRStorage}, ["1.3.1.1"]),
        ("/instances", {"StudyDate": "20260315", "Modality": "DX", "Rows": "60"}, ["1.2.1.1"]),
        ("/instances", {"offset": "1", "limit": "2"}, ["1.2.1.1", "1.1.2.1"]),
        ("/studies/1.1/instances", {}, ["1.1.2.1", "1.1.1.2", "1.1.1.1"]),
        ("/studies/1.1/series/1.1.1/instances", {}, ["1.1.1.2", "1.1.1.1"]),
        ("/studies/1.2/series/1.1.1/instances", {}, []),
        ("/studies/x'y/series", {}, []),
    ],
)
def test_series_and_instances_are_found_by_their_own_and_what_is_above(
    service: httpx.Client, path: str, parameters: dict[str, str], uids: list[str]
) -> None:
    keyword = "SeriesInstanceUID" if path.endswith("series") else "SOPInstanceUID"
    assert values(find(service, path, **parameters), keyword) == uids


def test_a_study_answers_with_what_is_required_and_empty_values_have_none(service: httpx.Client) -> None:
    (found,) = find(service, "/studies", StudyInstanceUID="1.1")
    assert found == {
        "00080005": {"vr": "CS", "Value": ["ISO_IR 192"]},
        "00080020": {"vr": "DA", "Value": ["20260101"]},
        "00080030": {"vr": "TM", "Value": ["080000.5"]},
        "00080050": {"vr": "SH", "Value": ["A_1"]},
        "00080056": {"vr": "CS", "Value": ["ONLINE"]},
        "00080061": {"vr": "CS", "Value": ["CR", "DX"]},
        "00080090": {"vr": "PN", "Value": [{"Alphabetic": "Bác^Sĩ"}]},
        "00081190": {"vr": "UR", "Value": [f"{service.base_url}/dicom-web/studies/1.1"]},
        "00100010": {"vr": "PN", "Value": [{"Alphabetic": "Nguyễn^Thị Ánh^Đào"}]},
        "00100020": {"vr": "LO", "Value": ["P%1"]},
        "00100030": {"vr": "DA"},
        "00100040": {"vr": "CS"},
        "0020000D": {"vr": "UI", "Value": ["1.1"]},
        "00200010": {"vr": "SH", "Value": ["7"]},
        "00201206": {"vr": "IS", "Value": [2]},
        "00201208": {"vr": "IS", "Value": [3]},
    }


def test_a_name_in_several_scripts_keeps_its_groups(service: httpx.Client) -> None:
    (found,) = find(service, "/studies", StudyInstanceUID="1.2")
    groups = {"Alphabetic": "Yamada^Tarou", "Ideographic": "山田^太郎", "Phonetic": "やまだ^たろう"}
    assert found["00100010"] == {"vr": "PN", "Value": [groups]}


def test_what_is_above_is_told_unless_it_stands_in_the_path(service: httpx.Client) -> None:
    (anywhere,) = find(service, "/series", SeriesInstanceUID="1.1.1")
    (within,) = find(service, "/studies/1.1/series", SeriesInstanceUID="1.1.1")
    assert values([anywhere], "PatientID") == ["P%1"]
    assert "00100020" not in within
    assert values([within], "StudyInstanceUID") == ["1.1"]
    assert values([within], "NumberOfSeriesRelatedInstances") == [2]
    assert within["00400275"]["Value"] == [{"00401001": {"vr": "SH", "Value": ["R-1"]}}]
    (instance,) = find(service, "/instances", SOPInstanceUID="1.1.1.1")
    assert [values([instance], keyword) for keyword in ("PatientID", "Modality", "Rows", "BitsAllocated")] == [
        ["P%1"], ["DX"], [60], [8]
    ]  # fmt: skip
    url = f"{service.base_url}/dicom-web/studies/1.1/series/1.1.1/instances/1.1.1.1"
    assert values([instance], "RetrieveURL") == [url]


def test_more_is_returned_when_it_is_asked_for(service: httpx.Client) -> None:
    (found,) = find(service, "/studies", StudyInstanceUID="1.1", includefield="StudyDescription,00101010")
    assert found["00081030"] == {"vr": "LO", "Value": ["Ngực thẳng"]}
    assert "00101010" not in found  # which this study has not
    (everything,) = find(service, "/instances", SOPInstanceUID="1.1.1.1", includefield="all")
    assert {"00180015", "00185101", "00081030", "00083002"} <= set(everything)


def test_fuzzy_matching_is_not_done_and_that_is_said(service: httpx.Client) -> None:
    answer = service.get("/dicom-web/studies", params={"PatientName": "Nguyen", "fuzzymatching": "true"})
    assert answer.json() == []
    assert answer.headers["Warning"] == (
        f'299 {service.base_url}/dicom-web: "The fuzzymatching parameter is not supported. '
        'Only literal matching has been performed."'
    )
    assert "Warning" not in service.get("/dicom-web/studies", params={"fuzzymatching": "false"}).headers


def test_more_than_one_answer_holds_is_said() -> None:
    with new_store() as (settings, store), serving(settings, store, "stub 1") as client:
        with psycopg.connect(store.database.url, options="-c search_path=hilum") as connection:
            connection.execute(
                "INSERT INTO study (study_instance_uid, patient_key, attributes) "
                "SELECT '1.' || n, '', '{}' FROM generate_series(1, %s) n",
                [MOST_RESULTS + 1],
            )
        answer = client.get("/dicom-web/studies", params={"limit": "5000"})
        assert len(answer.json()) == MOST_RESULTS
        assert "Additional results can be requested" in answer.headers["Warning"]
        rest = client.get("/dicom-web/studies", params={"offset": str(MOST_RESULTS)})
        assert len(rest.json()) == 1
        assert "Warning" not in rest.headers
        assert "Warning" not in client.get("/dicom-web/studies", params={"limit": "1"}).headers


@pytest.mark.parametrize(
    ("accept", "status"),
    [(JSON, 200), ("application/json", 200), ("*/*", 200), ("application/dicom+xml", 406), ("text/html", 406)],
)
def test_answers_are_json(service: httpx.Client, accept: str, status: int) -> None:
    assert service.get("/dicom-web/studies", headers={"Accept": accept}).status_code == status


def test_what_cannot_be_asked_is_a_problem(service: httpx.Client) -> None:
    answer = service.get("/dicom-web/studies", params={"Modality": "DX"})
    assert (answer.status_code, answer.headers["Content-Type"]) == (400, "application/problem+json")
    assert "ModalitiesInStudy" in answer.json()["detail"]


@pytest.mark.parametrize("level", Level)
def test_every_attribute_can_be_searched_for(service: httpx.Client, level: Level) -> None:
    text = {"UI": "1", "DA": "20260101", "TM": "10", "IS": "1", "DS": "1", "US": "1"}
    paths = {Level.STUDY: "/studies", Level.SERIES: "/series", Level.INSTANCE: "/instances"}
    for keyword in searched(level):
        name = f"{keyword}.{INSIDE[keyword][0]}" if keyword in INSIDE else keyword
        find(service, paths[level], **{name: text.get(vr_of(keyword), "x")})
        find(service, paths[level], **{name: text.get(vr_of(keyword), "x?*")})


def test_dicomweb_client_finds(service: httpx.Client) -> None:
    client = DICOMwebClient(f"{service.base_url}/dicom-web")
    (study,) = client.search_for_studies(search_filters={"PatientName": "Nguyễn*"}, fields=["StudyDescription"])
    dataset = pydicom.Dataset.from_json(study)
    assert (dataset.StudyDescription, dataset.PatientName.family_name) == ("Ngực thẳng", "Nguyễn")
    assert len(client.search_for_series("1.1")) == 2
    assert len(client.search_for_instances("1.1", "1.1.1", limit=1)) == 1
    assert len(list(client.search_for_studies(get_remaining=True, limit=1))) == 3


def test_two_patients_under_one_study_uid_are_two_results_and_that_is_said(client: httpx.Client) -> None:
    for uid, patient in (("1.5.1", "Trần^An"), ("1.5.2", "Lê^Bình")):
        file = dicom(uid, StudyInstanceUID="1.5", PatientName=patient, PatientID=uid)
        client.post("/dicom-web/studies", content=file, headers={"Content-Type": "application/dicom"})
    answer = client.get("/dicom-web/studies", params={"StudyInstanceUID": "1.5"})
    assert "more than one patient" in answer.headers["Warning"]
    assert values(answer.json(), "PatientID") == ["1.5.2", "1.5.1"]
    assert values(answer.json(), "NumberOfStudyRelatedInstances") == [1, 1]
    both = client.get("/dicom-web/studies/1.5/instances")
    assert "more than one patient" in both.headers["Warning"]
    assert values(both.json(), "SOPInstanceUID") == ["1.5.2", "1.5.1"]


def test_content_that_is_kept_aside_is_not_found(client: httpx.Client) -> None:
    for rows in ("one", "other"):
        file = dicom("1.6.1", StudyInstanceUID="1.6", StudyDescription=rows)
        client.post("/dicom-web/studies", content=file, headers={"Content-Type": "application/dicom"})
    (found,) = find(client, "/studies", StudyInstanceUID="1.6", includefield="StudyDescription")
    assert values([found], "StudyDescription") == ["one"]
    assert len(find(client, "/studies/1.6/instances")) == 1


def test_what_an_earlier_version_received_is_described_from_its_header() -> None:
    with new_store() as (settings, store), serving(settings, store, "stub 1") as client:
        for file in FILES:
            client.post("/dicom-web/studies", content=file, headers={"Content-Type": "application/dicom"})
        before = find(client, "/instances", includefield="all")
        forget = "UPDATE instance SET attributes = NULL, described = false; UPDATE series SET attributes = NULL;"
        with psycopg.connect(store.database.url, options="-c search_path=hilum") as connection:
            connection.execute(
                forget + "UPDATE study SET attributes = NULL, name_to_match = '', physician_to_match = ''"
            )
        assert find(client, "/instances") == []
        assert [describe_some(store, max_bytes=10**6) for _ in range(2)] == [len(FILES), 0]
        assert find(client, "/instances", includefield="all") == before
        assert values(find(client, "/studies", PatientName="nguyen*"), "StudyInstanceUID") == ["1.1"]


def test_a_broken_value_keeps_nothing_from_being_stored(client: httpx.Client) -> None:
    dataset = pydicom.dcmread(BytesIO(dicom("1.7.1", StudyInstanceUID="1.7")))
    dataset.add_new("PatientSize", "LO", "tall")
    dataset.add_new("SeriesNumber", "LO", "1e400")
    dataset.add_new("PatientWeight", "LO", "nan")
    dataset.add_new("StudyDescription", "UT", "x" * 5000)
    dataset.add_new("StudyID", "LO", "a\0b")
    file = BytesIO()
    dataset.save_as(file)
    answer = client.post("/dicom-web/studies", content=file.getvalue(), headers={"Content-Type": "application/dicom"})
    assert answer.status_code == 200
    (found,) = find(client, "/studies", includefield="all", StudyInstanceUID="1.7")
    assert {"00101020", "00101030", "00081030"} & set(found) == set()
    assert found["00200010"] == {"vr": "SH", "Value": ["ab"]}


def test_what_names_no_study_is_found_under_the_uids_that_it_was_given(client: httpx.Client) -> None:
    file = dicom("1.7.1", StudyInstanceUID=None, SeriesInstanceUID=None)
    client.post("/api/instances", content=file, headers={"Content-Type": "application/dicom"})
    (study,) = values(find(client, "/studies"), "StudyInstanceUID")
    (series,) = values(find(client, f"/studies/{study}/series"), "SeriesInstanceUID")
    assert values(find(client, f"/studies/{study}/series/{series}/instances"), "SOPInstanceUID") == ["1.7.1"]
