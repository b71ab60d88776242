"""Writing that is interrupted anywhere, in any way: all that was typed is there again, and is sent once."""

import random
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from playwright.sync_api import BrowserContext, Error, Locator, Page, Route, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from courses.models import CourseEditor, Reading
from drafts.models import Draft
from feedback.models import CheckIn, Feedback, Message, Submission
from feedback.services.talks import conversation_of
from forums.models import Post
from tests.browser.conftest import OpenBrowser
from tests.browser.steps import Study, close_offline, signed_in, study
from tests.browser.test_drafts import COPIES, saved, wait_for
from tests.browser.watch import Watch
from tests.conftest import SOAK
from tests.factories import courses as make
from tests.factories import feedback, talks
from tests.factories.forums import thread
from tests.factories.people import UserFactory

WORDS = "Bees see ultraviolet light, and red is black to them."
SAVES = "**/drafts/"


@dataclass
class Desk:
    """Somebody who writes at one place, with what they have typed so far, piece by piece."""

    person: User
    context: BrowserContext
    home: str
    address: str
    label: str
    button: str
    # What was made of the text, each time that it was sent.
    made: Callable[[], list[str]]
    typed: list[str]
    # What has to be pressed before, where one sends what one has looked at.
    before: str = ""
    # Where one writes on, once it was sent.
    after: str = ""

    def open(self) -> Page:
        signed_in(self.context, self.person, self.home)
        page = self.context.new_page()
        page.goto(self.address)
        if "/login/" in page.url:
            # What a page sent as it was closed was answered late, and took the new cookie away.
            signed_in(self.context, self.person, self.home)
            page.goto(self.address)
        return page

    def text(self, page: Page) -> Locator:
        return page.get_by_label(self.label, exact=True)

    def write(self, page: Page, words: str) -> None:
        self.text(page).press("Control+End")
        self.text(page).press_sequentially(words)
        # A form that is sent strips its ends.
        self.typed.append(words.strip())

    def is_all_there(self, page: Page) -> None:
        def missing() -> list[str]:
            there = self.text(page).input_value()
            return [words for words in self.typed if words not in there]

        wait_for(page, lambda: not missing())

    def sign_out(self) -> None:
        keys = [one["value"] for one in self.context.cookies() if one["name"] == settings.SESSION_COOKIE_NAME]
        Session.objects.filter(session_key__in=keys).delete()


def closed(desk: Desk, page: Page) -> None:
    close_offline(page)


def killed(desk: Desk, page: Page) -> None:
    try:
        page.goto("chrome://crash", timeout=2_000)
    except Error:
        page.close()


def offline(desk: Desk, page: Page) -> None:
    desk.context.set_offline(True)
    page.close()
    desk.context.set_offline(False)


def signed_out(desk: Desk, page: Page) -> None:
    desk.sign_out()
    page.close()


def reloaded(desk: Desk, page: Page) -> None:
    page.reload()
    page.close()


def back(desk: Desk, page: Page) -> None:
    page.goto("/help/")
    page.go_back()
    page.close()


def refused(desk: Desk, page: Page) -> None:
    page.route(SAVES, lambda route: route.abort())
    page.close()


def answer_lost(desk: Desk, page: Page) -> None:
    heard: list[int] = []

    def lose(route: Route) -> None:
        heard.append(route.fetch().status)
        route.abort()

    page.route(SAVES, lose)
    desk.write(page, " Lost?")
    wait_for(page, lambda: heard)
    close_offline(page)


def typed_meanwhile(desk: Desk, page: Page) -> None:
    """What was typed while a save was on its way is not what the server said that it has."""
    held: list[Route] = []
    page.route(SAVES, lambda route: held.append(route))
    desk.write(page, " Held,")
    wait_for(page, lambda: held)
    desk.write(page, " and typed on.")
    with page.expect_response(SAVES):
        held.pop().continue_()
    close_offline(page)


def overtaken(desk: Desk, page: Page) -> None:
    """A save arrives once more after those that came later."""
    with page.expect_request(SAVES) as held:
        desk.write(page, " Early")
    desk.write(page, " and late")
    saved(page)
    asked = held.value
    answer = desk.context.request.post(asked.url, data=asked.post_data, headers=asked.all_headers())
    assert answer.status in (200, 409)
    close_offline(page)


def two_tabs(desk: Desk, page: Page) -> None:
    saved(page)
    other = desk.open()
    desk.is_all_there(other)
    desk.write(other, " There.")
    saved(other)
    desk.write(page, " Here.")
    page.get_by_role("button", name="Keep both").click()
    desk.is_all_there(page)
    other.close()
    close_offline(page)


WAYS = [closed, typed_meanwhile, two_tabs, answer_lost, signed_out, offline, overtaken, reloaded, killed, back, refused]


def looked_at(desk: Desk, page: Page) -> None:
    if desk.before:
        page.get_by_role("button", name=desk.before, exact=True).click()
        expect(page.get_by_role("button", name=desk.button, exact=True)).to_be_visible()


def press(desk: Desk, page: Page) -> None:
    looked_at(desk, page)
    press_it(desk, page)


def press_it(desk: Desk, page: Page) -> None:
    page.get_by_role("button", name=desk.button, exact=True).click()


def press_twice(desk: Desk, page: Page) -> None:
    looked_at(desk, page)
    page.get_by_role("button", name=desk.button, exact=True).dblclick()


def press_offline(desk: Desk, page: Page) -> None:
    looked_at(desk, page)
    desk.context.set_offline(True)
    press_it(desk, page)
    expect(page.get_by_text("You are offline. It will be sent when you are online again.")).to_be_visible()
    desk.context.set_offline(False)


