"""What is typed is kept: on the device within a second, on the server within five, and until its writer has chosen."""

import re
import time
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, Route, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from courses.models import CourseEditor, Reading
from drafts.models import Draft
from tests.browser.conftest import PATIENCE_MS, OpenBrowser
from tests.browser.steps import Study, close_offline, signed_in, study
from tests.browser.test_axe import faults
from tests.browser.watch import Watch
from tests.factories.people import UserFactory

COPIES = "() => Object.keys(localStorage).filter((name) => name.startsWith('ownpace:draft:'))"
SAVED = re.compile(r"^Saved \d\d:\d\d$")


@pytest.fixture
def bees() -> Study:
    return study()


@pytest.fixture
def editor(bees: Study) -> User:
    person = UserFactory()
    CourseEditor.objects.create(course=bees.course, user=person)
    return person


@pytest.fixture
def context(editor: User, open_browser: OpenBrowser) -> BrowserContext:
    return open_browser(editor)


def form(bees: Study) -> str:
    return f"/edit/activities/{bees.reading.pk}/"


def open_form(bees: Study, context: BrowserContext) -> Page:
    page = context.new_page()
    page.goto(form(bees))
    return page


def text(page: Page) -> Locator:
    return page.get_by_label("Text", exact=True)


def saved(page: Page) -> None:
    expect(page.get_by_text(SAVED)).to_be_visible()


def wait_for(page: Page, what: Callable[[], object]) -> None:
    """Playwright hands over what it holds while it is asked something."""
    until = time.monotonic() + PATIENCE_MS / 1000
    while time.monotonic() < until:
        if what():
            return
        page.evaluate("() => new Promise(requestAnimationFrame)")
    raise AssertionError("It did not come.")


def drafted(person: User) -> str | None:
    found = Draft.objects.open().filter(person=person).first()
    return found.fields["source"] if found else None


def test_text_is_saved_without_a_press_and_found_on_another_device(
    bees: Study, editor: User, context: BrowserContext, open_browser: OpenBrowser
) -> None:
    page = open_form(bees, context)
    text(page).fill("An hour of work")
    saved(page)
    assert drafted(editor) == "An hour of work"
    assert page.evaluate(COPIES) == []
    other = open_form(bees, open_browser(editor))
    expect(text(other)).to_have_value("An hour of work")
    expect(other.get_by_text("You have not sent this text yet.")).to_be_visible()
    assert Reading.objects.get(activity=bees.reading).source != "An hour of work"


@pytest.mark.soak
def test_tab_that_is_closed_at_once_loses_nothing(bees: Study, editor: User, context: BrowserContext) -> None:
    page = open_form(bees, context)
    text(page).fill("Closed at once")
    # Not even by its goodbye, which would reach the server here.
    close_offline(page)
    assert drafted(editor) is None
    again = open_form(bees, context)
    expect(text(again)).to_have_value("Closed at once")
    saved(again)
    assert drafted(editor) == "Closed at once"
    assert again.evaluate(COPIES) == []


def test_text_typed_without_a_line_is_kept_here_and_saved_when_it_is_back(
    bees: Study, editor: User, context: BrowserContext, watch: Watch
) -> None:
    watch.expect("ERR_INTERNET_DISCONNECTED")
    page = open_form(bees, context)
    context.set_offline(True)
    text(page).fill("In the train")
    expect(page.get_by_text("Kept on this device. It will be saved when you are online again.")).to_be_visible()
    expect(page.get_by_text(SAVED)).to_have_count(0)
    assert len(page.evaluate(COPIES)) == 1
    context.set_offline(False)
    saved(page)
    assert drafted(editor) == "In the train"
    assert page.evaluate(COPIES) == []


def test_saved_is_said_of_the_very_text_that_the_server_acknowledged(
    bees: Study, editor: User, context: BrowserContext
) -> None:
    page = open_form(bees, context)
    held: list[Route] = []
    page.route("**/drafts/", lambda route: held.append(route))
    text(page).fill("First")
    wait_for(page, lambda: held)
    text(page).press_sequentially(" and more")
    held.pop().continue_()
    wait_for(page, lambda: held)
    expect(page.get_by_text(SAVED)).to_have_count(0)
    held.pop().continue_()
    saved(page)
    assert drafted(editor) == "First and more"


