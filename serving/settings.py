"""Every setting of the service, in one table: the fields of ``Settings``.

The command line, the environment (``HILUM_*``), the TOML file and docs/settings.md are all made from it.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import Field, dataclass, field, fields
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from model.errors import Misconfigured

ENVIRONMENT_PREFIX = "HILUM_"
#: Names the TOML file; it is the one variable that is not a setting.
CONFIG_VARIABLE = "HILUM_CONFIG"

#: Hosts to listen on that nobody outside reaches.
LOOPBACK = ("127.0.0.1", "::1", "localhost")
_MiB = 2**20
_PATHS = (Path, Path | None)


def _about(
    text: str,
    unit: str = "",
    least: int | None = None,
    most: int | None = None,
    *,
    table: bool = False,
    choices: tuple[str, ...] = (),
    file: bool = False,
    secret: bool = False,
) -> dict[str, Any]:
    kind = {"table": table, "choices": choices, "file": file, "secret": secret}
    return {"help": text, "unit": unit, "least": least, "most": most, **kind}


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What an administrator may choose. Read once, at the start, and passed on."""

    host: str = field(
        default="127.0.0.1",
        metadata=_about("Address to listen on."),
    )
    port: int = field(
        default=8000,
        metadata=_about("TCP port to listen on; 0 takes a free one.", least=0, most=65535),
    )
    tls_certificate: Path | None = field(
        default=None,
        metadata=_about(
            "Certificate and its chain (PEM): with it, the HTTP port speaks HTTPS and nothing else.", file=True
        ),
    )
    tls_key: Path | None = field(
        default=None,
        metadata=_about("Key of the certificate (PEM), where it is a file of its own.", file=True),
    )
    trusted_proxies: str = field(
        default="",
        metadata=_about(
            "Addresses or networks of reverse proxies, separated by commas: X-Forwarded-For and X-Forwarded-Proto are "
            "believed of them, and of nobody else."
        ),
    )
    demo: bool = field(
        default=False,
        metadata=_about(
            "Anybody may do everything, without signing in: to try it out on this machine, and only there."
        ),
    )
    session_hours: int = field(
        default=12,
        metadata=_about("Who signed in signs in again after so long.", unit="hours", least=1, most=720),
    )
    session_idle_minutes: int = field(
        default=60,
        metadata=_about("Who does nothing for so long signs in again.", unit="minutes", least=1, most=10080),
    )
    oidc_issuer: str | None = field(
        default=None,
        metadata=_about(
            "OpenID Connect provider by which people may sign in: its issuer, an https:// URL, to the letter."
        ),
    )
    oidc_client_id: str = field(
        default="",
        metadata=_about("As the provider knows this service; its redirect URI is https://.../api/oidc/callback."),
    )
    oidc_client_secret: str | None = field(
        default=None,
        metadata=_about("What this service proves itself with to the provider.", secret=True),
    )
    oidc_name: str = field(
        default="single sign-on",
        metadata=_about("What the page calls the provider."),
    )
    oidc_scopes: str = field(
        default="openid profile email",
        metadata=_about("Scopes that the provider is asked for."),
    )
    oidc_roles: str = field(
        default="",
        metadata=_about(
            "Role and the value of the claim that gives it, such as administrator=hilum-admins,reader=radiology; the "
            "first that fits counts, at each sign-in. Without any, whoever has an account keeps its role."
        ),
    )
    oidc_roles_claim: str = field(
        default="groups",
        metadata=_about("Claim of the ID token that says the role; a dot leads into an object."),
    )
    oidc_new_accounts: bool = field(
        default=False,
        metadata=_about("Whoever the provider knows, and a role fits, gets an account at their first sign-in."),
    )
    allowed_hosts: str = field(
        default="localhost,127.0.0.1,[::1]",
        metadata=_about(
            "Host names that a request may name, separated by commas; * allows all. Stops other sites' pages."
        ),
    )
    cors_origins: str = field(
        default="",
        metadata=_about(
            "Origins of other sites whose pages may use the service, such as https://viewer.hospital.example, "
            "separated by commas."
        ),
    )
    samples: Path | None = field(
        default=None,
        metadata=_about("Folder whose files are received and read at the start."),
    )
    weights: Path | None = field(
        default=None,
        metadata=_about("Manifest (JSON) of the reader's weights; without it, the reader that ships."),
    )
    data: Path = field(
        default=Path("hilum-data"),
        metadata=_about("Folder for the private database and the stored files; made when it is missing."),
    )
    database_url: str | None = field(
        default=None,
        metadata=_about(
            "PostgreSQL 14 or newer, postgresql://user:password@host/name; without it, a private one.", secret=True
        ),
    )
    database_connections: int = field(
        default=10,
        metadata=_about("Most connections of one process to the database.", unit="connections", least=2, most=500),
    )
    object_store: str | None = field(
        default=None,
        metadata=_about("Where files are stored: s3://, gs://, az:// or file:// URL; without it, the data folder."),
    )
    workers: int = field(
        default=0,
        metadata=_about("Processes that read, one core each; 0 is one for each core.", unit="processes", least=0),
    )
    worker_memory_bytes: int = field(
        default=2048 * _MiB,
        metadata=_about(
            "Memory that one worker or decoder may take; more fails what it does.", unit="bytes", least=256 * _MiB
        ),
    )
    dimse_host: str = field(
        default="127.0.0.1",
        metadata=_about("Address to listen on for C-STORE."),
    )
    dimse_port: int = field(
        default=11112,
        metadata=_about("TCP port to listen on for C-STORE; 0 does not listen.", least=0, most=65535),
    )
    receivers: int = field(
        default=0,
        metadata=_about(
            "Processes that receive by C-STORE; 0 is one for each core, at most 4.", unit="processes", least=0
        ),
    )
    ae_title: str = field(
        default="HILUM",
        metadata=_about("Our Application Entity Title."),
    )
    ae_titles: str = field(
        default="",
        metadata=_about("Called AE titles that are served, separated by commas; without any, every one is."),
    )
    peers: str = field(
        default="",
        metadata=_about(
            "Who may open an association, separated by commas: TITLE, or TITLE@ an address or network; an address may "
            "have :port, where it listens itself. Without any, everybody."
        ),
    )
    dimse_associations: int = field(
        default=16,
        metadata=_about("C-STORE senders at the same time; more are rejected for now.", unit="associations", least=1),
    )
    dimse_tls_certificate: Path | None = field(
        default=None,
        metadata=_about("Our certificate and its chain (PEM): with it, the C-STORE port speaks TLS and nothing else."),
    )
    dimse_tls_key: Path | None = field(
        default=None,
        metadata=_about("Key of the certificate (PEM), where it is a file of its own."),
    )
    dimse_tls_ca: Path | None = field(
        default=None,
        metadata=_about(
            "Authority (PEM) that peers must have a certificate of, to send to us by TLS and to be sent to."
        ),
    )
    other_objects: str = field(
        default="store",
        metadata=_about(
            "What is sent and is no CR, DX or Secondary Capture: stored, and refused to be read, or not stored.",
            choices=("store", "reject"),
        ),
    )
    quiet_seconds: int = field(
        default=60,
        metadata=_about("A study is complete when nothing came for so long.", unit="seconds", least=0, most=86400),
    )
    stat_senders: str = field(
        default="",
        metadata=_about("AE titles, separated by commas, whose radiographs are read before all others."),
    )
    urgent_findings: str = field(
        default="Pneumothorax",
        metadata=_about("Findings, separated by commas, that put a study on top of the worklist."),
    )
    destinations: str = field(
        default="",
        metadata=_about(
            "Where results go: name=URL, separated by commas, or a table of the TOML file; see docs/destinations.md.",
            table=True,
            secret=True,
        ),
    )
    dicomweb_results: str = field(
        default="sr,sc",
        metadata=_about(
            "Results that DICOMweb shows in the study that they answer: sr, sc, gsps, seg, pdf, separated by commas."
        ),
    )
    webhook_secret: str | None = field(
        default=None,
        metadata=_about(
            "Signs what webhooks are sent (HMAC-SHA256), with the time; without it, nothing is signed.", secret=True
        ),
    )
    verified_by: str = field(
        default="Radiologist",
        metadata=_about(
            "Who signed off a reading, as results that are sent name them: a role; {reviewer} is their name."
        ),
    )
    sites: str = field(
        default="",
        metadata=_about(
            "Who sends for which site: site=SENDER (AE title or name of a key; * and ? are patterns), separated by "
            "commas, or a table of the TOML file; see docs/users.md.",
            table=True,
        ),
    )
    priors: str | None = field(
        default=None,
        metadata=_about(
            "Archive that is asked for a patient's earlier chest radiographs: dicom://AETITLE@host:port or "
            "dicomweb+https://host/path; see docs/priors.md.",
            secret=True,
        ),
    )
    prior_studies: int = field(
        default=2,
        metadata=_about("Earlier studies of a patient that are fetched, the newest.", unit="studies", least=1, most=20),
    )
    read_attempts: int = field(
        default=500,
        metadata=_about("Times that a reading is tried while something is not there.", unit="attempts", least=1),
    )
    deliver_attempts: int = field(
        default=1000,
        metadata=_about("Times that a delivery is tried before it is a dead letter.", unit="attempts", least=1),
    )
    queue_length: int = field(
        default=10000,
        metadata=_about("Readings that may wait; more are answered 503.", unit="instances", least=1),
    )
    keep_days: int = field(
        default=0,
        metadata=_about("Studies go when nothing came for so many days; 0 keeps them.", unit="days", least=0),
    )
    min_free_bytes: int = field(
        default=1024 * _MiB,
        metadata=_about("With less free on the data folder's disk, nothing is received (507).", unit="bytes", least=0),
    )
    max_uploads: int = field(
        default=16,
        metadata=_about("Uploads at the same time; more are answered 503.", unit="uploads", least=1),
    )
    metrics_port: int = field(
        default=0,
        metadata=_about("Port on which `hilum worker` and `hilum receive` show their metrics; 0 does not.", least=0),
    )
    audit_syslog: str | None = field(
        default=None,
        metadata=_about(
            "Collector that the audit trail is sent to as DICOM audit messages by syslog: tls://host:6514, tcp:// or udp://."
        ),
    )
    audit_syslog_ca: Path | None = field(
        default=None,
        metadata=_about(
            "Authority (PEM) that the collector must have a certificate of; without it, one of the system's.", file=True
        ),
    )
    audit_syslog_certificate: Path | None = field(
        default=None,
        metadata=_about("Our certificate with its key (PEM), where the collector wants one.", file=True),
    )
    max_upload_bytes: int = field(
        default=1024 * _MiB,
        metadata=_about("Largest body of one upload.", unit="bytes", least=1024),
    )
    max_upload_files: int = field(
        default=500,
        metadata=_about("Most files in one upload.", unit="files", least=1),
    )
    max_instance_bytes: int = field(
        default=256 * _MiB,
        metadata=_about("Largest single file, also inside a ZIP.", unit="bytes", least=1024),
    )
    max_zip_entries: int = field(
        default=2000,
        metadata=_about("Most entries of one ZIP.", unit="entries", least=1),
    )
    max_zip_bytes: int = field(
        default=4096 * _MiB,
        metadata=_about("Most bytes that one ZIP may inflate to.", unit="bytes", least=1024),
    )
    max_zip_ratio: int = field(
        default=200,
        metadata=_about("Most inflated bytes for one packed byte of a ZIP's entry.", unit="bytes", least=1),
    )
    send_url: str = field(
        default="http://127.0.0.1:8000",
        metadata=_about("Where the service is to which `hilum send` sends."),
    )
    send_key: str | None = field(
        default=None,
        metadata=_about("Key with which `hilum send` sends; its scope is send.", secret=True),
    )
    send_ca: Path | None = field(
        default=None,
        metadata=_about(
            "Authority (PEM) that this service must have a certificate of; without it, one of the system's.", file=True
        ),
    )
    display_pixels: int = field(
        default=2048,
        metadata=_about("Longest side of the 8-bit copy that the page shows.", unit="pixels", least=64, most=8192),
    )


