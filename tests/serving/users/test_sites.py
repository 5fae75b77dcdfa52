"""Who is limited to sites gets nothing of others', by any route."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from serving.users.caller import Right
from serving.users.rights import needed
from tests.serving.files import dicom
from tests.serving.test_events import events
from tests.serving.users.people import Guarded, guarded

#: What is the same for all, whatever their sites.
ABOUT_NO_STUDY = {"/api/reader", "/api/model-card"}
#: Has no end; see test_events_are_of_ones_sites.
EVENTS = "/api/events"
SOUTH = {
    "study_instance_uid": "2.25.7001",
    "series_instance_uid": "2.25.7002",
    "sop_instance_uid": "2.25.7003",
    "finding": "Effusion",
    "frames": "1",
    "frame": "1",
    "path": "7FE00010",
}


def of(site: int, number: int = 3, **more: Any) -> bytes:
    uids = {"StudyInstanceUID": f"2.25.{site}001", "SeriesInstanceUID": f"2.25.{site}002"}
    return dicom(f"2.25.{site}00{number}", **{**uids, **more})


@dataclass(frozen=True)
class Sites:
    service: Guarded
    north: httpx.Client
    south: httpx.Client
    everywhere: httpx.Client
    sender_north: httpx.Client
    reading_id: int
    #: Of the south: Hilum's own result of the radiograph.
    result: dict[str, str]


@pytest.fixture(scope="module")
def sites() -> Iterator[Sites]:
    with guarded(sites="north=N?,south=S*") as service:
        sender_north, sender_south = service.machine("N1", "send", "read"), service.machine("south", "send", "read")
        for sender, site in ((sender_north, 6), (sender_south, 7)):
            assert sender.post("/api/instances?wait=20", files={"f": of(site)}).status_code == 200
        everywhere = service.person("everywhere")
        reading = everywhere.get(f"/api/instances/{SOUTH['sop_instance_uid']}/reading").json()
        found = everywhere.get(f"/dicom-web/studies/{SOUTH['study_instance_uid']}/instances").json()
        result = next(one for one in found if one["00080018"]["Value"] != [SOUTH["sop_instance_uid"]])
        uids = {"series_instance_uid": "0020000E", "sop_instance_uid": "00080018"}
        yield Sites(
            service,
            service.person("north", sites=["north"]),
            service.person("south", sites=["south", "west"]),
            everywhere,
            sender_north,
            reading["reading_id"],
            {name: result[tag]["Value"][0] for name, tag in uids.items()},
        )


def _routes(sites: Sites) -> Iterator[tuple[str, str]]:
    """Method and path of whatever shows something, or changes what is shown."""
    for path, methods in sites.everywhere.get("/openapi.json").json()["paths"].items():
        for method in map(str.upper, methods):
            if needed(method, path) in {Right.READ, Right.REVIEW} and path not in {EVENTS, *ABOUT_NO_STUDY}:
                yield method, path


def _ask(client: httpx.Client, method: str, path: str, values: dict[str, str]) -> httpx.Response:
    return client.request(method, path.format_map(values), json={} if method == "POST" else None)


def test_no_route_tells_anothers_site(sites: Sites) -> None:
    values = {**SOUTH, "reading_id": str(sites.reading_id)}
    told = {
        route: (_ask(sites.everywhere, *route, values), _ask(sites.north, *route, values)) for route in _routes(sites)
    }
    assert len(told) > 25
    for route, (whole, nothing) in told.items():
        assert whole.status_code in {200, 201, 206}, (route, whole.text)
        lists = (nothing.status_code == 200 and nothing.json() in ([], {"reviews": []})) or "{" not in route[1]
        assert nothing.status_code == 404 or lists, (route, nothing.status_code)
        assert not any(uid in nothing.text for uid in ("2.25.7001", "2.25.7002", "2.25.7003")), route


def test_no_route_tells_a_result_for_anothers_site(sites: Sites) -> None:
    values = {**SOUTH, **sites.result}
    below = [route for route in _routes(sites) if "{sop_instance_uid}" in route[1] and "dicom-web" in route[1]]
    assert len(below) > 5
    for route in below:
        assert _ask(sites.north, *route, values).status_code == 404, route
    whole = "/dicom-web/studies/{study_instance_uid}/series/{series_instance_uid}/instances/{sop_instance_uid}"
    assert _ask(sites.south, "GET", whole, values).status_code == 200


def test_lists_hold_what_ones_sites_sent(sites: Sites) -> None:
    def listed(client: httpx.Client) -> set[str]:
        by_api = {one["study_instance_uid"] for one in client.get("/api/studies").json()["studies"]}
        by_web = {one["0020000D"]["Value"][0] for one in client.get("/dicom-web/studies").json()}
        assert by_api == by_web
        return {uid for uid in by_api if uid in {"2.25.6001", "2.25.7001"}}

    assert listed(sites.north) == {"2.25.6001"}
    assert listed(sites.south) == {"2.25.7001"}
    assert listed(sites.everywhere) == {"2.25.6001", "2.25.7001"}


def test_what_no_rule_knows_is_seen_by_who_sees_all(sites: Sites) -> None:
    sites.service.machine("elsewhere", "send").post("/api/instances", files={"f": of(8)})
    statuses = [client.get("/api/studies/2.25.8001").status_code for client in (sites.north, sites.everywhere)]
    assert statuses == [404, 200]


def test_a_study_stays_with_who_sent_its_first_image(sites: Sites) -> None:
    sites.sender_north.post("/api/instances", files={"f": of(7, 4)})
    assert sites.north.get("/api/studies/2.25.7001").status_code == 404
    assert len(sites.south.get("/api/studies/2.25.7001").json()["instances"]) == 2


def test_who_sends_anothers_radiograph_learns_nothing_new(sites: Sites) -> None:
    limited = sites.service.machine("N2", "send", "read", sites=["north"])
    (sent,) = limited.post("/api/instances?wait=20", files={"f": of(7)}).json()["instances"]
    assert (sent["receipt"], sent["reading"]) == ("duplicate", None)


@pytest.mark.parametrize(
    ("name", "limited_to", "site"),
    [
        ("N3", [], "north"),
        ("N4", ["south"], "south"),  # it may not send for the north
        ("other", ["west"], "west"),
        ("south 2", ["west", "south"], "south"),
    ],
)
def test_a_limited_sender_sends_for_its_own_sites(sites: Sites, name: str, limited_to: list[str], site: str) -> None:
    uid = f"2.25.9{abs(hash(name)) % 10**8}"
    sender = sites.service.machine(name, "send", sites=limited_to)
    sender.post("/api/instances", files={"f": dicom(uid, StudyInstanceUID=uid)})
    with sites.service.store.database.connection() as connection:
        row = connection.execute("SELECT site FROM study WHERE study_instance_uid = %s", [uid]).fetchone()
    assert row == {"site": site}


def test_priors_are_of_ones_sites(sites: Sites) -> None:
    same = {"PatientID": "P-77", "PatientBirthDate": "19600101", "PatientName": "Same^One"}
    old = {**same, "StudyInstanceUID": "2.25.5001", "StudyDate": "20200101"}
    new = {**same, "StudyInstanceUID": "2.25.5002", "StudyDate": "20260101"}
    south = sites.service.machine("south 3", "send", "read")
    for sender, data in ((south, dicom("2.25.51", **old)), (sites.sender_north, dicom("2.25.52", **new))):
        assert sender.post("/api/instances?wait=20", files={"f": data}).status_code == 200
    priors = [client.get("/api/studies/2.25.5002").json()["priors"] for client in (sites.north, sites.everywhere)]
    assert [[one["study_instance_uid"] for one in found] for found in priors] == [[], ["2.25.5001"]]


def test_events_are_of_ones_sites(sites: Sites) -> None:
    south = sites.service.machine("south 4", "send")
    with sites.north.stream("GET", EVENTS) as stream:
        told = events(stream.iter_lines())
        assert next(told)[0] == "everything"
        for sender, uid in ((south, "2.25.41"), (sites.sender_north, "2.25.42")):
            sender.post("/api/instances", files={"f": dicom(uid, StudyInstanceUID=uid)})
        uids = (data.get("study_instance_uid", "") for _, data in told)
        seen = next(uid for uid in uids if uid.startswith("2.25.4"))
    assert seen == "2.25.42"
