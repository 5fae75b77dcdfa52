"""A peer that is not served is in the audit trail, once for some minutes, whatever it calls itself."""

import pytest

from tests.serving.raw_peer import ACCEPT, raw_peer
from tests.serving.receiver import receiving


@pytest.mark.parametrize(
    ("settings", "reason"), [({"peers": "CR1"}, "calling_title"), ({"ae_titles": "OTHER"}, "called_title")]
)
def test_a_peer_that_is_not_served_is_noted_once(settings: dict[str, str], reason: str) -> None:
    with receiving(**settings) as (port, store):
        for _ in range(3):
            with raw_peer(port) as peer:
                assert peer.associate()[0] != ACCEPT
        (row,) = store.database.all("audit_trail", action="refused")
    assert (row["actor_kind"], row["address"], row["success"], row["object"]) == ("ae", "127.0.0.1", False, reason)


def test_it_is_refused_without_a_database_too() -> None:
    with receiving(peers="CR1") as (port, store):
        store.database.close()
        with raw_peer(port) as peer:
            assert peer.associate()[0] != ACCEPT
