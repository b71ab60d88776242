"""A piece of work's way: written over a bad line, marked by keyboard, sent again, and good enough."""

from django.utils import timezone
from playwright.sync_api import Page, expect

from courses.models import Enrolment
from feedback.models import Comment, Feedback, Submission
from progress.models import Completion
from tests.browser.conftest import OpenBrowser
from tests.browser.steps import study
from tests.browser.test_marking_keys import opened
from tests.browser.watch import Watch
from tests.factories import courses as make_course
from tests.factories import feedback as make

PHONE, DESK = {"width": 390, "height": 844}, {"width": 1280, "height": 900}
SELECT = """(words) => {
  const text = document.querySelector('[data-work="text"]');
  const walk = document.createTreeWalker(text, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const at = walk.currentNode.data.indexOf(words);
    if (at < 0) continue;
    const range = document.createRange();
    range.setStart(walk.currentNode, at);
    range.setEnd(walk.currentNode, at + words.length);
    getSelection().removeAllRanges();
    getSelection().addRange(range);
    return;
  }
}"""


def test_work_comes_back_by_a_promised_day_and_gets_better(open_browser: OpenBrowser, watch: Watch) -> None:
    watch.expect("ERR_INTERNET_DISCONNECTED")
    bees = study()
    step = make.assignment(bees.module)
    enrolment = Enrolment.objects.get(user=bees.student, cohort=bees.cohort)
    teacher = make_course.EnrolmentFactory(cohort=bees.cohort, role="teacher").user

    # Written on a phone that loses the line; handed in when it is back, and the day is promised.
    phone = open_browser(bees.student, viewport=PHONE)
    page = phone.new_page()
    page.goto(f"/lessons/{step.pk}/hand-in/")
    phone.set_offline(True)
    page.get_by_label("Your text").fill("It flew to nine flowers and then home.")
    page.get_by_role("button", name="Hand in", exact=True).click()
    mine = Submission.objects.filter(enrolment=enrolment)
    expect(page.get_by_text("You are offline. It will be sent when you are online again.")).to_be_visible()
    assert not mine.exists()
    phone.set_offline(False)
    page.wait_for_url("**/work/*/")
    sent = mine.get()
    assert sent.source == "It flew to nine flowers and then home."
    expect(page.get_by_text("Feedback by").first).to_be_visible()

    # Marked by keyboard: a level, a comment on selected words, a verdict, a word on the whole.
    desk = opened(open_browser(teacher, viewport=DESK).new_page(), sent)
    _comment(desk, "nine flowers", "Which ones?")
    for key in ("1", "1", "w"):
        desk.keyboard.press(key)
    desk.keyboard.type("Tell me which flowers.")
    desk.keyboard.press("Escape")
    _release(desk, "y")
    assert Comment.objects.get(submission=sent).quote == "nine flowers"
    assert Feedback.objects.get(submission=sent).good_enough is False

    # The student reads it in its place, says what will change, and hands in again.
    page.goto(f"/work/{sent.pk}/")
    expect(page.get_by_text("Which ones?")).to_be_visible()
    page.get_by_label("What I will change").fill("I will name the flowers.")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("You can change it.")).to_be_visible()
    expect(page.get_by_label("What I will change")).to_have_value("I will name the flowers.")
    page.goto(f"/lessons/{step.pk}/hand-in/")
    page.get_by_label("Your text").fill("It flew to nine clover flowers and then home.")
    page.get_by_role("button", name="Hand in", exact=True).click()
    page.wait_for_url(lambda url: "/work/" in url and not url.endswith(f"/work/{sent.pk}/"))
    second = mine.get(attempt=2)

    # What was said stands beside the second attempt, which is good enough: the lesson is ticked.
    opened(desk, second)
    expect(desk.get_by_text("I will name the flowers.").first).to_be_visible()
    for key in ("1", "1"):
        desk.keyboard.press(key)
    _release(desk, "g")
    page.goto(f"/lessons/{step.pk}/")
    expect(page.locator("#standing").get_by_text("Done").first).to_be_visible()
    tick = Completion.objects.get(enrolment=enrolment, activity=step)
    assert tick.evidence == {"submission": second.pk, "attempt": 2}
    assert second.promised_at is not None
    assert second.promised_at > timezone.now()


def _comment(desk: Page, words: str, said: str) -> None:
    desk.evaluate(SELECT, words)
    desk.keyboard.press("c")
    expect(desk.get_by_label("Your comment")).to_be_focused()
    desk.keyboard.type(said)
    desk.keyboard.press("Control+Enter")
    expect(desk.locator(".work-comment")).to_contain_text(said)
    desk.keyboard.press("Escape")


def _release(desk: Page, verdict: str) -> None:
    desk.keyboard.press(verdict)
    desk.keyboard.press("r")
    expect(desk.get_by_role("button", name="Release", exact=True)).to_be_focused()
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("heading", name="Everything is marked")).to_be_visible()
