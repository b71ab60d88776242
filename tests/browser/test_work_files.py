"""Files of work over a bad line: each is sent when chosen, kept with the draft, and handed in once it is there."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, Route, expect

from courses.models import Activity, Enrolment
from drafts.models import Draft
from feedback.models import Submission, WorkFile
from feedback.names import place_of
from tests.browser.conftest import OpenBrowser
from tests.browser.steps import Study, study
from tests.browser.test_axe import faults
from tests.browser.test_drafts import wait_for
from tests.browser.watch import Watch
from tests.factories import feedback as make

BEES = {"name": "bees.txt", "mimeType": "text/plain", "buffer": b"Nine flowers.\n"}
NOTES = {"name": "notes.txt", "mimeType": "text/plain", "buffer": b"And a hive.\n"}


@pytest.fixture
def bees() -> Study:
    return study()


@pytest.fixture
def step(bees: Study) -> Activity:
    return make.assignment(bees.module)


@pytest.fixture
def context(bees: Study, open_browser: OpenBrowser) -> BrowserContext:
    return open_browser(bees.student)


@pytest.fixture
def page(step: Activity, context: BrowserContext) -> Page:
    page = context.new_page()
    page.goto(f"/lessons/{step.pk}/hand-in/")
    return page


def add(page: Page, *files: dict) -> None:
    page.get_by_label("Add files").set_input_files(list(files))


def row(page: Page, name: str) -> Locator:
    return page.locator("[data-files-list] > li", has_text=name)


def there(page: Page, name: str) -> None:
    expect(row(page, name).get_by_text("Saved with your draft")).to_be_visible()


def drafted(step: Activity) -> Callable[[], bool]:
    return lambda: Draft.objects.filter(place=place_of(step.pk), files__len=1).exists()


def sending(page: Page) -> str:
    return f"**{page.url.removeprefix(page.url.split('/lessons')[0])}files/"


def test_a_file_without_a_word_is_there_again_when_the_page_was_closed(
    page: Page, step: Activity, context: BrowserContext
) -> None:
    add(page, BEES)
    there(page, "bees.txt")
    page.close()
    again = context.new_page()
    again.goto(f"/lessons/{step.pk}/hand-in/")
    wait_for(again, drafted(step))
    expect(row(again, "bees.txt")).to_be_visible()
    again.get_by_role("button", name="Hand in").click()
    again.wait_for_url("**/work/*/**")
    expect(again.get_by_role("link", name="bees.txt").first).to_be_visible()
    assert [one.file.name for one in Submission.objects.get(activity=step).files.all()] == ["bees.txt"]


def test_after_a_lost_line_it_is_sent_again_whole_and_the_press_is_not_lost(
    page: Page, step: Activity, watch: Watch
) -> None:
    watch.expect("ERR_FAILED")
    lost: list[Route] = []

    def lose(route: Route) -> None:
        lost.append(route)
        route.abort()

    page.route(sending(page), lose)
    add(page, BEES)
    expect(row(page, "bees.txt").get_by_text("Not sent yet")).to_be_visible()
    assert faults(page) == []
    page.get_by_role("button", name="Hand in").click()
    expect(page.get_by_text("Your files are still being sent")).to_be_visible()
    assert not Submission.objects.filter(activity=step).exists()
    page.unroute(sending(page))
    page.evaluate("() => dispatchEvent(new Event('online'))")
    page.wait_for_url("**/work/*/**")
    assert lost
    sent = Submission.objects.get(activity=step)
    assert [one.file.name for one in sent.files.all()] == ["bees.txt"]


def test_what_is_refused_says_so_beside_it_and_holds_nothing_up(page: Page, step: Activity, watch: Watch) -> None:
    watch.expect("422")
    add(page, {**BEES, "name": "empty.txt", "buffer": b""}, NOTES)
    expect(row(page, "empty.txt").get_by_text("This file is empty")).to_be_visible()
    there(page, "notes.txt")
    page.get_by_label("Your text").fill("Nine.")
    page.get_by_role("button", name="Hand in").click()
    page.wait_for_url("**/work/*/**")
    assert Submission.objects.get(activity=step).files.count() == 1


def test_by_keyboard_a_file_is_removed_and_the_focus_stays_near(page: Page, step: Activity) -> None:
    add(page, BEES, NOTES)
    there(page, "notes.txt")
    page.get_by_role("button", name="Remove bees.txt").press("Enter")
    expect(page.get_by_role("button", name="Remove notes.txt")).to_be_focused()
    expect(page.get_by_text("Removed: bees.txt")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.get_by_label("Add files")).to_be_focused()
    wait_for(page, lambda: not WorkFile.objects.filter(activity=step).exists())


def test_files_of_the_same_work_in_another_tab_come_with_its_draft(
    page: Page, step: Activity, context: BrowserContext
) -> None:
    add(page, BEES)
    there(page, "bees.txt")
    wait_for(page, drafted(step))
    other = context.new_page()
    other.goto(f"/lessons/{step.pk}/hand-in/")
    expect(row(other, "bees.txt")).to_be_visible()
    assert Enrolment.objects.filter(user__drafts__place=place_of(step.pk)).count() == 1