@pytest.mark.soak
def test_answer_that_never_comes_is_no_acknowledgement(
    bees: Study, editor: User, context: BrowserContext, watch: Watch
) -> None:
    watch.expect("ERR_FAILED")
    page = open_form(bees, context)

    def reach_and_lose(route: Route) -> None:
        route.fetch()
        route.abort()

    page.route("**/drafts/", reach_and_lose)
    text(page).fill("Heard, and not answered")
    expect(page.get_by_text("Kept on this device.")).to_be_visible()
    assert drafted(editor) == "Heard, and not answered"
    page.unroute("**/drafts/")
    text(page).press_sequentially(", then")
    saved(page)
    assert drafted(editor) == "Heard, and not answered, then"


def test_two_tabs_are_laid_side_by_side_and_joined(
    bees: Study, editor: User, context: BrowserContext, watch: Watch
) -> None:
    watch.expect("409")
    one, other = open_form(bees, context), open_form(bees, context)
    text(one).fill("From one tab")
    saved(one)
    text(other).fill("From the other")
    expect(other.get_by_role("heading", name="Two versions of this text")).to_be_visible()
    expect(other.get_by_role("group", name="On this page")).to_contain_text("From the other")
    expect(other.get_by_role("group", name="From somewhere else")).to_contain_text("From one tab")
    assert faults(other) == []
    assert drafted(editor) == "From one tab"
    other.get_by_role("button", name="Keep both").click()
    expect(text(other)).to_have_value("From the other\n\nFrom one tab")
    saved(other)
    assert drafted(editor) == "From the other\n\nFrom one tab"


@pytest.mark.parametrize(
    ("button", "kept"),
    [pytest.param("Keep this one", "Mine", marks=pytest.mark.soak), ("Keep the other one", "Theirs")],
)
def test_writer_chooses_between_two_devices(
    bees: Study, editor: User, context: BrowserContext, open_browser: OpenBrowser, watch: Watch, button: str, kept: str
) -> None:
    watch.expect("409")
    here, there = open_form(bees, context), open_form(bees, open_browser(editor))
    text(there).fill("Theirs")
    saved(there)
    text(here).fill("Mine")
    here.get_by_role("button", name=button).click()
    expect(text(here)).to_have_value(kept)
    saved(here)
    expect(here.get_by_role("heading", name="Two versions of this text")).to_be_hidden()
    assert drafted(editor) == kept


def opened_again(bees: Study, context: BrowserContext, elsewhere: BrowserContext, *, here: str, there: str) -> Page:
    """With a copy on this device of what a closed tab held, while the server has the newer words of another device."""
    page = open_form(bees, context)
    text(page).fill(here)
    close_offline(page)
    other = open_form(bees, elsewhere)
    text(other).fill(there)
    saved(other)
    again = open_form(bees, context)
    expect(text(again)).to_have_value(there)
    return again


def test_copy_of_a_closed_tab_is_no_news_over_a_newer_text(
    bees: Study, editor: User, context: BrowserContext, open_browser: OpenBrowser, watch: Watch
) -> None:
    watch.expect("409")
    again = opened_again(bees, context, open_browser(editor), here="Left behind", there="Newer")
    expect(again.get_by_role("group", name="From somewhere else")).to_contain_text("Left behind")
    assert drafted(editor) == "Newer"
    again.get_by_role("button", name="Keep this one").click()
    saved(again)
    assert again.evaluate(COPIES) == []


def test_copy_whose_words_all_stand_there_asks_nothing(
    bees: Study, context: BrowserContext, open_browser: OpenBrowser, editor: User, watch: Watch
) -> None:
    watch.expect("409")
    again = opened_again(bees, context, open_browser(editor), here="First words", there="First words, and more")
    wait_for(again, lambda: again.evaluate(COPIES) == [])
    expect(again.get_by_role("group", name="From somewhere else")).to_be_hidden()


def test_text_outlives_a_sign_in_that_has_ended(
    bees: Study, editor: User, context: BrowserContext, watch: Watch, live_server: LiveServer
) -> None:
    watch.expect("401")
    page = open_form(bees, context)
    context.clear_cookies()
    text(page).fill("Typed after an hour away")
    expect(page.get_by_text("You are signed out. What you typed is kept on this device.")).to_be_visible()
    expect(page.get_by_role("link", name="Sign in")).to_be_visible()
    page.get_by_role("button", name="Save").click()
    expect(text(page)).to_have_value("Typed after an hour away")
    signed_in(context, editor, live_server.url)
    page.goto("/help/")
    again = open_form(bees, context)
    expect(text(again)).to_have_value("Typed after an hour away")
    saved(again)


