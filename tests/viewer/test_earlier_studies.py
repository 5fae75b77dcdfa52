"""The patient's earlier study beside the open one: synchronised, with what changed, and of nobody else."""

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.serving.files import dicom
from tests.viewer.room import Room, until

pytestmark = pytest.mark.browser

EARLIER = {"StudyInstanceUID": "1.2.3.31", "SeriesInstanceUID": "1.2.3.21", "StudyDate": "20240110"}


def test_what_changed_is_said_and_the_earlier_image_hangs_beside(desk: Room) -> None:
    desk.send(dicom("1.2.3.2", **EARLIER), dicom())
    desk.open()
    expect(desk.page.locator(".review-panel")).to_contain_text("Jan 10, 2024")
    expect(desk.page.locator("[data-finding=Effusion]")).to_contain_text("about the same")
    desk.page.keyboard.press("d")
    prior = desk.page.locator("[data-role=prior]")
    expect(prior).to_have_attribute("data-state", "shown")
    expect(prior).to_contain_text("Jan 10, 2024")
    expect(prior).to_contain_text("P-1")


def scales(desk: Room) -> list[float]:
    """Pixels of the screen a pixel of each image, once all are drawn."""
    found: list[float] = until(
        lambda: desk.page.evaluate(
            """() => {
                const panes = [...document.querySelectorAll("[data-instance]")];
                const views = panes.map((pane) => window.hilum.view(pane.dataset.instance));
                return views.every(Boolean) && views.map((view) => {
                    const [one, other] = [view.toCanvas(0, 0), view.toCanvas(10, 0)];
                    return Math.hypot(one[0] - other[0], one[1] - other[1]) / 10;
                });
            }"""
        )
    )
    return found


def test_both_are_zoomed_together(desk: Room) -> None:
    desk.send(dicom("1.2.3.2", **EARLIER), dicom())
    desk.open()
    desk.page.keyboard.press("d")
    expect(desk.page.locator("[data-role=prior]")).to_have_attribute("data-state", "shown")
    before = scales(desk)
    desk.page.keyboard.press("+")
    after = scales(desk)
    assert len(before) == len(after) == 2
    ratios = [new / old for new, old in zip(after, before, strict=True)]
    assert ratios[0] > 1.05
    assert ratios == pytest.approx([ratios[0]] * 2, rel=0.01)


@pytest.mark.parametrize("other", [{"PatientID": "P-2"}, {"PatientBirthDate": "19700102"}, {"PatientSex": "M"}])
def test_a_study_of_somebody_else_is_never_shown_as_a_prior(desk: Room, other: dict[str, Any]) -> None:
    """Also where the service says that it is one, as it never should."""
    known = {"PatientBirthDate": "19600102", "PatientSex": "F"}
    desk.send(dicom("1.2.3.2", **EARLIER, **{**known, **other}), dicom(**known))

    def with_prior(route: Any) -> None:
        answer = route.fetch()
        body = answer.json() | {
            "priors": [{"study_instance_uid": "1.2.3.31", "study_date": "20240110", "findings": []}]
        }
        route.fulfill(response=answer, json=body)

    desk.page.route("**/api/studies/1.2.3.30?patient=1", with_prior)
    desk.open()
    desk.page.keyboard.press("d")
    prior = desk.page.locator("[data-role=prior]")
    expect(prior).to_have_attribute("data-state", "failed")
    expect(prior).to_contain_text("another patient")
    expect(desk.page.locator("[data-finding=Effusion]")).not_to_contain_text("about the same")
    desk.page.unroute_all(behavior="ignoreErrors")  # the page may be asking again
