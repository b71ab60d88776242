"""Everything that a student does, with the keyboard alone; where the focus is can be seen at every stop."""

import re

import pytest
from playwright.sync_api import Page, expect

from progress.services import ticks
from tests.browser.conftest import OpenBrowser
from tests.browser.keys import Keys
from tests.browser.lectures import TITLE, Player, bees_and_a_lecture, get_near_the_transcript
from tests.browser.steps import ELSEWHERE, Study, study
from tests.browser.watch import Watch
from tests.factories.people import PASSWORD

PHONE = {"width": 320, "height": 640}


@pytest.fixture
def bees() -> Study:
    return study()


@pytest.fixture
def page(bees: Study, open_browser: OpenBrowser) -> Page:
    return open_browser(bees.student).new_page()


@pytest.fixture
def keys(page: Page) -> Keys:
    return Keys(page)


def test_first_stop_leads_past_the_navigation(page: Page, keys: Keys) -> None:
    page.goto("/")
    keys.press(page.get_by_role("link", name="Skip to main content"))
    expect(page.locator("main")).to_be_focused()
    keys.tab()
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


def test_signing_in(bees: Study, open_browser: OpenBrowser) -> None:
    page = open_browser().new_page()
    keys = Keys(page)
    page.goto("/")
    keys.write(page.get_by_label("Username or email address"), bees.student.username)
    keys.write(page.get_by_label("Password"), PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Your progress")).to_be_visible()


def test_going_from_today_to_the_next_step(page: Page, keys: Keys) -> None:
    page.goto("/")
    keys.press(page.get_by_role("link", name="Start"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Bee eyes")
    keys.press(page.get_by_role("link", name=re.compile("^Next")))
    expect(page.get_by_role("heading", level=1)).to_have_text("Nectar")


def test_marking_a_lesson_and_taking_the_tick_back(bees: Study, page: Page, keys: Keys) -> None:
    page.goto(f"/lessons/{bees.reading.pk}/")
    mark, back = page.get_by_role("button", name="Mark as done"), page.get_by_role("button", name="Mark as not done")
    said = page.locator("#live")

    keys.press(mark)
    expect(page.locator("#standing")).to_contain_text("1 of 4 done")
    expect(said).to_have_text("“Bee eyes” is done.")
    # The eye is on the place of the button that was pressed; so is the focus.
    expect(back).to_be_focused()

    page.keyboard.press("Enter")
    expect(mark).to_be_focused()
    expect(said).to_have_text("Marked as not done.")
    assert bees.tick(bees.reading) is None


def test_numbers_behind_a_drawing_open_by_a_key(bees: Study, page: Page, keys: Keys) -> None:
    ticks.complete(bees.enrolment, bees.reading, how="marked", evidence={}, by=bees.student)
    page.goto(f"/courses/{bees.course.pk}/my-weeks/")
    numbers = page.get_by_role("table", name="Required lessons at the end of each week")
    expect(numbers).to_be_hidden()
    keys.press(page.locator("summary").first)
    expect(numbers.get_by_role("row").nth(1)).to_contain_text("25%")
    keys.tab()
    expect(page.get_by_role("region", name="Required lessons at the end of each week")).to_be_focused()


def test_what_a_swap_has_said_is_not_said_again_on_the_next_page(bees: Study, page: Page, keys: Keys) -> None:
    page.goto(f"/lessons/{bees.reading.pk}/")
    keys.press(page.get_by_role("button", name="Mark as done"))
    expect(page.locator("#standing")).to_contain_text("Done")
    keys.press(page.get_by_role("link", name=re.compile("^Next")))
    expect(page.get_by_role("heading", level=1)).to_have_text("Nectar")
    expect(page.locator(".notices")).to_have_count(0)


def test_focus_stays_where_the_clock_ticks_a_lesson(open_browser: OpenBrowser) -> None:
    bees = study(dwell=1)
    page = open_browser(bees.student).new_page()
    page.goto(f"/lessons/{bees.reading.pk}/")
    Keys(page).to(page.get_by_role("button", name="Mark as done"))
    expect(page.locator("#standing")).to_contain_text("Why is this ticked?")
    assert page.evaluate("document.querySelector('#standing').contains(document.activeElement)")


def test_opening_a_file_and_coming_back(bees: Study, page: Page, keys: Keys) -> None:
    page.goto(f"/lessons/{bees.file.pk}/")
    keys.press(page.get_by_role("button", name="Open the file"))
    expect(page.locator("body")).to_have_text("Count the bees.")
    page.go_back()
    expect(page.locator("#standing")).to_contain_text("Done")
    assert bees.tick(bees.file).how == "opened"


def test_opening_a_link_in_a_new_tab(bees: Study, page: Page, keys: Keys, watch: Watch) -> None:
    watch.expect(f"another host: {ELSEWHERE}")
    page.context.route(ELSEWHERE, lambda route: route.fulfill(body="<title>A garden</title>", content_type="text/html"))
    page.goto(f"/lessons/{bees.link.pk}/")
    with page.expect_popup() as opened:
        keys.press(page.get_by_role("button", name="Open the link (in a new tab)"))
    expect(opened.value).to_have_title("A garden")
    assert opened.value.evaluate("window.opener") is None
    assert opened.value.evaluate("document.referrer") == ""
    assert bees.tick(bees.link).how == "opened"


def test_searching_leads_to_the_very_passage(bees: Study, page: Page, keys: Keys) -> None:
    page.set_viewport_size(PHONE)
    page.goto(f"/courses/{bees.course.pk}/")
    keys.press(page.get_by_role("link", name="Search this course"))
    keys.write(page.get_by_role("searchbox"), "honeybee")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="1 lesson")).to_be_visible()
    keys.press(page.locator(".found-places a"))
    passage = page.locator(":target")
    expect(passage).to_contain_text("A honeybee counts to four")
    expect(passage).to_be_in_viewport()


def test_changing_how_pages_look(bees: Study, page: Page, keys: Keys) -> None:
    page.goto("/me/")
    keys.to(page.get_by_label("Text size"))
    page.keyboard.press("ArrowDown")
    keys.press(page.get_by_role("button", name="Save"))
    expect(page.get_by_role("status")).to_have_text("Saved.")
    expect(page.locator("html")).to_have_attribute("data-text", "large")


def test_signing_out(page: Page, keys: Keys) -> None:
    page.goto("/")
    keys.press(page.get_by_role("contentinfo").get_by_role("link", name="Sign out"))
    keys.press(page.get_by_role("main").get_by_role("button", name="Sign out"))
    expect(page.get_by_role("heading", name="Sign in", level=1)).to_be_visible()


@pytest.mark.parametrize("place", ["/", "/courses/{c}/", "/lessons/{r}/", "/courses/{c}/search/?q=bees", "/me/"])
def test_tab_reaches_everything_and_leads_out_again(place: str, bees: Study, page: Page, keys: Keys) -> None:
    page.set_viewport_size(PHONE)
    page.goto(place.format(c=bees.course.pk, r=bees.reading.pk))
    if place == "/lessons/{r}/":
        # What comes once somebody turns to it is there before the walk begins.
        page.get_by_role("heading", name="Talk about this lesson").scroll_into_view_if_needed()
        expect(page.get_by_role("link", name="Ask about this lesson")).to_be_visible()
        page.evaluate("scrollTo(0, 0)")
    assert keys.walk() == []


def test_watching_a_lecture(open_browser: OpenBrowser) -> None:
    bees, lecture = bees_and_a_lecture()
    page = open_browser(bees.student).new_page()
    player, keys = Player(page, lecture).open(), Keys(page)
    keys.to(page.locator("#player"))
    page.keyboard.press("Space")
    player.play_to(1)
    keys.press(page.get_by_role("button", name="Next chapter"))
    assert player.stands_at() == pytest.approx(13.8, abs=1)
    page.keyboard.press("Shift+Tab")
    keys.press(page.get_by_role("button", name="Previous chapter"))
    page.keyboard.press("Shift+Tab")
    expect(page.get_by_label("Captions")).to_be_focused()
    page.keyboard.press("Shift+Tab")
    expect(page.get_by_label("Speed")).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(page.get_by_label("Speed")).not_to_have_value("2")
    keys.press(page.get_by_role("link", name=re.compile("Circle three gaps$")))
    assert player.stands_at() == pytest.approx(28, abs=2)
    keys.press(page.get_by_role("button", name="Mark as done"))
    expect(page.locator("#live")).to_have_text(f"“{TITLE}” is done.")
    assert bees.tick(lecture).how == "marked"


@pytest.mark.parametrize("place", ["/lessons/{l}/", "/lessons/{l}/transcript/en/", "/courses/{c}/notes/"])
def test_tab_reaches_every_part_of_a_lecture_and_leads_out_again(place: str, open_browser: OpenBrowser) -> None:
    bees, lecture = bees_and_a_lecture()
    page = open_browser(bees.student, viewport=PHONE).new_page()
    page.goto(place.format(l=lecture.pk, c=bees.course.pk))
    if place == "/lessons/{l}/":
        # What comes once somebody turns to it is there before the walk begins.
        page.locator(".notes textarea").hover()
        expect(page.get_by_role("button", name="Add another note here")).to_be_visible()
        get_near_the_transcript(page)
        page.evaluate("scrollTo(0, 0)")
    assert Keys(page).walk() == []
