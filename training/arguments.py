"""What commands ask for."""

from pathlib import Path

import click


def existing(*, folder: bool) -> click.Path:
    """A folder, or else a file, that is there."""
    return click.Path(exists=True, file_okay=not folder, dir_okay=folder, path_type=Path)
