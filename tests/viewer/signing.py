"""Rooms in which nobody is signed in yet, and a session that ends in the middle of a review."""

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser

from tests.serving.users.people import PASSWORD, Guarded
from tests.viewer.room import Room, room

COMMENT = "Tràn dịch lượng ít"


@contextmanager
def nobodys_room(browser: Browser, service: Guarded) -> Iterator[Room]:
    """Nobody is signed in; Chromium logs each 401, as it must."""
    with room(browser, service.nobody) as opened:
        yield opened
        opened.complaints[:] = [one for one in opened.complaints if "401" not in one]


def sign_in(desk: Room, name: str, password: str = PASSWORD) -> None:
    desk.page.get_by_label("User name").fill(name)
    desk.page.get_by_label("Password").fill(password)
    desk.page.get_by_role("button", name="Sign in").click()


def sign_off_too_late(desk: Room) -> None:
    """Of the open study, with a comment, in a session that ends before the review is signed off."""
    desk.page.get_by_label("Comment", exact=True).fill(COMMENT)
    desk.page.keyboard.press("Escape")
    desk.context.clear_cookies()
    for key in ("1", "a", "2", "a", "Enter"):
        desk.page.keyboard.press(key)
