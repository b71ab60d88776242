"""The Monday letter: one over all cohorts of a teacher, with what asks for something, and none without it."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.core import mail
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from common.removal import KEPT
from courses.models import Cohort, DueDate, Enrolment
from courses.services import calendars, cohorts, deleting
from courses.services.calendars import Span, Wanted
from courses.tasks import erase_what_was_deleted
from dashboards.selectors import monday
from notifications.models import Notice
from notifications.services import preferences
from progress.models import Presence
from progress.services.ticks import complete
from progress.tasks import reckon_signals
from tests.cast import Cast
from tests.factories import courses as make
from tests.factories.people import UserFactory
from tests.notifications.living import jump, live_until, told

pytestmark = pytest.mark.django_db
# A Sunday, and eight o'clock on Monday in Berlin.
SUNDAY = datetime(2026, 11, 8, 12, 0, tzinfo=UTC)
MONDAY = datetime(2026, 11, 9, 7, 0, tzinfo=UTC)


@pytest.fixture
def clock(cast: Cast) -> Iterator[time_machine.Traveller]:
    with time_machine.travel(SUNDAY, tick=False) as traveller:
        yield traveller


def seen(person: User, day: date) -> None:
    Presence.objects.create(enrolment=Enrolment.objects.get(user=person), day=day, minutes="{[600,620)}")


def letters_to(person: User) -> list[mail.EmailMultiAlternatives]:
    return [one for one in mail.outbox if one.to == [person.email]]


def finish(cast: Cast, person: User) -> None:
    for activity in (cast.reading, cast.file, cast.link):
        how = "read" if activity.kind == "reading" else "opened"
        complete(Enrolment.objects.get(user=person), activity, how=how, evidence={}, by=person)


def test_teacher_reads_on_monday_at_eight_whom_a_word_may_help(cast: Cast, clock: time_machine.Traveller) -> None:
    seen(cast.student, date(2026, 11, 1))
    seen(cast.other_student, date(2026, 11, 4))
    cohorts.set_due_date(cast.cohort, cast.reading, DueDate(suggested_wall=datetime(2026, 11, 12, 18, 0)))
    cohorts.set_due_date(cast.cohort, cast.file, DueDate(suggested_wall=datetime(2026, 11, 6, 18, 0)))
    live_until(clock, MONDAY - timedelta(minutes=5), timedelta(hours=10))
    assert letters_to(cast.teacher) == []
    jump(clock, MONDAY, MONDAY + timedelta(hours=1), MONDAY + timedelta(hours=9))
    [letter] = letters_to(cast.teacher)
    assert letter.subject == (
        "Your week from Mon 9 November: 1 student not seen for 7 days, 2 students with something overdue"
    )
    body = letter.body
    student = Enrolment.objects.get(user=cast.student).pk
    assert f"* Student, last seen on Sun 1 November\n  http://testserver/teach/students/{student}/" in body
    assert "* Other.Student, 1 step" in body
    assert "* “Bee eyes”, Thu 12 November, 18:00 (Berlin)" in body
    assert f"/teach/cohorts/{cast.cohort.pk}/dates/{cast.reading.pk}/" in body
    assert "Evening group" not in body
    for person in (cast.assistant, cast.observer, cast.student):
        assert told(person, "monday_letter") == []


def test_nothing_to_say_is_no_letter(cast: Cast, clock: time_machine.Traveller) -> None:
    seen(cast.student, date(2026, 11, 7))
    finish(cast, cast.other_student)
    jump(clock, MONDAY, MONDAY + timedelta(hours=1))
    assert letters_to(cast.teacher) == []
    one = Notice.objects.get(person=cast.teacher, kind="monday_letter")
    assert (one.state, one.reason) == ("skipped", "nothing to say")


def test_who_is_on_a_break_or_done_is_not_missed(cast: Cast, clock: time_machine.Traveller) -> None:
    preferences.set_mailbox(cast.student, break_until=date(2026, 11, 20))
    jump(clock, MONDAY)
    [letter] = letters_to(cast.teacher)
    assert "Other.Student, has not started" in letter.body
    assert "* Student" not in letter.body


def test_one_letter_speaks_of_all_cohorts_and_of_what_opens_and_closes(
    cast: Cast, clock: time_machine.Traveller
) -> None:
    course = make.CourseFactory(title="Wasps")
    for name, starts, ends in (("Soon", 11, None), ("Over", 1, 5), ("Later", 16, None), ("Closing", 2, 13)):
        cohort = make.CohortFactory(
            course=course,
            name=name,
            starts_on=date(2026, 11, starts),
            ends_on=date(2026, 11, ends) if ends else None,
        )
        make.EnrolmentFactory(cohort=cohort, user=cast.teacher, role="teacher")
    jump(clock, MONDAY)
    [letter] = letters_to(cast.teacher)
    assert "Soon: This week\n* Opens on Wednesday 11 November" in letter.body
    assert "Closing: This week\n* Last day: Friday 13 November" in letter.body
    assert "Morning group: Not seen for 7 days" in letter.body
    assert "Over" not in letter.body
    assert "Later" not in letter.body


def test_long_lists_end_with_how_many_more(cast: Cast, clock: time_machine.Traveller) -> None:
    for number in range(12):
        person = UserFactory(username=f"late{number}", email=None)
        make.EnrolmentFactory(cohort=cast.cohort, user=person)
        if number == 11:
            seen(person, date(2026, 11, 2))
    jump(clock, MONDAY)
    [letter] = letters_to(cast.teacher)
    # Whom a word would reach most easily comes first.
    assert "Not seen for 7 days\n* Late11, last seen on Mon 2 November" in letter.body
    assert letter.body.count(", has not started") == 7
    assert "* and 6 more" in letter.body


def test_whoever_needs_somebody_most_comes_first_in_every_list(cast: Cast, clock: time_machine.Traveller) -> None:
    seen(cast.student, date(2026, 10, 28))
    seen(cast.other_student, date(2026, 11, 1))
    for activity in (cast.reading, cast.file):
        cohorts.set_due_date(cast.cohort, activity, DueDate(suggested_wall=datetime(2026, 11, 6, 18, 0)))

    def lists() -> list[list[str]]:
        (said,) = monday.letters({cast.teacher.pk: MONDAY.date()}, MONDAY)[cast.teacher.pk]["cohorts"]
        return [[row["name"] for row in said[name]] for name in ("not_seen", "overdue")]

    # Before the worker has been there, a word comes first that would reach somebody most easily.
    assert lists() == [["Other.Student", "Student"], ["Other.Student", "Student"]]
    # They were here longer ago, and on fewer days.
    for day in range(20, 30):
        seen(cast.other_student, date(2026, 10, day))
    reckon_signals()
    assert lists() == [["Student", "Other.Student"], ["Student", "Other.Student"]]


def test_letter_says_for_whom_nudges_have_stopped(cast: Cast, clock: time_machine.Traveller) -> None:
    reminded, done = (UserFactory(display_name=name) for name in ("Reminded", "Done"))
    values = {"kind": "nudge", "subject": 0, "lead": 3, "not_before": SUNDAY, "state": "told"}
    values["values"] = {"activity": cast.reading.pk}
    for person in (cast.student, cast.other_student):
        Notice.objects.create(
            person=person, local_day=date(2026, 11, 6), settled_at=SUNDAY - timedelta(days=2), **values
        )
    # The third gave way to a reminder of a date, and no fourth comes.
    for person, reason in ((reminded, "told lately"), (done, "nothing to say")):
        make.EnrolmentFactory(user=person, cohort=cast.cohort)
        skipped = {**values, "state": "skipped", "reason": reason, "values": {}}
        Notice.objects.create(
            person=person, local_day=date(2026, 11, 6), settled_at=SUNDAY - timedelta(days=2), **skipped
        )
    seen(cast.other_student, date(2026, 11, 7))
    jump(clock, MONDAY)
    [letter] = letters_to(cast.teacher)
    stopped = letter.body.split("Our nudges have stopped: a word from you may help more\n")[1]
    section = stopped.split("\n\n")[0]
    assert "* Student\n" in section
    assert "* Reminded\n" in section
    assert "Other.Student" not in section
    assert "Done" not in section


@pytest.mark.parametrize(
    ("zone", "at"),
    [
        ("Pacific/Auckland", datetime(2026, 11, 8, 19, tzinfo=UTC)),
        ("America/Los_Angeles", datetime(2026, 11, 9, 16, tzinfo=UTC)),
    ],
)
def test_eight_is_eight_where_the_teacher_lives(
    cast: Cast, clock: time_machine.Traveller, zone: str, at: datetime
) -> None:
    User.objects.filter(pk=cast.teacher.pk).update(timezone=zone)
    jump(clock, at - timedelta(minutes=1))
    assert letters_to(cast.teacher) == []
    jump(clock, at)
    assert len(letters_to(cast.teacher)) == 1


def test_teacher_who_left_reads_no_names_any_more(
    cast: Cast, clock: time_machine.Traveller, as_user: Callable[[User], Client]
) -> None:
    jump(clock, MONDAY)
    page = as_user(cast.teacher).get("/inbox/").content.decode()
    assert "Other.Student, has not started" in page
    Enrolment.objects.filter(user=cast.teacher).update(state="left")
    assert "Other.Student" not in as_user(cast.teacher).get("/inbox/").content.decode()


def test_letters_cost_as_many_queries_for_many_teachers_as_for_one(
    cast: Cast, clock: time_machine.Traveller, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    day = {cast.teacher.pk: date(2026, 11, 9)}
    with django_assert_num_queries(6):
        monday.letters(day, MONDAY)
    for number in range(3):
        cohort = make.CohortFactory(course=cast.course, name=f"Group {number}")
        make.EnrolmentFactory(cohort=cohort, user=cast.elsewhere_teacher, role="teacher")
        make.EnrolmentFactory(cohort=cohort)
    with django_assert_num_queries(6):
        found = monday.letters({**day, cast.elsewhere_teacher.pk: date(2026, 11, 9)}, MONDAY)
    assert len(found[cast.elsewhere_teacher.pk]["cohorts"]) == 4


def test_cohorts_of_a_teacher_beyond_ten_are_counted(cast: Cast) -> None:
    for number in range(12):
        cohort = make.CohortFactory(course=cast.course, name=f"Group {number:02}")
        make.EnrolmentFactory(cohort=cohort, user=cast.teacher, role="teacher")
        make.EnrolmentFactory(cohort=cohort)
    found = monday.letters({cast.teacher.pk: date(2026, 11, 9)}, MONDAY)
    assert (len(found[cast.teacher.pk]["cohorts"]), found[cast.teacher.pk]["more"]) == (10, 3)
    assert Cohort.objects.count() == 14


def off(*days: int) -> Wanted:
    """Days of this November on which nobody works."""
    return Wanted(typed=[Span(date(2026, 11, day), date(2026, 11, day), "Off") for day in days])


def letters_come(cast: Cast, clock: time_machine.Traveller, *days: int) -> None:
    """By the morning of each day of November, how many have come."""
    came = []
    for day in range(9, 9 + len(days)):
        jump(clock, datetime(2026, 11, day, 6, 59, tzinfo=UTC), datetime(2026, 11, day, 7, 0, tzinfo=UTC))
        came.append(len(letters_to(cast.teacher)))
    assert came == list(days)


def test_after_a_holiday_it_comes_on_the_next_working_day(cast: Cast, clock: time_machine.Traveller) -> None:
    calendars.save(cast.cohort, off(9, 10))
    letters_come(cast, clock, 0, 0, 1, 1)
    [letter] = letters_to(cast.teacher)
    assert letter.subject.startswith("Your week from Mon 9 November: ")


def test_who_does_not_work_on_mondays_gets_it_on_the_first_day_that_they_do(
    cast: Cast, clock: time_machine.Traveller
) -> None:
    calendars.save(cast.cohort, Wanted(weekdays=[3, 4, 7]))
    letters_come(cast, clock, 0, 0, 1, 1)


def test_a_class_that_works_has_its_letter_whatever_another_one_celebrates(
    cast: Cast, clock: time_machine.Traveller
) -> None:
    make.EnrolmentFactory(cohort=cast.elsewhere, user=cast.teacher, role="teacher")
    calendars.save(cast.cohort, off(9, 10))
    calendars.save(cast.elsewhere, off(9))
    letters_come(cast, clock, 0, 1, 1)


def test_a_class_that_has_ended_holds_no_letter_back_and_brings_none_forward(
    cast: Cast, clock: time_machine.Traveller
) -> None:
    over = make.CohortFactory(course=cast.course, ends_on=date(2026, 11, 6))
    make.EnrolmentFactory(cohort=over, user=cast.teacher, role="teacher")
    calendars.save(cast.cohort, off(9))
    letters_come(cast, clock, 0, 1)


def test_a_week_off_has_no_letter(cast: Cast, clock: time_machine.Traveller) -> None:
    calendars.save(cast.cohort, off(*range(9, 14)))
    letters_come(cast, clock, 0, 0, 0, 0, 0, 0, 0, 1)


def test_a_letter_that_was_planned_moves_with_the_calendar(cast: Cast, clock: time_machine.Traveller) -> None:
    jump(clock, MONDAY - timedelta(hours=2))
    assert Notice.objects.get(person=cast.teacher, kind="monday_letter").not_before == MONDAY
    calendars.save(cast.cohort, off(9, 10, 11))
    letters_come(cast, clock, 0, 0, 0, 1)
    # The holiday was a mistake; the letter has gone.
    calendars.save(cast.cohort, Wanted())
    jump(clock, datetime(2026, 11, 12, 8, 0, tzinfo=UTC))
    assert len(letters_to(cast.teacher)) == 1


def test_one_letter_a_week_even_if_its_day_becomes_a_holiday(cast: Cast, clock: time_machine.Traveller) -> None:
    jump(clock, MONDAY)
    calendars.save(cast.cohort, off(9))
    letters_come(cast, clock, 1, 1, 1)


def test_name_of_a_student_who_is_erased_leaves_the_letters_of_the_past(
    cast: Cast, clock: time_machine.Traveller, client: Client
) -> None:
    seen(cast.student, date(2026, 11, 1))
    User.objects.filter(pk=cast.other_student.pk).update(display_name="Zoë Quill-Canary")
    live_until(clock, MONDAY, timedelta(hours=10))
    assert "Zoë Quill-Canary" in str(Notice.objects.get(kind="monday_letter", person=cast.teacher).values)
    deleting.delete(cast.other_student, by=cast.admin)
    clock.shift(KEPT + timedelta(hours=1))
    erase_what_was_deleted()
    letter = Notice.objects.get(kind="monday_letter", person=cast.teacher)
    assert "Zoë" not in str(letter.values)
    assert str(cast.student) in str(letter.values)
    client.force_login(cast.teacher)
    shown = client.get("/inbox/").content.decode()
    assert "A former student, has not started" in shown
    assert "Zoë" not in shown
