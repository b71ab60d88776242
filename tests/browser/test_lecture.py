"""Watching a lecture: every second counts once, none that was not played, and it goes on where it was left."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Error, Page, expect

from progress import played
from progress.services import watching
from tests.browser.conftest import OpenBrowser
from tests.browser.lectures import (
    LENGTH_MS,
    NEAR,
    STEP_MS,
    TITLE,
    Player,
    bees_and_a_lecture,
    covered,
    covered_ms,
    is_report,
    until,
    watched,
    watched_words,
)


def close_the_tab(page: Page) -> None:
    page.close()


def close_the_browser(page: Page) -> None:
    page.context.close()


@pytest.mark.parametrize("leave", [close_the_tab, pytest.param(close_the_browser, marks=pytest.mark.soak)])
def test_a_lecture_goes_on_at_its_place_in_another_browser(leave, open_browser: OpenBrowser) -> None:
    bees, lecture = bees_and_a_lecture()
    player = Player(open_browser(bees.student).new_page(), lecture).open()
    left = player.play_to(8)
    leave(player.page)
    until(lambda: watched(bees, lecture) and watched(bees, lecture).position_ms >= left * 1000)
    assert len(covered(bees, lecture)) == 1
    assert left * 1000 - STEP_MS <= covered_ms(bees, lecture) <= (left + NEAR) * 1000

    again = Player(open_browser(bees.student).new_page(), lecture).open()
    assert abs(again.stands_at() - left) < NEAR
    expect(again.page.locator("[data-resume]")).to_contain_text("You left off at 0:0")
    expect(again.page.locator("[data-watched]")).to_have_text(watched_words(bees, lecture))


@pytest.mark.soak
def test_a_tab_that_crashes_loses_nothing_in_its_browser(open_browser: OpenBrowser) -> None:
    bees, lecture = bees_and_a_lecture()
    context = open_browser(bees.student)
    player = Player(context.new_page(), lecture).open()
    left = player.play_to(8)
    with player.page.expect_event("crash"), pytest.raises(Error):
        player.page.goto("chrome://crash")
    assert covered_ms(bees, lecture) < 2 * STEP_MS, "the tab had said goodbye"

    again = Player(context.new_page(), lecture)
    with again.page.expect_response(is_report):
        again.open()
    assert abs(again.stands_at() - left) < NEAR
    until(lambda: covered_ms(bees, lecture) >= (left - NEAR) * 1000)


@pytest.mark.soak
def test_playing_the_same_part_again_adds_nothing(open_browser: OpenBrowser) -> None:
    bees, lecture = bees_and_a_lecture()
    player = Player(open_browser(bees.student).new_page(), lecture).open()
    player.play_to(5)
    end = player.pause_and_report()
    first = covered_ms(bees, lecture)
    player.seek(1)
    player.play_to(4)
    player.pause_and_report()
    assert covered_ms(bees, lecture) == first <= end * 1000 + STEP_MS


@pytest.mark.soak
def test_pausing_leaves_no_gap(open_browser: OpenBrowser) -> None:
    bees, lecture = bees_and_a_lecture()
    player = Player(open_browser(bees.student).new_page(), lecture).open()
    for second in (2, 4, 6):
        player.play_to(second)
        at = player.pause_and_report()
    ((start, end),) = covered(bees, lecture)
    assert (start, end) == pytest.approx((0, at * 1000), abs=STEP_MS / 2)
    page = player.page
    assert page.locator("[data-drawn] .bar-done").count() == 1
    page.locator("summary", has_text="What you have watched").click()
    expect(page.locator("[data-parts]")).to_have_text(f"0:00–0:0{end // 1000}")


def test_skipping_to_the_end_earns_nothing(open_browser: OpenBrowser) -> None:
    bees, lecture = bees_and_a_lecture(needed_percent=5)
    player = Player(open_browser(bees.student).new_page(), lecture).open()
    player.play_to(1)
    player.seek(97)
    with player.page.expect_response(is_report):
        player.play_to(99)
    until(lambda: watched(bees, lecture).position_ms == LENGTH_MS)
    assert covered_ms(bees, lecture) < 2 * 1600 + STEP_MS
    assert bees.tick(lecture) is None
    # Left at its end, it begins at the start again.
    assert player.open().stands_at() == 0


def test_enough_watched_ticks_the_lesson_before_the_student_s_eyes(open_browser: OpenBrowser) -> None:
    bees, lecture = bees_and_a_lecture(needed_percent=5)
    page = open_browser(bees.student).new_page()
    player = Player(page, lecture).open()
    page.evaluate("window.sameDocument = true")
    player.play_to(6)
    player.pause()
    expect(page.locator("#standing")).to_contain_text("Why is this ticked?")
    expect(page.locator("#live")).to_have_text(f"“{TITLE}” is done.")
    assert page.evaluate("window.sameDocument")

    tick = bees.tick(lecture)
    assert (tick.how, tick.evidence["needed_percent"]) == ("watched", 5)
    page.locator("summary", has_text="Why is this ticked?").click()
    expect(page.locator("#standing")).to_contain_text("You needed 5%")


@pytest.mark.soak
def test_played_to_its_end_it_is_watched_in_full(open_browser: OpenBrowser) -> None:
    bees, lecture = bees_and_a_lecture(needed_percent=100)
    now = timezone.now()
    second = int(now.timestamp())
    before = played.Report([(0, 96_000)], 95_000, now, wall=[(second - 96, second)])
    watching.add(bees.enrolment, lecture, before, opened_at=now - timedelta(hours=1))
    player = Player(open_browser(bees.student).new_page(), lecture).open()
    assert player.stands_at() == pytest.approx(95, abs=NEAR)
    player.play_to(99)
    expect(player.page.locator("#standing")).to_contain_text("Why is this ticked?", timeout=45_000)
    assert covered(bees, lecture) == [(0, LENGTH_MS)]
    expect(player.page.locator("[data-watched]")).to_have_text("100% watched")


@pytest.mark.soak
def test_a_teacher_plays_it_without_being_counted(open_browser: OpenBrowser) -> None:
    bees, lecture = bees_and_a_lecture()
    bees.enrolment.__class__.objects.filter(pk=bees.enrolment.pk).update(role="teacher")
    page = open_browser(bees.student).new_page()
    sent: list[str] = []
    page.on("request", lambda request: is_report(request) and sent.append(request.url))
    player = Player(page, lecture).open()
    player.play_to(2)
    player.pause()
    assert sent == []
    expect(page.locator("[data-notes]")).to_have_count(0)
    assert watched(bees, lecture) is None
