"""Destinations that are made, changed and removed while everything runs."""

import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from serving.destinations import Register
from serving.store import destinations as stored
from serving.who import service
from tests.fakes import StubReader
from tests.serving.files import dicom
from tests.serving.live import live, new_store, serving, working
from tests.serving.pacs import pacs
from tests.serving.stow_server import dicomweb
from tests.serving.test_worker import DICOM, until


def put(client: httpx.Client, name: str, **definition: Any) -> httpx.Response:
    return client.put(f"/api/destinations/{name}", json=definition)


def get(client: httpx.Client, name: str) -> Any:
    return client.get(f"/api/destinations/{name}").json()


def read(client: httpx.Client, number: int, **attributes: Any) -> None:
    data = dicom(f"1.2.{number}", StudyInstanceUID=f"1.3.{number}", **attributes)
    client.post("/api/instances?wait=20", content=data, headers=DICOM)


def deliveries(client: httpx.Client, number: int) -> dict[str, Any]:
    """Of a study's result, by destination, once there are some and none waits."""

    def settled() -> Any:
        completions = client.get(f"/api/studies/1.3.{number}").json()["completions"]
        found = completions[0]["deliveries"] if completions else []
        return found if found and all(one["state"] != "queued" for one in found) else None

    return {one["destination"]: one for one in until(settled)}


def test_it_is_made_changed_and_removed_and_its_secret_is_never_shown() -> None:
    with new_store(destinations="set=file:///tmp/x") as (settings, store), serving(settings, store, "stub 1") as client:
        made = put(client, "ris", url="https://u:pass@ris/hook", secret="s3cret", modalities=["DX"])
        assert made.status_code == 201
        assert (made.json()["url"], made.json()["has_secret"]) == ("https://u:***@ris/hook", True)
        assert (made.json()["presentations"], made.json()["modalities"]) == (["json"], ["DX"])
        changed = put(client, "ris", url="https://ris/hook2")  # without a secret, the one before stays
        assert (changed.status_code, changed.json()["has_secret"], changed.json()["modalities"]) == (200, True, [])
        assert put(client, "ris", url="https://ris/hook2", secret=None).json()["has_secret"] is False
        listed = client.get("/api/destinations").json()["destinations"]
        assert [(one["name"], one["origin"]) for one in listed] == [("ris", "api"), ("set", "settings")]
        assert client.delete("/api/destinations/ris").status_code == 204
        assert client.delete("/api/destinations/ris").status_code == 404
        assert client.get("/api/destinations/ris").status_code == 404
        trail = store.database.all("audit_trail", action="destination")
        assert [line["details"]["change"] for line in trail] == ["made", "changed", "changed", "removed"]
        assert "s3cret" not in str(trail)


@pytest.mark.parametrize(
    ("name", "definition"),
    [
        ("ris", {"url": "gopher://ris"}),
        ("ris", {"url": "https://u:***@ris/hook"}),  # as it is shown, not as it is
        ("ris", {"url": "https://ris", "presentations": ["sr"]}),
        ("ris", {"url": "https://ris", "findings": ["Fever"]}),
        ("ris", {"url": "https://ris", "colour": "red"}),
        ("ris", {}),
        ("a-b", {"url": "https://ris"}),
        ("set", {"url": "https://ris"}),  # it is named by the settings
    ],
)
def test_what_is_no_destination_is_422(name: str, definition: dict[str, Any]) -> None:
    with new_store(destinations="set=file:///tmp/x") as (settings, store), serving(settings, store, "stub 1") as client:
        answer = put(client, name, **definition)
        assert (answer.status_code, answer.headers["Content-Type"]) == (422, "application/problem+json")
        assert stored.kept(store) == []


def test_workers_follow_without_a_new_start_and_what_waits_is_set_aside(tmp_path: Path) -> None:
    with dicomweb() as server:
        gone = server.url
    with live(StubReader()) as client:
        put(client, "here", url=f"file://{tmp_path}", stations=["DR*"])
        put(client, "away", url=gone)
        read(client, 1, StationName="DR-1")
        until(lambda: len(list(tmp_path.glob("*.json"))) == 1)
        until(lambda: get(client, "away")["queued"] == 1)
        client.delete("/api/destinations/away")
        letters = until(lambda: client.get("/api/dead-letters").json()["dead_letters"])
        assert [(one["destination"], one["task"]) for one in letters] == [("away", "deliver")]
        assert letters[0]["reason"] == "There is no destination 'away' any more. Name it again and replay this."
        assert deliveries(client, 1)["away"]["state"] == "dead"
        with dicomweb() as server:  # named again, elsewhere
            put(client, "away", url=server.url)
            client.post(f"/api/dead-letters/{letters[0]['dead_letter_id']}/replay")
            assert until(lambda: deliveries(client, 1)["away"]["state"] == "delivered", 60)
            assert len(server.got) == 2
        assert client.get("/api/dead-letters").json()["dead_letters"] == []


