"""Every page in every state: nothing that axe finds, nothing wider than the narrowest phone (WCAG 2.2 AA)."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from tests.browser.conftest import new_context
from tests.browser.places import Place
from tests.browser.places_open import ACCOUNT, OPEN
from tests.browser.places_staff import ADMIN, EDITOR, TEACHER
from tests.browser.places_student import STUDENT
from tests.browser.rich import Rich
from tests.browser.watch import Watch
from tests.conftest import SOAK

PLACES = [*OPEN, *STUDENT, *ACCOUNT, *TEACHER, *EDITOR, *ADMIN]
LOOKS = [(320, "light"), (1280, "dark"), (320, "dark"), (1280, "light")]
# Each page once, in the four looks by turns. Under `make soak` in all its states and all looks.
SEEN = [place for place in PLACES if SOAK or not place.is_other_state]
MATRIX = [
    pytest.param(place, *look, id=f"{place.name}-{look[0]}-{look[1]}")
    for number, place in enumerate(SEEN)
    for look in (LOOKS if SOAK else [LOOKS[number % len(LOOKS)]])
]
OPTIONS = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]},
    "rules": {"target-size": {"enabled": True}},
    "resultTypes": ["violations"],
}
# The line it writes of a page that came with 403, 404 or 422 (`…/files/` is one); never of a style, script or file.
OF_A_PAGE = r"status of 4\d\d .*\((?!\S*/(static|files)/[^)])\S*\)$"
TOO_WIDE = """() => document.documentElement.scrollWidth <= 320 ? [] : [
  `${document.documentElement.scrollWidth} px`,
  ...[...document.body.querySelectorAll("*")]
    .filter((one) => one.getBoundingClientRect().right > 320)
    .slice(0, 5)
    .map((one) => one.outerHTML.slice(0, 160)),
]"""


class Desks:
    """One open page per person, used again from test to test."""

    def __init__(self, browser: Browser, home: str, world: Rich) -> None:
        self.browser, self.home, self.world = browser, home, world
        self.watch = Watch(home)
        self.watch.expect(OF_A_PAGE)
        self.pages: dict[str, Page] = {}

    def at(self, who: str) -> Page:
        if who not in self.pages:
            user = self.world.person(who) if who else None
            self.pages[who] = new_context(self.browser, self.home, self.watch, user, {}).new_page()
            # Signed in for the first time, one comes by the start, where the navigation learns who is there.
            self.pages[who].goto("/")
        return self.pages[who]


@pytest.fixture(scope="module")
def desks(browser: Browser, live_server: LiveServer, world: Rich) -> Iterator[Desks]:
    opened = Desks(browser, live_server.url, world)
    yield opened
    for page in opened.pages.values():
        page.context.close()


@pytest.mark.parametrize(("place", "width", "scheme"), MATRIX)
def test_page_is_accessible_and_fits_a_small_phone(
    place: Place, width: int, scheme: str, desks: Desks, world: Rich, live_server: LiveServer
) -> None:
    page = desks.at(place.who)
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(color_scheme=scheme)
    for one in place.expects:
        desks.watch.expect(one)
    place.open(page, world)
    # What stays in view, such as the picture of a lecture, covers what happens to be scrolled beneath it.
    page.evaluate("() => scrollTo(0, 0)")
    assert faults(page) == []
    assert page.locator("h1").count() == 1
    assert page.locator("html").get_attribute("lang")
    assert page.title().removesuffix(" · Ownpace").strip()
    page.set_viewport_size({"width": 320, "height": 800})
    assert page.evaluate(TOO_WIDE) == []
    desks.watch.assert_quiet()
    # A browser that may have to ask the test keeps nothing of what it loads.
    page.unroute_all()
    page.context.unroute_all()


def faults(page: Page) -> list[str]:
    found = Axe().run(page, options=OPTIONS).response["violations"]
    return [
        f"{one['id']}: {node['target']} {node['html'][:200]} {node['failureSummary'][:300]}"
        for one in found
        for node in one["nodes"][:3]
    ]
