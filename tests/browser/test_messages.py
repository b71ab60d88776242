"""Inbox, settings, stop page, announcements and the operator's pages: by the keyboard alone, and without a script."""

from typing import Protocol

import pytest
from django.urls import reverse
from playwright.sync_api import Locator, Page, expect

from accounts.models import User
from courses.models import Announcement
from notifications.models import Mailbox, Notice, Preference
from notifications.services import letters
from notifications.tasks import deliver
from tests.browser.conftest import OpenBrowser
from tests.browser.keys import Keys
from tests.browser.steps import Study, study
from tests.factories.courses import EnrolmentFactory
from tests.factories.notices import notice
from tests.factories.people import UserFactory


class Hands(Protocol):
    def press(self, target: Locator) -> None: ...
    def write(self, target: Locator, words: str) -> None: ...
    def choose(self, target: Locator, label: str) -> None: ...


class ByKeys:
    """Tab, Enter and letters; that the focus is seen at every stop, `Keys` looks to."""

    def __init__(self, page: Page) -> None:
        self._keys = Keys(page)

    def press(self, target: Locator) -> None:
        self._keys.press(target)

    def write(self, target: Locator, words: str) -> None:
        self._keys.write(target, words)

    def choose(self, target: Locator, label: str) -> None:
        self._keys.to(target)
        target.page.keyboard.press("Home")
        for _ in range(
            target.evaluate("(one, label) => [...one.options].findIndex((of) => of.label === label)", label)
        ):
            target.page.keyboard.press("ArrowDown")
        assert target.evaluate("one => one.selectedOptions[0].label") == label


class ByMouse:
    def press(self, target: Locator) -> None:
        target.click()

    def write(self, target: Locator, words: str) -> None:
        target.fill(words)

    def choose(self, target: Locator, label: str) -> None:
        target.select_option(label=label)


WAYS = {"by keys": True, "without a script": False}


def ways(sample: str) -> pytest.MarkDecorator:
    """Both, of which `make test` goes one: some pages by keys, some without a script."""
    marked = [
        pytest.param(scripts, id=way, marks=[] if way == sample else pytest.mark.soak) for way, scripts in WAYS.items()
    ]
    return pytest.mark.parametrize("scripts", marked)


@pytest.fixture
def bees() -> Study:
    return study()


def desk(open_browser: OpenBrowser, user: User | None, *, scripts: bool) -> tuple[Page, Hands]:
    page = open_browser(user, java_script_enabled=scripts).new_page()
    return page, ByKeys(page) if scripts else ByMouse()


@ways("by keys")
def test_reading_one_message_and_marking_the_others(bees: Study, open_browser: OpenBrowser, scripts: bool) -> None:
    for lead, activity in enumerate((bees.reading, bees.second, bees.file), start=1):
        notice(bees.student, subject=activity.pk, lead=lead)
    page, hands = desk(open_browser, bees.student, scripts=scripts)
    page.goto("/")
    hands.press(page.get_by_role("link", name="Inbox").first)
    expect(page.locator(".tag.new")).to_have_count(3)
    hands.press(page.locator("main li:has(.tag.new) a.whole").first)
    expect(page.get_by_role("heading", level=1)).not_to_have_text("Inbox")
    page.goto("/inbox/")
    hands.press(page.get_by_role("link", name="Unread"))
    expect(page.locator(".tag.new")).to_have_count(2)
    hands.press(page.get_by_role("button", name="Mark all as read"))
    expect(page.get_by_role("status")).to_have_text("2 messages are marked as read.")
    expect(page.locator(".tag.new")).to_have_count(0)


