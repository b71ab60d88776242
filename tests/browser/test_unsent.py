"""What was typed is not lost without a question, what acts at once can be undone, and what was deleted says so."""

import pytest
from playwright.sync_api import Dialog, Page, expect

from accounts.models import User
from courses.models import Activity, CourseEditor, DueDate
from courses.services import deleting
from tests.browser.conftest import OpenBrowser
from tests.browser.steps import Study, study
from tests.browser.watch import Watch
from tests.factories.people import UserFactory


@pytest.fixture
def bees() -> Study:
    return study(dwell=1)


@pytest.fixture
def editor(bees: Study) -> User:
    person = UserFactory()
    CourseEditor.objects.create(course=bees.course, user=person)
    return person


@pytest.fixture
def page(editor: User, open_browser: OpenBrowser) -> Page:
    return open_browser(editor).new_page()


def asked(page: Page) -> list[str]:
    """The questions that were asked; each is answered with staying."""
    kinds: list[str] = []

    def stay(dialog: Dialog) -> None:
        kinds.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    return kinds


@pytest.mark.parametrize("link", ["Courses", "Cancel"])
def test_text_is_asked_about_before_a_link_loses_it(bees: Study, page: Page, link: str) -> None:
    questions = asked(page)
    page.goto(f"/edit/courses/{bees.course.pk}/details/")
    page.get_by_label("Summary").fill("An hour of work")
    page.get_by_role("link", name=link, exact=True).first.click()
    expect(page.get_by_label("Summary")).to_have_value("An hour of work")
    assert questions == ["beforeunload"]


def test_nothing_is_asked_about_a_text_that_is_kept(bees: Study, page: Page) -> None:
    questions = asked(page)
    page.goto(f"/edit/activities/{bees.reading.pk}/")
    page.get_by_label("Text", exact=True).fill("An hour of work")
    page.get_by_role("link", name="Cancel").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Edit the course")
    assert questions == []


def test_saving_asks_nothing(bees: Study, page: Page) -> None:
    questions = asked(page)
    page.goto(f"/edit/activities/{bees.reading.pk}/")
    page.get_by_label("Text", exact=True).fill("An hour of work")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status")).to_contain_text("Saved.")
    assert questions == []


def test_another_form_of_the_page_asks_too(bees: Study, open_browser: OpenBrowser) -> None:
    page = open_browser(UserFactory(is_staff=True)).new_page()
    questions = asked(page)
    page.goto(f"/manage/people/{bees.student.pk}/")
    page.get_by_label("Name", exact=True).fill("Typed")
    page.get_by_role("button", name="Send link").click()
    expect(page.get_by_label("Name", exact=True)).to_have_value("Typed")
    assert questions == ["beforeunload"]


def test_form_that_came_back_with_a_fault_is_still_unsaved(bees: Study, page: Page, watch: Watch) -> None:
    watch.expect("Failed to load resource.*422")
    page.goto(f"/edit/courses/{bees.course.pk}/details/")
    page.get_by_label("Summary").fill("An hour of work")
    page.get_by_label("Title", exact=True).fill("")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".problem")).to_be_focused()
    questions = asked(page)
    page.get_by_role("link", name="Cancel").click()
    expect(page.get_by_label("Summary")).to_have_value("An hour of work")
    assert questions == ["beforeunload"]


def test_nothing_is_asked_where_nothing_was_typed(bees: Study, page: Page) -> None:
    questions = asked(page)
    page.goto(f"/edit/activities/{bees.reading.pk}/")
    page.get_by_label("Text", exact=True).click()
    page.get_by_role("link", name="Cancel").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Edit the course")
    assert questions == []


def test_file_that_was_refused_is_nothing_to_keep(bees: Study, open_browser: OpenBrowser, watch: Watch) -> None:
    watch.expect("Failed to load resource.*422")
    page = open_browser(UserFactory(is_staff=True)).new_page()
    page.goto("/edit/imports/new/")
    page.get_by_label("Course package").set_input_files({"name": "a.imscc", "mimeType": "", "buffer": b"%PDF-1.4 no"})
    page.get_by_role("button", name="Import").click()
    expect(page.locator(".problem")).to_contain_text("This is a PDF document")
    questions = asked(page)
    page.get_by_role("link", name="Cancel").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Courses, cohorts, people")
    assert questions == []


