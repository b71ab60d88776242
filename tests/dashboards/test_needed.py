"""Who needs you: who is on the list, in which order, why, and what is done about it."""

import time
from collections.abc import Callable
from datetime import date, timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from lxml import html

from accounts.models import User
from courses.models import Cohort, Enrolment
from dashboards.pages.needed import sentence
from feedback.models import Submission
from forums.models import Forum, Thread
from notifications.models import Mailbox
from progress import slots
from progress.fields import literal
from progress.models import Presence, Snooze
from progress.services import contacts, signals, waits
from progress.slots import Reason, Waits
from tests.cast import Cast
from tests.dashboards.steps import NOW, do, due, text
from tests.factories import courses as make
from tests.factories import feedback, forums, talks
from tests.factories.people import UserFactory
from tests.undoing import undo

pytestmark = pytest.mark.usefixtures("clock")
DAY, HOUR, TODAY = timedelta(days=1), timedelta(hours=1), NOW.date()


@pytest.fixture(autouse=True)
def everybody_is_well(cast: Cast) -> None:
    """Each student was at work yesterday and heard from a teacher, so that nobody has a reason."""
    for student in (cast.student, cast.other_student):
        well(Enrolment.objects.get(user=student, cohort=cast.cohort), cast.teacher)


@pytest.fixture
def teacher(cast: Cast, client: Client) -> Client:
    client.force_login(cast.teacher)
    return client


def well(enrolment: Enrolment, by: User) -> Enrolment:
    at_work(enrolment, 1)
    spoken = {enrolment.user_id: contacts.REPLY}
    contacts.push(enrolment.cohort_id, by.pk, spoken, subject=f"post {enrolment.pk}", at=NOW - DAY * 8)
    return enrolment


def at_work(enrolment: Enrolment, *days_ago: int) -> None:
    Presence.objects.bulk_create(
        Presence(enrolment=enrolment, day=TODAY - DAY * ago, minutes=literal([(600, 620)])) for ago in days_ago
    )


def away_since(enrolment: Enrolment, days_ago: int) -> None:
    Presence.objects.filter(enrolment=enrolment).delete()
    at_work(enrolment, days_ago)


def student(cast: Cast, name: str) -> Enrolment:
    user = UserFactory(display_name=name)
    return well(make.EnrolmentFactory(cohort=cast.cohort, user=user), cast.teacher)


def address(cohort: Cohort) -> str:
    return f"/teach/cohorts/{cohort.pk}/needed/"


def reckon() -> None:
    signals.refresh(timezone.now(), time.monotonic() + 60)


def page(client: Client, cast: Cast, query: str = "") -> str:
    return text(client, address(cast.cohort) + query)


def listed(client: Client, cast: Cast, query: str = "") -> dict[str, list[str]]:
    """The names with their reasons, as the page has them, after the worker has been there."""
    reckon()
    return read(page(client, cast, query))


def read(shown: str) -> dict[str, list[str]]:
    return {
        row.find_class("whole")[0].text_content(): [
            " ".join(line.find("span").text_content().split()) for line in row.iterfind(".//ul/li")
        ]
        for row in html.fromstring(shown).iterfind(".//li[@class='marked']")
    }


def presses(client: Client, cast: Cast) -> dict[str, str]:
    """The addresses that the reasons lead to, by what stands on them."""
    return {
        press.text_content().split(" for ")[0].strip(): press.get("href")
        for press in html.fromstring(page(client, cast)).iterfind(".//li[@class='marked']//ul/li/a")
    }


def test_no_one_needs_anybody(cast: Cast, teacher: Client) -> None:
    assert listed(teacher, cast) == {}
    shown = page(teacher, cast)
    assert "No one needs you today" in shown
    assert "This order was worked out less than a minute ago" in shown


def test_the_page_says_how_old_the_table_is(cast: Cast, teacher: Client, clock: time_machine.Traveller) -> None:
    reckon()
    clock.shift(timedelta(minutes=6))
    assert "This order was worked out 6\xa0minutes ago" in page(teacher, cast)


def test_a_class_that_was_not_reckoned_yet_says_so(cast: Cast, teacher: Client) -> None:
    assert "The list of this class is not ready yet" in page(teacher, cast)
    forums.thread(cast.cohort, cast.student)
    shown = page(teacher, cast)
    assert list(read(shown)) == ["Student"]
    assert "Until then you see only what was asked or promised" in shown