def settings_table() -> tuple["Field[Any]", ...]:
    """The fields of ``Settings`` in their order; ``metadata`` holds help, unit, least, most, choices."""
    return fields(Settings)


def variable(name: str) -> str:
    """The environment variable of the setting ``name``."""
    return ENVIRONMENT_PREFIX + name.upper()


def bounds(item: "Field[Any]") -> str:
    """What a setting's value must be, in words."""
    if item.type is bool:
        return "true or false"
    if item.type is not int:
        return " or ".join(item.metadata["choices"]) or ("a path" if item.type in _PATHS else "text")
    least, most = item.metadata["least"], item.metadata["most"]
    return "a whole number" + (f" from {least}" if least is not None else "") + (f" to {most}" if most else "")


#: Setting's name to (where it was given, value).
Source = Mapping[str, tuple[str, object]]


def make_settings(*sources: Source) -> Settings:
    """Settings from ``sources``, the last one winning.

    Raises:
        Misconfigured: with one line for every unknown name and every value that does not fit.
    """
    settings, wrong = fit_settings(*sources)
    if wrong:
        raise Misconfigured("\n".join(wrong.values()))
    return settings


def fit_settings(*sources: Source) -> tuple[Settings, dict[str, str]]:
    """Settings from ``sources``, and what is wrong with those names and values that do not fit: they are left out."""
    given = {name: found for source in sources for name, found in source.items()}
    table = {item.name: item for item in settings_table()}
    values: dict[str, Any] = {}
    wrong: dict[str, str] = {}
    for name, (place, value) in given.items():
        if name not in table:
            wrong[name] = f"{place} is not a setting. {_suggestion(name, table)}"
            continue
        try:
            values[name] = _fit(table[name], value)
        except ValueError as error:
            came = "what it is" if table[name].metadata["secret"] else repr(value)
            wrong[name] = f"{place} must be {error}, not {came}."
    return Settings(**values), wrong