@ways("without a script")
def test_choosing_what_reaches_me(bees: Study, open_browser: OpenBrowser, scripts: bool) -> None:
    page, hands = desk(open_browser, bees.student, scripts=scripts)
    page.goto("/inbox/")
    hands.press(page.get_by_role("main").get_by_role("link", name="What reaches me").first)
    by_mail = page.get_by_label("A date is near: By email")
    hands.press(page.locator("details", has=by_mail).locator("summary"))
    hands.choose(by_mail, "Once a day")
    hands.choose(page.get_by_label("No email from"), "21:00")
    hands.press(page.get_by_role("button", name="Save"))
    expect(page.get_by_role("status")).to_have_text("Your choices are saved.")
    assert Preference.objects.get(person=bees.student, kind="due_soon").mail == "daily"
    assert Mailbox.objects.get(person=bees.student).quiet_from == 21
    hands.press(page.get_by_role("button", name="No nudges for a week"))
    expect(page.get_by_role("status")).to_have_text("No nudges for a week.")
    hands.press(page.get_by_role("button", name="Nudge me again"))
    expect(page.get_by_role("status")).to_have_text("Nudges are back.")


@ways("by keys")
def test_stopping_an_email_out_of_it_without_signing_in(bees: Study, open_browser: OpenBrowser, scripts: bool) -> None:
    page, hands = desk(open_browser, None, scripts=scripts)
    address = reverse("notifications:stop", args=[letters.stop_token(bees.student.pk, ["nudge"])])
    page.goto(address)
    hands.press(page.get_by_role("button", name="Only pause nudges for a week"))
    expect(page.get_by_role("heading", level=1)).to_have_text("No nudges for a week")
    assert Mailbox.objects.get(person=bees.student).snoozed_until
    page.goto(address)
    hands.press(page.get_by_role("button", name="Stop this email"))
    expect(page.get_by_role("heading", level=1)).to_have_text("You will not get this email again")
    assert Preference.objects.get(person=bees.student, kind="nudge").mail == "never"


@ways("without a script")
def test_writing_an_announcement_and_reading_it(bees: Study, open_browser: OpenBrowser, scripts: bool) -> None:
    teacher = EnrolmentFactory(cohort=bees.cohort, role="teacher").user
    page, hands = desk(open_browser, teacher, scripts=scripts)
    page.goto(f"/cohorts/{bees.cohort.pk}/announcements/new/")
    hands.write(page.locator("#id_title"), "No class on Friday")
    hands.write(page.locator("#id_source"), "We meet on **Monday**.")
    hands.press(page.get_by_role("button", name="Preview"))
    expect(page.locator(".card strong")).to_have_text("Monday")
    assert not Announcement.objects.filter(cohorts=bees.cohort).exists()
    hands.press(page.get_by_role("button", name="Send it now"))
    expect(page.get_by_role("heading", level=1)).to_have_text("No class on Friday")
    deliver()
    reader, eyes = desk(open_browser, bees.student, scripts=scripts)
    reader.goto("/")
    eyes.press(reader.get_by_role("link", name="No class on Friday"))
    expect(reader.locator(".reading strong")).to_have_text("Monday")
    reader.goto("/")
    expect(reader.get_by_role("link", name="No class on Friday")).to_have_count(0)


@ways("by keys")
def test_operator_goes_from_the_numbers_to_one_person(bees: Study, open_browser: OpenBrowser, scripts: bool) -> None:
    notice(bees.student, subject=bees.reading.pk)
    page, hands = desk(open_browser, UserFactory(is_staff=True), scripts=scripts)
    page.goto("/manage/notices/")
    hands.press(page.locator("summary", has_text="Hour by hour"))
    expect(page.get_by_role("table", name="Messages by the hour")).to_be_visible()
    hands.press(page.get_by_role("link", name="Do nudges help?"))
    expect(page.get_by_role("table", name="Who came back within 72 hours")).to_be_visible()
    page.goto(f"/manage/people/{bees.student.pk}/")
    hands.press(page.get_by_role("link", name="What was sent to them, and what was not"))
    expect(page.get_by_role("main")).to_contain_text("Bee eyes")
    page.goto(f"/manage/people/{bees.student.pk}/")
    hands.press(page.get_by_role("button", name="Stop email to this address"))
    expect(page.get_by_role("button", name="Start email to this address again")).to_be_visible()
    assert Notice.objects.get(person=bees.student).state == "told"
