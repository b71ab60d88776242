"""What was planned by is planned anew as soon as it changes, and not at the next full hour."""

from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoCaptureOnCommitCallbacks

from accounts.services import people
from courses.models import DueDate
from courses.services import agreements, cohorts
from notifications.services import preferences
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


def test_admin_who_corrects_a_zone_plans_anew(cast: Cast, woken: Callable) -> None:
    assert woken(lambda: people.save_person(cast.student)) == []
    cast.student.timezone = "Asia/Tokyo"
    assert woken(lambda: people.save_person(cast.student)) == [PLAN]
