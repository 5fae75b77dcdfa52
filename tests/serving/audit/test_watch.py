"""Who was shown what is in the audit trail, once for some minutes, without a word of a patient's."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest
from fastapi.routing import APIRoute

from serving.app import create_app
from serving.audit.watch import look_of
from serving.lately import Lately
from serving.store.store import Store
from tests.fakes import StubReader
from tests.serving.files import dicom
from tests.serving.live import new_store, serving, working
from tests.serving.test_worker import DICOM, until

STUDY, INSTANCE = "1.2.3.30", "1.2.3.1"
SERIES = "1.2.3.20"


@contextmanager
def read_study() -> Iterator[tuple[Store, httpx.Client]]:
    reader = StubReader()
    with (
        new_store() as (settings, store),
        working(settings, store, reader),
        serving(settings, store, reader.name) as client,
    ):
        client.post("/api/instances?wait=20", content=dicom(INSTANCE), headers=DICOM)
        yield store, client


def looks(store: Store) -> list[tuple[str, str, dict[str, Any]]]:
    return [
        (row["action"], row["study_instance_uid"], row["details"])
        for action in ("saw", "retrieved", "searched")
        for row in store.database.all("audit_trail", action=action)
    ]


#: Paths, and the entries of all of them.
_LOOKS: list[tuple[list[str], list[tuple[str, str, dict[str, Any]]]]] = [
    (
        [f"/api/studies/{STUDY}", f"/api/instances/{INSTANCE}/reading", f"/api/instances/{INSTANCE}/overlay.jpg"],
        [("saw", STUDY, {})],
    ),
    ([f"/api/instances/{INSTANCE}/heatmaps/Effusion?width={width}" for width in (16, 17, 18)], [("saw", STUDY, {})]),
    (["/api/readings/1/reviews"], [("saw", STUDY, {})]),
    ([f"/dicom-web/studies/{STUDY}/metadata"], [("saw", STUDY, {})]),
    ([f"/dicom-web/studies/{STUDY}", f"/dicom-web/studies/{STUDY}/series/{SERIES}"], [("retrieved", STUDY, {})]),
    (
        ["/api/studies?search=SECRETNAME&state=read", "/api/studies?search=OTHERNAME&state=read"],
        [("searched", "", {"conditions": ["search", "state"]})],
    ),
    (
        ["/dicom-web/studies?PatientName=SECRETNAME&00100020=SECRETID", "/dicom-web/instances?limit=1"],
        [("searched", "", {"conditions": ["00100020", "PatientName"]}), ("searched", "", {"conditions": ["limit"]})],
    ),
    (["/api/studies?SECRETNAME=1"], [("searched", "", {"conditions": ["other"]})]),
    # What shows nothing, or is not there, is no look.
    (["/api/reader", "/healthz", "/metrics", "/api/dead-letters", "/"], []),
    (["/api/studies/9.9.9", "/api/instances/9.9.9/reading", "/dicom-web/studies/9.9.9"], []),
]


@pytest.fixture(scope="module")
def study() -> Iterator[tuple[Store, httpx.Client]]:
    with read_study() as found:
        yield found


@pytest.mark.parametrize(("paths", "expected"), _LOOKS)
def test_looks_are_noted(
    study: tuple[Store, httpx.Client], paths: list[str], expected: list[tuple[str, str, dict[str, Any]]]
) -> None:
    store, _ = study
    before = len(looks(store))
    with serving(_settings(store), store, "stub 1") as client:  # another process: it remembers nothing
        for path in paths * 2:
            client.get(path)
    found = looks(store)
    assert len(found) - before == len(expected)
    for one in expected:
        assert one in found
    assert "SECRET" not in str(store.database.all("audit_trail", action="searched"))


def _settings(store: Store) -> Any:
    from serving.settings import Settings

    return Settings(database_url=store.database.url, min_free_bytes=0, demo=True)


def test_the_one_who_looks_is_where_they_are(study: tuple[Store, httpx.Client]) -> None:
    store, client = study
    client.get(f"/api/studies/{STUDY}")
    row = store.database.all("audit_trail", action="saw")[0]
    assert (row["actor_kind"], row["address"], row["success"]) == ("unknown", "127.0.0.1", True)


def test_every_route_that_names_what_it_shows_is_watched() -> None:
    """A new route that shows something by another name must be thought of here."""
    shows_nothing = {
        "/api/destinations/{name}",
        "/api/destinations/{name}/test",
        "/dicom-web/studies/{study_instance_uid}/series/{series_instance_uid}/instances/{sop_instance_uid}/bulkdata/{path}",
    }
    with new_store() as (settings, store):
        app = create_app(settings, store, "stub 1")
        app.state.decoders.close()
    forgotten = []
    for route in app.routes:
        if isinstance(route, APIRoute) and "GET" in route.methods and "{" in route.path:
            named = dict.fromkeys(route.param_convertors, "1")
            scope = {"route": route, "method": "GET", "path_params": named, "query_string": b"", "client": None}
            if look_of(scope, 200) is None and route.path not in shows_nothing:
                forgotten.append(route.path)
    assert forgotten == []


def test_what_cannot_be_noted_is_not_shown() -> None:
    with read_study() as (store, client):
        path = f"/api/instances/{INSTANCE}/reading"
        with store.database.transaction() as connection:
            connection.execute("ALTER TABLE audit_inbox RENAME TO elsewhere")
        assert client.get(path).status_code == 500  # the note failed, by an error of ours
        with store.database.transaction() as connection:
            connection.execute("ALTER TABLE elsewhere RENAME TO audit_inbox")
        assert client.get(path).status_code == 200
        until(lambda: looks(store))


def test_what_was_lately_is_forgotten_in_time_and_in_number() -> None:
    now = [0.0]
    lately = Lately(10.0, most=2, clock=lambda: now[0])
    assert not lately.knows("a")
    lately.remember("a")
    assert lately.knows("a")
    now[0] = 10.0
    assert not lately.knows("a")
    for key in "abc":
        lately.remember(key)
    assert [lately.knows(key) for key in "abc"] == [False, True, True]
