"""Rows come from an engine of their own, so every word that people bring is tried with markup in it."""

from django.test import Client

from courses.models import DueDate
from tests.cast import Cast
from tests.factories import courses as make

MARKUP = '<b onclick="x">&'
ESCAPED = "&lt;b onclick=&quot;x&quot;&gt;&amp;"


def read(client: Client, address: str) -> str:
    """The two engines write a quote in two ways."""
    return client.get(address).content.decode().replace("&#34;", "&quot;")


def test_what_people_wrote_is_escaped_in_outline_and_beside_a_lesson(cast: Cast, client: Client) -> None:
    module = make.ModuleFactory(course=cast.course, title=f"Module {MARKUP}", position=5)
    here = make.reading(module, title=f"Title {MARKUP}", heading=f"Heading {MARKUP}", position=0)
    client.force_login(cast.student)
    outline = read(client, f"/courses/{cast.course.pk}/")
    lesson = read(client, f"/lessons/{here.pk}/")
    beside_another = read(client, f"/lessons/{cast.reading.pk}/")
    assert f"Title {ESCAPED}" in outline
    assert f"Heading {ESCAPED}" in outline
    assert lesson.count(f"Title {ESCAPED}") >= 3
    assert f"Module {ESCAPED}" in beside_another
    assert MARKUP not in outline + lesson + beside_another


def test_a_heading_stands_once_above_the_activities_under_it(cast: Cast, client: Client) -> None:
    module = make.ModuleFactory(course=cast.course, position=5)
    for place in range(3):
        make.reading(module, heading="In the field", position=place)
    client.force_login(cast.student)
    assert client.get(f"/courses/{cast.course.pk}/").content.decode().count('class="sub-head"') == 1


def test_a_date_is_said_as_due_late_soon_or_closed(cast: Cast, client: Client) -> None:
    dates = {"2030-01-10T20:00": "Due in ", "2026-01-10T20:00": "Late: was due "}
    for activity, wall in zip((cast.reading, cast.file), dates, strict=True):
        DueDate.objects.create(cohort=cast.cohort, activity=activity, zone="UTC", suggested_wall=wall)
    DueDate.objects.create(
        cohort=cast.cohort,
        activity=cast.link,
        zone="UTC",
        suggested_wall="2026-01-10T20:00",
        cutoff_wall="2026-01-11T20:00",
    )
    client.force_login(cast.student)
    outline = client.get(f"/courses/{cast.course.pk}/").content.decode()
    assert [words in outline for words in (*dates.values(), "Closed ")] == [True, True, True]
