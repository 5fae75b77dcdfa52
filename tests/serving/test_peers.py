import pytest

from model.errors import Misconfigured
from serving.peers import parse_peers


@pytest.mark.parametrize(
    ("listed", "title", "address", "known"),
    [
        ("PACS", "PACS", "192.0.2.7", True),
        ("PACS", "pacs", "192.0.2.7", False),  # AE titles are told apart by case (PS3.5, 6.2)
        ("CR 1, PACS", "CR 1", "192.0.2.7", True),
        ("PACS@192.0.2.7", "PACS", "192.0.2.7", True),
        ("PACS@192.0.2.7", "PACS", "192.0.2.8", False),
        ("PACS@192.0.2.7:104", "PACS", "192.0.2.7", True),
        ("PACS@192.0.2.0/24", "PACS", "192.0.2.200", True),
        ("PACS@192.0.2.0/24", "PACS", "192.0.3.1", False),
        ("PACS@192.0.2.7", "PACS", "::ffff:192.0.2.7", True),  # IPv4 to a socket of both
        ("PACS@2001:db8::1", "PACS", "2001:db8::1", True),
        ("PACS@[2001:db8::1]:104", "PACS", "2001:db8::1", True),
        ("PACS@192.0.2.7,PACS@192.0.2.8", "PACS", "192.0.2.8", True),
    ],
)
def test_who_is_known(listed: str, title: str, address: str, known: bool) -> None:
    assert any(one.is_it(title, address) for one in parse_peers(listed)) is known


def test_where_a_peer_listens() -> None:
    assert [one.port for one in parse_peers("A@192.0.2.7:104,B@[2001:db8::1]:11112,C")] == [104, 11112, None]


@pytest.mark.parametrize(
    "wrong",
    ["@192.0.2.7", "PACS@", "PACS@example", "PACS@192.0.2.0/24:104", "PACS@192.0.2.7:0", "A_TITLE_OF_17_SIG"],
)
def test_what_is_wrong_is_said(wrong: str) -> None:
    with pytest.raises(Misconfigured, match="HILUM_PEERS must list TITLE"):
        parse_peers(f"PACS,{wrong}")
