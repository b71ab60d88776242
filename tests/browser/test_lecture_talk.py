"""The talk at the seconds of a lecture: asked, lost, read and gone to, with a script and without one."""

import re

import pytest
from playwright.sync_api import Page, expect

from courses.models import Activity
from forums.models import LostHere, Thread
from tests.browser.conftest import OpenBrowser
from tests.browser.lectures import TITLE, Player, bees_and_a_lecture, until
from tests.browser.steps import Study
from tests.browser.watch import Watch
from tests.factories import courses as make
from tests.factories.forums import reply, thread

PHONE = {"width": 390, "height": 844}


@pytest.fixture
def seat() -> tuple[Study, Activity]:
    return bees_and_a_lecture()


def question(bees: Study, lecture: Activity, second: int, title: str) -> Thread:
    return thread(bees.cohort, bees.student, title, activity=lecture, at_ms=second * 1000)


def seconds(bees: Study) -> list[int]:
    return [*LostHere.objects.filter(enrolment__user=bees.student).order_by("second").values_list("second", flat=True)]


def asked(page: Page) -> object:
    return page.get_by_role("list", name="By their time in the lecture")


@pytest.mark.parametrize("viewport", [PHONE, {"width": 1280, "height": 900}], ids=["phone", "desk"])
def test_one_tap_says_that_one_is_lost_and_one_takes_it_back(
    viewport: dict, open_browser: OpenBrowser, seat: tuple[Study, Activity]
) -> None:
    bees, lecture = seat
    page = open_browser(bees.student, viewport=viewport).new_page()
    player = Player(page, lecture).open()
    player.seek(42)
    lost = page.get_by_role("button", name="Lost here")
    expect(lost).to_be_in_viewport()
    lost.click()
    said = page.locator(".lost-said")
    expect(said).to_contain_text("Noted at 0:42.")
    assert seconds(bees) == [40]
    said.get_by_role("button", name="Undo").click()
    expect(said).to_have_text("Removed.")
    expect(lost).to_be_focused()
    assert seconds(bees) == []
    assert player.get("currentTime") == 42, "the page was left"


def test_a_tap_that_reached_nobody_says_so(
    open_browser: OpenBrowser, seat: tuple[Study, Activity], watch: Watch
) -> None:
    watch.expect("ERR_INTERNET_DISCONNECTED")
    watch.expect("htmx:(sendError|afterRequest)")
    bees, lecture = seat
    context = open_browser(bees.student)
    page = context.new_page()
    Player(page, lecture).open()
    page.wait_for_load_state("networkidle")
    context.set_offline(True)
    page.get_by_role("button", name="Lost here").click()
    expect(page.get_by_role("alert").filter(has_text="This was not saved")).to_be_visible()
    context.set_offline(False)
    page.get_by_role("button", name="Lost here").click()
    expect(page.locator(".lost-said")).to_contain_text("Noted at 0:00.")
    expect(page.get_by_role("alert").filter(has_text="This was not saved")).to_be_hidden()


def test_the_question_takes_over_the_second_at_which_the_player_stands(
    open_browser: OpenBrowser, seat: tuple[Study, Activity]
) -> None:
    bees, lecture = seat
    page = open_browser(bees.student).new_page()
    player = Player(page, lecture).open()
    player.seek(42)
    page.get_by_role("button", name="Ask at 0:42").click()
    expect(page.locator("main")).to_contain_text(f"{TITLE}, at 0:42")
    page.get_by_label("Title").fill("Why three gaps?")
    page.get_by_label("Your text").fill("I would have taken two.")
    page.get_by_role("button", name="Post", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Why three gaps?")
    found = Thread.objects.get(author=bees.student)
    assert (found.activity, found.at_ms) == (lecture, 42_000)
    page.get_by_role("link", name=f"{TITLE}, at 0:42").click()
    expect(page.get_by_role("button", name="Ask at 0:42")).to_be_visible()


def test_a_question_stands_at_its_second_and_its_answer_is_read_there(
    open_browser: OpenBrowser, seat: tuple[Study, Activity]
) -> None:
    bees, lecture = seat
    teacher = make.EnrolmentFactory(cohort=bees.cohort, role="teacher").user
    reply(question(bees, lecture, 42, "Why three?"), teacher, "Because **two** are too few.")
    question(bees, lecture, 7, "Which week?")
    page = open_browser(bees.student).new_page()
    player = Player(page, lecture).open()
    marks = page.locator(".watching > svg.marks path")
    expect(marks).to_have_count(2)
    assert [one.split()[0] for one in marks.evaluate_all("(all) => all.map((one) => one.textContent)")] == [
        "0:07",
        "0:42",
    ]
    bar, mark = page.locator(".watching > svg.marks").bounding_box(), marks.nth(1).bounding_box()
    assert mark["x"] + mark["width"] / 2 == pytest.approx(bar["x"] + bar["width"] * 42 / 98.6, abs=3)
    row = asked(page).get_by_role("listitem").filter(has_text="Why three?")
    row.locator("summary").click()
    expect(row.locator(".reading")).to_have_text("Because two are too few.")
    row.get_by_role("link", name="0:42").click()
    until(lambda: 42 <= player.get("currentTime") < 50)
    assert f"/lessons/{lecture.pk}/" in page.url


def test_without_a_script_there_is_a_field_for_the_time(
    open_browser: OpenBrowser, seat: tuple[Study, Activity]
) -> None:
    bees, lecture = seat
    question(bees, lecture, 42, "Why three?")
    page = open_browser(bees.student, java_script_enabled=False).new_page()
    page.goto(f"/lessons/{lecture.pk}/")
    page.get_by_label("Time in the lecture", exact=True).fill("0:33")
    page.get_by_role("button", name="Lost here").click()
    expect(page.get_by_role("status").first).to_contain_text("Noted at 0:33.")
    assert seconds(bees) == [30]
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("status").first).to_contain_text("Removed.")
    assert seconds(bees) == []
    page.get_by_label("Time in the lecture", exact=True).fill("0:33")
    page.get_by_role("button", name="Ask about this moment").click()
    expect(page.locator("main")).to_contain_text(f"{TITLE}, at 0:33")
    assert "csrf" not in page.url
    page.goto(f"/lessons/{lecture.pk}/")
    page.get_by_role("link", name="Read and ask questions").click()
    asked(page).get_by_role("link", name="0:42").click()
    expect(page.locator("#player")).to_have_attribute("src", re.compile("#t=42$"))


def test_where_one_was_lost_is_listed_for_oneself_and_taken_back_there(
    open_browser: OpenBrowser, seat: tuple[Study, Activity]
) -> None:
    bees, lecture = seat
    for second in (10, 40):
        LostHere.objects.create(enrolment=bees.enrolment, activity=lecture, second=second)
    page = open_browser(bees.student).new_page()
    Player(page, lecture).open()
    mine = page.locator(".lost-mine")
    mine.locator("summary").click()
    mine.get_by_role("button", name="Remove 0:10").click()
    expect(mine.get_by_role("listitem")).to_have_count(1)
    assert seconds(bees) == [40]
