"""One student's page: their way, and what can be agreed with them."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from courses.models import Accommodation, Extension
from tests.cast import Cast
from tests.dashboards.steps import NOW, do, due, refused, text

pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture
def teacher(cast: Cast, client: Client) -> Client:
    due(cast.cohort, cast.reading, NOW.replace(day=26, hour=17))
    client.force_login(cast.teacher)
    return client


def path(cast: Cast, *more: object) -> str:
    return f"/teach/students/{cast.enrolment.pk}/" + "".join(f"{part}/" for part in more)


def test_page_shows_the_way_so_far_and_the_zone_of_the_student(cast: Cast, teacher: Client) -> None:
    do(cast.enrolment, cast.link)
    cast.student.timezone = "Asia/Tokyo"
    cast.student.save()
    page = text(teacher, path(cast))
    assert "1 of 3 done" in page
    assert "Time zone: Tokyo" in page
    assert "24 November 2026" in page
    # In the teacher's own zone, with its name.
    assert "Thursday 26 November, 18:00 (Berlin)" in page


def test_student_without_dates_cannot_be_given_a_later_one(cast: Cast, client: Client) -> None:
    client.force_login(cast.teacher)
    assert "Nothing in this cohort has a date yet." in text(client, path(cast))


def test_agreed_date_shows_at_once_in_the_zone_of_the_cohort(cast: Cast, teacher: Client) -> None:
    sent = {"agreed_wall": "2026-12-01T20:00", "reason": "A week at sea"}
    response = teacher.post(path(cast, "extensions", cast.reading.pk), sent, follow=True)
    page = response.content.decode()
    assert "New date agreed. Student can see it now." in page
    assert "Tuesday 1 December, 20:00 (Berlin)" in page
    found = Extension.objects.get()
    assert (found.reason, found.granted_by, found.by_student) == ("A week at sea", cast.teacher, False)
    teacher.force_login(cast.student)
    assert "Tuesday 1 December, 20:00 (Berlin)" in text(teacher, f"/lessons/{cast.reading.pk}/")


@pytest.mark.parametrize("agreed", ["", "next week", "2026-13-01T20:00"])
def test_refused_date_keeps_what_was_typed_and_leads_to_the_field(cast: Cast, teacher: Client, agreed: str) -> None:
    sent = {"agreed_wall": agreed, "reason": "A week at sea"}
    page = refused(teacher.post(path(cast, "extensions", cast.reading.pk), sent))
    assert 'value="A week at sea"' in page
    assert not agreed or f'value="{agreed}"' in page
    anchor = page.split('href="#')[2 if 'href="#main"' in page else 1].split('"')[0]
    assert page.count(f'id="{anchor}"') == 1
    assert not Extension.objects.exists()


def test_only_the_form_that_was_refused_shows_its_faults(cast: Cast, teacher: Client) -> None:
    due(cast.cohort, cast.link, NOW.replace(day=27))
    page = refused(teacher.post(path(cast, "extensions", cast.link.pk), {"agreed_wall": "", "reason": "Mine"}))
    assert page.count('value="Mine"') == 1
    assert page.count("<details open>") == 1


def test_accommodation_is_kept_and_moves_the_date(cast: Cast, teacher: Client) -> None:
    sent = {"extra_days": "2", "note": "Reads slowly"}
    response = teacher.post(path(cast, "accommodation"), sent, follow=True)
    page = response.content.decode()
    assert "This now applies to every date." in page
    assert "Saturday 28 November, 18:00 (Berlin)" in page
    assert 'value="Reads slowly"' in page
    assert Accommodation.objects.get().granted_by == cast.teacher


@pytest.mark.parametrize(
    "sent",
    [
        {"extra_days": "-1"},
        {"extra_days": "366"},
        {"extra_days": "two"},
        {"extra_days": ""},
    ],
)
def test_refused_accommodation_keeps_what_was_typed(cast: Cast, teacher: Client, sent: dict) -> None:
    page = refused(teacher.post(path(cast, "accommodation"), {**sent, "note": "Reads slowly"}))
    assert 'value="Reads slowly"' in page
    assert not Accommodation.objects.exists()


def test_note_of_an_accommodation_is_for_teachers_alone(cast: Cast, client: Client) -> None:
    Accommodation.objects.create(enrolment=cast.enrolment, extra_days=2, note="Reads slowly")
    client.force_login(cast.student)
    for page in ("/", f"/courses/{cast.course.pk}/", f"/lessons/{cast.reading.pk}/", "/me/"):
        assert "Reads slowly" not in text(client, page)


@pytest.mark.parametrize("role", ["teacher", "observer"])
def test_whoever_does_not_study_has_no_student_page(cast: Cast, teacher: Client, role: str) -> None:
    enrolment = cast.person(role).enrolments.get()
    assert teacher.get(f"/teach/students/{enrolment.pk}/").status_code == 404
    sent = {"agreed_wall": "2026-12-01T20:00", "reason": ""}
    assert teacher.post(f"/teach/students/{enrolment.pk}/extensions/{cast.reading.pk}/", sent).status_code == 404
    assert not Extension.objects.exists()


def test_days_that_are_taken_away_are_asked_about_where_they_make_the_student_late(cast: Cast, teacher: Client) -> None:
    due(cast.cohort, cast.link, NOW - timedelta(days=2))
    due(cast.cohort, cast.file, NOW - timedelta(days=30))
    assert teacher.post(path(cast, "accommodation"), {"extra_days": "10", "note": ""}).status_code == 302
    asked = teacher.post(path(cast, "accommodation"), {"extra_days": "1", "note": ""})
    assert asked.status_code == 422
    page = asked.content.decode()
    # With the file the student is late as it is.
    assert "is late with 1 lesson straight away:</strong> A bee garden" in page
    assert Accommodation.objects.get().extra_days == 10
    confirmed = re.search(r'name="confirmed" value="([^"]+)"', page)[1]
    sent = {"extra_days": "1", "note": "", "confirmed": confirmed}
    assert teacher.post(path(cast, "accommodation"), sent).status_code == 302
    assert Accommodation.objects.get().extra_days == 1
