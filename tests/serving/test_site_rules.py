"""Whose a study is: rules of a setting."""

import json

import pytest

from model.errors import Misconfigured
from serving.routing import Candidate
from serving.sites import parse_sites, site_of

TABLE = json.dumps({"north": {"senders": ["N?"], "institutions": ["*General*"]}, "rest": {"modalities": ["*"]}})


@pytest.mark.parametrize(
    ("stated", "one", "site"),
    [
        ("", Candidate(sender="N1"), ""),
        ("north=N1", Candidate(sender="N1"), "north"),
        ("north=N1", Candidate(sender="N2"), ""),
        ("north=N1,north=M*,south=*", Candidate(sender="M7"), "north"),
        ("north=N1,north=M*,south=*", Candidate(sender="X"), "south"),
        (TABLE, Candidate(sender="n1", institution="City General"), "north"),
        (TABLE, Candidate(sender="N1", institution="Elsewhere"), "rest"),
    ],
)
def test_the_first_site_whose_rules_fit_it_is(stated: str, one: Candidate, site: str) -> None:
    assert site_of(stated, one) == site


@pytest.mark.parametrize(
    "stated",
    [
        "north",
        "=N1",
        "north=",
        '{"north": {}}',
        '{"north": "N1"}',
        '{"north": {"senders": "N1"}}',
        '{"n": {"x": ["y"]}}',
    ],
)
def test_what_is_no_rule_is_told(stated: str) -> None:
    with pytest.raises(Misconfigured, match="HILUM_SITES"):
        parse_sites(stated)
