"""The same tasks in a browser that runs no script: slower perhaps, but all of them."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from courses.models import CourseImport
from progress import played
from progress.models import Note
from progress.services import ticks, watching
from tests.browser.conftest import OpenBrowser
from tests.browser.lectures import bees_and_a_lecture
from tests.browser.steps import ELSEWHERE, Study, study
from tests.browser.watch import Watch
from tests.factories.courses import EnrolmentFactory
from tests.factories.people import PASSWORD, UserFactory


@pytest.fixture
def bees() -> Study:
    return study(dwell=1)


@pytest.fixture
def page(bees: Study, open_browser: OpenBrowser) -> Page:
    return open_browser(bees.student, java_script_enabled=False).new_page()


def test_signing_in_and_out(bees: Study, open_browser: OpenBrowser, watch: Watch) -> None:
    watch.expect("Failed to load resource.*40[01]")
    page = open_browser(java_script_enabled=False).new_page()
    page.goto("/courses/")
    page.get_by_label("Username or email address").fill(bees.student.username)
    page.get_by_label("Password").fill("not it")
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.locator(".problem")).to_be_visible()
    expect(page).to_have_title(re.compile("^Error: Sign in"))
    expect(page.get_by_label("Username or email address")).to_have_value(bees.student.username)

    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Courses")

    page.get_by_role("contentinfo").get_by_role("link", name="Sign out").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")


def test_weeks_are_drawn_and_told_in_numbers(bees: Study, page: Page) -> None:
    ticks.complete(bees.enrolment, bees.reading, how="marked", evidence={}, by=bees.student)
    page.goto(f"/courses/{bees.course.pk}/")
    page.get_by_role("link", name="Your weeks").click()
    expect(page.get_by_role("img", name="You have done 1 of 4 required lessons.").first).to_be_visible()
    page.locator("summary").first.click()
    expect(page.get_by_role("table").first.get_by_role("row").nth(1)).to_contain_text("25%")


def test_marking_a_lesson_and_taking_the_tick_back(bees: Study, page: Page) -> None:
    page.goto("/")
    page.get_by_role("link", name="Start").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Bee eyes")
    page.get_by_role("button", name="Mark as done").click()
    expect(page.get_by_role("status").first).to_have_text("“Bee eyes” is done.")
    expect(page.locator("#standing")).to_contain_text("Done")
    assert bees.tick(bees.reading).how == "marked"

    page.get_by_role("button", name="Mark as not done").click()
    expect(page.get_by_role("status")).to_have_text("Marked as not done.")
    assert bees.tick(bees.reading) is None
    page.get_by_role("link", name=re.compile("^Next")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Nectar")


def test_opening_a_file(bees: Study, page: Page) -> None:
    page.goto(f"/lessons/{bees.file.pk}/")
    page.get_by_role("button", name="Open the file").click()
    expect(page.locator("body")).to_have_text("Count the bees.")
    assert bees.tick(bees.file).how == "opened"


def test_opening_a_link(bees: Study, page: Page, watch: Watch) -> None:
    watch.expect(f"another host: {ELSEWHERE}")
    page.context.route(ELSEWHERE, lambda route: route.fulfill(body="<title>A garden</title>", content_type="text/html"))
    page.goto(f"/lessons/{bees.link.pk}/")
    with page.expect_popup() as opened:
        page.get_by_role("button", name="Open the link").click()
    expect(opened.value).to_have_title("A garden")
    assert bees.tick(bees.link).how == "opened"


def test_a_link_that_does_not_open_by_itself_can_be_followed(bees: Study, page: Page, watch: Watch) -> None:
    watch.expect(f"another host: {ELSEWHERE}")
    page.context.route(ELSEWHERE, lambda route: route.fulfill(status=204))
    page.goto(f"/lessons/{bees.link.pk}/")
    with page.expect_popup() as opened:
        page.get_by_role("button", name="Open the link").click()
    expect(opened.value.get_by_role("link", name=ELSEWHERE)).to_have_attribute("href", ELSEWHERE)


def test_searching_leads_to_the_very_passage(bees: Study, page: Page) -> None:
    page.goto(f"/courses/{bees.course.pk}/")
    page.get_by_role("searchbox", name="Search this course").fill("honeybee")
    page.get_by_role("button", name="Search").click()
    page.locator(".found-places a").click()
    expect(page.locator(":target")).to_contain_text("A honeybee counts to four")


def test_changing_preferences(page: Page) -> None:
    page.goto("/me/")
    page.get_by_label("Colours").select_option("Dark")
    page.get_by_label("Reading font").select_option(label="Sans serif, wide spacing")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status")).to_have_text("Saved.")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    expect(page.locator("html")).to_have_attribute("data-font", "spaced")


def test_a_form_says_what_is_wrong_and_keeps_what_was_typed(page: Page, watch: Watch) -> None:
    watch.expect("Failed to load resource.*422")
    page.goto("/me/")
    page.get_by_label("Time zone", exact=True).fill("tokio")
    page.get_by_label("Name", exact=True).fill("")
    page.get_by_role("button", name="Save").first.click()
    expect(page).to_have_title(re.compile("^Error: Me"))
    expect(page.get_by_label("Time zone", exact=True)).to_have_value("tokio")
    page.locator(".problem").get_by_role("link", name="Name: Fill in this field.").click()
    expect(page.get_by_label("Name", exact=True)).to_be_in_viewport()
    expect(page.get_by_label("Name", exact=True)).to_have_accessible_description(re.compile("Fill in this field"))


def test_a_running_import_is_shown_again_until_its_report_is_there(open_browser: OpenBrowser) -> None:
    run = CourseImport.objects.create(file_name="bees.imscc", state="running", steps_done=3, steps_total=9)
    page = open_browser(UserFactory(is_staff=True), java_script_enabled=False).new_page()
    page.goto(f"/edit/imports/{run.pk}/")
    expect(page.get_by_role("status")).to_contain_text("3 of 9 steps")
    CourseImport.objects.filter(pk=run.pk).update(state="done", finished_at=timezone.now(), sentence="All in.")
    expect(page.locator(".notice")).to_contain_text("All in.", timeout=30_000)


def test_a_lecture_plays_from_its_place_with_captions_and_transcript(open_browser: OpenBrowser) -> None:
    bees, lecture = bees_and_a_lecture()
    now = timezone.now()
    report = played.Report([(0, 12_500)], 12_500, now)
    watching.add(bees.enrolment, lecture, report, opened_at=now - timedelta(minutes=1))
    page = open_browser(bees.student, java_script_enabled=False).new_page()
    page.goto(f"/lessons/{lecture.pk}/")
    player = page.locator("#player")
    expect(player).to_have_attribute("controls", "")
    expect(player).to_have_attribute("src", re.compile(r"#t=12\.5$"))
    expect(player.locator("track[kind=captions][default]")).to_have_attribute("srclang", "en")
    for part in (player, player.locator("track[default]")):
        answer = page.request.get(part.get_attribute("src").split("#")[0])
        assert answer.ok
    expect(page.locator("[data-tools]")).to_be_hidden()
    expect(page.get_by_role("button", name="Add another note here")).to_be_hidden()
    page.get_by_role("link", name="Start from the beginning").click()
    expect(player).to_have_attribute("src", re.compile("#t=0$"))

    page.get_by_role("link", name="Circle three gaps").click()
    expect(player).to_have_attribute("src", re.compile("#t=27$"))
    page.get_by_role("link", name="Read the transcript").click()
    page.get_by_role("searchbox", name="Search the transcript").fill("white")
    page.locator("main").get_by_role("button", name="Search").click()
    expect(page.locator(".lines a")).to_have_count(1)
    page.get_by_role("link", name="Second, look at the white.").click()
    expect(player).to_have_attribute("src", re.compile("#t=28$"))


def test_a_lecture_that_nothing_measured_is_marked_by_hand_and_says_so(open_browser: OpenBrowser) -> None:
    bees, lecture = bees_and_a_lecture()
    page = open_browser(bees.student, java_script_enabled=False).new_page()
    page.goto(f"/lessons/{lecture.pk}/")
    page.get_by_role("button", name="Mark as done").click()
    page.locator("summary", has_text="Why is this ticked?").click()
    expect(page.locator("#standing")).to_contain_text("You marked it as done on")
    page.get_by_role("button", name="Mark as not done").click()
    page.get_by_role("link", name="Read the transcript").click()
    page.get_by_role("button", name="I have read it: mark as done").click()
    page.locator("summary", has_text="Why is this ticked?").click()
    expect(page.locator("#standing")).to_contain_text("after reading the transcript")
    assert bees.tick(lecture).how == "marked"


def test_writing_changing_and_deleting_a_note(open_browser: OpenBrowser) -> None:
    bees, lecture = bees_and_a_lecture()
    page = open_browser(bees.student, java_script_enabled=False).new_page()
    page.goto(f"/lessons/{lecture.pk}/")
    page.get_by_label("Time in the lecture (").fill("1:02")
    page.get_by_label("New note").fill("Minutes")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status").first).to_have_text("Note at 1:02 saved.")
    page.get_by_label("Note at 1:02").fill("Most of us guess too low.")
    page.get_by_role("button", name="Save").first.click()
    expect(page.get_by_label("Note at 1:02")).to_have_value("Most of us guess too low.")
    assert Note.objects.get(activity=lecture).at_ms == 62_000

    page.get_by_role("button", name="Delete").click()
    expect(page.get_by_label("Note at 1:02")).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    page.get_by_role("link", name="1:02", exact=True).click()
    expect(page.locator("#player")).to_have_attribute("src", re.compile("#t=62$"))


def test_nothing_is_offered_that_needs_a_script(bees: Study, open_browser: OpenBrowser) -> None:
    page = open_browser(bees.student, java_script_enabled=False, timezone_id="Asia/Tokyo").new_page()
    page.goto("/")
    expect(page.get_by_role("button", name="Keep this time zone")).to_be_hidden()
    page.context.clear_cookies()
    page.goto("/account/login/")
    expect(page.get_by_role("button", name="Sign in with a passkey")).to_be_hidden()


def test_choosing_a_country_and_then_its_region(bees: Study, open_browser: OpenBrowser) -> None:
    teacher = EnrolmentFactory(cohort__course=bees.reading.module.course, role="teacher")
    page = open_browser(teacher.user, java_script_enabled=False).new_page()
    page.goto(f"/cohorts/{teacher.cohort_id}/calendar/")
    page.get_by_label("Country").select_option(label="Germany")
    page.get_by_role("button", name="Show its regions").click()
    expect(page.locator("main")).to_contain_text("Nothing is saved yet.")
    page.get_by_label("Region").select_option(label="Bayern")
    page.get_by_role("button", name="Save").locator("visible=true").last.click()
    expect(page.locator("main")).to_contain_text("Corpus Christi")
