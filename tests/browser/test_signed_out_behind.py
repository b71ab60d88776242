"""A sign-in that ends behind an open page: what the page asks by itself takes nobody away from what they write."""

from collections.abc import Callable

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Page, expect

from accounts.models import User
from courses.models import CourseEditor
from tests.browser.conftest import OpenBrowser
from tests.browser.steps import Study, signed_in, study
from tests.browser.test_drafts import open_form, saved, text
from tests.browser.watch import Watch
from tests.factories import courses as make
from tests.factories import feedback
from tests.factories.forums import thread
from tests.factories.people import UserFactory

AWAY = "You are signed out. What you typed is kept on this device."
# Longer than the pause between two questions of any page.
MINUTE_MS = 60_000


def marking(bees: Study) -> tuple[User, str, str, str, str]:
    student = make.EnrolmentFactory(cohort=bees.cohort)
    work = feedback.hand_in(student, feedback.assignment(bees.module))
    teacher = make.EnrolmentFactory(cohort=bees.cohort, role="teacher").user
    return teacher, f"/marking/{work.pk}/", "Comment on the whole (optional)", "Save", "/here/"


def replying(bees: Study) -> tuple[User, str, str, str, str]:
    found = thread(bees.cohort, make.EnrolmentFactory(cohort=bees.cohort).user)
    return bees.student, f"/threads/{found.pk}/", "Your text", "Post your reply", "/news/"


def asking(bees: Study) -> tuple[User, str, str, str, str]:
    return bees.student, f"/cohorts/{bees.cohort.pk}/forum/new/", "Title", "Post", "/similar/"


@pytest.mark.parametrize("place", [marking, replying, asking])
def test_page_that_asks_by_itself_stays_and_keeps_what_was_typed(
    place: Callable[[Study], tuple[User, str, str, str, str]], open_browser: OpenBrowser, watch: Watch
) -> None:
    watch.expect("401")
    person, address, label, button, asks = place(study())
    context = open_browser()
    key = signed_in(context, person, watch.address)
    page: Page = context.new_page()
    page.clock.install()
    page.goto(address)
    Session.objects.filter(session_key=key).delete()
    with page.expect_response(lambda answer: asks in answer.url and "HX-Redirect".lower() in answer.headers):
        page.get_by_label(label, exact=True).press_sequentially("An hour of work")
        page.clock.run_for(MINUTE_MS)
    page.get_by_role("button", name=button, exact=True).click()
    expect(page.get_by_text(AWAY)).to_be_visible()
    expect(page.get_by_label(label, exact=True)).to_have_value("An hour of work")


def test_text_found_on_the_server_is_not_called_lost(open_browser: OpenBrowser, watch: Watch) -> None:
    """Nothing was typed since the page was opened, so there was nothing to keep until it was to be sent."""
    watch.expect("401")
    bees = study()
    editor = UserFactory()
    CourseEditor.objects.create(course=bees.course, user=editor)
    first = open_form(bees, open_browser(editor))
    text(first).fill("Begun elsewhere")
    saved(first)
    context = open_browser(editor)
    page = open_form(bees, context)
    context.clear_cookies()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text(AWAY)).to_be_visible()
    signed_in(context, editor, watch.address)
    again = open_form(bees, context)
    expect(text(again)).to_have_value("Begun elsewhere")
