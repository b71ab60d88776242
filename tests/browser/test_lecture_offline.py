"""What is watched without a connection, or signed out, is kept in the browser for its student, and counts later."""

import re
import time

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import BrowserContext, Page, expect

from progress.models import Note, Watch
from tests.browser import watch as complaints
from tests.browser.conftest import OpenBrowser
from tests.browser.lectures import (
    NEAR,
    STEP_MS,
    WAITING,
    Player,
    bees_and_a_lecture,
    covered,
    covered_ms,
    is_report,
    until,
    watched,
    watched_words,
)
from tests.browser.steps import close_offline, signed_in
from tests.factories import courses as make
from tests.factories import lectures_real
from tests.factories.people import PASSWORD, UserFactory

OFFLINE = "ERR_INTERNET_DISCONNECTED"
OFFLINE_WORDS = "No connection. What you watch is saved on this device and sent later."
AWAY_WORDS = "You are signed out. What you watch is saved on this device, and will count once you sign in again."


def cut_off(player: Player, second: float = 3) -> None:
    """The recording is there, but nothing else gets through any more."""
    player.play_to(second)
    player.is_loaded()
    player.page.context.set_offline(True)


def says(page: Page, words: str) -> None:
    expect(page.locator("[data-waiting-words]")).to_have_text(words)


def test_what_is_watched_offline_counts_once_the_line_is_back(
    open_browser: OpenBrowser, watch: complaints.Watch
) -> None:
    watch.expect(OFFLINE)
    bees, lecture = bees_and_a_lecture()
    context = open_browser(bees.student)
    player = Player(context.new_page(), lecture).open()
    cut_off(player)
    player.play_to(9)
    at = player.pause()
    says(player.page, OFFLINE_WORDS)
    assert covered_ms(bees, lecture) <= 4 * STEP_MS
    expect(player.page.locator("[data-drawn] .bar-done")).to_have_count(1)

    with player.page.expect_response(is_report):
        context.set_offline(False)
    says(player.page, "")
    assert covered(bees, lecture) == [pytest.approx((0, at * 1000), abs=STEP_MS / 2)]
    assert player.page.evaluate(WAITING) == []


@pytest.mark.soak
def test_what_was_watched_in_a_tab_that_was_closed_offline_counts_when_the_lecture_is_opened_again(
    open_browser: OpenBrowser, watch: complaints.Watch
) -> None:
    watch.expect(OFFLINE)
    bees, lecture = bees_and_a_lecture(needed_percent=5)
    context = open_browser(bees.student)
    player = Player(context.new_page(), lecture).open()
    cut_off(player)
    left = player.play_to(9)
    close_offline(player.page)
    assert bees.tick(lecture) is None

    context.set_offline(False)
    again = Player(context.new_page(), lecture).open()
    assert abs(again.stands_at() - left) < NEAR
    # The page shows what came of it, too.
    expect(again.page.locator("#standing")).to_contain_text("Why is this ticked?")
    expect(again.page.locator("[data-watched]")).to_have_text(watched_words(bees, lecture))
    assert covered_ms(bees, lecture) == pytest.approx(left * 1000, abs=NEAR * 1000)


@pytest.mark.soak
def test_what_waits_is_sent_from_another_lecture_too(open_browser: OpenBrowser, watch: complaints.Watch) -> None:
    watch.expect(OFFLINE)
    bees, lecture = bees_and_a_lecture()
    other = lectures_real.lecture(bees.module, title="Another", position=5)
    context = open_browser(bees.student)
    player = Player(context.new_page(), lecture).open()
    cut_off(player)
    left = player.play_to(6)
    close_offline(player.page)
    context.set_offline(False)
    Player(context.new_page(), other).open()
    until(lambda: covered_ms(bees, lecture) >= left * 1000 - STEP_MS)
    assert watched(bees, other) is None or covered(bees, other) == []


@pytest.mark.soak
def test_more_than_can_be_true_yet_is_kept_until_it_can_be(open_browser: OpenBrowser) -> None:
    bees, lecture = bees_and_a_lecture()
    before = time.monotonic()
    player = Player(open_browser(bees.student).new_page(), lecture).open()
    # At eight times the speed: some seconds more than twice the time since the opening allows.
    player.play_to((time.monotonic() - before) * 8 / 3 + 13, rate=8)
    with player.page.expect_response(lambda answer: is_report(answer) and answer.status == 202):
        at = player.pause()
    assert covered_ms(bees, lecture) < at * 1000 - 4 * STEP_MS
    assert len(player.page.evaluate(WAITING)) == 1
    # The page asks again by itself, and time has made it true.
    with player.page.expect_response(lambda answer: is_report(answer) and answer.status == 200, timeout=60_000):
        pass
    assert covered_ms(bees, lecture) == pytest.approx(at * 1000, abs=2 * STEP_MS)
    assert player.page.evaluate(WAITING) == []


def sign_in(page: Page, username: str) -> None:
    page.goto("/account/login/")
    page.get_by_label("Username or email address").fill(username)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("heading", name="Your progress")).to_be_visible()


def sign_out(page: Page) -> None:
    page.goto("/account/logout/")
    page.get_by_role("main").get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")


