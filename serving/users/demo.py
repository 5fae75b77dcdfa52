"""Demo mode: nobody signs in. Only where nobody but this machine can ask."""

from model.errors import Misconfigured
from serving.settings import LOOPBACK, Settings, names


def check_demo(settings: Settings) -> None:
    """
    Raises:
        Misconfigured: when it is asked for where others could ask.
    """
    if not settings.demo:
        return
    wrong = [
        f"HILUM_{name.upper()} must be {LOOPBACK[0]}, not '{getattr(settings, name)}'."
        for name in ("host", "dimse_host")
        if getattr(settings, name) not in LOOPBACK
    ]
    if set(names(settings.allowed_hosts)) - {*LOOPBACK, "[::1]"}:
        wrong.append("HILUM_ALLOWED_HOSTS must name this machine only: localhost, 127.0.0.1, [::1].")
    if settings.trusted_proxies:
        wrong.append("HILUM_TRUSTED_PROXIES must not be set: a proxy lets others ask.")
    if wrong:
        words = "In demo mode everybody may do everything, so only this machine may ask (HILUM_DEMO)."
        raise Misconfigured("\n".join([words, *wrong]))
