"""The settings as a whole: what each of them names must be there and be what it should, and they must fit each other.

Whether a database, a PACS or a collector answers, its own time will tell: nothing is asked for here.
"""

from collections.abc import Callable, Collection, Iterable, Iterator
from difflib import get_close_matches
from pathlib import Path
from urllib.parse import urlsplit

from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict

from model.errors import Misconfigured
from model.findings import FINDINGS
from model.weights import DEFAULT, load
from serving.ae_address import is_title
from serving.audit.syslog import collector_of
from serving.destinations import configured
from serving.dicom_results import MAKERS
from serving.guard import allowed_origins
from serving.peers import parse_peers
from serving.priors.place import configured_archive
from serving.proxies import trusted_proxies
from serving.settings import Settings, names, settings_table, variable
from serving.sites import parse_sites
from serving.store.objects import Objects
from serving.tls import https_context, receiver_context
from serving.users.demo import check_demo
from serving.users.oidc import check_oidc


def misfits(settings: Settings, *, unknown: Collection[str] = ()) -> list[str]:
    """One line for everything that is wrong; not for what follows from settings whose value is ``unknown``."""
    said = [line for check in _CHECKS for line in check(settings)]
    ignored = [variable(name) for name in unknown]
    return [line for line in dict.fromkeys(said) if not any(name in line for name in ignored)]


def _parts(settings: Settings) -> Iterator[str]:
    """What each part of the service says of its own settings."""
    parts: tuple[Callable[[Settings], object], ...] = (
        configured,
        configured_archive,
        https_context,
        receiver_context,
        trusted_proxies,
        check_oidc,
        collector_of,
        allowed_origins,
        check_demo,
        lambda those: parse_peers(those.peers),
        lambda those: parse_sites(those.sites),
        lambda those: load(those.weights or DEFAULT),
    )
    for part in parts:
        try:
            part(settings)
        except Misconfigured as error:
            yield from str(error).splitlines()


def _places(settings: Settings) -> Iterator[str]:
    """Files and folders that must be there."""
    for item in settings_table():
        place = getattr(settings, item.name)
        if item.metadata["file"] and place is not None and not _can_be_read(place):
            yield f"{variable(item.name)} must be a file that can be read, but '{place}' is none."
    if settings.samples is not None and not settings.samples.is_dir():
        yield f"HILUM_SAMPLES must be a folder, but '{settings.samples}' is none."
    if settings.data.exists() and not settings.data.is_dir():
        yield f"HILUM_DATA must be a folder, but '{settings.data}' is none."


def _can_be_read(place: Path) -> bool:
    try:
        with place.open("rb"):
            return True
    except OSError:
        return False


def _urls(settings: Settings) -> Iterator[str]:
    if settings.database_url is not None:
        try:
            conninfo_to_dict(settings.database_url)
        except ProgrammingError:
            yield "HILUM_DATABASE_URL must be a PostgreSQL URL: postgresql://user:password@host/name."
    if settings.object_store is not None and urlsplit(settings.object_store).scheme != "file":
        try:
            Objects.at(settings.object_store, settings.data / "objects")
        except Misconfigured as error:
            yield str(error)


def _lists(settings: Settings) -> Iterator[str]:
    for name in ("ae_title", "ae_titles", "stat_senders"):
        for title in names(getattr(settings, name)) or (("",) if name == "ae_title" else ()):
            if not is_title(title):
                yield f"{variable(name)} must name AE titles of 1 to 16 ASCII characters, but '{title}' is none."
    yield from _known("HILUM_URGENT_FINDINGS", "findings", names(settings.urgent_findings), FINDINGS)
    yield from _known("HILUM_DICOMWEB_RESULTS", "results", names(settings.dicomweb_results), MAKERS)


def _known(setting: str, what: str, listed: Iterable[str], known: Collection[str]) -> Iterator[str]:
    for name in listed:
        if name not in known:
            near = get_close_matches(name, known, n=1)
            cure = f"Did you mean {near[0]}?" if near else f"They are {', '.join(known)}."
            yield f"{setting} must name {what}, but '{name}' is none. {cure}"


def _together(settings: Settings) -> Iterator[str]:
    """What one setting means for another."""
    if settings.port and settings.port == settings.dimse_port:
        yield f"HILUM_PORT and HILUM_DIMSE_PORT must differ, but both are {settings.port}."
    if settings.metrics_port and settings.metrics_port in {settings.port, settings.dimse_port}:
        yield f"HILUM_METRICS_PORT must differ from the other ports, but is {settings.metrics_port}, too."
    for name in ("audit_syslog_ca", "audit_syslog_certificate"):
        if getattr(settings, name) is not None and settings.audit_syslog is None:
            yield f"HILUM_AUDIT_SYSLOG must be set with {variable(name)}."
    if settings.max_instance_bytes > settings.max_zip_bytes:
        yield "HILUM_MAX_ZIP_BYTES must not be less than HILUM_MAX_INSTANCE_BYTES: no ZIP could hold the largest file."


_CHECKS: tuple[Callable[[Settings], Iterator[str]], ...] = (_places, _urls, _parts, _lists, _together)
