"""``hilum backup`` and ``hilum restore``."""

from pathlib import Path

import click

from model.errors import HilumError, Misconfigured
from serving.backup.making import back_up
from serving.backup.restoring import restore as bring_back
from serving.commands.options import Stopped, read_settings, with_settings
from serving.running import open_store, with_private_database

_FOLDER = click.argument("folder", type=click.Path(file_okay=False, path_type=Path))


@click.command()
@_FOLDER
@with_settings
def backup(folder: Path, config: str | None, **options: object) -> None:
    """Back the service up into FOLDER while it runs: the database, then every file that it refers to.

    A FOLDER that holds a backup is brought up to date: only new files are copied. What was interrupted goes on.
    """
    try:
        settings = with_private_database(read_settings(config, options))
        store = open_store(settings)
        try:
            made = back_up(store, folder, settings.data)
        finally:
            store.database.close()
    except Misconfigured as error:
        raise click.UsageError(str(error)) from None
    except HilumError as error:
        raise Stopped(str(error)) from None
    click.echo(f"The backup in {folder} is as of {made.made_at}. It holds patients' data and secrets: keep it so.")


@click.command()
@_FOLDER
@with_settings
def restore(folder: Path, config: str | None, **options: object) -> None:
    """Make a service from the backup in FOLDER, where there is none: in an empty data folder or database."""
    try:
        manifest = bring_back(read_settings(config, options), folder)
    except Misconfigured as error:
        raise click.UsageError(str(error)) from None
    except HilumError as error:
        raise Stopped(str(error)) from None
    click.echo(f"Everything is as it was at {manifest.made_at}. Start `hilum serve`.")
