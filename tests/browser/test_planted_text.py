"""The text of an attacker on a student's page: it plants elements of ours, and nothing is asked or told for it."""

import pytest
from playwright.sync_api import Page, Request, expect

from courses.models import Activity, Reading
from courses.services import texts
from courses.services.references import CourseReferences
from tests.browser.conftest import OpenBrowser
from tests.browser.steps import Study, asks, study
from tests.browser.watch import Watch

NOTE = '{"token": "t", "address": "/account/logout/", "dwell": 1, "csrf": ""}'
PICTURE = '<img src="https://evil.test/p.png" alt="">'
# What an older cleaner made of the text below.
OPENED = f"""{PICTURE}<p id="opening" type="application/json">{NOTE}</p><p>Bees see.</p>
<div id="standing" data-waiting data-address="/account/logout/">a</div><div id="live">b</div><div id="beside">c</div>
<div hx-get="/account/logout/" hx-trigger="load">d</div><div hx-post="/account/logout/" hx-trigger="load">e</div>"""
HIDDEN = f"<svg><style>{OPENED}</style></svg><math><style>{OPENED}</style></math>{OPENED}"


@pytest.fixture
def bees() -> Study:
    return study(dwell=1)


def as_it_was_stored(activity: Activity) -> None:
    Reading.objects.filter(activity=activity).update(format="html", source=HIDDEN, html=OPENED, cleaned_by=0)


def as_it_is_written(activity: Activity) -> None:
    texts.write(activity, source=HIDDEN, format="html", references=CourseReferences(activity.module.course))
    asks(activity, 1)


def as_it_is_made_anew(activity: Activity) -> None:
    as_it_was_stored(activity)
    assert texts.renew_some() > 0
    # Its words are counted anew, and with them its time.
    asks(activity, 1)


@pytest.mark.parametrize("store", [as_it_was_stored, as_it_is_written, as_it_is_made_anew])
def test_what_a_text_plants_is_neither_believed_nor_fetched(
    store, bees: Study, open_browser: OpenBrowser, watch: Watch
) -> None:
    if store is as_it_was_stored:
        # The policy is what holds an old text's picture off until the text is made anew, and says so.
        watch.expect(r"evil\.test/p\.png.* violates the following Content Security Policy")
        watch.expect(r"^(another host:|error: Policy: img-src) https://evil\.test/p\.png")
    store(bees.reading)
    page = open_browser(bees.student).new_page()
    sent: list[Request] = []
    page.on("request", lambda request: sent.append(request))
    page.goto(f"/lessons/{bees.reading.pk}/")
    expect(page.get_by_text("Bees see.").first).to_be_visible()
    # Our own note is read, and what it asks for arrives: the planted one had its chance.
    expect(page.locator("section#standing")).to_contain_text("Why is this ticked?")

    elsewhere = [request.failure for request in sent if not request.url.startswith(watch.address)]
    assert elsewhere == (["csp"] if store is as_it_was_stored else [])
    assert [request.url for request in sent if "/account/" in request.url] == []
    posted = {request.url.removeprefix(watch.address) for request in sent if request.method == "POST"}
    assert posted == {f"/lessons/{bees.reading.pk}/beacon/"}
    assert is_still_signed_in(page)
    if store is not as_it_was_stored:
        assert page.locator(".reading [id]:not([id^='p-'])").count() == 0


def is_still_signed_in(page: Page) -> bool:
    page.goto("/")
    return page.get_by_role("heading", name="Your progress").is_visible()


OTHERS = [
    "/account/logout/",
    "//evil.test/lessons/7/beacon/",
    "https://evil.test/lessons/7/beacon/",
    "/lessons/7/beacon/../../../account/logout/",
    "/lessons/7/beacon/?next=/account/logout/",
    "/lessons/7/beacon/\n/account/logout/",
    "/lessons/7/done/",
    "/lessons/x/beacon/",
    "",
    None,
]
PLANT = """([lesson, others]) => {
  const keep = (key, entry) => localStorage.setItem(`ownpace:seen:${key}`, entry);
  others.forEach((address, number) => keep(`a${number}`, JSON.stringify({ address, visible: [[0, 1]] })));
  ["", "no JSON", "null", "7", "[]", "{}"].forEach((entry, number) => keep(`b${number}`, entry));
  keep("z", JSON.stringify({ address: lesson, visible: [[0, 1]] }));
}"""
KEPT = "() => Object.keys(localStorage).filter((key) => key.startsWith('ownpace:seen:'))"


def test_what_a_store_plants_goes_to_no_address_but_a_lessons(
    bees: Study, open_browser: OpenBrowser, watch: Watch
) -> None:
    watch.expect(r"status of 400")
    page = open_browser(bees.student).new_page()
    page.goto(f"/lessons/{bees.link.pk}/")
    lesson = f"/lessons/{bees.second.pk}/beacon/"
    page.evaluate(PLANT, [lesson, OTHERS])
    posted: list[str] = []
    page.on("request", lambda request: request.method == "POST" and posted.append(request.url))
    # The last of them is an honest one: nothing before it has stopped it.
    with page.expect_response(lambda answer: answer.url.endswith(lesson)):
        page.goto(f"/lessons/{bees.reading.pk}/")
    expect(page.locator("section#standing")).to_contain_text("Why is this ticked?")
    own = f"/lessons/{bees.reading.pk}/beacon/"
    assert {address.removeprefix(watch.address) for address in posted} == {lesson, own}
    assert page.evaluate(KEPT) == []


def test_a_page_of_a_text_keeps_htmx_away_from_it(bees: Study, open_browser: OpenBrowser) -> None:
    """Should one of its attributes ever get through, it does nothing: `hx-disable` is around every text."""
    triggers = (
        '<p><span hx-get="/me/" hx-trigger="load">a</span><b hx-post="/account/logout/" hx-trigger="load">b</b></p>'
    )
    Reading.objects.filter(activity=bees.reading).update(html=triggers)
    page = open_browser(bees.student).new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"/lessons/{bees.reading.pk}/")
    expect(page.locator("section#standing")).to_contain_text("Why is this ticked?")
    assert [address for address in asked if "/me/" in address or "/account/" in address] == []
