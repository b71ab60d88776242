"""The time a lesson is open: none of it is lost, none counted twice, none given for a page that nobody sees."""

import json
import time

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import BrowserContext, Page, Request, Response, Route, expect

from tests.browser.conftest import OpenBrowser
from tests.browser.steps import Study, close_offline, signed_in, study
from tests.browser.test_drafts import wait_for
from tests.browser.watch import Watch
from tests.factories import courses as make
from tests.factories.people import PASSWORD

# A page's own policy forbids what wait_for_function does, so the page looks for itself.
EMPTIED = """async () => {
  const waits = () => Object.keys(localStorage).some((key) => key.startsWith("ownpace:seen:"));
  for (let looks = 0; waits() && looks < 500; looks += 1) await new Promise((done) => setTimeout(done, 20));
  return !waits();
}"""
WAITING = "() => Object.keys(localStorage).filter((key) => key.startsWith('ownpace:seen:'))"
OFFLINE = "ERR_INTERNET_DISCONNECTED"
UNSEEN = """Object.defineProperty(document, "visibilityState", { get: () => window.shown ?? "hidden" });"""


def is_report(message: Request | Response) -> bool:
    return message.url.endswith("/beacon/")


def open_lesson(page: Page, bees: Study) -> None:
    page.goto(f"/lessons/{bees.reading.pk}/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Bee eyes")


def is_cut_off(page: Page) -> None:
    """Without a connection until a report has failed, and is kept."""
    with page.expect_event("requestfailed", is_report):
        page.context.set_offline(True)
    assert len(page.evaluate(WAITING)) == 1


def is_delivered(context: BrowserContext, bees: Study) -> None:
    """Opening any lesson sends what waits; then nothing waits any more."""
    page = context.new_page()
    page.goto(f"/lessons/{bees.second.pk}/")
    assert page.evaluate(EMPTIED)


def test_a_lesson_marked_without_a_connection_says_that_nothing_was_saved_until_it_is(
    open_browser: OpenBrowser, watch: Watch
) -> None:
    watch.expect(OFFLINE)
    watch.expect("htmx:")
    bees = study()
    context = open_browser(bees.student)
    page = context.new_page()
    open_lesson(page, bees)
    said = page.get_by_role("alert")
    for button, then in (("Mark as done", "Why is this ticked?"), ("Mark as not done", "Ticked when")):
        context.set_offline(True)
        page.get_by_role("button", name=button, exact=True).click()
        expect(said).to_have_text("This was not saved. Check your connection, then try again.")
        context.set_offline(False)
        page.get_by_role("button", name=button, exact=True).click()
        expect(page.locator("#standing")).to_contain_text(then)
        expect(said).to_have_count(0)


def test_a_reading_is_ticked_by_being_open_and_the_page_shows_it(open_browser: OpenBrowser) -> None:
    bees = study(dwell=1)
    page = open_browser(bees.student).new_page()
    open_lesson(page, bees)
    page.evaluate("window.sameDocument = true")
    expect(page.locator("#standing")).to_contain_text("Why is this ticked?")
    expect(page.locator("#live")).to_have_text("“Bee eyes” is done.")
    expect(page.locator(".steps-nav a[rel=next]")).to_contain_class("primary")
    assert page.evaluate("window.sameDocument")

    tick = bees.tick(bees.reading)
    assert (tick.how, tick.evidence["needed_seconds"]) == ("read", 1)
    assert 1 <= tick.evidence["visible_seconds"] <= bees.seconds(bees.reading)
    page.locator("summary", has_text="Why is this ticked?").click()
    expect(page.locator("#standing")).to_contain_text("A text this long needs 1")
    assert page.evaluate(WAITING) == []


def test_what_was_read_offline_arrives_later_and_counts_once(open_browser: OpenBrowser, watch: Watch) -> None:
    watch.expect(OFFLINE)
    bees = study(dwell=1)
    context = open_browser(bees.student)
    page = context.new_page()
    reports: list[str] = []
    context.on("request", lambda request: is_report(request) and reports.append(request.post_data))
    open_lesson(page, bees)
    is_cut_off(page)
    close_offline(page)
    assert bees.tick(bees.reading) is None

    context.set_offline(False)
    is_delivered(context, bees)
    assert bees.tick(bees.reading).how == "read"

    # Of the second that had only begun, the server may have taken what was over: sent again is what it took.
    counted = bees.seconds(bees.reading)
    report = next(json.loads(body) for body in reports if '"visible":[[0,' in body)
    again = context.pages[0].evaluate(
        """async ([path, body]) => (await fetch(path, { method: "POST", body, headers: {
          "Content-Type": "application/json", "X-CSRFToken": JSON.parse(opening.textContent).csrf } })).status""",
        [f"/lessons/{bees.reading.pk}/beacon/", json.dumps(report | {"visible": [[0, counted]]})],
    )
    assert (again, bees.seconds(bees.reading)) == (200, counted)


