"""Storage commitment, asked by a real user of it (pynetdicom): over its own association, and over one of ours."""

import queue
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from pydicom.dataset import Dataset
from pydicom.uid import CTImageStorage, DigitalXRayImageStorageForPresentation
from pynetdicom import AE, evt
from pynetdicom.events import Event

from serving.commitment import SOP_CLASS, SOP_INSTANCE
from serving.doors.statuses import CommitmentStatus, Status
from serving.instances import identify
from serving.settings import Settings
from serving.store.objects import content_name
from serving.store.store import Store
from tests.fakes import StubReader
from tests.serving.files import dicom
from tests.serving.live import working
from tests.serving.receiver import receiving, send

DX, CT = DigitalXRayImageStorageForPresentation, CTImageStorage
TITLE = "MODALITY"


class Reports:
    """What a peer was reported: event type and data set, as they came."""

    def __init__(self) -> None:
        self._came: queue.Queue[tuple[int, Dataset]] = queue.Queue()
        #: Statuses of the next answers, before 0x0000.
        self.answers: list[int] = []

    def handle(self, event: Event) -> tuple[int, None]:
        status = self.answers.pop(0) if self.answers else 0x0000
        if status == 0x0000:
            self._came.put((event.request.EventTypeID, event.event_information))  # type: ignore[union-attr]
        return status, None

    def next(self) -> tuple[int, Dataset]:
        return self._came.get(timeout=60)


def request(transaction: str, *references: tuple[str, str]) -> Dataset:
    asked = Dataset()
    asked.TransactionUID = transaction
    asked.ReferencedSOPSequence = []
    for sop_class, uid in references:
        one = Dataset()
        one.ReferencedSOPClassUID, one.ReferencedSOPInstanceUID = sop_class, uid
        asked.ReferencedSOPSequence.append(one)
    return asked


@contextmanager
def asking(port: int, reports: Reports) -> Iterator[Any]:
    """An association over which commitment may be asked for."""
    entity = AE(ae_title=TITLE)
    entity.add_requested_context(SOP_CLASS)
    association = entity.associate("127.0.0.1", port, evt_handlers=[(evt.EVT_N_EVENT_REPORT, reports.handle)])
    assert association.is_established
    try:
        yield association
    finally:
        association.release()


def told(reported: tuple[int, Dataset]) -> tuple[int, dict[str, int | None]]:
    """Event type, and each instance's Failure Reason; None of what is committed."""
    kind, said = reported
    committed = {one.ReferencedSOPInstanceUID: None for one in said.get("ReferencedSOPSequence") or []}
    failed = {one.ReferencedSOPInstanceUID: one.FailureReason for one in said.get("FailedSOPSequence") or []}
    return kind, {**committed, **failed}


@pytest.fixture(scope="module")
def receiver() -> Iterator[tuple[int, Store]]:
    with receiving() as (port, store):
        for uid in ("1.2.14.1", "1.2.14.2", "1.2.14.3"):
            assert send(port, dicom(uid)) == Status.SUCCESS
        yield port, store


@pytest.mark.parametrize(
    ("references", "kind", "reasons"),
    [
        ([(DX, "1.2.14.1"), (DX, "1.2.14.2")], 1, {"1.2.14.1": None, "1.2.14.2": None}),
        ([(DX, "1.2.14.1"), (DX, "1.2.14.9")], 2, {"1.2.14.1": None, "1.2.14.9": 0x0112}),
        ([(CT, "1.2.14.1")], 2, {"1.2.14.1": 0x0119}),
    ],
)
def test_what_is_kept_is_committed_and_the_rest_is_said(
    receiver: tuple[int, Store], references: list[tuple[str, str]], kind: int, reasons: dict[str, int | None]
) -> None:
    reports = Reports()
    with asking(receiver[0], reports) as association:
        status, _ = association.send_n_action(request("1.2.15.1", *references), 1, SOP_CLASS, SOP_INSTANCE)
        assert status.Status == CommitmentStatus.SUCCESS
        reported = reports.next()
    assert told(reported) == (kind, reasons)
    assert reported[1].TransactionUID == "1.2.15.1"


def test_what_the_store_lost_is_not_committed(receiver: tuple[int, Store]) -> None:
    port, store = receiver
    lost = dicom("1.2.14.3")
    store.objects.delete(content_name(identify(lost, 10**6).content_hash))
    reports = Reports()
    with asking(port, reports) as association:
        association.send_n_action(request("1.2.15.2", (DX, "1.2.14.3")), 1, SOP_CLASS, SOP_INSTANCE)
        assert told(reports.next()) == (2, {"1.2.14.3": 0x0112})


@pytest.mark.parametrize(
    ("asked", "action", "instance", "status"),
    [
        (request("1.2.15.3", (DX, "1.2.14.1")), 2, SOP_INSTANCE, CommitmentStatus.NO_SUCH_ACTION),
        (request("1.2.15.3", (DX, "1.2.14.1")), 1, "1.2.3.4", CommitmentStatus.NO_SUCH_INSTANCE),
        (request("1.2.15.3"), 1, SOP_INSTANCE, CommitmentStatus.INVALID_ARGUMENT),
        (request("", (DX, "1.2.14.1")), 1, SOP_INSTANCE, CommitmentStatus.INVALID_ARGUMENT),
    ],
)
def test_what_is_asked_wrongly_is_refused(
    receiver: tuple[int, Store], asked: Dataset, action: int, instance: str, status: CommitmentStatus
) -> None:
    with asking(receiver[0], Reports()) as association:
        answer, _ = association.send_n_action(asked, action, SOP_CLASS, instance)
        assert answer.Status == status


def test_a_peer_that_listens_hears_it_over_an_association_of_its_own_when_it_is_there_again() -> None:
    """It is away at first, and refuses the first report; the request was answered and is not lost."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        listens = free.getsockname()[1]
    with receiving(peers=f"{TITLE}@127.0.0.1:{listens}") as (port, store):
        assert send(port, dicom("1.2.14.4"), title=TITLE) == Status.SUCCESS
        with asking(port, Reports()) as association:
            asked = request("1.2.15.4", (DX, "1.2.14.4"))
            assert association.send_n_action(asked, 1, SOP_CLASS, SOP_INSTANCE)[0].Status == CommitmentStatus.SUCCESS
        reports = Reports()
        reports.answers.append(0x0110)
        with working(_settings(store), store, StubReader()), listening(listens, reports):
            assert told(reports.next()) == (1, {"1.2.14.4": None})


def _settings(store: Store) -> Settings:
    return Settings(database_url=store.database.url)


@contextmanager
def listening(port: int, reports: Reports) -> Iterator[None]:
    """The modality's own port, where it is told of its requests: it takes the part of the user of the service."""
    entity = AE(ae_title=TITLE)
    entity.require_called_aet = True
    entity.add_supported_context(SOP_CLASS, scu_role=False, scp_role=True)
    handlers: Any = [(evt.EVT_N_EVENT_REPORT, reports.handle)]
    server = entity.start_server(("127.0.0.1", port), block=False, evt_handlers=handlers)
    assert server
    try:
        yield
    finally:
        server.shutdown()
