"""What a client accepts, as it writes it."""

import pytest
from fastapi import Request

from serving.dicomweb.accept import accepted, choose, parameters_of
from serving.problems import Problem

JSON, MULTIPART = "application/dicom+json", "multipart/related"


def asking(accept: str | None = None, query: str = "") -> Request:
    headers = [(b"accept", accept.encode())] if accept is not None else []
    return Request({"type": "http", "headers": headers, "query_string": query.encode()})


@pytest.mark.parametrize(
    ("accept", "query", "chosen"),
    [
        (None, "", JSON),  # whoever says nothing takes everything: the first offer
        ("*/*", "", JSON),
        ("application/*", "", JSON),
        ("multipart/*", "", MULTIPART),
        ("APPLICATION/DICOM+JSON", "", JSON),
        ("application/dicom+json;q=0.1, multipart/related", "", MULTIPART),
        ("text/html, */*;q=0.1", "", JSON),
        ('multipart/related; type="application/dicom, or so"', "", MULTIPART),  # a comma in quotes parts nothing
        ("application/dicom+json;q=none", "", JSON),  # a quality that is no number is none
        ("text/html", "accept=multipart/related", MULTIPART),  # PS3.18, 8.3.3.1: the query parameter wins
        ("", "", JSON),
    ],
)
def test_the_most_wanted_offer_is_chosen(accept: str | None, query: str, chosen: str) -> None:
    assert choose(asking(accept, query), (JSON, MULTIPART)) == chosen


@pytest.mark.parametrize("accept", ["text/html", "application/dicom+json;q=0", "image/*"])
def test_what_is_not_offered_is_not_acceptable(accept: str) -> None:
    with pytest.raises(Problem) as refused:
        choose(asking(accept), (JSON,))
    assert refused.value.status == 406


def test_parameters_come_unquoted() -> None:
    wanted = accepted(asking('multipart/related; Type="application/dicom"; transfer-syntax=*; q=0.5'))
    assert [(one.name, one.parameters, one.quality) for one in wanted] == [
        (MULTIPART, {"type": "application/dicom", "transfer-syntax": "*"}, 0.5)
    ]
    assert parameters_of('Multipart/Related; boundary="a b"; type=x') == (MULTIPART, {"boundary": "a b", "type": "x"})