def test_the_study_says_why_a_destination_did_not_get_it(tmp_path: Path) -> None:
    tables = {
        "room1": {"url": f"file://{tmp_path}/room1", "senders": ["XR1"]},
        "lungs": {"url": f"file://{tmp_path}/lungs", "findings": ["Pneumothorax"], "refusals": False},
        "all": {"url": f"file://{tmp_path}/all", "body_parts": ["CHEST", "THORAX"], "presentations": ["json", "sr"]},
    }
    with live(StubReader(), destinations=json.dumps(tables)) as client:
        read(client, 1)
        sent = deliveries(client, 1)
        assert {name: (one["state"], one["left_out"]) for name, one in sent.items()} == {
            "room1": ("skipped", "Its sender must be XR1."),
            "lungs": ("skipped", "Pneumothorax must be present."),
            "all": ("delivered", None),
        }
        assert (sent["all"]["reading_ids"], sent["lungs"]["reading_ids"]) == ([1], [])
        assert sorted(path.suffix for path in (tmp_path / "all").iterdir()) == [".dcm", ".json"]
        assert [path.name for path in tmp_path.iterdir()] == ["all"]


def test_of_a_study_only_the_readings_that_a_destination_wants_are_sent(tmp_path: Path) -> None:
    tables = {"dx": {"url": f"file://{tmp_path}", "modalities": ["DX"]}}
    with live(StubReader(), destinations=json.dumps(tables), quiet_seconds=1) as client:
        for uid, modality in (("1.2.3.1", "DX"), ("1.2.3.2", "CR")):
            data = dicom(uid, Modality=modality, SeriesInstanceUID=f"{uid}.0")
            client.post("/api/instances?wait=20", content=data, headers=DICOM)
        (path,) = until(lambda: list(tmp_path.glob("*.json")))
        sent = [one["sop_instance_uid"] for one in json.loads(path.read_text())["readings"]]
        assert sent == ["1.2.3.1"]
        (completion,) = client.get("/api/studies/1.2.3.30").json()["completions"]
        assert completion["deliveries"][0]["left_out"] == "Its modality must be DX."
        assert len(completion["reading_ids"]) == 2


def test_what_a_radiologist_reviewed_goes_to_who_waits_for_it(tmp_path: Path) -> None:
    tables = {when: {"url": f"file://{tmp_path}/{when}", "reviews": when} for when in ("before", "after", "both")}
    with live(StubReader(), destinations=json.dumps(tables)) as client:
        read(client, 1)
        assert deliveries(client, 1)["after"]["left_out"] == "Only what was reviewed is wanted."
        client.post("/api/readings/1/review", json={"reviewer": "r-7", "signed_off": True})
        until(lambda: len(list((tmp_path / "both").glob("*.json"))) == 2)
        until(lambda: (tmp_path / "after").exists() and list((tmp_path / "after").glob("*.json")))
        numbers = {
            when: sorted(json.loads(path.read_text())["number"] for path in (tmp_path / when).glob("*.json"))
            for when in tables
        }
        assert numbers == {"before": [1], "after": [2], "both": [1, 2]}


def test_a_destination_is_asked_whether_it_is_there(tmp_path: Path) -> None:
    with (
        pacs(kinds=("sr", "sc")) as peer,
        dicomweb() as server,
        new_store() as (settings, store),
        serving(settings, store, "stub 1") as client,
    ):
        put(client, "pacs", url=f"dicom://PACS@127.0.0.1:{peer.port}")
        put(client, "stranger", url=f"dicom://OTHER@127.0.0.1:{peer.port}")
        put(client, "half", url=f"dicom://PACS@127.0.0.1:{peer.port}", presentations=["sr", "gsps"])
        put(client, "web", url=server.url)
        put(client, "hook", url=server.url.removeprefix("stow+"))
        put(client, "folder", url=f"file://{tmp_path}")
        put(client, "nobody", url="http://127.0.0.1:1/")
        asked = ("pacs", "stranger", "half", "web", "hook", "folder", "nobody")
        answers = {name: client.post(f"/api/destinations/{name}/test").json() for name in asked}
        assert {name: answer["reachable"] for name, answer in answers.items()} == {
            "pacs": True, "stranger": False, "half": False, "web": True, "hook": True, "folder": True, "nobody": False,
        }  # fmt: skip
        assert answers["pacs"]["words"] == "It takes what it is sent, but does not answer C-ECHO."
        assert answers["half"]["words"].startswith("The PACS must accept Grayscale Softcopy Presentation State")
        assert (peer.got, server.got, list(tmp_path.iterdir())) == ({}, {}, [])
        assert client.post("/api/destinations/unknown/test").status_code == 404


def test_what_waits_for_a_destination_that_the_settings_name_no_more_is_set_aside() -> None:
    with dicomweb() as server:
        gone = server.url
    with new_store(destinations=f"away={gone}") as (settings, store), serving(settings, store, "stub 1") as client:
        with working(settings, store, StubReader()):
            read(client, 1)
            until(lambda: get(client, "away")["queued"] == 1)
        assert stored.set_aside(store, ["away"], seconds=300) == 0  # another process may still know it
        assert stored.set_aside(store, ["other"]) == 0
        assert stored.set_aside(store, ["away"]) == 1
        assert stored.set_aside(store, ["away"]) == 0
        assert get(client, "away")["dead"] == 1


def test_one_that_was_made_since_the_last_look_is_found() -> None:
    with new_store() as (settings, store):
        register = Register(settings, store)
        register.look()
        assert register.find("new") is None
        stored.keep(store, "new", {"url": "file:///tmp"}, None, has_secret=False, who=service("test"))
        found = register.find("new")
        assert found is not None
        assert found.url == "file:///tmp"