@pytest.mark.soak
def test_a_page_that_stays_open_reports_once_it_is_online_again(open_browser: OpenBrowser, watch: Watch) -> None:
    watch.expect(OFFLINE)
    bees = study(dwell=1)
    context = open_browser(bees.student)
    page = context.new_page()
    open_lesson(page, bees)
    is_cut_off(page)
    context.set_offline(False)
    assert page.evaluate(EMPTIED)
    assert bees.tick(bees.reading).how == "read"


def test_what_was_read_signed_out_is_kept_until_the_next_sign_in(open_browser: OpenBrowser, watch: Watch) -> None:
    watch.expect(r"status of 401")
    bees = study(dwell=1)
    context = open_browser()
    key = signed_in(context, bees.student, watch.address)
    page = context.new_page()
    held: list[Route] = []
    page.route("**/beacon/", lambda route: held.append(route))
    open_lesson(page, bees)
    wait_for(page, lambda: held)
    Session.objects.filter(session_key=key).delete()
    with page.expect_response(is_report) as answer:
        held[0].continue_()
    assert answer.value.status == 401
    assert len(page.evaluate(WAITING)) == 1
    assert bees.seconds(bees.reading) == 0

    page.goto("/")
    page.get_by_label("Username or email address").fill(bees.student.username)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("heading", name="Your progress")).to_be_visible()
    is_delivered(context, bees)
    assert bees.tick(bees.reading).how == "read"


@pytest.mark.soak
def test_two_tabs_on_one_lesson_count_each_second_once(open_browser: OpenBrowser) -> None:
    bees = study(dwell=2)
    context = open_browser(bees.student)
    began = int(time.time())
    reported: list[int] = []
    first, second = context.new_page(), context.new_page()
    with first.expect_response(is_report) as one, second.expect_response(is_report) as other:
        open_lesson(first, bees)
        open_lesson(second, bees)
    for answer in (one.value, other.value):
        assert answer.status == 200
        ranges = json.loads(answer.request.post_data)["visible"]
        reported.append(sum(end - start for start, end in ranges))
    counted = bees.seconds(bees.reading)
    assert counted <= int(time.time()) - began
    assert counted < sum(reported)


def test_a_page_that_nobody_sees_earns_nothing(open_browser: OpenBrowser) -> None:
    bees = study(dwell=1)
    context = open_browser(bees.student)
    context.add_init_script(UNSEEN)
    page = context.new_page()
    sent: list[Request] = []
    page.on("request", lambda request: is_report(request) and sent.append(request))
    page.clock.install()
    open_lesson(page, bees)
    page.clock.run_for(60_000)
    assert page.evaluate(WAITING) == []
    assert sent == []

    # Only what comes after it is brought to the front counts: the minute before is in no report.
    with page.expect_response(is_report) as answer:
        page.evaluate("window.shown = 'visible'; document.dispatchEvent(new Event('visibilitychange'))")
        page.clock.run_for(15_000)
    ((start, _),) = json.loads(answer.value.request.post_data)["visible"]
    assert start >= 60
    assert bees.tick(bees.reading) is None


def test_a_reading_opens_where_it_was_left(open_browser: OpenBrowser) -> None:
    bees = study()
    text = "\n\n".join(f"Paragraph {n}. {'Bees dance in the dark of the hive. ' * 12}" for n in range(60))
    long = make.reading(bees.reading.module, text, title="A long text", position=90)
    page = open_browser(bees.student).new_page()
    page.goto(f"/lessons/{long.pk}/")
    read = page.get_by_text("Paragraph 40.")
    read.scroll_into_view_if_needed()
    # One comes every fifteen seconds.
    with page.expect_response(is_report):
        pass
    page.goto("/")
    page.goto(f"/lessons/{long.pk}/")
    expect(read).to_be_in_viewport()
    # The browser itself goes back to where one was, and a link to a place leads there.
    page.goto("/")
    page.goto(f"/lessons/{long.pk}/#main")
    expect(page.get_by_text("Paragraph 1.")).to_be_in_viewport()