def watch_signed_out(player: Player, session_key: str) -> float:
    Session.objects.filter(session_key=session_key).delete()
    player.play_to(7)
    at = player.pause()
    says(player.page, AWAY_WORDS)
    return at


def test_what_was_watched_signed_out_counts_after_the_next_sign_in(
    open_browser: OpenBrowser, watch: complaints.Watch
) -> None:
    watch.expect("status of 401")
    bees, lecture = bees_and_a_lecture()
    context = open_browser()
    key = signed_in(context, bees.student, watch.address)
    player = Player(context.new_page(), lecture).open()
    player.page.evaluate("window.sameDocument = true")
    player.play_to(2)
    player.is_loaded()
    player.pause_and_report()
    before = covered_ms(bees, lecture)
    watch_signed_out(player, key)
    assert player.page.evaluate("window.sameDocument")
    expect(player.page.get_by_role("heading", level=1)).to_have_text("A week in two minutes")
    expect(player.page.get_by_label("Password")).to_have_count(0)
    assert covered_ms(bees, lecture) == before

    # Signed in again in another tab, the page that stayed open goes on by itself.
    with context.expect_page() as tab:
        player.page.get_by_role("link", name="Sign in again").click()
    expect(tab.value).to_have_url(re.compile("/account/login/$"))
    sign_in(tab.value, bees.student.username)
    player.play_to(9)
    at = player.pause_and_report()
    says(player.page, "")
    expect(player.page.get_by_role("link", name="Sign in again")).to_be_hidden()
    assert covered(bees, lecture) == [pytest.approx((0, at * 1000), abs=STEP_MS / 2)]


@pytest.mark.soak
def test_what_waits_in_a_closed_tab_counts_after_signing_in_again(
    open_browser: OpenBrowser, watch: complaints.Watch
) -> None:
    watch.expect("status of 401")
    bees, lecture = bees_and_a_lecture()
    context = open_browser()
    key = signed_in(context, bees.student, watch.address)
    player = Player(context.new_page(), lecture).open()
    player.play_to(1)
    player.is_loaded()
    at = watch_signed_out(player, key)
    player.page.close()

    page = context.new_page()
    sign_in(page, bees.student.username)
    again = Player(page, lecture).open()
    assert abs(again.stands_at() - at) < NEAR
    until(lambda: covered_ms(bees, lecture) >= at * 1000 - STEP_MS)


def classmate(bees: object) -> object:
    other = UserFactory()
    make.EnrolmentFactory(user=other, cohort=bees.cohort)
    return other


def write(page: Page, words: str) -> None:
    page.locator(".notes textarea").last.press_sequentially(words)


def taken_over_offline(context: BrowserContext, player: Player) -> None:
    cut_off(player)
    write(player.page, "Mine alone.")
    player.play_to(8)
    close_offline(player.page)
    context.set_offline(False)


def test_another_student_of_the_same_browser_gets_neither_seconds_nor_notes(
    open_browser: OpenBrowser, watch: complaints.Watch
) -> None:
    watch.expect(OFFLINE)
    # Both tell of what they could not fetch or hand over.
    watch.expect("status of 409|htmx:")
    bees, lecture = bees_and_a_lecture()
    other = classmate(bees)
    context = open_browser(bees.student)
    taken_over_offline(context, Player(context.new_page(), lecture).open())

    signed_in(context, other, watch.address)
    player = Player(context.new_page(), lecture).open()
    assert player.stands_at() == 0
    expect(player.page.locator("[data-watched]")).to_have_text("Not watched yet")
    assert [area.input_value() for area in player.page.locator(".notes textarea").all()] == [""]
    player.play_to(2)
    player.pause_and_report()
    assert sum(part.upper - part.lower for part in Watch.objects.get(enrolment__user=other).covered) < 6 * STEP_MS
    assert not Note.objects.filter(enrolment__user=other).exists()
    player.page.close()

    # The first one finds everything in its place.
    signed_in(context, bees.student, watch.address)
    player = Player(context.new_page(), lecture).open()
    until(lambda: covered_ms(bees, lecture) > 6 * STEP_MS)
    until(lambda: Note.objects.filter(enrolment__user=bees.student, text="Mine alone.").exists())


@pytest.mark.soak
def test_a_page_left_open_sends_nothing_in_the_name_of_who_signs_in_next(
    open_browser: OpenBrowser, watch: complaints.Watch
) -> None:
    watch.expect("status of (401|403|409)")
    bees, lecture = bees_and_a_lecture()
    other = classmate(bees)
    context = open_browser()
    signed_in(context, bees.student, watch.address)
    player = Player(context.new_page(), lecture).open()
    player.play_to(2)
    player.pause_and_report()
    second = context.new_page()
    sign_out(second)
    sign_in(second, other.username)

    with player.page.expect_response(lambda answer: is_report(answer) and answer.status == 409):
        player.play_to(4)
        player.pause()
    with player.page.expect_response(lambda answer: "/notes/" in answer.url) as answer:
        write(player.page, "Mine alone.")
    assert answer.value.status == 403
    assert not Watch.objects.filter(enrolment__user=other).exists()
    assert not Note.objects.filter(activity=lecture).exists()
    says(player.page, AWAY_WORDS)
    assert len(player.page.evaluate(WAITING)) == 1
