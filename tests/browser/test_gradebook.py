"""The gradebook at the keyboard: one stop for Tab, arrows from cell to cell, marks typed in their place."""

from dataclasses import dataclass
from decimal import Decimal

import pytest
from playwright.sync_api import Locator, Page, expect

from accounts.models import User
from courses.models import Enrolment
from feedback.models import Feedback, Submission
from tests.browser.conftest import OpenBrowser
from tests.browser.keys import Keys
from tests.browser.steps import study
from tests.browser.watch import Watch
from tests.factories import courses as make_course
from tests.factories import feedback as make
from tests.factories.people import UserFactory

PHONE = {"width": 390, "height": 844}


@dataclass
class Book:
    teacher: User
    assistant: User
    address: str
    # Of each pupil, in two columns: points, and good enough or not yet.
    essays: list[Submission]
    watched: list[Submission]


@pytest.fixture
def book() -> Book:
    bees = study()
    essay = make.assignment(bees.module, "Essay", scale="points", most_points=Decimal(10), rule="released")
    watch = make.assignment(bees.module, "Watch a bee")
    pupils = [
        make_course.EnrolmentFactory(user=UserFactory(display_name=f"Ant {number}"), cohort=bees.cohort)
        for number in range(3)
    ]
    return Book(
        make_course.EnrolmentFactory(cohort=bees.cohort, role="teacher").user,
        make_course.EnrolmentFactory(cohort=bees.cohort, role="assistant").user,
        f"/teach/cohorts/{bees.cohort.pk}/gradebook/",
        [make.hand_in(one, essay) for one in pupils],
        [make.hand_in(one, watch) for one in pupils],
    )


@pytest.fixture
def page(book: Book, open_browser: OpenBrowser) -> Page:
    return opened(open_browser(book.teacher).new_page(), book)


def opened(page: Page, book: Book) -> Page:
    page.goto(book.address)
    page.wait_for_function("() => !document.querySelector('[data-keys]').hidden")
    return page


def cell(page: Page, row: int, column: int) -> Locator:
    return page.locator("[data-gradebook] tbody tr").nth(row).locator("td").nth(column)


def at(page: Page, row: int, column: int) -> None:
    expect(cell(page, row, column).locator("> a")).to_be_focused()


def points(submission: Submission) -> Decimal | None:
    found = Feedback.objects.filter(submission=submission).first()
    return found and found.points


def test_a_column_of_marks_is_typed_without_a_mouse(page: Page, book: Book) -> None:
    Keys(page).to(cell(page, 0, 0).locator("> a"))
    for given in ("7", "8,5", "10"):
        page.keyboard.press("Enter")
        expect(page.get_by_label("Points")).to_be_focused()
        page.keyboard.type(given)
        page.keyboard.press("Enter")
        expect(page.get_by_label("Points")).to_have_count(0)
    expect(page.locator("#live")).to_have_text("Saved, not released yet.")
    expect(page.locator("#unreleased")).to_contain_text("3 pieces of work are marked and not released")
    expect(cell(page, 1, 0)).to_contain_text("8.5 of 10")
    assert [points(one) for one in book.essays] == [Decimal(7), Decimal("8.5"), Decimal(10)]


def test_arrows_lead_from_cell_to_cell_and_tab_out_of_the_table(page: Page) -> None:
    keys = Keys(page)
    keys.to(cell(page, 0, 0).locator("> a"))
    for key, row, column in (("Right", 0, 1), ("Down", 1, 1), ("Left", 1, 0), ("Up", 0, 0)):
        page.keyboard.press(f"Arrow{key}")
        at(page, row, column)
    page.keyboard.press("ArrowLeft")
    expect(page.get_by_role("link", name="Ant 0")).to_be_focused()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("link", name="Essay", exact=True)).to_be_focused()
    keys.tab()
    assert not page.evaluate("document.querySelector('[data-gradebook]').contains(document.activeElement)")


