"""Sitting before a lecture that really plays: what one does there, and what the server knows of it afterwards."""

import time
from collections.abc import Callable

from playwright.sync_api import Page, Request, Response, expect

from courses.models import Activity
from progress.models import Watch
from tests.browser.conftest import PATIENCE_MS
from tests.browser.steps import Study, study
from tests.factories.lectures_real import lecture

TITLE = "A week in two minutes"
LENGTH_MS = 98_600
TWICE = 2
# How near to its place a lecture goes on, in seconds.
NEAR = 3
# The player is told the time about four times a second: what may lie between that and where it really is.
STEP_MS = 1000
# Each settles once what it names has happened, and fails when it does not.
PLAY_TO = """([until, rate]) => new Promise((done, fail) => {
  const media = document.getElementById("player");
  const look = () => (media.currentTime >= until || media.ended) && done(media.currentTime);
  media.addEventListener("timeupdate", look);
  media.addEventListener("ended", look);
  setTimeout(() => fail(new Error(`it stands at ${media.currentTime}`)), 40_000);
  media.playbackRate = rate;
  media.play().catch(fail);
})"""
PAUSE = """() => new Promise((done) => {
  const media = document.getElementById("player");
  media.addEventListener("pause", () => done(media.currentTime), { once: true });
  media.pause();
})"""
SEEK = """(second) => new Promise((done, fail) => {
  const media = document.getElementById("player");
  media.addEventListener("seeked", done, { once: true });
  setTimeout(() => fail(new Error("it does not arrive")), 15_000);
  media.currentTime = second;
})"""
STANDS = """() => new Promise((done) => {
  const media = document.getElementById("player");
  const look = () => (media.readyState >= 2 && !media.seeking ? done(media.currentTime) : setTimeout(look, 20));
  look();
})"""
LOADED = """() => new Promise((done, fail) => {
  const media = document.getElementById("player");
  const all = () => media.buffered.length === 1 && media.buffered.end(0) > media.duration - 0.5;
  const look = () => (all() ? done() : setTimeout(look, 20));
  setTimeout(() => fail(new Error("it is not loaded")), 15_000);
  look();
})"""
WAITING = "() => Object.keys(localStorage).filter((key) => key.startsWith('ownpace:watch:'))"
NOTHING_OF_THIS_WAITS = """() => {
  const { key } = JSON.parse(document.getElementById("watching").textContent);
  return !localStorage.getItem("ownpace:watch:" + key);
}"""


def bees_and_a_lecture(*, needed_percent: int = 90, prepared: bool = False, **person: object) -> tuple[Study, Activity]:
    bees = study(**person)
    made = lecture(bees.module, needed_percent=needed_percent, prepared=prepared, title=TITLE, position=4, minutes=2)
    return bees, made


class Player:
    def __init__(self, page: Page, activity: Activity) -> None:
        self.page, self.activity = page, activity

    def open(self, query: str = "") -> "Player":
        self.page.goto(f"/lessons/{self.activity.pk}/{query}")
        expect(self.page.locator("[data-tools]")).to_be_visible()
        return self

    def play_to(self, second: float, rate: float = TWICE) -> float:
        return self.page.evaluate(PLAY_TO, [second, rate])

    def pause(self) -> float:
        return self.page.evaluate(PAUSE)

    def pause_and_report(self) -> float:
        at = self.pause()
        until(lambda: self.page.evaluate(NOTHING_OF_THIS_WAITS))
        return at

    def seek(self, second: float) -> None:
        self.page.evaluate(SEEK, second)

    def stands_at(self) -> float:
        """Once it can show a picture, and so after it went to where it was left."""
        return self.page.evaluate(STANDS)

    def is_loaded(self) -> None:
        """While it plays: a browser may stop fetching what is paused."""
        self.page.evaluate(LOADED)

    def get(self, name: str) -> object:
        return self.page.evaluate("(name) => document.getElementById('player')[name]", name)


def get_near_the_transcript(page: Page) -> None:
    """It comes once somebody does."""
    page.locator("#transcript").evaluate("(one) => one.scrollIntoView()")
    expect(page.locator("[data-lines]")).to_be_visible()


def is_report(message: Request | Response) -> bool:
    return message.url.endswith("/watch/")


def watched(bees: Study, activity: Activity) -> Watch | None:
    return Watch.objects.filter(enrolment__user=bees.student, activity=activity).first()


def covered(bees: Study, activity: Activity) -> list[tuple[int, int]]:
    row = watched(bees, activity)
    return [(part.lower, part.upper) for part in row.covered] if row else []


def covered_ms(bees: Study, activity: Activity) -> int:
    return sum(end - start for start, end in covered(bees, activity))


def watched_words(bees: Study, activity: Activity) -> str:
    return f"{covered_ms(bees, activity) * 100 // LENGTH_MS}% watched"


def until(condition: Callable[[], object]) -> None:
    """What a page sends while it is closed arrives without anybody being told."""
    deadline = time.monotonic() + PATIENCE_MS / 1000
    while not condition():
        assert time.monotonic() < deadline, "this did not happen"
        time.sleep(0.02)
