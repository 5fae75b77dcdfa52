"""Starts, stops and other settings are in the audit trail."""

from dataclasses import replace

import pytest

from serving.noted_run import noted_run
from serving.store.store import Store
from tests.serving.live import new_store


def entries(store: Store) -> list[tuple[str, str]]:
    rows = [
        row
        for action in ("configured", "started", "stopped")
        for row in store.database.all("audit_trail", action=action)
    ]
    return [(row["action"], row["actor"]) for row in sorted(rows, key=lambda row: int(row["entry_id"]))]


def test_a_run_is_noted_and_its_settings_when_they_are_others() -> None:
    with new_store(webhook_secret="S3CRET", quiet_seconds=7) as (settings, store):
        for changed in (settings, settings, replace(settings, quiet_seconds=8)):
            with noted_run(changed, "serve"):
                pass
        with noted_run(settings, "worker"):
            pass
        run = [("started", "serve"), ("stopped", "serve")]
        configured = ("configured", "serve")
        worker = [("configured", "worker"), ("started", "worker"), ("stopped", "worker")]
        assert entries(store) == [configured, *run, *run, configured, *run, *worker]
        told = [row["details"]["settings"] for row in store.database.all("audit_trail", action="configured")]
    assert "quiet_seconds=7" in told[0]
    assert "quiet_seconds=8" in told[1]
    assert {"webhook_secret=***", "database_url=***"} <= set(told[0])
    assert "S3CRET" not in str(told)
    assert not any(one.startswith("port=") for one in told[0])


def test_one_that_fails_did_not_stop_as_it_should() -> None:
    with new_store() as (settings, store):
        with pytest.raises(ZeroDivisionError), noted_run(settings, "serve"):
            raise ZeroDivisionError
        assert entries(store) == [("configured", "serve"), ("started", "serve")]