def test_an_empty_class_says_so(cast: Cast, teacher: Client) -> None:
    Enrolment.objects.students().update(state="left")
    reckon()
    assert "No one is in this cohort yet" in page(teacher, cast)


def test_a_class_that_is_over_says_so(cast: Cast, teacher: Client) -> None:
    due(cast.cohort, cast.reading, NOW - DAY * 9)
    Cohort.objects.filter(pk=cast.cohort.pk).update(ends_on=TODAY - DAY)
    assert listed(teacher, cast) == {}
    assert "This cohort is not running today" in page(teacher, cast)


def test_reasons_are_said_with_their_numbers(cast: Cast, teacher: Client) -> None:
    due(cast.cohort, cast.reading, NOW - DAY * 3)
    due(cast.cohort, cast.file, NOW - DAY * 5)
    do(cast.enrolment, cast.file, at=NOW - DAY * 4)
    other = Enrolment.objects.get(user=cast.other_student)
    do(other, cast.reading, cast.file, at=NOW - DAY * 6)
    away_since(other, 12)
    contacts.Contact.objects.update(at=NOW - DAY * 11)
    assert listed(teacher, cast) == {
        "Student": [
            "1 step is overdue.",
            "Finished 1 step late in the last four weeks.",
            "No one has spoken to them for 11 days.",
        ],
        "Other.Student": ["Has not studied for 12 days.", "No one has spoken to them for 11 days."],
    }


def test_slowing_is_told_against_their_own_weeks(cast: Cast, teacher: Client) -> None:
    at_work(cast.enrolment, *(ago for week in (1, 2, 3) for ago in range(7 * week, 7 * week + 4)))
    assert listed(teacher, cast) == {"Student": ["Studied on 1 day in the last week, usually on 4."]}


def test_no_day_at_all_of_the_last_week_is_told_as_such(cast: Cast, teacher: Client) -> None:
    """A browser without a script leaves visits, and no minutes."""
    Presence.objects.filter(enrolment=cast.enrolment).delete()
    at_work(cast.enrolment, *(ago for week in (1, 2, 3) for ago in range(7 * week, 7 * week + 4)))
    Enrolment.objects.filter(pk=cast.enrolment.pk).update(last_seen_at=NOW - DAY * 2)
    assert listed(teacher, cast) == {"Student": ["No study in the last week, usually on 4 days."]}


def test_whoever_never_began_is_told_as_such(cast: Cast, teacher: Client) -> None:
    Presence.objects.filter(enrolment=cast.enrolment).delete()
    Enrolment.objects.filter(pk=cast.enrolment.pk).update(started_on=TODAY - DAY * 8)
    assert listed(teacher, cast) == {"Student": ["Has not started yet; the course opened 8 days ago."]}


def test_days_pass_without_the_worker(cast: Cast, teacher: Client, clock: time_machine.Traveller) -> None:
    assert listed(teacher, cast) == {}
    clock.shift(DAY * 6)
    said = ["Has not studied for 7 days.", "No one has spoken to them for 14 days."]
    assert read(page(teacher, cast)) == {"Other.Student": said, "Student": said}


@pytest.mark.parametrize("why", ["through", "with a teacher", "on a break"])
def test_whoever_has_nothing_to_do_or_is_away_is_not_missed(cast: Cast, teacher: Client, why: str) -> None:
    away_since(cast.enrolment, 12)
    contacts.Contact.objects.update(at=NOW - DAY)
    if why == "on a break":
        Mailbox.objects.create(person=cast.student, break_until=TODAY)
    else:
        do(cast.enrolment, cast.reading, cast.file, *([cast.link] if why == "through" else []))
    if why == "with a teacher":
        waits.begin_wait(cast.enrolment, cast.link, waits_for="teacher")
    assert listed(teacher, cast) == {}


