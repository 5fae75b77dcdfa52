"""Proxies that are trusted: from them alone it is believed who asks, and whether by HTTPS (X-Forwarded-For, -Proto)."""

from ipaddress import ip_network

from model.errors import Misconfigured
from serving.settings import Settings, names


def trusted_proxies(settings: Settings) -> list[str]:
    """Their addresses and networks.

    Raises:
        Misconfigured: when one of them is neither.
    """
    listed = list(names(settings.trusted_proxies))
    for one in listed:
        try:
            ip_network(one)
        except ValueError:
            words = "HILUM_TRUSTED_PROXIES must list addresses and networks such as 192.0.2.7 or 10.1.0.0/16"
            raise Misconfigured(f"{words}, not '{one}'.") from None
    return listed
