"""What every command that has settings begins with. The only place that reads the environment."""

import os
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import click

from model.errors import HilumError, Misconfigured
from serving.logs import configure_logs
from serving.settings import (
    CONFIG_VARIABLE,
    ENVIRONMENT_PREFIX,
    Settings,
    Source,
    fit_settings,
    make_settings,
    settings_table,
    variable,
)

_METAVARS: dict[Any, str] = {
    int: "NUMBER",
    str: "TEXT",
    str | None: "TEXT",
    Path: "PATH",
    Path | None: "PATH",
}


def with_settings(command: Callable[..., None]) -> Callable[..., None]:
    """Add an option for every setting."""
    for item in reversed(settings_table()):
        about = item.metadata
        shown = f"{about['help']}  [{variable(item.name)}; {_default(item.default, about['unit'])}]"
        option = "--" + item.name.replace("_", "-")
        kind: dict[str, Any] = (
            {"is_flag": True, "default": None} if item.type is bool else {"metavar": _METAVARS[item.type]}
        )
        command = click.option(option, item.name, help=shown, **kind)(command)
    shown = f"TOML file of settings.  [{CONFIG_VARIABLE}]"
    return click.option("--config", type=click.Path(dir_okay=False), help=shown)(command)


def _default(value: object, unit: str) -> str:
    return "no default" if value is None else f"default {value} {unit}".rstrip()


def read_settings(config: str | None, options: Mapping[str, object]) -> Settings:
    """Settings from the TOML file, the environment and the command line; the later wins.

    Raises:
        Misconfigured: with every name and value that does not fit.
    """
    return make_settings(*_sources(config, options))


def checked_settings(config: str | None, options: Mapping[str, object]) -> Settings:
    """As ``read_settings``, and looked at as a whole: whether the service can start with them.

    Raises:
        Misconfigured: with every error at once.
    """
    from serving.settings_checks import misfits  # noqa: PLC0415 - it knows all parts of the service

    settings, wrong = fit_settings(*_sources(config, options))
    lines = [*wrong.values(), *misfits(settings, unknown=wrong)]
    if lines:
        raise Misconfigured("\n".join(lines))
    return settings


def _sources(config: str | None, options: Mapping[str, object]) -> tuple[Source, Source, Source]:
    file = config or os.environ.get(CONFIG_VARIABLE)
    from_file = {name: (f"{name} in {file}", value) for name, value in _toml(file).items()} if file else {}
    from_environment: dict[str, tuple[str, object]] = {
        name.removeprefix(ENVIRONMENT_PREFIX).lower(): (name, value)
        for name, value in os.environ.items()
        if name.startswith(ENVIRONMENT_PREFIX) and name != CONFIG_VARIABLE
    }
    given = {name: ("--" + name.replace("_", "-"), value) for name, value in options.items() if value is not None}
    return from_file, from_environment, given


def _toml(file: str) -> dict[str, object]:
    try:
        return tomllib.loads(Path(file).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise Misconfigured(f"{file} must be a TOML file that can be read: {error}") from None


class Stopped(click.ClickException):
    """One of our own errors, told without a traceback."""


def run(start: Callable[[Settings], None], config: str | None, options: Mapping[str, object]) -> None:
    """Start something long with these settings, if all of them fit; what is wrong is said without a traceback."""
    run_unchecked(start, config, options, read=checked_settings)


def run_unchecked(
    start: Callable[[Settings], None],
    config: str | None,
    options: Mapping[str, object],
    *,
    read: Callable[[str | None, Mapping[str, object]], Settings] = read_settings,
) -> None:
    """As ``run``, with settings that somebody has looked at before."""
    try:
        settings = read(config, options)
    except Misconfigured as error:
        raise click.UsageError(str(error)) from None
    configure_logs()
    try:
        start(settings)
    except HilumError as error:
        raise Stopped(str(error)) from None
