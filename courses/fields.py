from datetime import UTC, datetime

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from common import dates

# Names of zones that `AT TIME ZONE` takes for abbreviations: winter time all year round.
ABBREVIATIONS = ["CET", "EET", "MET", "WET"]


def _parsed(text: str) -> datetime:
    try:
        moment = parse_datetime(text)
    except ValueError:
        moment = None
    if moment is None:
        raise ValidationError(_("“%(text)s” is not a date and time."), params={"text": text})
    return moment


def no_abbreviation(field: str, name: str) -> models.CheckConstraint:
    """Refuse the zones in which Postgres and Python mean another hour by the same words."""
    return models.CheckConstraint(
        name=name,
        condition=~models.Q((f"{field}__in", ABBREVIATIONS)),
        violation_error_message=_(
            "That time zone does not include summer time. Choose a city instead, such as Europe/Brussels."
        ),
    )


def dates_within_bounds(name: str, *fields: str) -> models.CheckConstraint:
    """Keep days and wall times in the years that `common.dates` names; what is empty stays so."""
    edges = {f"{field}__range": (dates.FIRST, dates.LAST) for field in fields}
    return models.CheckConstraint(name=name, condition=models.Q(**edges), violation_error_message=dates.OUT_OF_BOUNDS)


class WallTimeField(models.Field):
    """What a clock on the wall shows, without a zone: Postgres `timestamp`.

    Only SQL (`effective_due`) turns it into an instant, with the zone that stands beside it in the row.
    """

    def db_type(self, connection: object) -> str:
        return "timestamp(0)"

    def to_python(self, value: object) -> datetime | None:
        moment = _parsed(value) if isinstance(value, str) else value
        if moment is None or (isinstance(moment, datetime) and moment.tzinfo is None):
            return moment
        raise ValidationError(_("Enter a date and time without a time zone."))

    def get_prep_value(self, value: object) -> datetime | None:
        return self.to_python(super().get_prep_value(value))

    def formfield(self, **kwargs: object) -> forms.Field:
        return super().formfield(**{"form_class": WallTimeFormField, **kwargs})


class WallTimeFormField(forms.DateTimeField):
    """`<input type="datetime-local">`, taken as written: no zone of the person who types is mixed in."""

    widget = forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    input_formats = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"]

    def to_python(self, value: object) -> datetime | None:
        # UTC has every hour once; Django would refuse one that the typist's own clock skips or repeats.
        with timezone.override(UTC):
            return self._naive(super().to_python(value))

    def prepare_value(self, value: object) -> object:
        return self._naive(value) if isinstance(value, datetime) else value

    def _naive(self, value: datetime | None) -> datetime | None:
        return value.replace(tzinfo=None) if value else None
