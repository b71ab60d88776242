"""What a first visit fetches, with nothing cached, and that nothing moves once it is painted."""

from dataclasses import dataclass

import pytest
from django.urls import reverse
from playwright.sync_api import Page

from tests.browser.conftest import OpenBrowser
from tests.browser.lectures import bees_and_a_lecture
from tests.browser.steps import Study, study

PHONE, DESK = {"width": 360, "height": 640}, {"width": 1280, "height": 900}
MOST_SHIFT = 0.02
# What comes late comes after the first paint, as on a phone.
SLOW = {"offline": False, "latency": 150, "downloadThroughput": 180_000, "uploadThroughput": 180_000}
WATCH = """
  window.moved = 0;
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) window.moved += entry.value;
  }).observe({ type: "layout-shift", buffered: true });
"""


@dataclass(frozen=True)
class Visited:
    """What was asked of the server, the bytes that came of it without a recording's, and how far things moved."""

    asked: list[str]
    bytes: int
    moved: float


def first_visit(page: Page, path: str) -> Visited:
    asked: dict[str, str] = {}
    sizes: dict[str, int] = {}
    devtools = page.context.new_cdp_session(page)
    devtools.on("Network.requestWillBeSent", lambda told: asked.update({told["requestId"]: told["request"]["url"]}))
    devtools.on("Network.loadingFinished", lambda told: sizes.update({told["requestId"]: told["encodedDataLength"]}))
    devtools.send("Network.enable")
    devtools.send("Network.emulateNetworkConditions", SLOW)
    page.add_init_script(WATCH)
    page.goto(path, wait_until="networkidle")
    ours = {one: url for one, url in asked.items() if not url.startswith("data:")}
    counted = sum(size for one, size in sizes.items() if "/recordings/" not in ours.get(one, "data:"))
    return Visited(sorted(set(ours.values())), counted, page.evaluate("window.moved"))


@pytest.fixture
def bees() -> Study:
    # A device in another zone is offered its own: the offer must not push the page down either.
    return study(timezone="Europe/Berlin")


@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["phone", "desk"])
def test_a_first_visit_takes_eight_requests_and_nothing_moves(
    viewport: dict, bees: Study, open_browser: OpenBrowser
) -> None:
    pages = ["/", reverse("progress:course", args=[bees.course.pk]), reverse("progress:lesson", args=[bees.reading.pk])]
    for path in pages:
        context = open_browser(bees.student, viewport=viewport, timezone_id="Asia/Tokyo")
        visited = first_visit(context.new_page(), path)
        assert len(visited.asked) <= 8, visited.asked
        assert len([one for one in visited.asked if ".css" in one]) == 1, visited.asked
        assert visited.bytes <= 40_000, path
        assert visited.moved <= MOST_SHIFT, path


@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["phone", "desk"])
def test_a_first_visit_to_a_lecture_takes_twelve_requests_and_nothing_moves(
    viewport: dict, open_browser: OpenBrowser
) -> None:
    made, talk = bees_and_a_lecture()
    context = open_browser(made.student, viewport=viewport)
    visited = first_visit(context.new_page(), reverse("progress:lesson", args=[talk.pk]))
    assert len(visited.asked) <= 12, visited.asked
    assert visited.bytes <= 70_000
    assert visited.moved <= MOST_SHIFT


def test_an_outline_that_was_put_away_stays_away_and_moves_nothing(bees: Study, open_browser: OpenBrowser) -> None:
    context = open_browser(bees.student, viewport=DESK, timezone_id="Europe/Berlin")
    page = context.new_page()
    page.goto(reverse("progress:lesson", args=[bees.reading.pk]))
    with page.expect_event("console", lambda told: told.text == "put away"):
        page.evaluate("document.querySelector('#beside').addEventListener('toggle', () => console.log('put away'))")
        page.get_by_text("Outline", exact=True).click()
    again = context.new_page()
    assert first_visit(again, reverse("progress:lesson", args=[bees.second.pk])).moved <= MOST_SHIFT
    assert again.locator("#beside").get_attribute("open") is None
