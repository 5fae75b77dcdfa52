"""Every setting of the service, in one table: the fields of ``Settings``.

The command line, the environment (``HILUM_*``), the TOML file and docs/settings.md are all made from it.
"""

from collections.abc import Mapping
from dataclasses import Field, dataclass, field, fields
from pathlib import Path
from typing import Any

from model.errors import Misconfigured

ENVIRONMENT_PREFIX = "HILUM_"
#: Names the TOML file; it is the one variable that is not a setting.
CONFIG_VARIABLE = "HILUM_CONFIG"

_MiB = 2**20


def _about(text: str, unit: str = "", least: int | None = None, most: int | None = None) -> dict[str, Any]:
    return {"help": text, "unit": unit, "least": least, "most": most}


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What an administrator may choose. Read once, at the start, and passed on."""

    host: str = field(
        default="127.0.0.1",
        metadata=_about("Address to listen on. This version has no users: keep it on this machine."),
    )
    port: int = field(
        default=8000,
        metadata=_about("TCP port to listen on; 0 takes a free one.", least=0, most=65535),
    )
    allowed_hosts: str = field(
        default="localhost,127.0.0.1,[::1]",
        metadata=_about(
            "Host names that a request may name, separated by commas; * allows all. Stops other sites' pages."
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
    workers: int = field(
        default=1,
        metadata=_about("Readings made at the same time, one core each.", unit="threads", least=1, most=256),
    )
    queue_length: int = field(
        default=200,
        metadata=_about("Instances that may wait to be read; more are answered 503.", unit="instances", least=1),
    )
    max_instances: int = field(
        default=1000,
        metadata=_about("Kept in memory; then the oldest that is read is dropped.", unit="instances", least=1),
    )
    max_store_bytes: int = field(
        default=2048 * _MiB,
        metadata=_about("Memory for what is kept; then the oldest that is read is dropped.", unit="bytes", least=_MiB),
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
    display_pixels: int = field(
        default=2048,
        metadata=_about("Longest side of the 8-bit copy that the page shows.", unit="pixels", least=64, most=8192),
    )


def settings_table() -> tuple["Field[Any]", ...]:
    """The fields of ``Settings`` in their order; ``metadata`` holds help, unit, least and most."""
    return fields(Settings)


def variable(name: str) -> str:
    """The environment variable of the setting ``name``."""
    return ENVIRONMENT_PREFIX + name.upper()


def bounds(item: "Field[Any]") -> str:
    """What a setting's value must be, in words."""
    if item.type is not int:
        return "text" if item.type is str else "a path"
    least, most = item.metadata["least"], item.metadata["most"]
    return "a whole number" + (f" from {least}" if least is not None else "") + (f" to {most}" if most else "")


def make_settings(*sources: Mapping[str, tuple[str, object]]) -> Settings:
    """Settings from ``sources``, the last one winning: setting's name to (where it was given, value).

    Raises:
        Misconfigured: with one line for every unknown name and every value that does not fit.
    """
    given = {name: found for source in sources for name, found in source.items()}
    table = {item.name: item for item in settings_table()}
    values: dict[str, Any] = {}
    wrong: list[str] = []
    for name, (place, value) in given.items():
        if name not in table:
            wrong.append(f"{place} is not a setting. See docs/settings.md.")
            continue
        try:
            values[name] = _fit(table[name], value)
        except ValueError as error:
            wrong.append(f"{place} must be {error}, not {value!r}.")
    if wrong:
        raise Misconfigured("\n".join(wrong))
    return Settings(**values)


def _fit(item: "Field[Any]", value: object) -> object:
    if item.type is int:
        return _fit_number(item, value)
    if not isinstance(value, str | Path) or not str(value):
        raise ValueError(bounds(item))
    return str(value) if item.type is str else Path(value)


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