def test_the_order_is_that_of_attention_and_whoever_is_owed_comes_before(cast: Cast, teacher: Client) -> None:
    steps = [make.reading(cast.module, position=30 + number) for number in range(3)]
    for step in steps:
        due(cast.cohort, step, NOW - DAY * 3)
    for name, missing in (("One", 1), ("Three", 3), ("Two", 2)):
        do(student(cast, name), *steps[missing:], at=NOW - DAY * 5)
    for user in (cast.student, cast.other_student):
        do(Enrolment.objects.get(user=user), *steps, at=NOW - DAY * 5)
    forums.thread(cast.cohort, cast.other_student)
    assert list(listed(teacher, cast)) == ["Other.Student", "Three", "Two", "One"]


def test_a_question_without_an_answer_leads_to_it(cast: Cast, teacher: Client) -> None:
    asked = forums.thread(cast.cohort, cast.student, "Why do bees dance?")
    assert listed(teacher, cast) == {"Student": ["Asked “Why do bees dance?” today, and no one has answered."]}
    assert presses(teacher, cast) == {"Answer": f"/threads/{asked.pk}/"}
    forums.reply(asked, cast.other_student)
    assert listed(teacher, cast) == {}


def test_what_was_asked_without_a_name_is_nobodys_reason(cast: Cast, teacher: Client) -> None:
    Forum.objects.create(cohort=cast.cohort, anonymous_allowed=True)
    forums.thread(cast.cohort, cast.student, "A shy question", anonymous=True)
    assert Thread.objects.get().anonymous
    assert listed(teacher, cast) == {}
    assert "shy" not in page(teacher, cast)


@pytest.mark.parametrize(
    ("by", "broken", "words"),
    [
        (HOUR * 3, False, "is promised for today"),
        (DAY, True, "did not come as promised; it is now promised for tomorrow"),
    ],
)
def test_a_promise_that_is_near_or_broken_leads_to_the_work(
    cast: Cast, teacher: Client, by: timedelta, *, broken: bool, words: str
) -> None:
    work = feedback.hand_in(cast.enrolment, feedback.assignment(cast.module, "Watch a bee"))
    Submission.objects.update(promised_at=NOW + by, broken_at=NOW - DAY if broken else None)
    ((name, (said,)),) = listed(teacher, cast).items()
    assert name == "Student"
    assert said.startswith("Feedback on “Watch a bee” " + words)
    assert presses(teacher, cast) == {"Mark it": f"/marking/{work.pk}/"}


def test_a_promise_that_is_far_is_no_reason(cast: Cast, teacher: Client) -> None:
    feedback.hand_in(cast.enrolment, feedback.assignment(cast.module))
    Submission.objects.update(promised_at=NOW + DAY * 3)
    assert listed(teacher, cast) == {}


def test_work_that_is_marked_without_names_is_nobodys_reason(cast: Cast, teacher: Client) -> None:
    feedback.hand_in(cast.enrolment, feedback.assignment(cast.module, nameless=True))
    Submission.objects.update(promised_at=NOW + HOUR)
    assert listed(teacher, cast) == {}


def test_the_reasons_shown_are_those_of_this_moment(cast: Cast, teacher: Client) -> None:
    due(cast.cohort, cast.reading, NOW - DAY)
    due(cast.cohort, cast.file, NOW - DAY)
    other = Enrolment.objects.get(user=cast.other_student)
    reckon()
    do(cast.enrolment, cast.reading, at=NOW - HOUR)
    do(other, cast.reading, cast.file, at=NOW - DAY * 2)
    assert read(page(teacher, cast)) == {
        "Student": ["1 step is overdue.", "Finished 1 step late in the last four weeks."]
    }


def test_overdue_leads_to_where_a_later_date_is_agreed(cast: Cast, teacher: Client) -> None:
    due(cast.cohort, cast.reading, NOW - DAY)
    do(Enrolment.objects.get(user=cast.other_student), cast.reading, at=NOW - DAY * 2)
    reckon()
    (path,) = presses(teacher, cast).values()
    assert path == f"/teach/students/{cast.enrolment.pk}/#dates"
    assert 'id="dates"' in text(teacher, path)


def test_who_is_silent_and_alone_is_checked_in_with_by_one_press(cast: Cast, teacher: Client) -> None:
    away_since(cast.enrolment, 12)
    contacts.Contact.objects.filter(person=cast.student).delete()
    reckon()
    # Both reasons ask for the same word, and there is one press for it.
    links = html.fromstring(page(teacher, cast)).xpath(".//li[@class='marked']//ul/li/a/@href")
    assert links == [f"/teach/cohorts/{cast.cohort.pk}/check-ins/new/?who={cast.enrolment.pk}"]
    assert teacher.get(links[0]).status_code == 200


