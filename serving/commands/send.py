"""``hilum send``: files to a service, from any machine that has a key."""

import json
from pathlib import Path

import click

from model.errors import HilumError, Misconfigured
from serving.commands.options import Stopped, read_settings
from serving.settings import CONFIG_VARIABLE


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--wait", default=0, type=click.IntRange(0, 300), help="Seconds to wait for the readings.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a line, with the reading if it is there.")
@click.option("--send-url", metavar="TEXT", help="Where the service is.  [HILUM_SEND_URL]")
@click.option("--config", type=click.Path(dir_okay=False), help=f"TOML file of settings.  [{CONFIG_VARIABLE}]")
def send(files: tuple[Path, ...], wait: int, as_json: bool, send_url: str | None, config: str | None) -> None:
    """Send FILES, or folders of them, to a service. HILUM_SEND_KEY is the key, which must have the scope send.

    What the service cannot take now is tried again; sending all of it again is always safe. Exits 1 when a file was not
    taken.
    """
    from serving.sending import send as sent  # noqa: PLC0415 - other commands start without an HTTP client

    try:
        settings = read_settings(config, {"send_url": send_url})
    except Misconfigured as error:
        raise click.UsageError(str(error)) from None
    complete = True
    try:
        for outcome in sent(settings, files, wait=wait):
            complete = complete and outcome.taken
            for one in outcome.instances or ({"receipt": "rejected", "problem": {"detail": outcome.problem}},):
                if as_json:
                    click.echo(json.dumps({"file": str(outcome.path), **one}, ensure_ascii=False))
                else:
                    problem = one["problem"]["detail"] if one["problem"] else one.get("sop_instance_uid") or ""
                    click.echo(f"{one['receipt']:10} {outcome.path}  {problem}")
    except HilumError as error:
        raise Stopped(str(error)) from None
    raise SystemExit(0 if complete else 1)
