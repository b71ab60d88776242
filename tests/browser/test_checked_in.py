"""A check-in's way: written on a laptop, answered from the mail by one press on a phone, and talked about."""

import re
import time
from datetime import timedelta

from django.core import mail
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.models import User
from accounts.tasks import send_waiting_mail
from courses.models import Enrolment
from feedback.models import Asked, Message
from notifications.tasks import deliver
from progress.services import signals
from tests.browser.conftest import OpenBrowser
from tests.browser.steps import study
from tests.browser.watch import Watch
from tests.factories import courses as make_course
from tests.notifications.school import awake

PHONE, DESK = {"width": 390, "height": 844}, {"width": 1280, "height": 900}


def _sent_from(desk: Page, student: User) -> None:
    """The teacher lands, reads the sentence, and finds whoever has gone silent."""
    desk.goto("/teach/")
    expect(desk.get_by_text("No one is waiting for you.")).to_be_visible()
    desk.get_by_role("link", name="Who needs you").click()
    row = desk.get_by_role("listitem").filter(has=desk.get_by_role("link", name=str(student), exact=True))
    expect(row.get_by_text("Has not started yet")).to_be_visible()
    row.get_by_role("link", name="Check in").click()
    desk.get_by_label("What do you want to ask?").fill("{first name}, how is it going?")
    desk.get_by_text("Add a line").click()
    desk.get_by_label(re.compile("A line for")).fill("I liked your first note.")
    expect(desk.get_by_text("Students with a line of their own: 1")).to_be_visible()
    expect(desk.get_by_text("Saved", exact=False).first).to_be_visible()
    # What was typed is there again after an accident.
    desk.reload()
    expect(desk.get_by_label("What do you want to ask?")).to_have_value("{first name}, how is it going?")
    expect(desk.get_by_label(re.compile("A line for"))).to_have_value("I liked your first note.")
    desk.get_by_role("button", name="Preview", exact=True).click()
    expect(desk.get_by_text("Nothing is sent yet")).to_be_visible()
    desk.get_by_role("button", name="Send it now").click()
    expect(desk.get_by_text("Your check-in is on its way.")).to_be_visible()


def test_a_silent_student_answers_from_the_mail_and_the_teacher_goes_on(
    open_browser: OpenBrowser, watch: Watch
) -> None:
    bees = study()
    teacher = make_course.EnrolmentFactory(cohort=bees.cohort, role="teacher").user
    User.objects.filter(pk=bees.student.pk).update(timezone=awake())
    Enrolment.objects.filter(user=bees.student).update(started_on=timezone.localdate() - timedelta(days=9))
    signals.refresh(timezone.now(), time.monotonic() + 60)
    desk = open_browser(teacher, viewport=DESK).new_page()
    _sent_from(desk, bees.student)
    deliver()
    send_waiting_mail()
    [letter] = [one for one in mail.outbox if one.to == [bees.student.email]]
    link = re.search(r"(/check-in/\S+)\?answer=stuck", letter.body)
    assert link

    # On a phone that is signed in nowhere: the answer is chosen, and one press sends it.
    page = open_browser(None, viewport=PHONE).new_page()
    page.goto(f"{link[1]}?answer=stuck")
    expect(page.get_by_label("Stuck")).to_be_checked()
    assert Asked.objects.get(person=bees.student).answered_at is None
    page.get_by_label("Do you want to add a line?").fill("Which <b>bees</b> are red?")
    page.get_by_role("button", name="Send this answer").click()
    expect(page.get_by_role("heading", name=re.compile("Thank you"))).to_be_visible()
    page.goto(f"{link[1]}?answer=word")
    expect(page.get_by_text("The link works once.")).to_be_visible()
    page.goto("/")
    expect(page).to_have_url(re.compile("/account/login/"))

    # The teacher finds who waits, and answers; the student reads it where they study.
    desk.goto("/teach/")
    expect(desk.get_by_text("One person waits for you; the oldest promise is for")).to_be_visible()
    expect(desk.get_by_role("link", name="1 conversation to answer")).to_be_visible()
    desk.get_by_role("link", name="Who needs you").click()
    expect(desk.get_by_text("Answered “Stuck”. Your reply is promised for")).to_be_visible()
    desk.get_by_role("link", name="Answer").click()
    expect(desk.get_by_text("Which <b>bees</b> are red?")).to_be_visible()
    desk.get_by_label("Your message").fill("None that see red.")
    desk.get_by_role("button", name="Send", exact=True).click()
    expect(desk.get_by_text("None that see red.")).to_be_visible()
    desk.goto(f"/teach/cohorts/{bees.cohort.pk}/needed/")
    expect(desk.get_by_role("link", name=str(bees.student))).to_have_count(0)
    studying = open_browser(bees.student, viewport=PHONE).new_page()
    studying.goto(f"/courses/{bees.course.pk}/")
    studying.get_by_role("link", name="Message a teacher").click()
    studying.get_by_role("link", name=re.compile("Your conversation with")).click()
    expect(studying.get_by_text("None that see red.")).to_be_visible()
    assert Message.objects.filter(conversation__enrolment__user=bees.student).count() == 2


def test_who_asks_for_another_list_is_led_to_it(open_browser: OpenBrowser) -> None:
    bees = study()
    teacher = make_course.EnrolmentFactory(cohort=bees.cohort, role="teacher").user
    page = open_browser(teacher, viewport=DESK).new_page()
    page.goto(f"/teach/cohorts/{bees.cohort.pk}/check-ins/new/")
    page.get_by_label("Who gets it").select_option("Students I tick one by one")
    page.get_by_role("button", name="Show these students").press("Enter")
    expect(page.get_by_text("1 student is listed")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("checkbox", name=str(bees.student))).to_be_focused()