def test_escape_leaves_a_mark_as_it_was(page: Page, book: Book) -> None:
    cell(page, 0, 0).locator("> a").click()
    page.get_by_label("Points").fill("3")
    page.keyboard.press("Escape")
    at(page, 0, 0)
    assert points(book.essays[0]) is None


def test_what_is_wrong_is_said_in_the_cell_and_what_was_typed_stays(page: Page, watch: Watch) -> None:
    watch.expect("422")
    cell(page, 0, 0).locator("> a").click()
    page.get_by_label("Points").fill("11")
    page.keyboard.press("Enter")
    expect(cell(page, 0, 0).get_by_text("The most that can be given here is 10 points.")).to_be_visible()
    expect(page.get_by_label("Points")).to_have_value("11")
    expect(page.get_by_label("Points")).to_be_focused()
    page.keyboard.press("Control+A")
    page.keyboard.type("9")
    page.keyboard.press("Enter")
    at(page, 1, 0)
    expect(cell(page, 0, 0)).to_contain_text("9 of 10")


def test_a_verdict_is_chosen_with_the_arrows_of_its_own(page: Page, book: Book) -> None:
    cell(page, 0, 1).locator("> a").click()
    expect(page.get_by_label("Good enough")).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    at(page, 1, 1)
    assert Feedback.objects.get(submission=book.watched[0]).good_enough is False


def test_of_two_marks_saved_at_once_both_are_shown_and_one_is_chosen(page: Page, book: Book, watch: Watch) -> None:
    watch.expect("409")
    cell(page, 0, 0).locator("> a").click()
    page.get_by_label("Points").fill("6")
    make.feedback(book.essays[0], book.assistant, make.said(good_enough=None, points=Decimal(8)))
    page.keyboard.press("Enter")
    for words in ("6 of 10", "8 of 10"):
        expect(cell(page, 0, 0).get_by_role("definition").filter(has_text=words)).to_be_visible()
    expect(page.get_by_label("Points")).to_be_focused()
    page.keyboard.press("Escape")
    expect(cell(page, 0, 0)).to_contain_text("8 of 10")
    assert points(book.essays[0]) == Decimal(8)


def test_offline_the_mark_that_was_typed_stays_and_the_cell_says_so(page: Page, watch: Watch) -> None:
    watch.expect("ERR_INTERNET_DISCONNECTED")
    watch.expect("htmx:")
    cell(page, 0, 0).locator("> a").click()
    page.get_by_label("Points").fill("6")
    page.context.set_offline(True)
    page.keyboard.press("Enter")
    expect(page.get_by_text("Check your connection and save again.")).to_be_visible()
    expect(page.get_by_label("Points")).to_have_value("6")
    page.context.set_offline(False)
    page.keyboard.press("Enter")
    at(page, 1, 0)


def test_who_marks_no_longer_is_not_sent_to_look_at_their_connection(page: Page, book: Book, watch: Watch) -> None:
    watch.expect("403")
    cell(page, 0, 0).locator("> a").click()
    page.get_by_label("Points").fill("6")
    Enrolment.objects.filter(user=book.teacher).update(role="observer")
    page.keyboard.press("Enter")
    expect(page.get_by_text("You may no longer be allowed to change this mark")).to_be_visible()
    expect(page.get_by_text("Check your connection")).to_be_hidden()
    expect(page.get_by_label("Points")).to_have_value("6")
    assert points(book.essays[0]) is None


def test_on_a_phone_whose_row_it_is_stays_in_sight(page: Page) -> None:
    page.set_viewport_size(PHONE)
    page.evaluate("document.querySelector('.gradebook .table-wrap').scrollLeft = 1000")
    assert page.evaluate("document.querySelector('tbody th').getBoundingClientRect().left") >= 0
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_without_a_script_a_cell_leads_to_a_page_with_the_same_form(book: Book, open_browser: OpenBrowser) -> None:
    page = open_browser(book.teacher, java_script_enabled=False).new_page()
    page.goto(book.address)
    cell(page, 0, 0).locator("> a").click()
    page.get_by_label("Points").fill("6")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status")).to_have_text("Saved, not released yet.")
    assert points(book.essays[0]) == Decimal(6)
