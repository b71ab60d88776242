"""No date that can be stored leads anywhere that a page, a zone or Postgres cannot follow."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from importlib import import_module
from pathlib import Path

import pytest
from django.db import IntegrityError, connection, models, transaction
from django.test import Client

from common import dates
from courses.fields import WallTimeField
from courses.models import Accommodation, Cohort, DueDate, EffectiveDue, Enrolment, Extension
from tests.cast import Cast

FOLDER = Path(__file__).parents[2] / "courses" / "migrations"
EASTERNMOST = "Pacific/Kiritimati"
WESTERNMOST = "Pacific/Pago_Pago"


def rows(cast: Cast) -> dict[type[models.Model], models.Model]:
    """One of each that holds a date; the due date by the calendar."""
    due = DueDate.objects.create(
        cohort=cast.cohort, activity=cast.reading, zone="UTC", suggested_wall=dates.FIRST, cutoff_wall=dates.LAST
    )
    agreed = Extension.objects.create(
        enrolment=cast.enrolment, activity=cast.reading, zone="UTC", agreed_wall=dates.LAST
    )
    return {Cohort: cast.cohort, Enrolment: cast.enrolment, DueDate: due, Extension: agreed}


FIELDS = [
    (model, field.name)
    for model in (Cohort, Enrolment, DueDate, Extension)
    for field in model._meta.fields
    if isinstance(field, WallTimeField) or type(field) is models.DateField
]


BOUNDS = [
    (model, constraint)
    for model in (Cohort, Enrolment, DueDate, Extension)
    for constraint in model._meta.constraints
    if constraint.name.endswith("within_bounds")
]


def test_every_day_and_wall_time_is_looked_at() -> None:
    assert len(FIELDS) == 6


@pytest.mark.parametrize("beyond", ["1999-12-31", "2100-01-01", "9999-12-31", "0001-01-01", "infinity", "-infinity"])
@pytest.mark.parametrize(("model", "field"), FIELDS)
def test_date_out_of_bounds_is_refused_by_the_database(
    cast: Cast, model: type[models.Model], field: str, beyond: str
) -> None:
    row = rows(cast)[model]
    with pytest.raises(IntegrityError, match=r"within_bounds|before_cutoff|ends_after"), transaction.atomic():
        _set(model, field, beyond, row.pk)


@pytest.mark.parametrize("field", ["suggested_days", "cutoff_days"])
def test_more_days_than_ten_years_are_refused_by_the_database(cast: Cast, field: str) -> None:
    values = {"suggested_days": 1, "cutoff_days": 3660, "time_of_day": "20:00"}
    due = DueDate.objects.create(cohort=cast.cohort, activity=cast.reading, zone="UTC", **values)
    with pytest.raises(IntegrityError, match=r"within_bounds|before_cutoff"), transaction.atomic():
        _set(DueDate, field, "3661", due.pk)


@pytest.mark.parametrize("zone", [EASTERNMOST, WESTERNMOST])
def test_latest_sum_of_start_days_and_accommodation_is_shown_to_everybody(
    cast: Cast, client: Client, zone: str
) -> None:
    Enrolment.objects.filter(pk=cast.enrolment.pk).update(started_on=dates.LAST_DAY)
    Accommodation.objects.create(enrolment=cast.enrolment, extra_days=365)
    days = {"suggested_days": dates.MOST_DAYS, "cutoff_days": dates.MOST_DAYS, "time_of_day": time(23, 59, 59)}
    DueDate.objects.create(cohort=cast.cohort, activity=cast.reading, zone=WESTERNMOST, **days)
    found = EffectiveDue.objects.get(enrolment=cast.enrolment)
    assert found.due_at.date() >= dates.LAST_DAY + timedelta(days=dates.MOST_DAYS + 365)
    _shown(cast, client, zone)


@pytest.mark.parametrize("zone", [EASTERNMOST, WESTERNMOST])
@pytest.mark.parametrize("wall", [dates.FIRST, dates.LAST])
def test_edges_are_dates_like_any_other(cast: Cast, client: Client, zone: str, wall: datetime) -> None:
    DueDate.objects.create(
        cohort=cast.cohort, activity=cast.reading, zone=EASTERNMOST, suggested_wall=wall, cutoff_wall=wall
    )
    _shown(cast, client, zone)


def _shown(cast: Cast, client: Client, zone: str) -> None:
    pages = {
        cast.student: ["/", f"/courses/{cast.course.pk}/", f"/lessons/{cast.reading.pk}/"],
        cast.teacher: [f"/teach/cohorts/{cast.cohort.pk}/", f"/teach/cohorts/{cast.cohort.pk}/dates/",
                       f"/teach/students/{cast.enrolment.pk}/"],
    }  # fmt: skip
    for person, addresses in pages.items():
        person.timezone = zone
        person.save()
        client.force_login(person)
        for address in addresses:
            assert client.get(address).status_code == 200


def test_dates_of_before_are_moved_to_the_nearest_edge(cast: Cast) -> None:
    made = rows(cast)
    assert len(BOUNDS) == 5
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for model, constraint in BOUNDS:
            cursor.execute(f"ALTER TABLE {model._meta.db_table} DROP CONSTRAINT {constraint.name}")
    _set(Cohort, "ends_on", "infinity", cast.cohort.pk)
    _set(Enrolment, "started_on", "0001-01-01 BC", cast.enrolment.pk)
    _set(DueDate, "cutoff_wall", "9999-12-31 23:59", made[DueDate].pk)
    _set(DueDate, "suggested_wall", "0200-01-01", made[DueDate].pk)
    _set(Extension, "agreed_wall", "200000-01-01", made[Extension].pk)
    by_days = {"suggested_days": 32_000, "cutoff_days": 32_767, "time_of_day": "20:00"}
    days = DueDate.objects.create(cohort=cast.cohort, activity=cast.file, zone="UTC", **by_days)
    elsewhere = {cohort: (cohort.starts_on, cohort.ends_on) for cohort in Cohort.objects.exclude(pk=cast.cohort.pk)}
    with connection.cursor() as cursor:
        cursor.execute(_migration().INTO_BOUNDS)
    cohort, due = Cohort.objects.get(pk=cast.cohort.pk), DueDate.objects.get(pk=made[DueDate].pk)
    assert cohort.ends_on == dates.LAST_DAY
    assert cast.enrolment.started_on == dates.FIRST_DAY
    assert (due.suggested_wall, due.cutoff_wall) == (dates.FIRST, dates.LAST)
    assert (due.suggested_days, due.cutoff_days) == (None, None)
    assert Extension.objects.get().agreed_wall == dates.LAST
    days.refresh_from_db()
    assert (days.suggested_days, days.cutoff_days, days.suggested_wall) == (3660, 3660, None)
    assert {one: (one.starts_on, one.ends_on) for one in Cohort.objects.exclude(pk=cast.cohort.pk)} == elsewhere
    with connection.schema_editor() as editor:
        for model, constraint in BOUNDS:
            editor.add_constraint(model, constraint)


def _migration() -> object:
    (name,) = (path.stem for path in FOLDER.glob("*_dates_within_bounds.py"))
    return import_module(f"courses.migrations.{name}")


def _set(model: type[models.Model], field: str, value: str, key: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {model._meta.db_table} SET {field} = %s WHERE id = %s", [value, key])


Post = Callable[[Cast], tuple[str, dict[str, object]]]


def cohort(**values: object) -> Post:
    sent = {"name": "A", "timezone": "UTC", "pacing": "scheduled", "starts_on": "2026-01-01"}
    return lambda cast: (f"/manage/cohorts/{cast.cohort.pk}/", sent | values)


def due(**values: object) -> Post:
    return lambda cast: (f"/teach/cohorts/{cast.cohort.pk}/dates/{cast.reading.pk}/", values)


def extension(**values: object) -> Post:
    return lambda cast: (f"/teach/students/{cast.enrolment.pk}/extensions/{cast.reading.pk}/", values)


def accommodation(**values: object) -> Post:
    sent = {"extra_days": 0}
    return lambda cast: (f"/teach/students/{cast.enrolment.pk}/accommodation/", sent | values)


NEVER = ["9999-12-31", "0001-01-01", "1999-12-31", "2100-01-01", "-2026-01-01", "infinity", "10000-01-01", "now"]
POSTS = {
    "starts": [cohort(starts_on=day) for day in NEVER],
    "ends": [cohort(ends_on=day) for day in NEVER],
    "due": [due(suggested_wall=f"{day}T12:00") for day in NEVER],
    "closes": [due(suggested_wall="2026-01-01T12:00", cutoff_wall=f"{day}T12:00") for day in NEVER],
    "agreed": [extension(agreed_wall=f"{day}T12:00") for day in NEVER],
    "extra": [accommodation(extra_days=days) for days in (-1, 366, 99999, "9" * 5000, "1e9", "nan")],
}


@pytest.mark.parametrize("name", POSTS)
def test_form_answers_a_date_out_of_bounds_with_a_sentence(cast: Cast, client: Client, name: str) -> None:
    DueDate.objects.create(cohort=cast.cohort, activity=cast.reading, zone="UTC", suggested_wall="2026-05-05T20:00")
    client.force_login(cast.admin if name in ("starts", "ends") else cast.teacher)
    before = _standing(cast)
    for post in POSTS[name]:
        address, sent = post(cast)
        response = client.post(address, sent)
        assert (response.status_code, sent) == (422, sent)
        assert "error" in response.content.decode()
    assert _standing(cast) == before


@pytest.mark.parametrize("days", [3661, 32_767, 32_768, "9" * 5000, -1])
@pytest.mark.parametrize("field", ["suggested_days", "cutoff_days"])
def test_days_after_the_start_end_after_ten_years(cast: Cast, client: Client, field: str, days: object) -> None:
    Cohort.objects.filter(pk=cast.cohort.pk).update(pacing="self-paced")
    client.force_login(cast.teacher)
    address, sent = due(suggested_days=1, cutoff_days=3660, time_of_day="20:00")(cast)
    assert client.post(address, sent | {field: days}).status_code == 422
    assert not DueDate.objects.exists()
    confirmed = {"confirmed": "suggested_days=1 cutoff_days=3660 time_of_day=20:00"}
    assert client.post(address, sent | confirmed).status_code == 302


def _standing(cast: Cast) -> list[object]:
    models_with_dates = (Cohort, DueDate, Extension, Accommodation)
    return [list(model.objects.order_by("pk").values()) for model in models_with_dates]


def test_bounds_are_named_on_the_form(cast: Cast, client: Client) -> None:
    client.force_login(cast.teacher)
    address, sent = due(suggested_wall="9999-12-31T23:59")(cast)
    page = client.post(address, sent).content.decode()
    assert "Choose a date between 2000 and 2099." in page
    assert 'max="2099-12-31T23:59"' in page
    assert date(2099, 12, 31) == dates.LAST_DAY
