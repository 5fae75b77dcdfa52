"""That a service starts and stops, and with other settings than before, is in the audit trail.

One that is killed has no end there. Of secrets it is said that they are set, not what they are.
"""

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.metadata import version

from model.errors import Unavailable
from serving.running import open_store
from serving.settings import Settings, settings_table
from serving.store.audit import Act, Action, note_alone
from serving.store.store import Store
from serving.who import service


@contextmanager
def noted_run(settings: Settings, name: str) -> Iterator[None]:
    """While the command ``name`` of ours runs. Without its database, it runs and stops without an entry."""
    store = open_store(settings)
    host = socket.gethostname()

    def note(action: Action) -> None:
        details: dict[str, str | int | bool | list[str]] = {"version": version("hilum"), "process": os.getpid()}
        with suppress(Unavailable):
            note_alone(store, Act(who=service(name), action=action, object=host, details=details))

    try:
        with suppress(Unavailable):
            _note_settings(store, settings, name, host)
        note(Action.STARTED)
        yield
        note(Action.STOPPED)
    finally:
        store.database.close()


def _note_settings(store: Store, settings: Settings, name: str, host: str) -> None:
    """If they are others than at the start before, of the same command on the same machine."""
    told = _told(settings)
    before = store.database.one("newest_settings", actor=name, object=host)
    if before is None or before["details"]["settings"] != told:
        act = Act(who=service(name), action=Action.CONFIGURED, object=host, details={"settings": told})
        note_alone(store, act)


def _told(settings: Settings) -> list[str]:
    """Those that differ from what they are unless told."""
    chosen = ((item, getattr(settings, item.name)) for item in settings_table())
    return [
        f"{item.name}={'***' if item.metadata['secret'] else value}" for item, value in chosen if value != item.default
    ]