def test_who_was_spoken_to_in_the_past_week_has_had_the_word(cast: Cast, teacher: Client) -> None:
    away_since(cast.enrolment, 12)
    for days, missed in ((8, True), (6, False)):
        contacts.Contact.objects.filter(person=cast.student).delete()
        spoken = {cast.student.pk: contacts.REPLY}
        contacts.push(cast.cohort.pk, cast.teacher.pk, spoken, subject=f"post {days}", at=NOW - DAY * days)
        reckon()
        assert ("Student" in listed(teacher, cast)) is missed


def alone_and_silent(cast: Cast) -> None:
    away_since(cast.enrolment, 12)
    contacts.Contact.objects.filter(person=cast.student).delete()


def test_who_was_asked_is_off_the_list_for_three_days_and_then_told_with_the_day(
    cast: Cast, teacher: Client, clock: time_machine.Traveller
) -> None:
    alone_and_silent(cast)
    assert "Student" in listed(teacher, cast)
    talks.check_in(cast.cohort, cast.teacher, cast.student, now=NOW, segment="not seen")
    assert "Student" not in listed(teacher, cast)
    clock.shift(DAY * 3 + HOUR)
    assert listed(teacher, cast)["Student"][-1] == "Was asked how they are on Tuesday 24 November. No answer yet."


def test_who_is_overdue_stays_on_the_list_and_is_told_as_asked(cast: Cast, teacher: Client) -> None:
    alone_and_silent(cast)
    due(cast.cohort, cast.reading, NOW - DAY)
    talks.check_in(cast.cohort, cast.teacher, cast.student, now=NOW, segment="ticked")
    said = ["1 step is overdue.", "Was asked how they are on Tuesday 24 November. No answer yet."]
    assert listed(teacher, cast)["Student"] == said


def test_what_everyone_is_asked_takes_nobody_off_the_list(cast: Cast, teacher: Client) -> None:
    alone_and_silent(cast)
    talks.check_in(cast.cohort, cast.teacher, cast.student, now=NOW, segment="all")
    assert "Student" in listed(teacher, cast)


