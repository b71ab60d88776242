"""Whether nudges help: who came back within 72 hours, of those who were sent one and of a tenth who were not."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from lxml import html

from accounts.models import User
from dashboards.pages import trials
from notifications.models import Notice
from progress.models import Presence, Visit
from progress.selectors.returns import Side, Trial, trial
from tests.cast import Cast
from tests.factories import courses as make
from tests.factories.people import UserFactory

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
TOLD = datetime(2026, 11, 10, 16, 0, tzinfo=UTC)


def test_interval_is_that_of_newcombe() -> None:
    """The example (a) of Newcombe 1998, method 10: 56/70 against 48/80."""
    low, high = Trial(Side(70, 56), Side(80, 48)).interval() or (0, 0)
    assert (round(low, 4), round(high, 4)) == (0.0524, 0.3339)


@pytest.mark.parametrize(
    ("sent", "held_out", "said"),
    [
        ((70, 56), (80, 48), "Nudges help: for every 100 that are sent, about 20 more people come back."),
        ((80, 48), (70, 56), "Nudges do harm: for every 100 that are sent, about 20 fewer people come back."),
        ((700, 300), (80, 30), "Unclear: a difference like this can be chance."),
        ((90, 90), (9, 0), "Unclear: there are too few yet. At least 10 on each side are needed."),
        ((0, 0), (10, 5), "Unclear: there are too few yet. At least 10 on each side are needed."),
    ],
)
def test_verdict_is_clear_only_where_enough_are_counted_and_the_interval_leaves_out_nothing(
    sent: tuple[int, int], held_out: tuple[int, int], said: str
) -> None:
    assert trials.result("Nudge", Trial(Side(*sent), Side(*held_out))).verdict == said


def nudge(person: User, **values: Any) -> Notice:
    given = {"kind": "nudge", "subject": 0, "lead": 1, "local_day": TOLD.date(), "not_before": TOLD, "state": "told"}
    return Notice.objects.create(person=person, **{**given, "settled_at": TOLD, **values})


def sides(cast: Cast) -> None:
    """Of four who were sent one three come back, of two who were not one."""
    people = [UserFactory(email=None) for _ in range(6)]
    minor = UserFactory(email=None, minor=True)
    for person in people[:4]:
        nudge(person)
    for person in people[4:]:
        nudge(person, state="held out")
    nudge(minor)
    nudge(people[0], lead=2, state="skipped")
    # Its 72 hours are not over.
    nudge(people[0], lead=3, settled_at=NOW - timedelta(hours=71))
    for person in (people[0], people[1], people[2], people[4], minor):
        seen = TOLD + timedelta(hours=2)
        make.EnrolmentFactory(user=person, cohort=cast.cohort, role="student", last_seen_at=seen)


@pytest.mark.django_db
def test_adults_who_were_sent_a_nudge_are_compared_with_those_who_were_not(cast: Cast) -> None:
    sides(cast)
    assert trial("nudge", NOW) == Trial(Side(4, 3), Side(2, 1))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("zone", "day", "minutes", "back"),
    [
        # Told at 17:00 in Berlin: at work until then is no return, a minute later is.
        ("Europe/Berlin", "2026-11-10", "{[1000,1020)}", 0),
        ("Europe/Berlin", "2026-11-10", "{[1000,1021)}", 1),
        ("Europe/Berlin", "2026-11-13", "{[1019,1030)}", 1),
        ("Europe/Berlin", "2026-11-13", "{[1020,1030)}", 0),
        # The same instants on another wall: 05:00 of the next day.
        ("Pacific/Auckland", "2026-11-11", "{[299,300)}", 0),
        ("Pacific/Auckland", "2026-11-11", "{[300,301)}", 1),
    ],
)
def test_minute_at_work_within_72_hours_is_a_return(cast: Cast, zone: str, day: str, minutes: str, back: int) -> None:
    User.objects.filter(pk=cast.student.pk).update(timezone=zone)
    Presence.objects.create(enrolment=cast.enrolment, day=day, minutes=minutes)
    nudge(cast.student)
    nudge(cast.other_student)
    assert trial("nudge", NOW).sent == Side(2, back)


@pytest.mark.django_db
@pytest.mark.parametrize(("hours", "back"), [(-1, 0), (1, 1), (71, 1), (73, 0)])
def test_visit_without_a_script_within_72_hours_is_a_return(cast: Cast, hours: int, back: int) -> None:
    at = TOLD + timedelta(hours=hours)
    later = NOW - timedelta(hours=1)
    Visit.objects.create(enrolment=cast.enrolment, activity=cast.link, opened_at=at, last_opened_at=later)
    nudge(cast.student)
    assert trial("nudge", NOW).sent == Side(1, back)


@pytest.mark.django_db
def test_operator_reads_the_comparison_in_a_fixed_number_of_queries(cast: Cast, client: Client) -> None:
    client.force_login(cast.admin)
    path = reverse("manage:nudges")
    with time_machine.travel(NOW, tick=False):
        client.get(path)
        with CaptureQueriesContext(connection) as empty:
            assert client.get(path).status_code == 200
        sides(cast)
        with CaptureQueriesContext(connection) as captured:
            shown = html.fromstring(client.get(path).content).find(".//main")
        assert reverse("manage:nudges") in client.get(reverse("manage:notices")).content.decode()
    words = " ".join(" ".join(shown.itertext()).split())
    assert "Sent 4 3 75% 30 to 95% Held out 2 1 50% 9 to 91%" in words
    assert "Difference: +25.0 points; with 95% certainty between" in words
    assert "Unclear: there are too few yet." in words
    assert len(captured) == len(empty) <= 12