def test_title_is_asked_for_before_the_text(bees: Study, page: Page) -> None:
    page.goto(f"/edit/modules/{bees.module.pk}/new/reading/")
    names = page.locator("main form.form :is(input, select, textarea):not([type=hidden])").evaluate_all(
        "fields => fields.map((one) => one.name)"
    )
    assert names[0] == "title"
    assert names.index("title") < names.index("source") < names.index("minutes")


@pytest.mark.parametrize("script", [True, False])
def test_activity_is_deleted_and_brought_back(
    bees: Study, editor: User, open_browser: OpenBrowser, script: bool
) -> None:
    page = open_browser(editor, java_script_enabled=script).new_page()
    page.goto(f"/edit/activities/{bees.second.pk}/")
    page.get_by_role("link", name="Delete").click()
    page.get_by_role("button", name="Delete", exact=True).click()
    expect(page.get_by_role("status").first).to_contain_text("“Nectar” was deleted.")
    assert not Activity.objects.filter(pk=bees.second.pk).exists()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("status").first).to_contain_text("“Nectar” is back.")
    assert Activity.objects.filter(pk=bees.second.pk).exists()


def test_what_was_deleted_is_brought_back_from_its_list(bees: Study, editor: User, page: Page) -> None:
    deleting.delete(bees.second, by=editor)
    page.goto(f"/edit/courses/{bees.course.pk}/deleted/")
    page.get_by_role("button", name="Bring back").click()
    expect(page.get_by_role("status").first).to_contain_text("“Nectar” is back.")
    assert Activity.objects.filter(pk=bees.second.pk).exists()


@pytest.mark.parametrize("script", [True, False])
def test_date_that_makes_students_late_is_set_by_a_second_click(
    bees: Study, open_browser: OpenBrowser, watch: Watch, script: bool
) -> None:
    watch.expect("Failed to load resource.*422")
    page = open_browser(UserFactory(is_staff=True), java_script_enabled=script).new_page()
    questions = asked(page)
    page.goto(f"/teach/cohorts/{bees.cohort.pk}/dates/{bees.link.pk}/")
    page.locator("#id_suggested_wall").fill("2024-01-08T10:00")
    page.get_by_role("button", name="Set date").click()
    expect(page.get_by_role("alert")).to_contain_text(str(bees.student))
    page.get_by_role("button", name="Set this date anyway").click()
    expect(page.get_by_role("status").first).to_contain_text("Date set for")
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("status").first).to_contain_text("has no date again")
    assert not DueDate.objects.filter(cohort=bees.cohort).exists()
    assert questions == []


def test_undo_stays_in_view_on_a_phone_however_far_one_scrolls(bees: Study, page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 600})
    page.goto(f"/edit/activities/{bees.second.pk}/delete/")
    page.get_by_role("button", name="Delete", exact=True).click()
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    expect(page.get_by_role("button", name="Undo")).to_be_in_viewport()


def test_student_whose_lesson_is_deleted_is_told_on_the_page(
    bees: Study, editor: User, open_browser: OpenBrowser, watch: Watch
) -> None:
    watch.expect("Failed to load resource.*410")
    page = open_browser(bees.student).new_page()
    page.goto(f"/lessons/{bees.reading.pk}/")
    expect(page.get_by_role("button", name="Mark as done")).to_be_visible()
    deleting.delete(bees.reading, by=editor)
    expect(page.locator("[data-gone]")).to_contain_text("no longer part of “Bees and flowers”")


def test_student_who_marks_a_deleted_lesson_is_told(
    bees: Study, editor: User, open_browser: OpenBrowser, watch: Watch
) -> None:
    watch.expect("Failed to load resource.*4(04|10)")
    watch.expect("Response Status Error Code 404")
    page = open_browser(bees.student).new_page()
    page.goto(f"/lessons/{bees.second.pk}/")
    mark = page.get_by_role("button", name="Mark as done")
    # What stands beside the lesson comes once it is in sight, and would find it gone before the press.
    mark.scroll_into_view_if_needed()
    page.wait_for_load_state("networkidle")
    deleting.delete(bees.second, by=editor)
    mark.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("This is no longer here")