def test_an_app_may_say_a_reason_of_its_own(cast: Cast, teacher: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    reason = Reason("Asked for a word.", "Read it", "/words/1/", NOW - DAY)
    monkeypatch.setattr(slots, "REASONS", slots.REASONS)
    slots.REASONS.append(lambda viewer, cohort, now: {cast.student.pk: reason})
    try:
        assert listed(teacher, cast) == {"Student": ["Asked for a word."]}
    finally:
        slots.REASONS.pop()


HOSTILE = ['<script>alert("a")</script>', "{{ 7|add:7 }}", "%(n)d %s", "نور", "\u202egnp.exe", "x" * 100]


@pytest.mark.parametrize("name", HOSTILE)
def test_names_and_titles_are_shown_as_they_are_typed(cast: Cast, teacher: Client, name: str) -> None:
    User.objects.filter(pk=cast.student.pk).update(display_name=name)
    forums.thread(cast.cohort, cast.student, name)
    ((shown, (said,)),) = listed(teacher, cast).items()
    assert shown == name
    assert f"“{name}”" in said
    assert "<script>alert" not in page(teacher, cast)


def snooze(client: Client, enrolment: Enrolment, days: str) -> str:
    return client.post(f"/teach/students/{enrolment.pk}/snooze/", {"days": days}, follow=True).content.decode()


@pytest.mark.parametrize("days", [1, 3, 7])
def test_a_snoozed_student_comes_back_by_themselves(
    cast: Cast, teacher: Client, clock: time_machine.Traveller, days: int
) -> None:
    forums.thread(cast.cohort, cast.student)
    reckon()
    assert "is off your list until" in snooze(teacher, cast.enrolment, str(days))
    assert listed(teacher, cast) == {}
    assert "1 student is off your list for now" in page(teacher, cast)
    clock.move_to(NOW + DAY * (days - 1))
    assert "Student" not in read(page(teacher, cast))
    clock.move_to(NOW + DAY * days)
    assert "Student" in read(page(teacher, cast))


def test_a_snooze_is_its_teachers_alone(cast: Cast, as_user: Callable[[User], Client]) -> None:
    forums.thread(cast.cohort, cast.student)
    reckon()
    snooze(as_user(cast.teacher), cast.enrolment, "7")
    assert list(read(page(as_user(cast.assistant), cast))) == ["Student"]


def test_a_snooze_can_be_undone_and_ended(cast: Cast, teacher: Client) -> None:
    forums.thread(cast.cohort, cast.student)
    reckon()
    response = teacher.post(f"/teach/students/{cast.enrolment.pk}/snooze/", {"days": "3"}, follow=True)
    assert "is on your list as before" in undo(teacher, response)
    assert not Snooze.objects.exists()
    snooze(teacher, cast.enrolment, "3")
    assert list(read(page(teacher, cast, "?snoozed=yes"))) == ["Student"]
    assert "Back on Friday 27 November" in page(teacher, cast, "?snoozed=yes")
    assert "is back on your list" in snooze(teacher, cast.enrolment, "0")
    assert list(read(page(teacher, cast))) == ["Student"]


def test_undo_puts_back_the_snooze_before_and_refuses_one_that_was_changed(cast: Cast, teacher: Client) -> None:
    path = f"/teach/students/{cast.enrolment.pk}/snooze/"
    teacher.post(path, {"days": "1"}, follow=True)
    response = teacher.post(path, {"days": "7"}, follow=True)
    undo(teacher, response)
    assert Snooze.objects.get().until == TODAY + DAY
    response = teacher.post(path, {"days": "7"}, follow=True)
    Snooze.objects.update(until=date(2026, 12, 24))
    assert "You have changed this since" in undo(teacher, response)
    assert Snooze.objects.get().until == date(2026, 12, 24)


@pytest.mark.parametrize("days", ["", "2", "-1", "x", "9" * 5000])
def test_any_other_number_of_days_snoozes_nobody(cast: Cast, teacher: Client, days: str) -> None:
    snooze(teacher, cast.enrolment, days)
    assert not Snooze.objects.exists()


def test_fifty_stand_on_a_page(cast: Cast, teacher: Client) -> None:
    due(cast.cohort, cast.reading, NOW - DAY)
    for number in range(50):
        make.EnrolmentFactory(cohort=cast.cohort, user=UserFactory(display_name=f"Pupil {number}"))
    first, second = listed(teacher, cast), read(page(teacher, cast, "?page=2"))
    assert (len(first), len(second)) == (50, 2)
    assert not set(first) & set(second)


def asked(client: Client, path: str) -> int:
    client.get(path)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(path).status_code == 200
    return len(captured)


@pytest.mark.parametrize("role", ["teacher", "admin"])
def test_the_page_asks_the_same_for_one_three_and_fifty(cast: Cast, client: Client, role: str) -> None:
    client.force_login(cast.person(role))
    due(cast.cohort, cast.reading, NOW - DAY)
    Enrolment.objects.filter(user=cast.other_student).update(state="left")
    counts = []
    for more in (0, 2, 47):
        for _ in range(more):
            enrolment = make.EnrolmentFactory(cohort=cast.cohort)
            forums.thread(cast.cohort, enrolment.user)
        reckon()
        counts.append(asked(client, address(cast.cohort)))
    assert len(set(counts)) == 1
    # Two are left for what another app may say.
    assert counts[0] <= 10


def test_class_and_home_lead_there(cast: Cast, teacher: Client) -> None:
    for path in ("/teach/", f"/teach/cohorts/{cast.cohort.pk}/"):
        assert f'href="{address(cast.cohort)}"' in text(teacher, path)


def test_students_are_told_nothing_of_it(cast: Cast, client: Client) -> None:
    due(cast.cohort, cast.reading, NOW - DAY)
    reckon()
    client.force_login(cast.student)
    for path in ("/", "/courses/", f"/courses/{cast.course.pk}/", f"/cohorts/{cast.cohort.pk}/people/", "/inbox/"):
        shown = text(client, path)
        assert "/needed/" not in shown
        assert "needs you" not in shown


def shown_as_waiting(client: Client) -> str:
    page = html.fromstring(client.get("/teach/").content)
    return " ".join(page.xpath("//*[@data-waits]")[0].text_content().split())


def test_the_sentence_counts_what_its_links_list_over_all_cohorts(cast: Cast, teacher: Client) -> None:
    assert "No one is waiting for you." in text(teacher, "/teach/")
    make.EnrolmentFactory(cohort=cast.elsewhere, user=cast.teacher, role="teacher")
    step = feedback.assignment(cast.module)
    feedback.hand_in(cast.enrolment, step)
    Submission.objects.update(promised_at=NOW + DAY * 2 + HOUR * 6)
    forums.thread(cast.cohort, cast.student, "Why?")
    # Somebody who has handed in and asks is one person, and two things to do.
    promised = "the oldest promise is for Thursday 17:00."
    said = f"One person waits for you; {promised} 1 piece of work to mark 1 unanswered question"
    assert shown_as_waiting(teacher) == said
    forums.thread(cast.cohort, cast.other_student, "How?")
    forums.thread(cast.elsewhere, cast.elsewhere_student, "When?")
    # One's own is on the list, too, and nobody who waits.
    forums.thread(cast.cohort, cast.teacher, "Who knows?")
    assert shown_as_waiting(teacher) == (
        f"Three people wait for you; {promised} 1 piece of work to mark 4 unanswered questions"
    )
    page = html.fromstring(teacher.get("/teach/").content)
    for link in page.xpath("//*[@data-waits]//a"):
        listed = html.fromstring(teacher.get(link.get("href")).content)
        rows = listed.xpath("//main//tbody/tr | //main//ul[@class='list']/li")
        assert len(rows) == int(link.text.split()[0])


def test_a_conversation_is_counted_until_its_teacher_has_answered(cast: Cast, teacher: Client) -> None:
    first = talks.word(cast.cohort, cast.student, cast.teacher)
    other = talks.word(cast.cohort, cast.other_student, cast.teacher)
    talks.reply(other)
    assert shown_as_waiting(teacher).startswith("One person waits for you; the oldest promise is for ")
    assert shown_as_waiting(teacher).endswith("1 conversation to answer")
    listed = text(teacher, "/conversations/?waiting=yes")
    assert f"/conversations/{first.pk}/" in listed
    assert f"/conversations/{other.pk}/" not in listed


def test_the_sentence_gives_away_nobody_who_has_no_name(cast: Cast, teacher: Client) -> None:
    """Counted as somebody of their own: otherwise the number told whether one of those with a name was meant."""
    Forum.objects.create(cohort=cast.cohort, anonymous_allowed=True)
    forums.thread(cast.cohort, cast.student, "Why?")
    forums.thread(cast.cohort, cast.student, "And how?", anonymous=True)
    feedback.hand_in(cast.enrolment, feedback.assignment(cast.module, nameless=True))
    assert shown_as_waiting(teacher).startswith("Three people wait for you; the oldest promise")


def test_the_sentence_is_of_ones_own_cohorts(cast: Cast, as_user: Callable[[User], Client]) -> None:
    forums.thread(cast.elsewhere, cast.elsewhere_student)
    feedback.hand_in(Enrolment.objects.get(user=cast.elsewhere_student), feedback.assignment(cast.module))
    assert "No one is waiting for you." in text(as_user(cast.teacher), "/teach/")
    assert "1 unanswered question" in shown_as_waiting(as_user(cast.elsewhere_teacher))


def test_an_admin_who_teaches_counts_all_that_the_lists_of_an_admin_hold(
    cast: Cast, as_user: Callable[[User], Client]
) -> None:
    make.EnrolmentFactory(cohort=cast.cohort, user=cast.admin, role="teacher")
    forums.thread(cast.elsewhere, cast.elsewhere_student)
    feedback.hand_in(Enrolment.objects.get(user=cast.elsewhere_student), feedback.assignment(cast.module))
    said = shown_as_waiting(as_user(cast.admin))
    assert said.endswith("1 piece of work to mark 1 unanswered question")


def test_the_sentence_without_a_promise_and_of_very_many() -> None:
    many = Waits(frozenset(range(1000)), 1000, "1000+ unanswered questions", "/")
    assert sentence([many], NOW) == "1000+ people wait for you."
    assert sentence([], NOW) == "No one is waiting for you."
