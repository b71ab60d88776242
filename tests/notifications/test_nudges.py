"""Check-in nudges: who, when, with which words, and that they end by themselves."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

import pytest
import time_machine
from django.core import mail

from accounts.models import User
from courses.models import Activity, Cohort, DueDate, Enrolment
from courses.services import cohorts
from notifications.kinds import KINDS
from notifications.models import Notice
from notifications.services import preferences, telling
from notifications.tasks import deliver, plan
from progress.models import Presence, Visit
from progress.services.ticks import complete
from tests.cast import Cast
from tests.factories import courses as make
from tests.notifications.living import jump, live_until, told

pytestmark = pytest.mark.django_db
# A Tuesday, 17:00 in Berlin.
START = datetime(2026, 11, 3, 16, 0, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def nobody_is_held_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(telling, "HELD_OUT_OF_TEN", 0)


@pytest.fixture
def clock(cast: Cast) -> Iterator[time_machine.Traveller]:
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


def opens_on(cast: Cast, day: date) -> None:
    Cohort.objects.update(starts_on=day)
    Enrolment.objects.update(started_on=day)


def worked(person: User, *days: date, opened: Activity | None = None) -> None:
    """On these days, in the evening, and `opened` on the last of them."""
    enrolment = Enrolment.objects.get(user=person)
    for day in days:
        Presence.objects.create(enrolment=enrolment, day=day, minutes="{[1140,1160)}")
    last = datetime.combine(days[-1], time(18, 20), tzinfo=UTC)
    Enrolment.objects.filter(pk=enrolment.pk).update(last_seen_at=last)
    if opened:
        Visit.objects.create(enrolment=enrolment, activity=opened, opened_at=last, last_opened_at=last)


def tick(person: User, activity: Activity) -> None:
    how = "read" if activity.kind == "reading" else "opened"
    complete(Enrolment.objects.get(user=person), activity, how=how, evidence={}, by=person)


def days_told(person: User) -> list[tuple[int, str]]:
    return [(lead, f"{at:%d %H:%M}") for lead, at in told(person, "nudge")]


def words_to(person: User) -> list[tuple[str, str]]:
    notices = Notice.objects.filter(person=person, kind="nudge", state="told").order_by("settled_at")
    return [(words.title, words.text) for words in KINDS["nudge"].render(list(notices))]


def subjects(person: User) -> list[str]:
    return [one.subject for one in mail.outbox if one.to == [person.email]]


def test_nudges_come_after_3_7_and_14_days_at_five_and_then_no_more(cast: Cast, clock: time_machine.Traveller) -> None:
    opens_on(cast, date(2026, 11, 3))
    worked(cast.student, date(2026, 11, 3), opened=cast.reading)
    live_until(clock, datetime(2026, 12, 20, 17, tzinfo=UTC), timedelta(hours=12))
    assert days_told(cast.student) == [(1, "06 16:00"), (2, "10 16:00"), (3, "17 16:00")]
    assert len(subjects(cast.student)) == 3
    assert told(cast.teacher, "nudge") == told(cast.observer, "nudge") == []
    assert [title for title, _ in words_to(cast.student)] == [
        "Carry on with “Bee eyes”, 1 min",
        "1 min for one step: “Bee eyes”",
        "A short way back into “Bees and flowers”: “Bee eyes”, 1 min",
    ]
    assert len(set(words_to(cast.other_student))) == 3
    # In a list of subjects, nobody sees the same one twice running.
    assert [title for title, _ in words_to(cast.other_student)][:2] == [
        "Start “Bees and flowers” with “Bee eyes”, 1 min",
        "The first step of “Bees and flowers” takes 1 min: “Bee eyes”",
    ]
    assert words_to(cast.student)[-1][1].endswith("This is the last of these reminders. Everything stays open for you.")


def test_who_comes_back_starts_afresh(cast: Cast, clock: time_machine.Traveller) -> None:
    opens_on(cast, date(2026, 11, 3))
    worked(cast.student, date(2026, 11, 3), opened=cast.reading)
    live_until(clock, datetime(2026, 11, 9, 16, tzinfo=UTC), DAY)
    worked(cast.student, date(2026, 11, 9))
    live_until(clock, datetime(2026, 11, 16, 16, tzinfo=UTC), DAY)
    assert days_told(cast.student) == [(1, "06 16:00"), (1, "12 16:00"), (2, "16 16:00")]


def test_somebody_at_work_hears_nothing(cast: Cast, clock: time_machine.Traveller) -> None:
    opens_on(cast, date(2026, 11, 3))
    for day in range(3, 20, 2):
        worked(cast.student, date(2026, 11, day))
        jump(clock, datetime(2026, 11, day, 20, tzinfo=UTC), datetime(2026, 11, day + 1, 16, 10, tzinfo=UTC))
    assert told(cast.student, "nudge") == []


def test_visit_without_a_script_counts_as_a_return(cast: Cast, clock: time_machine.Traveller) -> None:
    opens_on(cast, date(2026, 11, 3))
    Enrolment.objects.filter(user=cast.student).update(last_seen_at=datetime(2026, 11, 5, 12, tzinfo=UTC))
    jump(clock, datetime(2026, 11, 6, 16, 10, tzinfo=UTC))
    assert told(cast.student, "nudge") == []
    assert len(told(cast.other_student, "nudge")) == 1


def test_who_was_away_for_months_is_left_alone(cast: Cast, clock: time_machine.Traveller) -> None:
    worked(cast.student, date(2026, 8, 1))
    live_until(clock, START + 3 * DAY, timedelta(hours=12))
    assert not Notice.objects.filter(kind="nudge").exists()


def test_work_that_is_done_ends_them(cast: Cast, clock: time_machine.Traveller) -> None:
    opens_on(cast, date(2026, 11, 3))
    for activity in (cast.reading, cast.file, cast.link):
        tick(cast.student, activity)
    jump(clock, datetime(2026, 11, 6, 15, 10, tzinfo=UTC), datetime(2026, 11, 6, 16, 10, tzinfo=UTC))
    one = Notice.objects.get(person=cast.student, kind="nudge")
    assert (one.state, one.reason) == ("skipped", "nothing to say")
    # The hour after makes nothing of it again.
    jump(clock, datetime(2026, 11, 6, 17, 10, tzinfo=UTC))
    one.refresh_from_db()
    assert one.state == "skipped"


@pytest.mark.parametrize("how", ["snooze", "break", "off", "suspended", "ended"])
def test_one_click_or_the_end_of_the_course_stops_them(cast: Cast, clock: time_machine.Traveller, how: str) -> None:
    opens_on(cast, date(2026, 11, 3))
    clock.move_to(datetime(2026, 11, 6, 9, tzinfo=UTC))
    jump(clock, datetime(2026, 11, 6, 9, tzinfo=UTC))
    match how:
        case "snooze":
            preferences.set_mailbox(cast.student, snoozed_until=datetime(2026, 11, 13, 9, tzinfo=UTC))
        case "break":
            preferences.set_mailbox(cast.student, break_until=date(2026, 11, 20))
        case "off":
            preferences.choose(cast.student, "nudge", in_inbox=False, mail="never")
        case "suspended":
            Enrolment.objects.filter(user=cast.student).update(state="suspended")
        case "ended":
            Cohort.objects.filter(pk=cast.cohort.pk).update(ends_on=date(2026, 11, 5))
    jump(clock, *(datetime(2026, 11, day, 16, 10, tzinfo=UTC) for day in (6, 7, 10, 11)))
    assert told(cast.student, "nudge") == []


def test_first_word_after_a_break_comes_on_the_day_after_it(cast: Cast, clock: time_machine.Traveller) -> None:
    opens_on(cast, date(2026, 11, 3))
    worked(cast.student, date(2026, 11, 3), opened=cast.reading)
    preferences.set_mailbox(cast.student, break_until=date(2026, 11, 12))
    live_until(clock, datetime(2026, 11, 14, 17, tzinfo=UTC), timedelta(hours=12))
    assert days_told(cast.student) == [(1, "13 16:00")]
    [(title, text)] = words_to(cast.student)
    assert title == "A short way back into “Bees and flowers”: “Bee eyes”, 1 min"
    assert text.startswith("Everything is as you left it, and all you have done still counts.")


def test_words_follow_the_situation(cast: Cast, clock: time_machine.Traveller) -> None:
    opens_on(cast, date(2026, 11, 3))
    Enrolment.objects.exclude(user__in=[cast.student, cast.other_student]).update(state="left")
    worked(cast.student, date(2026, 11, 3), opened=cast.reading)
    jump(clock, datetime(2026, 11, 6, 16, 10, tzinfo=UTC))
    assert words_to(cast.student) == [
        (
            "Carry on with “Bee eyes”, 1 min",
            "You have started it, and what you have done so far is kept. About 11 min would finish “Nectar”.",
        )
    ]
    assert words_to(cast.other_student) == [
        (
            "Start “Bees and flowers” with “Bee eyes”, 1 min",
            "You can stop at any point and carry on later, on any device. About 11 min would finish “Nectar”.",
        )
    ]


def test_somebody_who_works_on_fewer_days_hears_that_one_step_is_enough(
    cast: Cast, clock: time_machine.Traveller
) -> None:
    for activity in (cast.reading, cast.file):
        tick(cast.student, activity)
    worked(cast.student, *(date(2026, 10, day) for day in (14, 15, 16, 17, 18)), date(2026, 11, 1))
    worked(cast.other_student, *(date(2026, 10, day) for day in (24, 26, 28, 30)), date(2026, 11, 1), opened=cast.file)
    tick(cast.other_student, cast.file)
    jump(clock, datetime(2026, 11, 4, 16, 10, tzinfo=UTC))
    assert words_to(cast.student) == [
        (
            "5 min for one step: “A bee garden”",
            "When time is short, one step is enough for a day. It is the last step of “Nectar”.",
        )
    ]
    assert words_to(cast.other_student) == [
        ("Your next step is “A bee garden”, 5 min", "About 6 min would finish “Nectar”.")
    ]


def test_no_wording_blames_counts_or_shouts(cast: Cast) -> None:
    said = []
    for situation in ("not begun", "in the middle", "slowing", "back", "next"):
        for lead in (1, 2, 3):
            for minutes in (5, None):
                values = {"situation": situation, "activity": 1, "title": "T", "course": "C", "module": "M"}
                values |= {"minutes": minutes, "is_last": False, "minutes_left": None}
                [words] = KINDS["nudge"].render([Notice(kind="nudge", lead=lead, values=values)])
                said.append(f"{words.title} {words.text}")
    for one in said:
        assert not re.search(r"!|streak|miss|behind|\bdays\b|been away|been here|haven.t|should|None", one)


def test_nudges_are_48_hours_apart_over_all_courses(cast: Cast, clock: time_machine.Traveller) -> None:
    opens_on(cast, date(2026, 11, 3))
    jump(clock, datetime(2026, 11, 6, 16, 10, tzinfo=UTC))
    for number in range(4):
        module = make.ModuleFactory(title="More")
        make.reading(module, title=f"Step {number}")
        cohort = make.CohortFactory(course=module.course, starts_on=date(2026, 11, 4 + number))
        make.EnrolmentFactory(cohort=cohort, user=cast.student, started_on=date(2026, 11, 4 + number))
    live_until(clock, datetime(2026, 11, 30, 17, tzinfo=UTC), timedelta(hours=12))
    instants = [at for _, at in told(cast.student, "nudge")]
    assert len(instants) >= 3
    assert all(later - earlier >= timedelta(hours=48) for earlier, later in pairwise(instants))


def test_student_who_hears_of_the_date_of_a_step_is_not_nudged_to_it(cast: Cast, clock: time_machine.Traveller) -> None:
    opens_on(cast, date(2026, 11, 3))
    cohorts.set_due_date(cast.cohort, cast.reading, DueDate(suggested_wall=datetime(2026, 11, 7, 18, 0)))
    live_until(clock, datetime(2026, 11, 6, 17, tzinfo=UTC), timedelta(hours=12))
    assert Notice.objects.get(person=cast.student, kind="nudge").reason == "told lately"
    assert len(told(cast.student, "due_soon")) == 2


def test_minors_find_nudges_in_the_inbox_alone_and_are_never_held_out(
    cast: Cast, clock: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(telling, "HELD_OUT_OF_TEN", 10)
    User.objects.filter(pk=cast.student.pk).update(minor=True)
    opens_on(cast, date(2026, 11, 3))
    jump(clock, datetime(2026, 11, 6, 16, 10, tzinfo=UTC))
    one = Notice.objects.get(person=cast.student, kind="nudge")
    assert (one.state, one.in_inbox, one.mail_by) == ("told", True, "")
    assert subjects(cast.student) == []
    held = Notice.objects.get(person=cast.other_student, kind="nudge")
    assert (held.state, subjects(cast.other_student)) == ("held out", [])


def test_quiet_hours_of_minors_are_those_of_the_night_whatever_they_chose(
    cast: Cast, clock: time_machine.Traveller
) -> None:
    User.objects.filter(pk=cast.student.pk).update(minor=True)
    opens_on(cast, date(2026, 11, 3))
    for person in (cast.student, cast.other_student):
        preferences.set_mailbox(person, quiet_from=8, quiet_hours=14)
    live_until(clock, datetime(2026, 11, 7, 7, tzinfo=UTC))
    # From 8 to 22 is quiet for the one, who hears at 22; the night is quiet for the other.
    assert days_told(cast.other_student) == [(1, "06 21:00")]
    assert days_told(cast.student) == [(1, "06 16:00")]


@pytest.mark.parametrize(
    ("zone", "hour"),
    [("Pacific/Auckland", "2026-11-06 04:00"), ("Asia/Kathmandu", "2026-11-06 11:15")],
)
def test_five_is_five_where_the_student_lives(cast: Cast, clock: time_machine.Traveller, zone: str, hour: str) -> None:
    User.objects.filter(pk=cast.student.pk).update(timezone=zone)
    opens_on(cast, date(2026, 11, 3))
    at = datetime.fromisoformat(hour).replace(tzinfo=UTC)
    jump(clock, at - timedelta(minutes=10))
    assert told(cast.student, "nudge") == []
    jump(clock, at)
    assert len(told(cast.student, "nudge")) == 1


def test_nudge_keeps_its_hour_when_the_clock_is_put_back(cast: Cast, clock: time_machine.Traveller) -> None:
    """In the night to 25 October 2026 Berlin goes from +2 to +1."""
    opens_on(cast, date(2026, 10, 22))
    clock.move_to(datetime(2026, 10, 24, 15, tzinfo=UTC))
    jump(clock, *(datetime(2026, 10, day, hour, tzinfo=UTC) for day in range(24, 30) for hour in (15, 16)))
    assert days_told(cast.student) == [(1, "25 16:00"), (2, "29 16:00")]


def test_mail_of_somebody_who_came_back_meanwhile_is_not_sent(cast: Cast, clock: time_machine.Traveller) -> None:
    opens_on(cast, date(2026, 11, 3))
    clock.move_to(datetime(2026, 11, 6, 16, 10, tzinfo=UTC))
    plan()
    deliver()
    worked(cast.student, date(2026, 11, 6))
    jump(clock, datetime(2026, 11, 6, 16, 12, tzinfo=UTC))
    assert subjects(cast.student) == []
    assert len(subjects(cast.other_student)) == 1


def test_nudge_to_a_step_that_was_hidden_leaves_the_inbox(cast: Cast, clock: time_machine.Traveller) -> None:
    opens_on(cast, date(2026, 11, 3))
    jump(clock, datetime(2026, 11, 6, 16, 10, tzinfo=UTC))
    assert Notice.objects.inbox_of(cast.student).filter(kind="nudge").exists()
    Activity.objects.filter(pk=cast.reading.pk).update(published=False)
    assert not Notice.objects.inbox_of(cast.student).filter(kind="nudge").exists()
