"""Signing in by OpenID Connect, in the page: to a real provider and back to where one was, or told why not."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.serving.files import dicom
from tests.serving.users.people import Guarded, guarded
from tests.viewer.room import Room, room
from tests.viewer.signing import COMMENT, sign_off_too_late

pytest.importorskip("oidc_provider_mock", reason="the provider is not installed: oidc-provider-mock")
from tests.serving.users.provider import Provider, provider

# What the provider's own code is warned of.
pytestmark = [pytest.mark.browser, pytest.mark.filterwarnings("ignore::DeprecationWarning")]


#: Chromium logs that nobody is signed in, and what the test keeps from the provider's page.
_AS_IT_MUST = (
    "status of 401",
    "/oauth2/authorize",
    "asked elsewhere: https://cdn.jsdelivr.net",
    "net::ERR_FAILED /npm/",
)


@pytest.fixture(scope="module")
def there() -> Iterator[Provider]:
    with provider() as made:
        made.knows("17", preferred_username="reader.17", name="Dr. Seventeen", groups=["radiology"])
        made.knows("19", preferred_username="cook", groups=["kitchen"])
        yield made


@pytest.fixture(scope="module")
def service(there: Provider) -> Iterator[Guarded]:
    known = {"oidc_issuer": there.issuer, "oidc_client_id": "hilum", "oidc_client_secret": "of hilum"}
    with guarded(**known, oidc_roles="reader=radiology", oidc_name="City", oidc_new_accounts=True) as service:
        service.machine("modality", "send", "read").post("/api/instances?wait=20", files={"f": dicom()})
        service.person("keeper", "administrator")  # without anybody, the page asks for a first administrator
        yield service


@pytest.fixture
def desk(browser: Browser, service: Guarded, there: Provider) -> Iterator[Room]:
    """The way leads to the provider, whose page asks for its own style elsewhere."""
    own_pages = (str(service.nobody.base_url), there.issuer)
    with room(browser, service.nobody) as opened:
        opened.context.route(lambda url: not url.startswith(own_pages), lambda route: route.abort())
        yield opened
        opened.complaints[:] = [one for one in opened.complaints if not any(word in one for word in _AS_IT_MUST)]


def at_provider(page: Page, subject: str) -> None:
    page.get_by_placeholder("sub").fill(subject)
    page.get_by_role("button", name="Authorize").click()


def test_there_and_back_to_the_study_that_was_asked_for(desk: Room) -> None:
    desk.page.goto("/#/study/1.2.3.30")
    desk.page.get_by_role("link", name="Sign in with City").click()
    at_provider(desk.page, "17")
    expect(desk.page.locator("[data-finding=Effusion]")).to_be_visible()
    assert desk.page.url.endswith("/#/study/1.2.3.30")
    assert "Dr. Seventeen" in desk.page.evaluate("fetch('/api/session').then((answer) => answer.text())")


def test_a_session_that_ended_is_taken_up_in_another_tab(desk: Room) -> None:
    desk.page.goto("/#/study/1.2.3.30")
    desk.page.get_by_role("link", name="Sign in with City").click()
    at_provider(desk.page, "17")
    sign_off_too_late(desk)
    dialog = desk.page.get_by_role("dialog")
    with desk.context.expect_page() as opening:
        dialog.get_by_role("link", name="Sign in with City").click(timeout=20_000)
    at_provider(opening.value, "17")
    expect(dialog).to_have_count(0, timeout=20_000)
    expect(desk.page.locator("[data-study='1.2.3.30']")).to_have_attribute("data-state", "reviewed", timeout=20_000)
    (review,) = desk.page.evaluate("fetch('/api/readings/1/reviews').then((answer) => answer.json())")["reviews"]
    assert (review["reviewer"], review["comment"]) == ("reader.17", COMMENT)
    desk.expected("status of 403 (Forbidden) /api/readings/1/review")  # with the other session's token; then sent anew


@pytest.mark.parametrize(
    ("subject", "told"), [("19", "no account or role here"), ("", "could not be proved")], ids=["no role", "denied"]
)
def test_who_is_not_let_in_is_told_on_the_page(desk: Room, subject: str, told: str) -> None:
    desk.page.goto("/#/study/1.2.3.30")
    desk.page.get_by_role("link", name="Sign in with City").click()
    if subject:
        at_provider(desk.page, subject)
    else:
        desk.page.get_by_role("button", name="Deny").click()
    expect(desk.page.get_by_role("alert").filter(has_text=told)).to_be_visible()
    desk.page.get_by_role("link", name="Sign in with City").click()
    at_provider(desk.page, "17")
    expect(desk.page.locator("[data-finding=Effusion]")).to_be_visible()
