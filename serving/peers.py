"""Which Application Entities may talk to us, as the settings ``ae_titles`` and ``peers`` name them."""

import re
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from model.errors import Misconfigured
from serving.settings import names

#: TITLE, TITLE@host, TITLE@host:port; an IPv6 address with a port stands in brackets.
_PEER = re.compile(r"(?P<title>[^@\\]{1,16})(@(\[(?P<v6>[^]]+)\]|(?P<host>[^:]+|[0-9A-Fa-f:]+:[0-9A-Fa-f:/]*))"
                   r"(:(?P<port>\d{1,5}))?)?")  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class KnownPeer:
    """An Application Entity that may ask for an association."""

    title: str
    #: From where it may; None: from everywhere.
    network: IPv4Network | IPv6Network | None = None
    #: Where it listens itself, at the one address of its network.
    port: int | None = None

    @property
    def where(self) -> tuple[str, int]:
        """Where it listens; of one with a port."""
        assert self.network is not None
        assert self.port is not None
        return str(self.network.network_address), self.port

    def is_it(self, title: str, address: str) -> bool:
        if title != self.title:
            return False
        return self.network is None or _address(address) in self.network


def parse_peers(listed: str) -> tuple[KnownPeer, ...]:
    """
    Raises:
        Misconfigured: with every error at once.
    """
    found, wrong = [], []
    for item in names(listed):
        try:
            found.append(_peer(item))
        except ValueError:
            words = "must list TITLE, TITLE@address, TITLE@network/bits or TITLE@address:port, separated by commas"
            wrong.append(f"HILUM_PEERS {words}, not '{item}'.")
    if wrong:
        raise Misconfigured("\n".join(wrong))
    return tuple(found)


def _peer(item: str) -> KnownPeer:
    parts = _PEER.fullmatch(item)
    if not parts or not parts["title"].strip():
        raise ValueError
    host = parts["v6"] or parts["host"]
    network = ip_network(host, strict=False) if host else None
    port = int(parts["port"]) if parts["port"] else None
    if port is not None and (network is None or network.num_addresses > 1 or not 0 < port < 65536):
        raise ValueError
    return KnownPeer(title=parts["title"].strip(), network=network, port=port)


def _address(text: str) -> IPv4Address | IPv6Address:
    """Of a connection; one by IPv4 to a socket of both is its IPv4 address."""
    address = ip_address(text.partition("%")[0])
    return (address.ipv4_mapped or address) if isinstance(address, IPv6Address) else address
