"""What was planned by is planned anew as soon as it changes, and not at the next full hour."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import pytest
from django.db import connections
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from accounts.services import people
from common.turns import turn
from courses.models import DueDate
from courses.services import agreements, cohorts
from notifications.models import Replan
from notifications.services import planning, preferences
from notifications.tasks import deliver, plan
from tests.cast import Cast

pytestmark = pytest.mark.django_db
PLAN = "notifications.tasks.plan"


@pytest.fixture
def woken(
    monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> Callable[[Callable[[], object]], list[str]]:
    """The tasks that a deed would wake, by name: what is handed to the broker, and no broker."""

    def wakes(deed: Callable[[], object]) -> list[str]:
        names: list[str] = []
        monkeypatch.setattr("common.enqueue._publish", names.append)
        with django_capture_on_commit_callbacks(execute=True):
            deed()
        return names

    return wakes


def test_change_of_any_date_plans_anew(cast: Cast, woken: Callable) -> None:
    wall = datetime(2027, 1, 10, 18, 0)
    due = DueDate(suggested_wall=wall)
    assert PLAN in woken(lambda: cohorts.set_due_date(cast.cohort, cast.reading, due))
    assert PLAN in woken(
        lambda: agreements.agree(cast.enrolment, cast.reading, wall.replace(day=20), reason="", by=cast.teacher)
    )
    assert PLAN in woken(lambda: agreements.take_back(cast.enrolment, cast.reading))
    assert PLAN in woken(lambda: cohorts.accommodate(cast.enrolment, extra_days=3, note="", by=cast.teacher))
    assert PLAN in woken(lambda: cohorts.clear_due_date(cast.cohort, cast.reading))
    assert PLAN in woken(lambda: cohorts.move(cast.enrolment, cast.elsewhere, by=cast.admin))


def test_first_and_last_day_of_a_cohort_plan_anew(cast: Cast, woken: Callable) -> None:
    assert woken(lambda: cohorts.save_cohort(cast.cohort)) == [PLAN]


def test_look_at_what_a_date_would_do_plans_nothing(cast: Cast, woken: Callable, client: Client) -> None:
    client.force_login(cast.teacher)
    address = reverse("teach:due_date", args=[cast.cohort.pk, cast.reading.pk])
    sent = {"suggested_wall": "2025-11-12T18:00", "cutoff_wall": ""}
    assert PLAN not in woken(lambda: client.post(address, sent))


def test_readers_own_hours_and_zone_plan_anew(cast: Cast, woken: Callable) -> None:
    assert woken(lambda: preferences.set_mailbox(cast.student, leads=[5])) == [PLAN]
    assert woken(lambda: preferences.set_mailbox(cast.student, quiet_from=21)) == [PLAN]
    assert woken(lambda: preferences.set_mailbox(cast.student, break_until="2027-01-01")) == []
    assert woken(lambda: people.confirm_zone(cast.student, "Asia/Tokyo")) == [PLAN]
    assert woken(lambda: people.save_own(cast.student, chose_zone=True)) == [PLAN]
    assert woken(lambda: people.save_own(cast.student, chose_zone=False)) == []


def test_settings_that_are_saved_as_they_were_plan_nothing(cast: Cast, woken: Callable) -> None:
    usual = {"leads": [3, 1], "quiet_from": 20, "quiet_hours": 11, "break_until": None}
    assert woken(lambda: preferences.save(cast.student, usual, [("due_soon", True, "daily")])) == []
    assert woken(lambda: preferences.save(cast.student, {**usual, "leads": [5, 1]}, [])) == [PLAN]
    assert woken(lambda: preferences.save(cast.student, {**usual, "leads": [5, 1]}, [])) == []
    assert woken(lambda: preferences.save(cast.student, {**usual, "quiet_hours": 9}, [])) == [PLAN]


def test_change_that_meets_a_planner_at_work_is_planned_as_soon_as_that_one_is_done(
    cast: Cast, woken: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    plans = []

    def changed_meanwhile(now: datetime) -> int:
        plans.append(Replan.objects.count())
        if len(plans) == 1:
            cohorts.set_due_date(cast.cohort, cast.reading, DueDate(suggested_wall=datetime(2027, 1, 10, 18, 0)))
        return 0

    monkeypatch.setattr(planning, "plan_all", changed_meanwhile)
    plan()
    assert plans == [0, 1]
    assert not planning.is_asked_for()


@pytest.mark.django_db(transaction=True)
def test_wake_up_that_finds_the_turn_taken_leaves_its_wish_to_who_has_it(cast: Cast) -> None:
    planning.soon()
    with ThreadPoolExecutor(1) as other, turn("notices: plan"):
        assert other.submit(_planned_elsewhere).result(60) is None
        assert planning.is_asked_for()
    assert planning.plan(timezone.now()) is not None
    assert not planning.is_asked_for()


def _planned_elsewhere() -> int | None:
    try:
        return planning.plan(timezone.now())
    finally:
        connections.close_all()


def test_wish_whose_wake_up_was_lost_is_found_within_the_minute(cast: Cast, woken: Callable) -> None:
    planning.soon()
    assert PLAN in woken(deliver)
    plan()
    assert PLAN not in woken(deliver)


def test_planner_that_dies_leaves_the_wish(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    planning.soon()
    monkeypatch.setattr(planning, "plan_all", lambda now: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        plan()
    assert planning.is_asked_for()


def test_admin_who_corrects_a_zone_plans_anew(cast: Cast, woken: Callable) -> None:
    assert woken(lambda: people.save_person(cast.student)) == []
    cast.student.timezone = "Asia/Tokyo"
    assert woken(lambda: people.save_person(cast.student)) == [PLAN]
