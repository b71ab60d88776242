"""Writing that is interrupted anywhere, in any way: all that was typed is there again."""

import random

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from playwright.sync_api import BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from courses.models import CourseEditor, Reading
from drafts.models import Draft
from tests.browser.conftest import OpenBrowser
from tests.browser.steps import close_offline, signed_in, study
from tests.browser.test_drafts import COPIES, form, open_form, saved, text
from tests.browser.watch import Watch
from tests.conftest import SOAK
from tests.factories.people import UserFactory

WORDS = "Bees see ultraviolet light, and red is black to them."
WAYS = ["closed", "offline", "signed out", "reloaded", "back", "refused"]


def interrupt(page: Page, way: str, context: BrowserContext) -> None:
    if way == "closed":
        close_offline(page)
    elif way == "offline":
        context.set_offline(True)
        page.close()
        context.set_offline(False)
    elif way == "signed out":
        keys = [one["value"] for one in context.cookies() if one["name"] == settings.SESSION_COOKIE_NAME]
        Session.objects.filter(session_key__in=keys).delete()
        page.close()
    elif way == "reloaded":
        page.reload()
        page.close()
    elif way == "back":
        page.goto("/help/")
        page.go_back()
        page.close()
    else:
        page.route("**/drafts/", lambda route: route.abort())
        page.close()


@pytest.mark.parametrize("seed", range(50 if SOAK else 2))
def test_interruption_anywhere_loses_nothing(
    seed: int, open_browser: OpenBrowser, watch: Watch, live_server: LiveServer
) -> None:
    for expected in ("ERR_", "401", "409"):
        watch.expect(expected)
    chance, bees, editor = random.Random(seed), study(), UserFactory()
    CourseEditor.objects.create(course=bees.course, user=editor)
    context = open_browser(editor)
    page, typed = open_form(bees, context), ""
    text(page).fill("")
    for turn in range(3):
        some = f"{turn} {WORDS[: chance.randrange(5, len(WORDS))].strip()}"
        text(page).press("End")
        text(page).press_sequentially(some)
        typed += some
        if chance.random() < 0.3:
            saved(page)
        interrupt(page, WAYS[(seed + turn) % len(WAYS)], context)
        signed_in(context, editor, live_server.url)
        page = open_form(bees, context)
        if "/login/" in page.url:
            # What the page sent as it was closed was answered late, and took the new cookie away.
            signed_in(context, editor, live_server.url)
            page.goto(form(bees))
        expect(text(page)).to_have_value(typed)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Edit the course")
    assert Reading.objects.get(activity=bees.reading).source == typed
    assert not Draft.objects.open().filter(person=editor).exists()
    assert page.evaluate(COPIES) == []
    page.goto(form(bees))
    expect(text(page)).to_have_value(typed)
