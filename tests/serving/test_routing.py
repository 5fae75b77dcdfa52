"""Which readings a destination is sent: rules as tables."""

from typing import Any

import pytest

from serving.routing import Candidate, Profile, Route, Rules, make_rules


def found(name: str, probability: float, *, present: bool = True, experimental: bool = False) -> dict[str, Any]:
    return {"name": name, "probability": probability, "present": present, "experimental": experimental}


ROOM_1 = Candidate(sender="XR_ROOM1", modality="DX", body_part="CHEST", station="dr-700", institution="Bệnh viện Mẫu")


@pytest.mark.parametrize(
    ("route", "goes"),
    [
        (Route(), True),
        (Route(senders=("XR_ROOM1",)), True),
        (Route(senders=("xr_*",)), True),  # any case, any rest
        (Route(senders=("XR_ROOM",)), False),  # the whole of it
        (Route(senders=("CT", "XR_ROOM?")), True),  # one of the list
        (Route(modalities=("CR", "DX")), True),
        (Route(modalities=("CR",)), False),
        (Route(body_parts=("CHEST",), stations=("DR-7*",)), True),
        (Route(body_parts=("CHEST",), stations=("DR-8*",)), False),  # of every list
        (Route(institutions=("bệnh viện*",)), True),
    ],
)
def test_a_route_is_a_pattern_of_every_list(route: Route, goes: bool) -> None:
    assert (route.objection(ROOM_1) is None) == goes


@pytest.mark.parametrize(("patterns", "goes"), [(("*",), True), (("CHEST",), False), (("",), True), ((), True)])
def test_an_attribute_that_is_missing_is_empty(patterns: tuple[str, ...], goes: bool) -> None:
    assert (Route(body_parts=patterns).objection(Candidate()) is None) == goes


EFFUSION = Candidate(findings=[found("Effusion", 0.8), found("Pneumothorax", 0.1, present=False)])
NORMAL = Candidate(findings=[found("Effusion", 0.2, present=False)])
DOUBTFUL = Candidate(findings=[found("Tuberculosis", 0.9, experimental=True)])
REFUSED = Candidate(state="refused")
FAILED = Candidate(state="failed")
REVIEWED = Candidate(findings=EFFUSION.findings, is_review=True)
URGENT = Candidate(findings=EFFUSION.findings, is_urgent=True)


@pytest.mark.parametrize(
    ("profile", "wanted", "unwanted"),
    [
        (Profile(), (EFFUSION, NORMAL, REFUSED, FAILED, REVIEWED), ()),
        (Profile(positive_only=True), (EFFUSION, REFUSED, FAILED, REVIEWED), (NORMAL, DOUBTFUL)),
        (Profile(findings=("Effusion", "Mass")), (EFFUSION, REFUSED), (NORMAL,)),
        (Profile(findings=("Pneumothorax",)), (REFUSED,), (EFFUSION, NORMAL)),  # it must be present
        (Profile(minimum_probability=0.8), (EFFUSION,), (NORMAL, DOUBTFUL)),
        (Profile(minimum_probability=0.81), (), (EFFUSION,)),
        (Profile(findings=("Effusion",), minimum_probability=0.9), (), (EFFUSION,)),
        (Profile(refusals=False), (EFFUSION, NORMAL), (REFUSED, FAILED)),
        (Profile(urgent_only=True), (URGENT,), (EFFUSION, REFUSED)),
        (Profile(reviews="before"), (EFFUSION, REFUSED), (REVIEWED,)),
        (Profile(reviews="after"), (REVIEWED,), (EFFUSION, REFUSED)),
        (Profile(reviews="after", findings=("Mass",)), (), (REVIEWED,)),
    ],
)
def test_a_profile_picks_readings(
    profile: Profile, wanted: tuple[Candidate, ...], unwanted: tuple[Candidate, ...]
) -> None:
    assert [profile.objection(one) for one in wanted] == [None] * len(wanted)
    assert all(profile.objection(one) for one in unwanted)


def test_an_objection_says_what_must_be_and_nothing_of_the_patient() -> None:
    assert Rules(route=Route(institutions=("A", "B"))).objection(ROOM_1) == "Its institution must be A or B."
    profile = Profile(findings=("Mass",), minimum_probability=0.5)
    assert Rules(profile=profile).objection(EFFUSION) == "Mass must be present with a probability of at least 0.5."


def test_rules_are_made_of_what_was_written() -> None:
    stated = {
        "modalities": ["DX"],
        "findings": ["Mass"],
        "minimum_probability": 1,
        "refusals": False,
        "reviews": "after",
    }
    assert make_rules(stated) == Rules(
        route=Route(modalities=("DX",)),
        profile=Profile(findings=("Mass",), minimum_probability=1.0, refusals=False, reviews="after"),
    )


@pytest.mark.parametrize(
    ("stated", "words"),
    [
        ({"modality": ["DX"]}, "'modality'"),
        ({"modalities": "DX"}, "list of texts"),
        ({"modalities": [7]}, "list of texts"),
        ({"findings": ["Fever"]}, "Pneumothorax"),
        ({"minimum_probability": 1.1}, "from 0 to 1"),
        ({"minimum_probability": True}, "from 0 to 1"),
        ({"urgent_only": "yes"}, "true or false"),
        ({"reviews": "never"}, "before, after, both"),
    ],
)
def test_what_is_no_rule_is_said(stated: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        make_rules(stated)
