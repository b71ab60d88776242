"""allauth's pages under our policy, in a real browser and in every state: nothing in them is refused."""

import pytest
from playwright.sync_api import Browser, Route
from pytest_django.live_server_helper import LiveServer

from tests.browser.conftest import new_context
from tests.browser.places_open import ACCOUNT, OPEN
from tests.browser.rich import Rich
from tests.browser.watch import Watch

OF_A_PAGE = r"status of 4\d\d .*\((?!\S*/static/)\S*\)$"
PAGES = [place for place in [*OPEN, *ACCOUNT] if place.path.startswith("/account/")]


@pytest.mark.parametrize("who", sorted({place.who for place in PAGES}))
def test_policy_refuses_nothing_of_a_page_for_signing_in(
    who: str, browser: Browser, live_server: LiveServer, world: Rich
) -> None:
    watch = Watch(live_server.url)
    watch.expect(OF_A_PAGE)
    page = new_context(browser, live_server.url, watch, world.person(who) if who else None, {}).new_page()
    for place in (place for place in PAGES if place.who == who):
        place.open(page, world)
        watch.assert_quiet()
    page.context.close()


def test_policy_is_watched(browser: Browser, live_server: LiveServer, world: Rich) -> None:
    """The test above would see an inline style, the fault that was there."""
    watch = Watch(live_server.url)
    page = new_context(browser, live_server.url, watch, None, {}).new_page()
    page.route("**/account/login/", _with_a_style)
    page.goto("/account/login/")
    with pytest.raises(AssertionError, match="style-src"):
        watch.assert_quiet()
    page.context.close()


def _with_a_style(route: Route) -> None:
    answer = route.fetch()
    route.fulfill(response=answer, body=answer.text().replace("<main", '<main style="display: none"'))
