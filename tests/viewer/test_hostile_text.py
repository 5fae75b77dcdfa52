"""What files and people say is only ever text: nothing of it runs, all of it is shown as it is."""

import pytest
from playwright.sync_api import expect

from tests.serving.files import dicom
from tests.viewer.room import Room

pytestmark = pytest.mark.browser

#: Where text of others comes from, each with markup that would run in another way.
TAGS = {
    "PatientName": "<script>alert(1)</script>",  # = would end what is shown of a name (PS3.5, 6.2.1.2)
    "PatientID": "<svg onload=hacked=1>",
    "AccessionNumber": "<b>16</b>",
    "StudyDescription": "<script>hacked=1</script>",
    "SeriesDescription": "</textarea><script>hacked=1</script>",
    "InstitutionName": '"><iframe src=javascript:hacked=1>',
    "ReferringPhysicianName": "' autofocus onfocus='hacked=1",
    "StationName": "{{hacked=1}}",
    "Manufacturer": "${hacked=1}",
}
REVIEWER = "<img src=x onerror=hacked=1>"
COMMENT = "<details open ontoggle=hacked=1>Tràn dịch</details>"
FINDING = "<a href=javascript:hacked=1>xương đòn</a>"
#: Elements that only markup of others could have made.
MADE = (
    "img[src=x], [onerror], [onload], [onfocus], [ontoggle], iframe, b:not([class]), a[href^='javascript:'], "
    "script:not([src])"
)


def check_clean(desk: Room) -> None:
    """Nothing of it ran, and no element of it is in the page; the page's own may come and go."""
    assert desk.page.evaluate("typeof hacked") == "undefined"
    made = desk.page.locator(MADE)
    expect(made, made.evaluate_all("(found) => found.map((one) => one.outerHTML).join()")).to_have_count(0)


def test_what_files_and_reviewers_say(desk: Room) -> None:
    reading_id = desk.send(dicom(**TAGS))[0]["reading"]["reading_id"]
    desk.page.goto("/")
    name = desk.page.get_by_text(TAGS["PatientName"])
    name.first.wait_for()
    check_clean(desk)
    body = {
        "reviewer": REVIEWER,
        "comment": COMMENT,
        "verdicts": [{"finding": "Effusion", "verdict": "rejected", "comment": COMMENT}],
        "missed": [{"finding": FINDING, "comment": COMMENT}],
    }
    desk.client.post(f"/api/readings/{reading_id}/review", json=body).raise_for_status()
    desk.open()
    desk.page.locator(".review-earlier summary").click()
    said = desk.page.locator(".review-panel").inner_text()
    assert REVIEWER in said
    assert COMMENT in said
    assert FINDING in said
    check_clean(desk)
