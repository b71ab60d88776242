"""Six queries or fewer on a student's page, the same for one item and for three."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from courses.models import DueDate
from progress.services import ticks
from tests.cast import Cast
from tests.factories import courses as make
from tests.factories import lectures

MOST = 6


def queries(client: Client, path: str) -> int:
    """Of a second visit: the first of the day also notes that the person was seen."""
    client.get(path)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(path).status_code == 200
    return len(captured)


def grow(cast: Cast, rounds: int) -> None:
    for number in range(rounds):
        module = make.ModuleFactory(course=cast.course, position=10 + number)
        for place in range(3):
            activity = make.reading(module, "Bees again.", position=place)
            DueDate.objects.create(
                cohort=cast.cohort, activity=activity, zone="Europe/Berlin", suggested_wall="2026-12-01T20:00"
            )
        ticks.complete(cast.enrolment, activity, how="marked", evidence={}, by=cast.student)


@pytest.mark.parametrize(
    "page",
    [
        *("/", "/courses/", "/courses/{course}/", "/courses/{course}/search/?q=bees", "/search/?q=bees"),
        *("/lessons/{reading}/", "/lessons/{lecture}/", "/courses/{course}/notes/", "/dates/"),
    ],
)
def test_page_asks_the_same_at_one_and_at_three(cast: Cast, client: Client, page: str) -> None:
    lecture = lectures.lecture(cast.module, title="Bees on film", position=7)
    path = page.format(course=cast.course.pk, reading=cast.reading.pk, lecture=lecture.pk)
    client.force_login(cast.student)
    few = queries(client, path)
    grow(cast, 3)
    many = queries(client, path)
    assert few == many <= MOST


def test_lesson_that_is_done_stays_within_the_budget(cast: Cast, client: Client) -> None:
    ticks.complete(cast.enrolment, cast.reading, how="marked", evidence={}, by=cast.student)
    client.force_login(cast.student)
    assert queries(client, f"/lessons/{cast.reading.pk}/") <= MOST
