"""Who may agree on a later date, and for what."""

import pytest
from django.test import Client

from courses.models import DueDate, Extension
from tests.cast import Cast
from tests.dashboards.steps import NOW, due
from tests.factories import courses as make

AGREED = {"agreed_wall": "2026-12-01T20:00", "reason": ""}


def extend(client: Client, cast: Cast, **ids: int) -> int:
    enrolment, activity = ids.get("enrolment", cast.enrolment.pk), ids.get("activity", cast.reading.pk)
    return client.post(f"/teach/students/{enrolment}/extensions/{activity}/", AGREED).status_code


@pytest.mark.parametrize(
    ("role", "answer"),
    [("outsider", 404), ("student", 403), ("other_student", 403), ("elsewhere_student", 404), ("observer", 403)]
    + [("assistant", 302), ("teacher", 302), ("elsewhere_teacher", 404), ("editor", 404), ("admin", 302)],
)
def test_extension_is_given_by_those_who_teach_the_cohort(cast: Cast, client: Client, role: str, answer: int) -> None:
    due(cast.cohort, cast.reading, NOW)
    client.force_login(cast.person(role))
    assert extend(client, cast) == answer
    assert Extension.objects.count() == (answer == 302)


def test_extension_needs_a_sign_in(cast: Cast, client: Client) -> None:
    due(cast.cohort, cast.reading, NOW)
    response = client.post(f"/teach/students/{cast.enrolment.pk}/extensions/{cast.reading.pk}/", AGREED)
    assert response["Location"].startswith("/account/login/")
    assert not Extension.objects.exists()


def test_teacher_of_one_cohort_cannot_extend_in_another(cast: Cast, client: Client) -> None:
    due(cast.elsewhere, cast.reading, NOW)
    client.force_login(cast.teacher)
    enrolment = cast.elsewhere_student.enrolments.get()
    assert extend(client, cast, enrolment=enrolment.pk) == 404
    assert not Extension.objects.exists()


def test_what_has_no_date_in_the_cohort_cannot_be_extended(cast: Cast, client: Client) -> None:
    due(cast.elsewhere, cast.reading, NOW)
    client.force_login(cast.teacher)
    assert extend(client, cast) == 404
    assert not Extension.objects.exists()


def test_activity_of_another_course_cannot_be_extended(cast: Cast, client: Client) -> None:
    other = make.CohortFactory()
    activity = make.reading(make.ModuleFactory(course=other.course))
    due(other, activity, NOW)
    client.force_login(cast.teacher)
    assert extend(client, cast, activity=activity.pk) == 404
    assert not Extension.objects.exists()


def test_extending_is_no_thing_to_link_to(cast: Cast, client: Client) -> None:
    due(cast.cohort, cast.reading, NOW)
    client.force_login(cast.teacher)
    assert client.get(f"/teach/students/{cast.enrolment.pk}/extensions/{cast.reading.pk}/", AGREED).status_code == 405


def test_assistant_extends_and_accommodates_but_sets_no_dates(cast: Cast, client: Client) -> None:
    due(cast.cohort, cast.reading, NOW)
    client.force_login(cast.assistant)
    assert client.get(f"/teach/cohorts/{cast.cohort.pk}/dates/").status_code == 403
    path = f"/teach/cohorts/{cast.cohort.pk}/dates/{cast.reading.pk}/"
    for sent in ({"suggested_wall": "2026-12-24T20:00"}, {"remove": ""}):
        assert client.post(path, sent).status_code == 403
    assert DueDate.objects.get().suggested_wall == NOW.replace(tzinfo=None)
    path = f"/teach/students/{cast.enrolment.pk}/accommodation/"
    assert client.post(path, {"extra_days": 1, "time_percent": 100}).status_code == 302