@pytest.mark.soak
def test_press_without_a_line_sends_when_it_is_back(
    bees: Study, editor: User, context: BrowserContext, watch: Watch
) -> None:
    watch.expect("ERR_INTERNET_DISCONNECTED")
    page = open_form(bees, context)
    context.set_offline(True)
    text(page).fill("Sent in a tunnel")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("You are offline. It will be sent when you are online again.")).to_be_visible()
    context.set_offline(False)
    expect(page.get_by_role("heading", level=1)).to_have_text("Edit the course")
    assert Reading.objects.get(activity=bees.reading).source == "Sent in a tunnel"
    assert drafted(editor) is None
    assert page.evaluate(COPIES) == []


def test_text_that_was_sent_is_gone_from_the_form(bees: Study, editor: User, context: BrowserContext) -> None:
    page = open_form(bees, context)
    text(page).fill("Sent")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Edit the course")
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("Bee eyes")
    expect(text(page)).to_have_value("Sent")
    assert drafted(editor) is None
    assert page.evaluate(COPIES) == []


def test_draft_is_discarded_and_brought_back(bees: Study, editor: User, context: BrowserContext) -> None:
    page = open_form(bees, context)
    text(page).fill("Half a thought")
    saved(page)
    page.reload()
    page.get_by_role("button", name="Discard it").click()
    expect(page.get_by_role("status").first).to_contain_text("Your unsent text was discarded.")
    expect(text(page)).not_to_have_value("Half a thought")
    page.get_by_role("button", name="Undo").click()
    expect(text(page)).to_have_value("Half a thought")


def test_unsent_texts_are_listed_without_a_script(
    bees: Study, editor: User, context: BrowserContext, open_browser: OpenBrowser
) -> None:
    page = open_form(bees, context)
    text(page).fill("Half a thought")
    saved(page)
    plain = open_browser(editor, java_script_enabled=False).new_page()
    plain.goto("/drafts/")
    expect(plain.get_by_role("main")).to_contain_text("Half a thought")
    plain.get_by_role("link", name="Bee eyes").click()
    expect(text(plain)).to_have_value("Half a thought")
    plain.goto("/drafts/")
    plain.get_by_role("button", name="Discard").click()
    expect(plain.get_by_role("main")).to_contain_text("Nothing unsent")
    plain.get_by_role("button", name="Undo").click()
    expect(plain.get_by_role("main")).to_contain_text("Half a thought")


def test_reading_that_somebody_else_saved_is_not_overwritten_unasked(
    bees: Study, context: BrowserContext, open_browser: OpenBrowser, watch: Watch
) -> None:
    watch.expect("422")
    page = open_form(bees, context)
    other = UserFactory(is_staff=True)
    there = open_form(bees, open_browser(other))
    text(there).fill("Theirs, and saved")
    there.get_by_role("button", name="Save").click()
    expect(there.get_by_role("heading", level=1)).to_have_text("Edit the course")
    text(page).fill("Mine")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".problem")).to_contain_text("Someone has changed this activity since you opened it.")
    assert Reading.objects.get(activity=bees.reading).source == "Theirs, and saved"
    expect(text(page)).to_have_value("Mine")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Edit the course")
    assert Reading.objects.get(activity=bees.reading).source == "Mine"


def sign_out(page: Page) -> None:
    page.goto("/account/logout/")
    page.get_by_role("button", name="Sign out").click()


def test_signing_out_sends_what_is_on_this_device_alone_and_leaves_nothing_but_what_others_typed(
    bees: Study, editor: User, context: BrowserContext
) -> None:
    page = open_form(bees, context)
    others = "ownpace:draft:999999:courses/activities/1:x"
    page.evaluate(f"localStorage.setItem('{others}', '{{}}')")
    text(page).fill("Not yet anywhere else")
    close_offline(page)
    page = context.new_page()
    sign_out(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    assert drafted(editor) == "Not yet anywhere else"
    assert page.evaluate(COPIES) == [others]


def test_signing_out_asks_before_it_deletes_what_the_server_lacks(
    bees: Study, editor: User, context: BrowserContext, open_browser: OpenBrowser, watch: Watch
) -> None:
    watch.expect("409")
    page = open_form(bees, context)
    text(page).fill("Left on this device")
    close_offline(page)
    there = open_form(bees, open_browser(editor))
    text(there).fill("Newer, elsewhere")
    saved(there)
    page = context.new_page()
    sign_out(page)
    expect(page.get_by_role("alert")).to_contain_text("Left on this device")
    assert faults(page) == []
    assert len(page.evaluate(COPIES)) == 1
    page.get_by_role("button", name="Delete it and sign out").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    assert page.evaluate(COPIES) == []
    assert drafted(editor) == "Newer, elsewhere"
