"""That a service starts and stops is in the audit trail; one that is killed starts twice there."""

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.metadata import version

from model.errors import Unavailable
from serving.running import open_store
from serving.settings import Settings
from serving.store.audit import Act, Action, note_alone
from serving.who import service


@contextmanager
def noted_run(settings: Settings, name: str) -> Iterator[None]:
    """While the command ``name`` of ours runs. Without its database, it runs and stops without an entry."""
    store = open_store(settings)
    details: dict[str, str | int | bool | list[str]] = {
        "version": version("hilum"),
        "host": socket.gethostname(),
        "process": os.getpid(),
    }

    def note(action: Action) -> None:
        with suppress(Unavailable):
            note_alone(store, Act(who=service(name), action=action, details=details))

    try:
        note(Action.STARTED)
        yield
        note(Action.STOPPED)
    finally:
        store.database.close()
