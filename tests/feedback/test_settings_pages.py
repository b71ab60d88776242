"""The pages on which teachers set how work is marked, pause it, and say when they are away."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
import time_machine
from django.test import Client
from lxml import html

from accounts.models import User
from courses.models import Activity, Cohort
from feedback.models import Absence, Marking, Pause
from feedback.services import marking
from tests.cast import Cast
from tests.factories import feedback as make
from tests.undoing import undo

pytestmark = pytest.mark.django_db
AsUser = Callable[[User | None], Client]
AWAY = "/me/away/"


@pytest.fixture(autouse=True)
def clock() -> object:
    with time_machine.travel(datetime(2026, 11, 3, 8, tzinfo=UTC), tick=False) as traveller:
        yield traveller


@pytest.fixture
def step(cast: Cast) -> Activity:
    """In cohorts that live in UTC."""
    Cohort.objects.update(timezone="UTC")
    cast.cohort.refresh_from_db()
    return make.assignment(cast.module)


@pytest.fixture
def teacher(cast: Cast, as_user: AsUser) -> Client:
    return as_user(cast.teacher)


def address(cast: Cast, page: str) -> str:
    return f"/cohorts/{cast.cohort.pk}/marking/{page}/"


def confirmed(page: bytes) -> dict[str, Any]:
    """What the button sends that stands beside what would move."""
    [form] = html.fromstring(page.decode()).xpath("//form[.//button[@name='confirmed']]")
    [button] = form.xpath(".//button")
    return {**dict(form.form_values()), "confirmed": button.get("value")}


def test_settings_move_promises_say_how_many_and_are_undone(cast: Cast, teacher: Client, step: Activity) -> None:
    work = make.hand_in(cast.enrolment, step)
    path = address(cast, "settings")
    assert "The usual way: the due date" in teacher.get(path).content.decode()
    answer = teacher.post(
        path, {"feedback_days": "5", "counted_from": "usual", "assistants_release": "on"}, follow=True
    )
    assert "Saved. 1 promise has moved." in answer.content.decode()
    work.refresh_from_db()
    assert work.promised_at == datetime(2026, 11, 10, 17, tzinfo=UTC)
    assert Marking.objects.get().assistants_release
    assert "as it was before" in undo(teacher, answer)
    work.refresh_from_db()
    assert work.promised_at == datetime(2026, 11, 6, 17, tzinfo=UTC)
    assert not Marking.objects.get().assistants_release


@pytest.mark.parametrize("days", ["0", "61", "", "many"])
def test_number_of_days_that_is_none_is_refused(cast: Cast, teacher: Client, days: str) -> None:
    assert teacher.post(address(cast, "settings"), {"feedback_days": days, "counted_from": "usual"}).status_code == 422
    cast.cohort.refresh_from_db()
    assert cast.cohort.feedback_days == 3


def test_pause_says_what_moves_before_it_is_saved_and_is_ended_and_undone(
    cast: Cast, teacher: Client, step: Activity
) -> None:
    work = make.hand_in(cast.enrolment, step)
    path = address(cast, "pauses")
    asked = teacher.post(path, {"last": "2026-11-10", "activity": "", "reason": "I am ill."})
    assert "1 promise moves; it becomes Monday 16 November." in asked.content.decode()
    assert not Pause.objects.exists()
    answer = teacher.post(path, confirmed(asked.content), follow=True)
    assert "Marking is paused." in answer.content.decode()
    assert "I am ill." in answer.content.decode()
    work.refresh_from_db()
    assert work.promised_at == datetime(2026, 11, 16, 17, tzinfo=UTC)
    assert "no longer paused" in undo(teacher, answer)
    work.refresh_from_db()
    assert work.promised_at == datetime(2026, 11, 6, 17, tzinfo=UTC)


def test_pause_that_was_changed_after_the_question_is_asked_about_again(
    cast: Cast, teacher: Client, step: Activity
) -> None:
    make.hand_in(cast.enrolment, step)
    path = address(cast, "pauses")
    asked = confirmed(teacher.post(path, {"last": "2026-11-10", "activity": "", "reason": "Ill."}).content)
    again = teacher.post(path, {**asked, "last": "2026-11-20"})
    assert "it becomes Thursday 26 November" in again.content.decode()
    assert not Pause.objects.exists()


def test_pause_that_moves_nothing_is_saved_without_a_question_and_ended_early(
    cast: Cast, teacher: Client, step: Activity
) -> None:
    path = address(cast, "pauses")
    teacher.post(path, {"last": "2026-11-10", "activity": str(step.pk), "reason": "A trip."})
    pause = Pause.objects.get()
    assert (pause.first, pause.activity, pause.by) == (date(2026, 11, 3), step, cast.teacher)
    page = teacher.get(address(cast, "settings")).content.decode()
    assert "paused until Tuesday 10 November 2026" in page
    answer = teacher.post(f"{path}{pause.pk}/end/", follow=True)
    assert "The pause is over." in answer.content.decode()
    assert "paused again" in undo(teacher, answer)
    elsewhere = f"/cohorts/{cast.elsewhere.pk}/marking/pauses/{pause.pk}/end/"
    assert teacher.post(elsewhere).status_code == 404


@pytest.mark.parametrize(
    "values",
    [
        {"last": "2026-11-02", "reason": "Ill."},
        {"last": "2027-12-01", "reason": "Ill."},
        {"last": "", "reason": "Ill."},
        {"last": "2026-11-10", "reason": ""},
        {"last": "2026-11-10", "reason": "x" * 301},
        {"last": "2026-11-10", "reason": "Ill.", "activity": "999999"},
    ],
)
def test_pause_that_makes_no_sense_is_refused(cast: Cast, teacher: Client, values: dict[str, str]) -> None:
    assert teacher.post(address(cast, "pauses"), values).status_code == 422
    assert not Pause.objects.exists()


def test_absence_says_what_moves_is_listed_cancelled_and_undone(cast: Cast, teacher: Client, step: Activity) -> None:
    work = make.hand_in(cast.enrolment, step)
    marking.take(work, by=cast.teacher)
    trip = {"first": "2026-11-04", "last": "2026-11-09", "substitute": ""}
    asked = teacher.post(AWAY, trip)
    assert "1 promise moves; it becomes Thursday 12 November." in asked.content.decode()
    answer = teacher.post(AWAY, confirmed(asked.content), follow=True)
    assert "Wed 4 Nov 2026 – Mon 9 Nov 2026" in " ".join(answer.content.decode().split())
    answer = teacher.post(f"{AWAY}{Absence.objects.get().pk}/cancel/", follow=True)
    assert "No days yet." in answer.content.decode()
    undo(teacher, answer)
    work.refresh_from_db()
    assert work.promised_at == datetime(2026, 11, 12, 17, tzinfo=UTC)


def test_substitute_is_named_with_the_work_that_they_get(cast: Cast, teacher: Client, step: Activity) -> None:
    work = make.hand_in(cast.enrolment, step)
    marking.take(work, by=cast.teacher)
    trip = {"first": "2026-11-04", "last": "2026-11-09", "substitute": str(cast.assistant.pk)}
    asked = teacher.post(AWAY, trip)
    assert "1 piece of work goes to Assistant." in asked.content.decode()
    teacher.post(AWAY, confirmed(asked.content))
    work.refresh_from_db()
    assert work.marker == cast.assistant


@pytest.mark.parametrize(
    "values",
    [
        {"first": "2026-11-09", "last": "2026-11-04"},
        {"first": "2026-10-01", "last": "2026-10-02"},
        {"first": "2026-11-04", "last": "2028-01-01"},
        {"first": "", "last": "2026-11-04"},
    ],
)
def test_absence_that_makes_no_sense_is_refused(teacher: Client, values: dict[str, str]) -> None:
    assert teacher.post(AWAY, {**values, "substitute": ""}).status_code == 422
    assert not Absence.objects.exists()


def test_nobody_else_can_be_the_substitute(cast: Cast, teacher: Client) -> None:
    for person in (cast.student, cast.observer, cast.elsewhere_teacher, cast.teacher):
        answer = teacher.post(AWAY, {"first": "2026-11-04", "last": "2026-11-09", "substitute": str(person.pk)})
        assert answer.status_code == 422
        assert not Absence.objects.exists()


def test_only_who_marks_has_the_page_and_each_only_their_own_days(cast: Cast, as_user: AsUser, teacher: Client) -> None:
    for person in (cast.student, cast.observer, cast.outsider, cast.editor):
        assert as_user(person).get(AWAY).status_code == 404
    theirs = Absence.objects.create(person=cast.assistant, first=date(2026, 11, 4), last=date(2026, 11, 4))
    assert teacher.post(f"{AWAY}{theirs.pk}/cancel/").status_code == 404
    theirs.refresh_from_db()
    assert theirs.cancelled_at is None
