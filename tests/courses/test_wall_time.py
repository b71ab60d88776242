"""A wall time is what somebody wrote, with no zone of anybody mixed in."""

from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from courses.fields import WallTimeField, WallTimeFormField
from courses.forms.cohorts import DueDateForm, ExtensionForm
from courses.models import DueDate
from tests.cast import Cast

WALL = datetime(2026, 3, 29, 1, 30)


@pytest.mark.parametrize(
    "value", [datetime(2026, 3, 29, 1, 30, tzinfo=UTC), "2026-03-29T01:30+02:00", date(2026, 3, 29), 17]
)
def test_value_with_a_zone_or_without_a_time_is_refused(value: object) -> None:
    with pytest.raises(ValidationError):
        WallTimeField().to_python(value)


@pytest.mark.parametrize("value", ["tomorrow", "2026-03-29T25:00", "29.3.2026"])
def test_words_that_are_no_time_are_refused_and_not_taken_for_none(value: str) -> None:
    with pytest.raises(ValidationError):
        WallTimeField().to_python(value)


def test_row_with_a_zoned_time_is_not_saved(cast: Cast) -> None:
    with pytest.raises(ValidationError):
        DueDate.objects.create(cohort=cast.cohort, activity=cast.reading, zone="UTC", suggested_wall=timezone.now())


def test_what_is_stored_comes_back_as_it_was(cast: Cast) -> None:
    for value in (WALL, WALL.isoformat()):
        DueDate.objects.all().delete()
        DueDate.objects.create(cohort=cast.cohort, activity=cast.reading, zone="Europe/London", suggested_wall=value)
        assert DueDate.objects.get().suggested_wall == WALL


# In London that hour never happens on this day and in Vienna it happens twice on the other; both are good elsewhere.
@pytest.mark.parametrize("zone", ["UTC", "Europe/London", "Asia/Tokyo", "America/New_York"])
@pytest.mark.parametrize("written", ["2026-03-29T01:30", "2026-10-25T01:30", "2026-03-08T02:30"])
@pytest.mark.django_db
def test_form_takes_a_time_as_written_whatever_the_zone_of_the_person(zone: str, written: str) -> None:
    with timezone.override(zone):
        form = ExtensionForm({"agreed_wall": written})
        assert form.is_valid(), form.errors
    assert form.cleaned_data["agreed_wall"] == datetime.fromisoformat(written)


@pytest.mark.parametrize("zone", ["UTC", "Asia/Tokyo"])
def test_form_shows_a_stored_time_as_it_was_written(cast: Cast, zone: str) -> None:
    due = DueDate(cohort=cast.cohort, activity=cast.reading, zone="Europe/London", suggested_wall=WALL)
    with timezone.override(zone):
        assert 'value="2026-03-29T01:30"' in str(DueDateForm(instance=due)["suggested_wall"])


def test_form_refuses_words_and_asks_for_a_time() -> None:
    form = ExtensionForm({"agreed_wall": "soon"})
    assert not form.is_valid()
    assert list(form.errors) == ["agreed_wall"]
    assert ExtensionForm({"agreed_wall": ""}).errors["agreed_wall"] == ["Fill in this field."]


def test_model_field_makes_the_form_field_that_knows_no_zone() -> None:
    assert isinstance(WallTimeField().formfield(), WallTimeFormField)
