"""``hilum export-reviews``: what radiologists signed off becomes a training set."""

from datetime import datetime
from pathlib import Path
from typing import get_args

import click

from serving.commands.options import run, with_settings
from serving.moments import utc
from serving.running import open_store, with_private_database
from serving.settings import Settings
from serving.training_set.exporting import BurnedIn, Wanted, export
from serving.training_set.pseudonyms import Pseudonyms

_MOMENT = click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M:%S%z"])


@click.command("export-reviews")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--since", type=_MOMENT, help="Reviews at or after this time (UTC unless it says otherwise).")
@click.option(
    "--reviewer-role", "roles", multiple=True, help="Reviews of accounts with this role; may be repeated.  [all]"
)
@click.option("--dataset", default="reviewed", show_default=True, help="What the set is called in its tables.")
@click.option(
    "--burned-in",
    type=click.Choice(get_args(BurnedIn)),
    default="no",
    show_default=True,
    help="The worst Burned In Annotation that is taken: what stands in pixels is not removed.",
)
@with_settings
def export_reviews(
    folder: Path,
    since: datetime | None,
    roles: tuple[str, ...],
    dataset: str,
    burned_in: BurnedIn,
    config: str | None,
    **options: object,
) -> None:
    """Write what is signed off into FOLDER, de-identified, with labels and boxes: for `hilum train`."""
    aware = utc(since)

    def start(settings: Settings) -> None:
        wanted = Wanted(
            dataset=dataset, since=aware, roles=roles, burned_in=burned_in, most_bytes=settings.max_instance_bytes
        )
        store = open_store(with_private_database(settings))
        try:
            click.echo(export(store, folder, Pseudonyms.kept_in(settings.data), wanted).words())
        finally:
            store.database.close()

    run(start, config, options)
