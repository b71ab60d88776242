"""What tells that a student may need somebody, as a worker keeps it."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from common.turns import turn
from courses.kinds import Who
from courses.models import Activity, Cohort, Enrolment
from courses.services import erasing
from feedback.models import Submission
from progress.fields import literal
from progress.models import Completion, Presence, Reckoning, Signals, Snooze
from progress.services import contacts, signals, waits
from progress.tasks import reckon_signals
from tests.cast import Cast
from tests.dashboards.steps import NOW, do, due
from tests.factories import courses as make
from tests.factories import feedback

DAY, HOUR, TODAY = timedelta(days=1), timedelta(hours=1), NOW.date()


def refresh(now: datetime = NOW) -> int:
    return signals.refresh(now, time.monotonic() + 60)


def of(enrolment: Enrolment) -> Signals:
    refresh()
    return Signals.objects.get(pk=enrolment.pk)


def at_work(enrolment: Enrolment, *days_ago: int, today: date = TODAY) -> None:
    Presence.objects.bulk_create(
        Presence(enrolment=enrolment, day=today - DAY * ago, minutes=literal([(600, 620)])) for ago in days_ago
    )


def test_whoever_has_done_nothing_has_a_row_of_nothing(cast: Cast) -> None:
    found = of(cast.enrolment)
    counted = (found.active_days_7, found.active_days_14, found.active_days_28, found.due, found.missing, found.late)
    assert counted == (0,) * 6
    assert (found.last_day, found.mean_mark, found.contact_at) == (None, None, None)
    assert (found.share_done, found.through) == (0, False)


def test_days_at_work_are_counted_over_one_two_and_four_weeks(cast: Cast) -> None:
    at_work(cast.enrolment, 0, 6, 7, 13, 14, 27, 28, 90)
    found = of(cast.enrolment)
    assert (found.active_days_7, found.active_days_14, found.active_days_28) == (2, 4, 6)
    assert found.last_day == NOW.date()


@pytest.mark.parametrize(
    ("zone", "now", "today"),
    [
        ("Pacific/Auckland", datetime(2026, 11, 24, 10, 59, tzinfo=UTC), 24),
        ("Pacific/Auckland", datetime(2026, 11, 24, 11, 1, tzinfo=UTC), 25),
        ("America/Los_Angeles", datetime(2026, 11, 24, 7, 59, tzinfo=UTC), 23),
        ("America/Los_Angeles", datetime(2026, 11, 24, 8, 1, tzinfo=UTC), 24),
    ],
)
def test_a_week_is_that_of_the_students_own_calendar(cast: Cast, zone: str, now: datetime, today: int) -> None:
    User.objects.filter(pk=cast.student.pk).update(timezone=zone)
    at_work(cast.enrolment, 6, 7, today=date(2026, 11, today))
    refresh(now)
    assert Signals.objects.get(pk=cast.enrolment.pk).active_days_7 == 1


def test_a_visit_of_a_browser_without_a_script_is_a_day_at_work(cast: Cast) -> None:
    User.objects.filter(pk=cast.student.pk).update(timezone="Pacific/Auckland")
    at_work(cast.enrolment, 9)
    seen = datetime(2026, 11, 20, 23, 30, tzinfo=UTC)
    Enrolment.objects.filter(pk=cast.enrolment.pk).update(last_seen_at=seen)
    assert of(cast.enrolment).last_day == date(2026, 11, 21)


def test_steps_whose_date_has_come_did_not_come_or_came_late(cast: Cast) -> None:
    more = [make.reading(cast.module, position=20 + number) for number in range(3)]
    in_time, after, long_ago, excused, closed, coming = cast.reading, cast.file, *more, cast.link
    for activity in (in_time, after, long_ago, excused):
        due(cast.cohort, activity, NOW - DAY * (60 if activity == long_ago else 3))
    due(cast.cohort, closed, NOW - DAY * 2, closes=NOW - DAY)
    due(cast.cohort, coming, NOW + HOUR)
    do(cast.enrolment, in_time, at=NOW - DAY * 4)
    do(cast.enrolment, after, at=NOW - DAY * 2)
    do(cast.enrolment, long_ago, at=NOW - DAY * 50)
    waits.excuse(cast.enrolment, excused, "Ill.")
    found = of(cast.enrolment)
    assert (found.due, found.missing, found.late) == (4, 1, 1)
    theirs = Signals.objects.get(enrolment__user=cast.other_student)
    assert (theirs.due, theirs.missing, theirs.late) == (5, 5, 0)


def test_what_students_are_not_shown_is_not_due(cast: Cast) -> None:
    due(cast.cohort, cast.draft, NOW - DAY)
    assert of(cast.enrolment).due == 0


def handed_in(enrolment: Enrolment, step: Activity, at: datetime) -> Submission:
    made = feedback.hand_in(enrolment, step, now=at)
    Submission.objects.filter(pk=made.pk).update(counts_at=at, sent_at=at)
    return made


@pytest.mark.parametrize(("before", "late"), [(HOUR, 0), (-HOUR, 1)])
def test_work_is_late_by_when_it_was_handed_in_and_not_by_when_it_was_marked(
    cast: Cast, before: timedelta, late: int
) -> None:
    step = feedback.assignment(cast.module)
    due(cast.cohort, step, NOW - DAY * 5)
    made = handed_in(cast.enrolment, step, NOW - DAY * 5 - before)
    assert (of(cast.enrolment).missing, of(cast.enrolment).late) == (0, late)
    feedback.release(made, cast.teacher, now=NOW - DAY)
    assert (of(cast.enrolment).missing, of(cast.enrolment).late) == (0, late)


def test_the_share_is_of_what_is_required_and_not_excused(cast: Cast) -> None:
    Activity.objects.filter(pk=cast.link.pk).update(required=False)
    do(cast.enrolment, cast.reading, cast.link)
    assert (of(cast.enrolment).share_done, of(cast.enrolment).through) == (0.5, False)
    waits.excuse(cast.enrolment, cast.file, "Ill.")
    assert (of(cast.enrolment).share_done, of(cast.enrolment).through) == (1, True)


def test_whoever_waits_for_a_teacher_has_nothing_left_to_do(cast: Cast) -> None:
    do(cast.enrolment, cast.reading, cast.file)
    waits.begin_wait(cast.enrolment, cast.link, waits_for=Who.TEACHER)
    found = of(cast.enrolment)
    assert found.through
    assert found.share_done == pytest.approx(2 / 3)
    waits.begin_wait(cast.enrolment, cast.link, waits_for=Who.STUDENT)
    assert not of(cast.enrolment).through


def test_a_tick_taken_back_is_none(cast: Cast) -> None:
    do(cast.enrolment, cast.reading)
    Completion.objects.update(withdrawn_at=NOW + DAY * 30)
    assert of(cast.enrolment).share_done == 0


def test_marks_are_averaged_over_what_the_student_can_read(cast: Cast) -> None:
    points = feedback.assignment(cast.module, "Points", scale="points", most_points=20, rubric=None)
    levels = feedback.assignment(
        cast.module, "Levels", scale="levels", levels=["Excellent", "Good", "Weak"], rubric=None
    )
    held = feedback.assignment(cast.module, "Held", scale="points", most_points=20, rubric=None)
    said = {points: {"points": 15}, levels: {"level": "Good"}, held: {"points": 0}}
    for step, mark in said.items():
        what = feedback.said(marks={}, **mark)
        made = feedback.hand_in(cast.enrolment, step, now=NOW - DAY)
        feedback.release(made, cast.teacher, what, now=NOW - HOUR, at=NOW + HOUR if step == held else None)
    assert of(cast.enrolment).mean_mark == pytest.approx((75 + 50) / 2)


def test_contact_is_the_last_word_of_somebody_to_them_in_this_cohort(cast: Cast) -> None:
    for ago in (9, 4):
        spoken = {cast.student.pk: contacts.REPLY}
        contacts.push(cast.cohort.pk, cast.teacher.pk, spoken, subject=f"post {ago}", at=NOW - DAY * ago)
    # What they said themselves, and what was said to them elsewhere.
    back, elsewhere = {cast.teacher.pk: contacts.REPLY}, {cast.student.pk: contacts.REPLY}
    contacts.push(cast.cohort.pk, cast.student.pk, back, subject="post 1", at=NOW)
    contacts.push(cast.elsewhere.pk, cast.teacher.pk, elsewhere, subject="post 2", at=NOW)
    assert of(cast.enrolment).contact_at == NOW - DAY * 4


def test_students_alone_have_a_row_while_they_are_in_a_cohort_that_runs(cast: Cast) -> None:
    ended = make.CohortFactory(course=cast.course, ends_on=TODAY - DAY)
    coming = make.CohortFactory(course=cast.course, starts_on=TODAY + DAY)
    for cohort in (ended, coming):
        make.EnrolmentFactory(cohort=cohort)
    refresh()
    assert set(Signals.objects.values_list("enrolment__user__username", flat=True)) == {
        "student",
        "other.student",
        "elsewhere.student",
    }
    assert set(Reckoning.objects.values_list("cohort", "at")) == {(cast.cohort.pk, NOW), (cast.elsewhere.pk, NOW)}


@pytest.mark.parametrize("state", ["left", "suspended"])
def test_whoever_left_has_no_row_any_more(cast: Cast, state: str) -> None:
    refresh()
    Enrolment.objects.filter(pk=cast.enrolment.pk).update(state=state)
    refresh()
    assert not Signals.objects.filter(pk=cast.enrolment.pk).exists()
    assert Signals.objects.filter(enrolment__user=cast.other_student).exists()


def test_a_cohort_that_is_over_has_no_rows_any_more(cast: Cast) -> None:
    refresh()
    Cohort.objects.filter(pk=cast.cohort.pk).update(ends_on=TODAY - DAY)
    refresh()
    assert list(Signals.objects.values_list("enrolment__cohort", flat=True)) == [cast.elsewhere.pk]
    assert list(Reckoning.objects.values_list("cohort", flat=True)) == [cast.elsewhere.pk]


def test_only_what_changed_is_written(cast: Cast) -> None:
    assert refresh() == 3
    assert refresh(NOW + HOUR) == 0
    assert Reckoning.objects.get(cohort=cast.cohort).at == NOW + HOUR
    at_work(cast.enrolment, 0)
    assert refresh() == 1


def statements() -> int:
    with CaptureQueriesContext(connection) as asked:
        refresh()
    return len(asked)


def test_three_students_ask_no_more_than_one(cast: Cast) -> None:
    Enrolment.objects.filter(user__in=[cast.other_student, cast.elsewhere_student]).delete()
    one = statements()
    for _ in range(2):
        at_work(make.EnrolmentFactory(cohort=make.CohortFactory(course=cast.course)), 1)
    assert statements() == one
    assert Signals.objects.count() == 3


def test_a_run_without_time_goes_on_with_what_was_reckoned_longest_ago(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(signals, "AT_ONCE", 1)
    refresh()
    Reckoning.objects.filter(cohort=cast.elsewhere).update(at=NOW - HOUR)
    signals.refresh(NOW + HOUR, time.monotonic() - 1)
    assert Reckoning.objects.get(cohort=cast.elsewhere).at == NOW - HOUR
    assert [cohort for cohort, _ in signals.running(NOW)] == [cast.elsewhere.pk, cast.cohort.pk]


def test_a_class_larger_than_a_statement_is_reckoned_in_parts(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signals, "AT_ONCE", 1)
    assert refresh() == 3


def elsewhere(work: Callable[[], int]) -> int:
    """In another thread, which has another connection."""

    def with_a_connection() -> int:
        try:
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as other:
        return other.submit(with_a_connection).result()


@pytest.mark.django_db(transaction=True)
def test_two_workers_take_turns() -> None:
    make.EnrolmentFactory()
    with turn("signals") as mine:
        assert mine
        assert elsewhere(reckon_signals) == 0
    assert elsewhere(reckon_signals) == 1


@pytest.mark.parametrize("what", ["enrolment", "cohort"])
def test_rows_go_with_what_is_erased(cast: Cast, what: str) -> None:
    refresh()
    Snooze.objects.create(teacher=cast.teacher, enrolment=cast.enrolment, until=NOW.date())
    gone = cast.enrolment if what == "enrolment" else cast.cohort
    longest = datetime(2020, 1, 1, tzinfo=UTC)
    type(gone).everything.filter(pk=gone.pk).update(deleted_at=longest, deleted_by=cast.admin)
    erasing.erase_expired(time.monotonic() + 60)
    assert not type(gone).everything.filter(pk=gone.pk).exists()
    assert not Signals.objects.filter(enrolment__user=cast.student).exists()
    assert not Snooze.objects.exists()
    assert Reckoning.objects.filter(cohort=cast.cohort).exists() == (what == "enrolment")


def test_an_old_snooze_is_forgotten(cast: Cast) -> None:
    for teacher, ago in ((cast.teacher, 3), (cast.assistant, 1)):
        Snooze.objects.create(teacher=teacher, enrolment=cast.enrolment, until=TODAY - DAY * ago)
    refresh()
    assert Snooze.objects.get().teacher == cast.assistant
