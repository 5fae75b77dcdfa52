import threading

import pytest

from model.errors import RefusalCode, Unavailable
from model.reading import Refusal
from serving.instances import Instance, receive
from serving.outcome import Outcome, State
from serving.store import InMemoryStore, Receipt
from tests.serving.files import dicom

SIZE = len(dicom("1.2.3.1"))
REFUSED = Outcome(result=Refusal(code=RefusalCode.NOT_CHEST, reason="not one"), reader="stub 1")


def a_store(*, max_instances: int = 9, max_bytes: int = 9 * SIZE, queue_length: int = 9) -> InMemoryStore:
    return InMemoryStore(max_instances=max_instances, max_bytes=max_bytes, queue_length=queue_length)


def sent(uid: str, shade: int = 128) -> tuple[Instance, bytes]:
    data = dicom(uid, shade=shade)
    return receive(data, 10**6), data


def test_what_is_received_is_pending_then_claimed_in_order_then_recorded() -> None:
    store = a_store()
    for uid in ("1.2.3.1", "1.2.3.2"):
        assert store.receive(*sent(uid)) is Receipt.RECEIVED
    claimed = store.claim()
    assert claimed
    instance, data = claimed
    assert (instance.sop_instance_uid, data) == ("1.2.3.1", dicom("1.2.3.1"))
    assert [entry.state for entry in store.entries()] == [State.PENDING, State.PENDING]
    store.record(instance, REFUSED)
    assert [entry.state for entry in store.entries()] == [State.PENDING, State.REFUSED]  # the newest first


def test_a_known_uid_changes_nothing() -> None:
    store = a_store()
    first = sent("1.2.3.1")
    store.receive(*first)
    assert store.receive(*sent("1.2.3.1")) is Receipt.DUPLICATE
    assert store.receive(*sent("1.2.3.1", shade=7)) is Receipt.CONFLICT
    entry = store.find("1.2.3.1")
    assert entry
    assert entry.instance == first[0]
    assert len(store.entries()) == 1


@pytest.mark.parametrize(
    "limits",
    [{"max_instances": 2}, {"max_bytes": 2 * SIZE}],
)
def test_the_oldest_that_is_read_makes_room(limits: dict[str, int]) -> None:
    store = a_store(**limits)
    for number in (1, 2, 3):
        store.receive(*sent(f"1.2.3.{number}"))
        claimed = store.claim()
        assert claimed
        store.record(claimed[0], REFUSED)
    assert [entry.instance.sop_instance_uid for entry in store.entries()] == ["1.2.3.3", "1.2.3.2"]
    # what was dropped is unknown again
    assert store.receive(*sent("1.2.3.1")) is Receipt.RECEIVED


@pytest.mark.parametrize("limits", [{"max_instances": 2}, {"max_bytes": 2 * SIZE}, {"queue_length": 2}])
def test_what_still_waits_is_never_dropped(limits: dict[str, int]) -> None:
    store = a_store(**limits)
    store.receive(*sent("1.2.3.1"))
    store.receive(*sent("1.2.3.2"))
    with pytest.raises(Unavailable, match="Send it again later"):
        store.receive(*sent("1.2.3.3"))
    assert [entry.instance.sop_instance_uid for entry in store.entries()] == ["1.2.3.2", "1.2.3.1"]


def test_closing_lets_a_waiting_claim_end() -> None:
    store = a_store()
    ended = threading.Event()

    def wait() -> None:
        assert store.claim() is None
        ended.set()

    waiting = threading.Thread(target=wait)
    waiting.start()
    store.close()
    assert ended.wait(20)
    waiting.join()
