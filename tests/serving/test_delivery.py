"""Results sent to a PACS: stored once, tried again, given up; and nothing is read in circles."""

import socket
from typing import Any

import httpx
import pytest
from pydicom.dataset import FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian

from serving.presentations.dicom_result import encoded
from tests.fakes import StubReader
from tests.serving.files import dicom
from tests.serving.live import live
from tests.serving.pacs import IMPLICIT, pacs
from tests.serving.stow_server import dicomweb
from tests.serving.test_worker import DICOM, delivery_state, until

USUAL = {"ComprehensiveSRStorage": 1, "SecondaryCaptureImageStorage": 1}


def post(client: httpx.Client, data: bytes) -> Any:
    return client.post("/api/instances?wait=20", content=data, headers=DICOM).json()


def ended(client: httpx.Client, state: str) -> Any:
    return until(lambda: (found := delivery_state(client)) and found["state"] == state and found)


@pytest.mark.parametrize("syntax", [None, IMPLICIT])
def test_a_reading_comes_back_into_its_study(syntax: str | None) -> None:
    with (
        pacs(**({"syntax": syntax} if syntax else {})) as peer,
        live(StubReader(), ae_title="OURS", destinations=f"p=dicom://PACS@127.0.0.1:{peer.port}") as client,
    ):
        post(client, dicom("1.2.3.1"))
        ended(client, "delivered")
        assert peer.sop_classes() == USUAL
        assert set(peer.titles) == {"OURS"}
        for dataset in peer.datasets:
            assert (dataset.StudyInstanceUID, str(dataset.PatientName)) == ("1.2.3.30", "Mẫu^Bình Thường")


def test_a_refusal_comes_back_too_and_of_a_ct_nothing() -> None:
    with (
        pacs() as peer,
        live(StubReader(too_dark=1.1), destinations=f"p=dicom://PACS@127.0.0.1:{peer.port}") as client,
    ):
        ct = dicom("1.2.3.9", SOPClassUID="1.2.840.10008.5.1.4.1.1.2", Modality="CT", StudyInstanceUID="1.2.3.31")
        post(client, ct)
        post(client, dicom("1.2.3.1"))
        ended(client, "delivered")
        completions = until(lambda: client.get("/api/studies/1.2.3.31").json()["completions"])
        until(
            lambda: (
                client.get("/api/studies/1.2.3.31").json()["completions"][0]["deliveries"][0]["state"] == "delivered"
            )
        )
        assert completions
        assert peer.sop_classes() == USUAL
        assert {dataset.StudyInstanceUID for dataset in peer.datasets} == {"1.2.3.30"}


def test_a_presentation_state_is_sent_where_it_is_asked_for() -> None:
    with pacs() as peer:
        url = f"dicom://PACS@127.0.0.1:{peer.port}?presentations=sr,gsps"
        with live(StubReader(), destinations=f"p={url}") as client:
            post(client, dicom("1.2.3.1"))
            ended(client, "delivered")
        assert peer.sop_classes() == {"ComprehensiveSRStorage": 1, "GrayscaleSoftcopyPresentationStateStorage": 1}


def test_an_addendum_sends_only_what_is_new() -> None:
    with (
        pacs() as peer,
        live(StubReader(), destinations=f"p=dicom://PACS@127.0.0.1:{peer.port}") as client,
    ):
        for number in (1, 2):
            post(client, dicom(f"1.2.3.{number}"))
            until(lambda number=number: len(peer.datasets) == 2 * number)
        assert len(peer.got) == 4
        assert all(len(copies) == 1 for copies in peer.got.values())


@pytest.mark.parametrize("status", [0xA700, 0x0110])
def test_a_pacs_that_is_full_is_asked_again_and_gets_the_same_bytes(status: int) -> None:
    with (
        pacs() as peer,
        live(StubReader(), destinations=f"p=dicom://PACS@127.0.0.1:{peer.port}") as client,
    ):
        peer.answers = [0x0000, status]  # the report is stored, the picture is not; both are sent again
        post(client, dicom("1.2.3.1"))
        assert ended(client, "delivered")["attempts"] == 2
        assert sorted(len(copies) for copies in peer.got.values()) == [1, 2]
        assert all(len(set(copies)) == 1 for copies in peer.got.values())


def test_warnings_and_duplicates_are_stored() -> None:
    with (
        pacs() as peer,
        live(StubReader(), destinations=f"p=dicom://PACS@127.0.0.1:{peer.port}") as client,
    ):
        peer.answers = [0xB000, 0x0111]
        post(client, dicom("1.2.3.1"))
        assert ended(client, "delivered")["attempts"] == 1


