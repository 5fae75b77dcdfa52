"""C-STORE from real senders: pynetdicom here, DCMTK where it is installed."""

import shutil
import subprocess
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from pydicom import dcmread
from pydicom.uid import (
    DeflatedExplicitVRLittleEndian,
    DigitalXRayImageStorageForPresentation,
    ExplicitVRLittleEndian,
    JPEGLSLossless,
)
from pynetdicom import AE
from pynetdicom.sop_class import Verification  # type: ignore[attr-defined]

from serving.doors.statuses import Status
from serving.instances import Origin, identify
from serving.store import readings
from serving.store.objects import content_name
from serving.store.reception import receive
from serving.store.store import Store
from tests.serving.files import dicom
from tests.serving.receiver import receiving, send


@pytest.fixture(scope="module")
def receiver() -> Iterator[tuple[int, Store]]:
    with receiving(stat_senders="URGENT_CR") as found:
        yield found


def priority_of(store: Store, uid: str) -> int:
    with store.database.transaction() as connection:
        row = connection.execute("SELECT priority FROM instance WHERE sop_instance_uid = %s", [uid]).fetchone()
    assert row
    return int(row["priority"])


def test_an_echo_is_answered(receiver: tuple[int, Store]) -> None:
    entity = AE()
    entity.add_requested_context(Verification)
    association = entity.associate("127.0.0.1", receiver[0])
    assert association.send_c_echo().Status == Status.SUCCESS
    association.release()


@pytest.mark.parametrize("syntax", [ExplicitVRLittleEndian, DeflatedExplicitVRLittleEndian])
def test_success_means_stored_and_queued(receiver: tuple[int, Store], syntax: str) -> None:
    port, store = receiver
    uid = f"1.2.4.{len(syntax)}"
    assert send(port, dicom(uid, syntax=syntax, PatientName="Nguyễn^An")) == Status.SUCCESS  # type: ignore[arg-type]
    entry = readings.find(store, uid)
    assert entry
    stored = store.objects.get(content_name(entry.content_hash))
    assert stored
    dataset = dcmread(BytesIO(stored))
    assert (dataset.SOPInstanceUID, str(dataset.PatientName)) == (uid, "Nguyễn^An")
    assert dataset.file_meta.TransferSyntaxUID == syntax


def test_the_same_again_is_success_and_other_content_is_kept_aside(receiver: tuple[int, Store]) -> None:
    port, _ = receiver
    assert [send(port, dicom("1.2.5", shade=shade)) for shade in (1, 1, 2)] == [
        Status.SUCCESS,
        Status.SUCCESS,
        Status.DUPLICATE_UID,
    ]


def test_what_came_as_a_file_before_is_the_same_by_c_store(receiver: tuple[int, Store]) -> None:
    port, store = receiver
    data = dicom("1.2.8")
    receive(store, identify(data, 10**6), Origin(door="http"), data)
    assert send(port, data) == Status.SUCCESS


def test_compressed_pixels_are_taken_as_they_are(receiver: tuple[int, Store]) -> None:
    port, store = receiver
    entity = AE(ae_title="MODALITY")
    entity.add_requested_context(DigitalXRayImageStorageForPresentation, JPEGLSLossless)
    association = entity.associate("127.0.0.1", port)
    assert association.is_established
    assert association.accepted_contexts[0].transfer_syntax == [JPEGLSLossless]
    association.release()
    assert store.database.one("known_instance", sop_instance_uid="1.2.9999") is None


@pytest.mark.parametrize(
    ("title", "priority", "stored"),
    [("MODALITY", 0, 10), ("MODALITY", 2, 10), ("MODALITY", 1, 20), ("URGENT_CR", 0, 20)],
)
def test_stat_is_known_by_priority_and_by_sender(
    receiver: tuple[int, Store], title: str, priority: int, stored: int
) -> None:
    port, store = receiver
    uid = f"1.2.6.{len(title)}.{priority}"
    assert send(port, dicom(uid), title=title, priority=priority) == Status.SUCCESS
    assert priority_of(store, uid) == stored


def test_without_room_the_sender_hears_out_of_resources() -> None:
    with receiving(min_free_bytes=2**62) as (port, store):
        assert send(port, dicom()) == Status.OUT_OF_RESOURCES
        assert readings.find(store, "1.2.3.1") is None


def test_without_a_database_the_sender_hears_out_of_resources() -> None:
    with receiving() as (port, store):
        store.database.close()
        assert send(port, dicom()) == Status.OUT_OF_RESOURCES


@pytest.mark.skipif(shutil.which("storescu") is None, reason="DCMTK is not installed")
def test_dcmtk_sends_a_folder(receiver: tuple[int, Store], tmp_path: Path) -> None:
    port, store = receiver
    for number in range(5):
        (tmp_path / f"{number}.dcm").write_bytes(dicom(f"1.2.7.{number}"))
    subprocess.run(["storescu", "+sd", "127.0.0.1", str(port), str(tmp_path)], check=True, timeout=60)
    assert all(readings.find(store, f"1.2.7.{number}") for number in range(5))