def make_data_folder(settings: Settings) -> None:
    """For the service's own user alone; one that is there stays as it is."""
    settings.data.mkdir(parents=True, exist_ok=True, mode=0o700)


def _suggestion(name: str, table: Iterable[str]) -> str:
    near = get_close_matches(name, table, n=1)
    return f"Did you mean {near[0]} ({variable(near[0])})?" if near else "See docs/settings.md."


def names(listed: str) -> tuple[str, ...]:
    """The names of a setting that lists them, separated by commas."""
    return tuple(name.strip() for name in listed.split(",") if name.strip())


def environment(settings: Settings) -> dict[str, str]:
    """The settings as environment variables: how a process of ours tells another one."""
    chosen = {item.name: getattr(settings, item.name) for item in settings_table()}
    return {variable(name): str(value) for name, value in chosen.items() if value is not None}


def _fit(item: "Field[Any]", value: object) -> object:
    if item.type is int:
        return _fit_number(item, value)
    if item.type is bool:
        return _fit_truth(item, value)
    if item.metadata["table"] and isinstance(value, Mapping):
        return json.dumps(value, ensure_ascii=False)
    if not isinstance(value, str | Path) or (not str(value) and item.default != ""):
        raise ValueError(bounds(item))
    if item.metadata["choices"] and value not in item.metadata["choices"]:
        raise ValueError(bounds(item))
    return Path(value) if item.type in _PATHS else str(value)


def _fit_truth(item: "Field[Any]", value: object) -> bool:
    truth = {"true": True, "false": False}.get(str(value).lower())
    if truth is None:
        raise ValueError(bounds(item))
    return truth


def _fit_number(item: "Field[Any]", value: object) -> int:
    least, most = item.metadata["least"], item.metadata["most"]
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise ValueError(bounds(item))
    try:
        number = int(value)
    except ValueError:
        raise ValueError(bounds(item)) from None
    if (least is not None and number < least) or (most is not None and number > most):
        raise ValueError(bounds(item))
    return number