@pytest.mark.parametrize("status", [0xA900, 0xC123, 0x0122])
def test_a_pacs_that_will_not_take_one_gets_the_other_and_the_delivery_is_dead(status: int) -> None:
    with (
        pacs() as peer,
        live(StubReader(), destinations=f"p=dicom://PACS@127.0.0.1:{peer.port}") as client,
    ):
        peer.answers = [status]
        post(client, dicom("1.2.3.1"))
        reason = ended(client, "dead")
        (letter,) = client.get("/api/dead-letters").json()["dead_letters"]
        assert f"0x{status:04X}" in letter["reason"]
        assert "Comprehensive SR" in letter["reason"]
        assert reason
        assert peer.sop_classes() == {"SecondaryCaptureImageStorage": 1}
        client.post(f"/api/dead-letters/{letter['dead_letter_id']}/replay")
        ended(client, "delivered")
        assert peer.sop_classes() == {"ComprehensiveSRStorage": 1, "SecondaryCaptureImageStorage": 2}
        assert len(peer.got) == 2


def test_a_pacs_that_takes_no_reports_is_said() -> None:
    with (
        pacs(kinds=("sc",)) as peer,
        live(StubReader(), destinations=f"p=dicom://PACS@127.0.0.1:{peer.port}") as client,
    ):
        post(client, dicom("1.2.3.1"))
        ended(client, "dead")
        (letter,) = client.get("/api/dead-letters").json()["dead_letters"]
        assert letter["reason"] == "The PACS must accept Comprehensive SR Storage, but does not."
        assert peer.sop_classes() == {"SecondaryCaptureImageStorage": 1}


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # pynetdicom's unused socket
def test_a_pacs_that_comes_later_or_knows_us_later_gets_it_then() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with live(StubReader(), destinations=f"p=dicom://PACS@127.0.0.1:{port}") as client:
        post(client, dicom("1.2.3.1"))
        until(lambda: (found := delivery_state(client)) and found["attempts"] == 1)
        with pacs(port=port, title="OTHER"):  # it rejects the association: that is not its title
            until(lambda: (found := delivery_state(client)) and found["attempts"] >= 2)
        with pacs(port=port) as peer:
            ended(client, "delivered")
            assert peer.sop_classes() == USUAL


def test_a_destination_that_ends_in_the_middle_has_everything_once_when_it_is_back() -> None:
    with (
        pacs() as peer,
        dicomweb() as server,
        live(StubReader(), destinations=f"p=dicom://PACS@127.0.0.1:{peer.port},w={server.url}") as client,
    ):
        peer.drops, server.drops = 1, 1  # nothing is stored here, everything but the answer is there
        post(client, dicom("1.2.3.1"))
        until(lambda: len(peer.got) == len(server.got) == 2)
        completion = until(lambda: (found := completions(client)) and found[0])
        until(lambda: all(one["state"] == "delivered" for one in completions(client)[0]["deliveries"]))
        assert completion["number"] == 1
        assert all(len(set(copies)) == 1 for got in (peer.got, server.got) for copies in got.values())


def completions(client: httpx.Client) -> Any:
    return client.get("/api/studies/1.2.3.30").json()["completions"]


def test_a_reading_comes_back_by_stow_once_though_it_is_asked_twice() -> None:
    with dicomweb() as server, live(StubReader(), destinations=f"p={server.url}") as client:
        server.reasons = [0, 0xA700]  # the report is stored, for the picture there is no room now
        post(client, dicom("1.2.3.1"))
        assert ended(client, "delivered")["attempts"] == 2
        assert sorted(len(copies) for copies in server.got.values()) == [1, 2]
        assert all(len(set(copies)) == 1 for copies in server.got.values())


def test_what_we_sent_and_comes_back_is_not_read() -> None:
    with (
        pacs() as peer,
        live(StubReader(), destinations=f"p=dicom://PACS@127.0.0.1:{peer.port}?presentations=sr,sc,gsps") as client,
    ):
        post(client, dicom("1.2.3.1"))
        ended(client, "delivered")
        assert len(peer.datasets) == 3
        for dataset in peer.datasets:
            dataset.file_meta = FileMetaDataset()
            dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
            (sent,) = post(client, encoded(dataset))["instances"]
            assert (sent["receipt"], sent["location"], sent["problem"]) == ("own-result", None, None)
        study = client.get("/api/studies/1.2.3.30").json()
        assert len(study["instances"]) == 1
        assert (len(study["completions"]), study["complete"]) == (1, True)


def own_results(client: httpx.Client) -> float:
    """How many came by STOW since the process began."""
    lines = client.get("/metrics").text.splitlines()
    name = 'hilum_received_total{door="stow",receipt="own-result"} '
    return sum(float(line.removeprefix(name)) for line in lines if line.startswith(name))


def test_results_that_are_stored_with_us_by_stow_are_not_read_in_circles() -> None:
    with live(StubReader()) as client:
        kinds = ["sr", "sc", "gsps"]
        before = own_results(client)
        client.put("/api/destinations/us", json={"url": f"stow+{client.base_url}/dicom-web", "presentations": kinds})
        post(client, dicom("1.2.3.1"))
        assert ended(client, "delivered")["attempts"] == 1
        study = client.get("/api/studies/1.2.3.30").json()
        assert (len(study["instances"]), len(study["completions"]), study["complete"]) == (1, 1, True)
        assert own_results(client) - before == 3
