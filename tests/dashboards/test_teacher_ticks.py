"""A step that only a teacher ticks, and one that is with the teacher."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.utils import timezone

from courses.kinds import KINDS, Who
from courses.models import Activity, DueDate
from dashboards.pages import today
from dashboards.selectors import class_list
from progress.models import Completion
from progress.outline import State
from progress.selectors import outlines, standings
from progress.services import ticks, waits
from tests.cast import Cast
from tests.courses.test_kinds import Poem
from tests.factories import courses as make

LONG_DUE = datetime(2026, 2, 1, 12)
PROMISED = datetime(2027, 3, 4, 17, tzinfo=UTC)


@pytest.fixture
def poem(cast: Cast) -> Iterator[Activity]:
    KINDS["poem"] = Poem()
    activity = make.ActivityFactory(module=cast.module, kind="poem", rule="heard", title="Learn a poem", position=9)
    yield activity
    del KINDS["poem"]


def signed_in(client: Client, person: object) -> Client:
    client.force_login(person)
    return client


def tick_url(cast: Cast, activity: Activity, end: str = "done") -> str:
    return f"/teach/students/{cast.enrolment.pk}/activities/{activity.pk}/{end}/"


def test_teacher_ticks_for_a_student_and_takes_it_back(client: Client, cast: Cast, poem: Activity) -> None:
    page = signed_in(client, cast.teacher).post(tick_url(cast, poem), follow=True)
    assert "“Learn a poem” is marked as done for" in page.text
    tick = Completion.objects.standing().get()
    assert (tick.how, tick.recorded_by, tick.withdrawable_by) == ("teacher", cast.teacher, "teacher")
    page = client.post(tick_url(cast, poem, "not-done"), follow=True)
    assert "“Learn a poem” is no longer marked as done." in page.text
    assert not Completion.objects.standing().exists()


@pytest.mark.parametrize(
    ("role", "status"),
    [("outsider", 404), ("student", 403), ("elsewhere_teacher", 404), ("observer", 403), ("assistant", 302)],
)
def test_only_staff_of_the_cohort_tick_for_a_student(
    client: Client, cast: Cast, poem: Activity, role: str, status: int
) -> None:
    assert signed_in(client, cast.person(role)).post(tick_url(cast, poem)).status_code == status
    assert Completion.objects.exists() is (status == 302)


def test_activity_of_another_course_is_not_there(client: Client, cast: Cast) -> None:
    foreign = make.reading(make.ModuleFactory())
    for end in ("done", "not-done"):
        assert signed_in(client, cast.teacher).post(tick_url(cast, foreign, end)).status_code == 404


def test_student_cannot_tick_what_the_teacher_ticks(client: Client, cast: Cast, poem: Activity) -> None:
    assert signed_in(client, cast.student).post(f"/lessons/{poem.pk}/done/").status_code == 403
    with pytest.raises(PermissionDenied):
        ticks.mark(cast.enrolment, poem, acting=Who.STUDENT, by=cast.student)
    assert not Completion.objects.exists()


def test_teacher_cannot_tick_what_is_the_students(client: Client, cast: Cast, poem: Activity) -> None:
    assert signed_in(client, cast.teacher).post(tick_url(cast, cast.reading)).status_code == 403
    ticks.mark(cast.enrolment, cast.reading, acting=Who.STUDENT, by=cast.student)
    assert "Nothing has changed" in client.post(tick_url(cast, cast.reading, "not-done"), follow=True).text
    assert Completion.objects.standing().count() == 1


def test_student_reads_who_ticked_and_cannot_take_it_back(client: Client, cast: Cast, poem: Activity) -> None:
    ticks.mark(cast.enrolment, poem, acting=Who.TEACHER, by=cast.teacher)
    page = signed_in(client, cast.student).get(f"/lessons/{poem.pk}/").text
    assert f"{cast.teacher} marked it as done on" in page
    assert f"/lessons/{poem.pk}/not-done/" not in page
    assert not ticks.withdraw(cast.enrolment, poem, acting=Who.STUDENT, by=cast.student)


def test_page_of_a_student_offers_the_tick_where_the_rule_leaves_it_to_the_teacher(
    client: Client, cast: Cast, poem: Activity
) -> None:
    page = signed_in(client, cast.teacher).get(f"/teach/students/{cast.enrolment.pk}/").text
    assert tick_url(cast, poem) in page
    assert tick_url(cast, cast.reading) not in page
    ticks.mark(cast.enrolment, poem, acting=Who.TEACHER, by=cast.teacher)
    page = client.get(f"/teach/students/{cast.enrolment.pk}/").text
    assert tick_url(cast, poem, "not-done") in page
    assert tick_url(cast, poem) not in page


def test_lesson_that_a_student_cannot_tick_says_its_rule_and_has_no_button(
    client: Client, cast: Cast, poem: Activity
) -> None:
    page = signed_in(client, cast.student).get(f"/lessons/{poem.pk}/").text
    assert "Ticked when your teacher heard it." in page
    assert "Mark as done" not in page


def test_way_that_the_rule_does_not_know_makes_no_tick(cast: Cast, poem: Activity) -> None:
    with pytest.raises(ticks.NoSuchWay):
        ticks.complete(cast.enrolment, poem, how="read", evidence={}, by=cast.student)


def step_of(cast: Cast, activity: Activity) -> object:
    found = outlines.of_one(cast.enrolment.pk, cast.course.pk)
    return next(step for step in found.steps if step.id == activity.pk)


def test_step_with_the_teacher_is_not_proposed_not_late_and_takes_no_minutes(cast: Cast) -> None:
    DueDate.objects.create(cohort=cast.cohort, activity=cast.reading, suggested_wall=LONG_DUE, zone="Europe/London")
    before = outlines.of_one(cast.enrolment.pk, cast.course.pk)
    now = timezone.now()
    assert before.next_step(now.timestamp()).id == cast.reading.pk
    waits.begin_wait(cast.enrolment, cast.reading, waits_for=Who.TEACHER, promised_at=PROMISED)
    found = outlines.of_one(cast.enrolment.pk, cast.course.pk)
    step = step_of(cast, cast.reading)
    assert (step.state, step.promised_at) == (State.WAITING, PROMISED)
    assert (found.waiting, found.done, found.total) == (1, 0, before.total)
    assert found.minutes_left == before.minutes_left - cast.reading.minutes
    assert found.next_step(now.timestamp()).id == cast.file.pk
    mine = standings.standings(standings.enrolments(cast.student))
    assert today.due(mine, now) == []
    (row,) = class_list.rows(cast.cohort, list(class_list.students(cast.cohort).filter(user=cast.student)))
    assert (row.tally.late, row.tally.waiting) == (0, 1)


def test_answer_ends_the_wait_and_the_step_is_the_students_again(cast: Cast) -> None:
    waits.begin_wait(cast.enrolment, cast.reading, waits_for=Who.TEACHER)
    assert waits.end_wait(cast.enrolment, cast.reading)
    assert step_of(cast, cast.reading).state is State.TODO
    assert not waits.end_wait(cast.enrolment, cast.reading)


def test_promise_moves_and_a_done_step_is_done_whatever_waits(cast: Cast) -> None:
    waits.begin_wait(cast.enrolment, cast.reading, waits_for=Who.TEACHER)
    waits.begin_wait(cast.enrolment, cast.reading, waits_for=Who.TEACHER, promised_at=PROMISED)
    assert step_of(cast, cast.reading).promised_at == PROMISED
    ticks.mark(cast.enrolment, cast.reading, acting=Who.STUDENT, by=cast.student)
    assert step_of(cast, cast.reading).state is State.DONE


def test_pages_say_that_it_is_the_teachers_turn(client: Client, cast: Cast) -> None:
    for activity in (cast.reading, cast.file, cast.link):
        waits.begin_wait(cast.enrolment, activity, waits_for=Who.TEACHER, promised_at=PROMISED)
    home = signed_in(client, cast.student).get("/").text
    assert "3 steps are with your teacher. The rest is done." in home
    assert "It is your teacher’s turn." in home
    assert "3 with your teacher" in client.get(f"/courses/{cast.course.pk}/").text
    lesson = client.get(f"/lessons/{cast.reading.pk}/").text
    assert "feedback promised by" in lesson.lower()
    assert "Mark as done" not in lesson
    row = signed_in(client, cast.teacher).get(f"/teach/cohorts/{cast.cohort.pk}/").text
    assert "To mark" in row
