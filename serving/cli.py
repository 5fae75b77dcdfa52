"""The command ``hilum``: each command a thin function."""

from collections.abc import Callable
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import Any

import click

from model.errors import HilumError, Misconfigured
from serving.commands.options import Stopped, checked_settings, read_settings, run, run_unchecked, with_settings
from serving.commands.send import send
from serving.commands.users import add_key_commands, add_user_commands
from serving.settings import CONFIG_VARIABLE, Settings

#: Groups of commands by name, loaded only when they are called: module and what it is called there.
_GROUPS = {
    "audit": "serving.commands.audit:audit",
    "backup": "serving.commands.backup:backup",
    "export-reviews": "serving.commands.export_reviews:export_reviews",
    "restore": "serving.commands.backup:restore",
}


class Commands(click.Group):
    """Our commands, and those that other layers bring as entry points, loaded only when they are called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted({*super().list_commands(ctx), *_GROUPS, *_brought()})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        own = super().get_command(ctx, cmd_name)
        if own is None and cmd_name in _GROUPS:
            own = EntryPoint(cmd_name, _GROUPS[cmd_name], "").load()
        return own or (_Brought(cmd_name) if cmd_name in _brought() else None)


class _Brought(click.Command):
    """A command of another layer. Asking for the list of commands does not import it; calling it does."""

    def __init__(self, name: str) -> None:
        context = {"ignore_unknown_options": True, "help_option_names": []}
        arguments = click.Argument(["arguments"], nargs=-1, type=click.UNPROCESSED)
        help_text = f"{name.capitalize()} a reader's network (needs hilum[train])."
        super().__init__(name, params=[arguments], callback=self._call, help=help_text, context_settings=context)

    def _call(self, arguments: tuple[str, ...]) -> None:
        assert self.name
        try:
            command = _brought()[self.name].load()
        except ModuleNotFoundError as error:
            words = f"'hilum {self.name}' needs {error.name}: pip install 'hilum[train]'"
            raise click.ClickException(words) from None
        command.main(args=list(arguments), prog_name=f"hilum {self.name}")


def _brought() -> dict[str, Any]:
    return {point.name: point for point in entry_points(group="hilum.commands")}


_WEIGHTS = click.option(
    "--weights",
    envvar="HILUM_WEIGHTS",
    show_envvar=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Manifest (JSON) of the reader's weights.  [without it, the reader that ships]",
)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(package_name="hilum")
def cli() -> None:
    """Hilum reads chest radiographs: findings, probabilities and heatmaps, for a radiologist to review."""


@cli.command()
@with_settings
def serve(config: str | None, **options: object) -> None:
    """Start everything on one box: database, HTTP interface and page, workers, C-STORE."""
    from serving.supervisor import serve as start  # noqa: PLC0415 - other commands start without a web framework

    run(start, config, options)


@cli.command()
@with_settings
def api(config: str | None, **options: object) -> None:
    """Start the HTTP interface and page alone, on the database and object store of others."""
    from serving.supervisor import serve_api  # noqa: PLC0415

    run(serve_api, config, options)


@cli.command()
@with_settings
def worker(config: str | None, **options: object) -> None:
    """Start workers that read for a service elsewhere: on its database and its object store."""
    from serving.supervisor import work  # noqa: PLC0415

    run(work, config, options)


@cli.command()
@with_settings
def receive(config: str | None, **options: object) -> None:
    """Listen for C-STORE for a service elsewhere: on its database and its object store."""
    from serving.supervisor import receive as start  # noqa: PLC0415

    run(start, config, options)


@cli.command()
@click.argument("folder", required=False, type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--reread", is_flag=True, help="Instead of a folder: what is kept and this reader has not read yet.")
@click.option("--window", default=200, show_default=True, type=click.IntRange(1), help="Readings that wait at a time.")
@with_settings
def backfill(folder: Path | None, reread: bool, window: int, config: str | None, **options: object) -> None:
    """Have old radiographs read, below everything that is live: all files of FOLDER, or --reread.

    It may be stopped or killed at any time: the same command goes on where it was.
    """
    from serving.running import run_backfill  # noqa: PLC0415

    if (folder is None) is not reread:
        raise click.UsageError("Name a FOLDER or --reread, one of the two.")
    run(lambda settings: run_backfill(settings, folder, window), config, options)


@cli.command(hidden=True)
@click.argument("role", type=click.Choice(["api", "worker", "receiver"]))
@click.option(
    "--socket",
    "descriptor",
    type=int,
    default=-1,
    help="A listening socket that is inherited.",
)
def process(role: str, descriptor: int) -> None:
    """One process of the service, as `hilum serve` starts it: settings come from the environment."""
    from serving import running  # noqa: PLC0415

    roles: dict[str, Callable[[Settings], None]] = {
        "api": lambda settings: running.run_api(settings, descriptor),
        "worker": running.run_worker,
        "receiver": lambda settings: running.run_receiver(settings, descriptor),
    }
    run_unchecked(roles[role], None, {})


@cli.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a line.")
@click.option(
    "--heatmaps", type=click.Path(file_okay=False, path_type=Path), help="Write overlays (PNG) to this folder."
)
@_WEIGHTS
def read(files: tuple[Path, ...], as_json: bool, heatmaps: Path | None, weights: Path | None) -> None:
    """Read FILES: DICOM, PNG or JPEG, or folders of them. A refusal is an answer."""
    from model.reader import Reader  # noqa: PLC0415 - asking for help does not load ONNX Runtime
    from model.weights import DEFAULT  # noqa: PLC0415
    from serving.file_reading import read_files  # noqa: PLC0415

    try:
        answered = read_files(Reader.load(weights or DEFAULT), files, as_json=as_json, heatmaps=heatmaps)
    except HilumError as error:
        raise Stopped(str(error)) from None
    raise SystemExit(0 if answered else 1)


@cli.command("check-config")
@with_settings
def check_config(config: str | None, **options: object) -> None:
    """Look at the settings as a whole, as `hilum serve` does; say all that is wrong with them, and start nothing."""
    try:
        checked_settings(config, options)
    except Misconfigured as error:
        raise click.UsageError(str(error)) from None
    click.echo("The settings fit.")


@cli.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@with_settings
def doctor(as_json: bool, config: str | None, **options: object) -> None:
    """Check that everything works here; say plainly what does not, and what to do. What is wrong is exit status 1."""
    from serving.checks import Level  # noqa: PLC0415
    from serving.doctor import examine, report, report_json  # noqa: PLC0415

    try:
        checks = examine(read_settings(config, options))
    except Misconfigured as error:
        raise click.UsageError(str(error)) from None
    click.echo(report_json(checks) if as_json else report(checks))
    raise SystemExit(1 if any(check.level is Level.WRONG for check in checks) else 0)


_CONFIG = click.option("--config", type=click.Path(dir_okay=False), help=f"TOML file of settings.  [{CONFIG_VARIABLE}]")


@cli.group()
@_CONFIG
@click.pass_context
def users(context: click.Context, config: str | None) -> None:
    """Who may sign in; the service or its database must run. Settings come from HILUM_* and the TOML file."""
    _remember_settings(context, config)


@cli.group()
@_CONFIG
@click.pass_context
def keys(context: click.Context, config: str | None) -> None:
    """Keys of machines; the service or its database must run. Settings come from HILUM_* and the TOML file."""
    _remember_settings(context, config)


def _remember_settings(context: click.Context, config: str | None) -> None:
    try:
        context.obj = read_settings(config, {})
    except Misconfigured as error:
        raise click.UsageError(str(error)) from None


cli.add_command(send)
add_user_commands(users)
add_key_commands(keys)


def main() -> None:
    cli(prog_name="hilum")