def press_signed_out(desk: Desk, page: Page) -> None:
    looked_at(desk, page)
    desk.sign_out()
    press_it(desk, page)
    expect(page.get_by_text("You are signed out.")).to_be_visible()
    page.close()
    press(desk, desk.open())


def press_and_hear_nothing(desk: Desk, page: Page) -> None:
    """It was sent; the answer is lost, and who pressed goes back and presses again."""
    heard: list[int] = []

    def lose(route: Route) -> None:
        # Pages post other things besides, by themselves.
        if b"draft_key" in (route.request.post_data_buffer or b""):
            heard.append(route.fetch(max_redirects=0).status)
            route.abort()
        else:
            route.continue_()

    looked_at(desk, page)
    page.route("**/*", lose)
    press_it(desk, page)
    wait_for_any(desk, lambda: heard)
    page.close()


def wait_for_any(desk: Desk, what: Callable[[], object]) -> None:
    beside = desk.context.new_page()
    wait_for(beside, what)
    beside.close()


PLACES = ["post", "reading", "work", "marking", "check-in", "answer", "talk"]
PRESSES = [press_and_hear_nothing, press_twice, press_offline, press_signed_out, press]


def desk_at(place: str, open_browser: OpenBrowser, home: str) -> Desk:
    bees = study()
    if place == "post":
        found, person = thread(bees.cohort, make.EnrolmentFactory(cohort=bees.cohort).user), bees.student
        made = Post.objects.filter(author=person).values_list("source", flat=True)
        address, label, button = f"/threads/{found.pk}/", "Your text", "Post your reply"
        return Desk(person, open_browser(person), home, address, label, button, lambda: list(made.all()), [])
    if place == "work":
        step, person = feedback.assignment(bees.module), bees.student
        sent = Submission.objects.filter(enrolment__user=person).values_list("source", flat=True)
        address, label, button = f"/lessons/{step.pk}/hand-in/", "Your text (optional)", "Hand in"
        return Desk(person, open_browser(person), home, address, label, button, lambda: list(sent.all()), [])
    if place == "marking":
        student = make.EnrolmentFactory(cohort=bees.cohort)
        to_mark = feedback.hand_in(student, feedback.assignment(bees.module))
        person = make.EnrolmentFactory(cohort=bees.cohort, role="teacher").user
        said = Feedback.objects.filter(submission=to_mark).values_list("source", flat=True)
        address, label, button = f"/marking/{to_mark.pk}/", "Comment on the whole (optional)", "Save"
        return Desk(person, open_browser(person), home, address, label, button, lambda: list(said.all()), [])
    if place in ("check-in", "answer", "talk"):
        return desk_of_talk(place, bees, open_browser, home)
    person = UserFactory()
    CourseEditor.objects.create(course=bees.course, user=person)
    texts = Reading.objects.filter(activity=bees.reading).values_list("source", flat=True)
    address = f"/edit/activities/{bees.reading.pk}/"
    return Desk(person, open_browser(person), home, address, "Text", "Save", lambda: list(texts.all()), [])


def desk_of_talk(place: str, bees: Study, open_browser: OpenBrowser, home: str) -> Desk:
    """A teacher who asks students, or a student who answers, by the page of a check-in or in a conversation."""
    teacher, student = make.EnrolmentFactory(cohort=bees.cohort, role="teacher").user, bees.student
    if place == "check-in":
        asked = CheckIn.objects.filter(author=teacher).values_list("source", flat=True)
        address, label = f"/teach/cohorts/{bees.cohort.pk}/check-ins/new/", "What do you want to ask?"
        made = Desk(teacher, open_browser(teacher), home, address, label, "Send it now", lambda: list(asked.all()), [])
        made.before = "Preview"
        return made
    said = Message.objects.filter(author=student).values_list("text", flat=True)
    began = conversation_of(talks.enrolment(bees.cohort, student), teacher)
    there = f"/conversations/{began.pk}/"
    address, label, button = there, "Your message", "Send"
    if place == "answer":
        address = f"/check-ins/{talks.asked(bees.cohort, teacher, student).pk}/"
        label, button = "Do you want to add a line? (optional)", "Stuck"
    made = Desk(student, open_browser(student), home, address, label, button, lambda: list(said.all()), [])
    made.after = there
    return made


@pytest.mark.parametrize("seed", range(25 * len(PLACES)) if SOAK else (0, 2, 3, 4, 5, 6))
def test_interruption_anywhere_loses_nothing_and_sends_nothing_twice(
    seed: int, open_browser: OpenBrowser, watch: Watch, live_server: LiveServer
) -> None:
    for expected in ("ERR_", "401", "403", "409", "NetworkError", "htmx:"):
        watch.expect(expected)
    chance = random.Random(seed)
    desk = desk_at(PLACES[seed % len(PLACES)], open_browser, live_server.url)
    page = desk.open()
    desk.text(page).fill("")
    turns = 3 if SOAK else 2
    for turn in range(turns):
        desk.write(page, f" {turn}: {WORDS[: chance.randrange(5, len(WORDS))].strip()}")
        if chance.random() < 0.3:
            saved(page)
        interrupt = chance.choice(WAYS) if SOAK else WAYS[(turns * seed + turn) % len(WAYS)]
        interrupt(desk, page)
        page = desk.open()
        desk.is_all_there(page)
    send = chance.choice(PRESSES) if SOAK else PRESSES[seed % len(PRESSES)]
    send(desk, page)
    wait_for_any(desk, lambda: all(words in "".join(desk.made()) for words in desk.typed))
    desk.address = desk.after or desk.address
    page = desk.open()
    wait_for(page, lambda: page.evaluate(COPIES) == [])
    assert not Draft.objects.open().filter(person=desk.person).exists()
    [text] = desk.made()
    assert [words for words in desk.typed if words not in text] == []
