"""What is typed is kept: on the device within a second, on the server within five, and until its writer has chosen."""

import re

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from accounts.models import User
from courses.models import CourseEditor, Reading
from drafts.models import Draft
from tests.browser.conftest import OpenBrowser
from tests.browser.steps import Study, close_offline, study
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


def text(page: Page) -> "Locator":
    return page.get_by_label("Text", exact=True)


def saved(page: Page) -> None:
    expect(page.get_by_text(SAVED)).to_be_visible()


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
